import os
import secrets
from urllib.parse import urlencode

BRIDGE = "https://bridge.example.org"

state = secrets.token_urlsafe(16)  # remember it with the person's session
question = {
    "client_id": os.environ["CLIENT_ID"],
    "redirect_uri": os.environ["REDIRECT_URI"],
    "state": state,
    "provider": "zoom",  # leave it out, and he chooses himself
}
print(f"{BRIDGE}/connect/conferencing?{urlencode(question)}")
