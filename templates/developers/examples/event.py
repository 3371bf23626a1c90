import os
import uuid

import requests

BRIDGE = "https://bridge.example.org"
token = {"Authorization": f"Bearer {os.environ['TOKEN']}"}

event = {
    "title": "Interview with Ivan",
    "start": "2027-03-01T09:00:00+01:00",
    "end": "2027-03-01T09:30:00+01:00",
    "conferencing": {"service": "zoom"},
}
# Keep the key until you have the answer: sent again with the same key, it is still one event and one meeting.
key = {"Idempotency-Key": str(uuid.uuid4())}
made = requests.post(f"{BRIDGE}/api/v1/events", json=event, headers=token | key, timeout=10)
made.raise_for_status()
print(made.text)
