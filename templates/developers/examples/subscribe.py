import os
import uuid

import requests

BRIDGE = "https://bridge.example.org"
client = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]

# The application acts for itself here, not for a person.
itself = {"grant_type": "client_credentials", "scope": "webhooks"}
own = requests.post(f"{BRIDGE}/oauth/token", itself, auth=client, timeout=10).json()
headers = {"Authorization": f"Bearer {own['access_token']}", "Idempotency-Key": str(uuid.uuid4())}
wanted = {"url": os.environ["WEBHOOK_URL"], "types": ["meeting.ready", "meeting.failed"]}
made = requests.post(f"{BRIDGE}/api/v1/webhooks", json=wanted, headers=headers, timeout=10)
made.raise_for_status()
print(made.text)
