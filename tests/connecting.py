"""To a provider and back, without the pages of Bridge on the way; tests of those go through them."""

from urllib.parse import parse_qsl, urlsplit

import requests

from accounts.models import Membership
from integrations import connections, oauth, registry
from integrations.models import Connection, Level

SESSION = "a browser's session"


def connect(member: Membership, provider_key: str) -> Connection:
    """As whoever the simulated provider takes for signed in, and without a question there."""
    provider = registry.oauth(provider_key)
    there = oauth.start(provider, member, session_key=SESSION, return_to="/")
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    brought = dict(parse_qsl(urlsplit(back).query))
    asked = oauth.finish(
        brought["state"], provider=provider, session_key=SESSION, level=Level.PERSONAL, user=member.user
    )
    return connections.complete(asked, code=brought["code"])
