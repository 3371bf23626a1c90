"""The cloud's token endpoint, as far as applications need it for EWS."""

import re

from integrations.simulators.exchange.world import World
from integrations.simulators.http import Request, Response, answer

TOKEN = re.compile(r"/(?P<tenant>[^/]+)/oauth2/v2.0/token")
SCOPE = "https://outlook.office365.com/.default"


def token(world: World, request: Request) -> Response:
    form = request.form()
    client_id = form.get("client_id", "")
    if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
        return _error(400, "invalid_request", 900144)
    if world.apps.get(client_id) != form.get("client_secret"):
        return _error(401, "invalid_client", 7000215)
    made = f"ews-token-{world.number()}"
    world.tokens[made] = client_id
    return answer(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": made})


def _error(status: int, error: str, code: int) -> Response:
    return answer(status, {"error": error, "error_codes": [code], "error_description": f"AADSTS{code}: Simulated."})
