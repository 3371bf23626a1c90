"""Connects somebody to a provider that is played, without a browser: for the demo. It never meets a real one."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings

from accounts.models import Membership
from integrations import connections, oauth, queries, registry, transport
from integrations.exceptions import RequestRejected
from integrations.models import Connection, Level
from integrations.providers.base import OAuthProvider

SESSION, PLAYED = "rehearsal", "The simulated provider"


def connect(membership: Membership, provider_key: str, email: str) -> Connection:
    """What happens when this member goes there, is `email` and consents; once is enough.

    Raises ProviderUnavailable until the simulated provider answers.
    """
    mine = queries.connections_of(membership).filter(grant__provider=provider_key, grant__email=email)
    return mine.first() or _authorize(membership, registry.oauth(provider_key), email)


def _authorize(membership: Membership, provider: OAuthProvider, email: str) -> Connection:
    if not settings.SIMULATORS:
        raise RuntimeError("Only a simulated provider consents for somebody else.")
    address = oauth.start(provider, membership, session_key=SESSION, return_to="/")
    back = parse_qs(urlsplit(_consent(address, email)).query)
    asked = oauth.finish(
        back["state"][0], provider=provider, session_key=SESSION, user=membership.user, level=Level.PERSONAL
    )
    return connections.complete(asked, code=back["code"][0])


def _consent(address: str, email: str) -> str:
    """Where the provider sends the browser back to, after its pages were clicked through."""
    page, _, query = address.partition("?")
    with requests.Session() as http:
        people = transport.send(http.request, "GET", address, name=PLAYED).text
        typed = {"query": query, "user": _person(people, email), "decision": "authorize"}
        answer = transport.send(http.request, "POST", f"{page}/decision", name=PLAYED, data=typed)
    return answer.headers.get("Location", "")


def _person(page: str, email: str) -> str:
    """The id behind the button with this address on the sign-in page."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        person = re.search(r'name="user" value="([^"]+)"', form)
        if person and f"<small>{email}</small>" in unescape(form):
            return person[1]
    raise RequestRejected("The simulated provider does not know this person.", detail=email)
