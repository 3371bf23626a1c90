import os

import requests

BRIDGE = "https://bridge.example.org"
token = {"Authorization": f"Bearer {os.environ['TOKEN']}"}

services = requests.get(f"{BRIDGE}/api/v1/conferencing/services", headers=token, timeout=10)
services.raise_for_status()
print(services.text)
