import os

import requests

BRIDGE = "https://bridge.example.org"
key = {"Authorization": f"Bearer {os.environ['API_KEY']}"}

me = requests.get(f"{BRIDGE}/api/v1/me", headers=key, timeout=10)
me.raise_for_status()
print(me.text)
