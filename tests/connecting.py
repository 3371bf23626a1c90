"""To a provider and back, without the pages of Bridge on the way; tests of those go through them."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import requests

from accounts.models import Membership
from integrations import arrivals, connections, oauth, queries, registry, setup_links
from integrations.models import Connection, Level

SESSION = "a browser's session"

Consent = Callable[[str], str]
"""From the address at the provider to the one that leads back."""


def connect(member: Membership, provider_key: str) -> Connection:
    """As whoever the simulated provider takes for signed in, and without a question there."""
    provider = registry.oauth(provider_key)
    there = oauth.start(provider, member, session_key=SESSION, return_to="/")
    brought = _brought(_led_back(there))
    asked = oauth.finish(
        brought["state"], provider=provider, session_key=SESSION, level=Level.PERSONAL, user=member.user
    )
    return connections.complete(asked, code=brought["code"])


def connect_organization(admin: Membership, provider_key: str, consent: Consent) -> Connection:
    """By a link that this admin gave out, and confirmed by him."""
    provider = registry.oauth(provider_key)
    link, _secret = setup_links.issue(admin, provider_key)
    there = oauth.start_by_link(provider, link, session_key=SESSION, return_to="/")
    brought = _brought(consent(there))
    asked = oauth.finish(brought["state"], provider=provider, session_key=SESSION, level=Level.ORGANIZATION)
    if known := arrivals.complete(asked, code=brought["code"]):
        return known
    [arrival] = queries.arrivals(admin.organization, provider_key)
    return arrivals.confirm(admin.organization, arrival.uid, by=admin.user)


def _led_back(address: str) -> str:
    return requests.get(address, allow_redirects=False, timeout=10).headers["Location"]


def _brought(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
