import os

import requests

BRIDGE = "https://bridge.example.org"
token = {"Authorization": f"Bearer {os.environ['TOKEN']}"}

event = requests.get(f"{BRIDGE}/api/v1/events/{os.environ['EVENT_ID']}", headers=token, timeout=10)
event.raise_for_status()
print(event.text)
