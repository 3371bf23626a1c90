import base64
import hashlib
import os
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

BRIDGE = "https://bridge.example.org"

# Before: remember state and verifier with the person's session.
state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
question = {
    "response_type": "code",
    "client_id": os.environ["CLIENT_ID"],
    "redirect_uri": os.environ["REDIRECT_URI"],
    "state": state,
    "scope": "conferencing:read events:read events:write",
    "code_challenge": challenge,
    "code_challenge_method": "S256",
}
print(f"{BRIDGE}/oauth/authorize?{urlencode(question)}")

# After: he is back at your redirect address. Check that the answer is to your question, and from Bridge.
answer = parse_qs(urlsplit(input("The address he came back to: ")).query)
if answer.get("state") != [state] or answer.get("iss") != [BRIDGE] or "code" not in answer:
    raise SystemExit(f"No consent: {answer}")
exchange = {
    "grant_type": "authorization_code",
    "code": answer["code"][0],
    "redirect_uri": os.environ["REDIRECT_URI"],
    "code_verifier": verifier,
}
client = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
tokens = requests.post(f"{BRIDGE}/oauth/token", exchange, auth=client, timeout=10)
tokens.raise_for_status()
print(tokens.text)
