import os

import requests

BRIDGE = "https://bridge.example.org"
token = {"Authorization": f"Bearer {os.environ['TOKEN']}"}

gone = requests.delete(f"{BRIDGE}/api/v1/events/{os.environ['EVENT_ID']}", headers=token, timeout=10)
gone.raise_for_status()
