"""Connects somebody to a provider that is played, without a browser: for the demo. It never meets a real one."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings

from accounts.models import Membership
from integrations import arrivals, connections, oauth, queries, registry, setup_links, transport
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


def connect_organization(admin: Membership, provider_key: str, email: str) -> Connection:
    """What happens when this admin sends his link to `email`, who consents, and confirms him; once is enough.

    Raises ProviderUnavailable until the simulated provider answers.
    """
    shared = queries.shared_connections(admin.organization).filter(grant__provider=provider_key)
    return shared.first() or _arrive(admin, registry.oauth(provider_key), email)


def _arrive(admin: Membership, provider: OAuthProvider, email: str) -> Connection:
    _require_simulators()
    link, _secret = setup_links.issue(admin, provider.key)
    address = oauth.start_by_link(provider, link, session_key=SESSION, return_to="/")
    code, state = _consented(address, email)
    asked = oauth.finish(state, provider=provider, session_key=SESSION, level=Level.ORGANIZATION)
    arrivals.complete(asked, code=code)
    arrival = queries.arrivals(admin.organization, provider.key).get(link=link)
    return arrivals.confirm(admin.organization, arrival.uid, by=admin.user)


def _authorize(membership: Membership, provider: OAuthProvider, email: str) -> Connection:
    _require_simulators()
    address = oauth.start(provider, membership, session_key=SESSION, return_to="/")
    code, state = _consented(address, email)
    asked = oauth.finish(state, provider=provider, session_key=SESSION, user=membership.user, level=Level.PERSONAL)
    return connections.complete(asked, code=code)


def _require_simulators() -> None:
    if not settings.SIMULATORS:
        raise RuntimeError("Only a simulated provider consents for somebody else.")


def _consented(address: str, email: str) -> tuple[str, str]:
    """Code and state, with which the provider sends the browser back after its pages were clicked through."""
    page, _, query = address.partition("?")
    with requests.Session() as http:
        people = transport.send(http.request, "GET", address, name=PLAYED).text
        typed = {"query": query, "user": _person(people, email), "decision": "authorize"}
        answer = transport.send(http.request, "POST", f"{page}/decision", name=PLAYED, data=typed)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    return back["code"][0], back["state"][0]


def _person(page: str, email: str) -> str:
    """The id behind the button with this address on the sign-in page."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        person = re.search(r'name="user" value="([^"]+)"', form)
        if person and f"<small>{email}</small>" in unescape(form):
            return person[1]
    raise RequestRejected("The simulated provider does not know this person.", detail=email)
