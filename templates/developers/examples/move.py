import os

import requests

BRIDGE = "https://bridge.example.org"
token = {"Authorization": f"Bearer {os.environ['TOKEN']}"}

later = {"start": "2027-03-01T10:00:00+01:00", "end": "2027-03-01T10:30:00+01:00"}
moved = requests.patch(f"{BRIDGE}/api/v1/events/{os.environ['EVENT_ID']}", json=later, headers=token, timeout=10)
moved.raise_for_status()
print(moved.text)
