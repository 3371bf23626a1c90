import os

import requests

BRIDGE = "https://bridge.example.org"
client = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]

# One at a time for each person: a refresh token works once.
renewal = {"grant_type": "refresh_token", "refresh_token": os.environ["REFRESH_TOKEN"]}
tokens = requests.post(f"{BRIDGE}/oauth/token", renewal, auth=client, timeout=10)
tokens.raise_for_status()
print(tokens.text)
