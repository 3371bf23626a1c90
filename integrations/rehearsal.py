"""Connects somebody to a provider that is played, without a browser: for the demo. It never meets a real one."""

import contextlib
from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings

from accounts.models import Membership
from integrations import (
    arrivals,
    calendar_choices,
    calendar_lists,
    calendar_sync,
    connections,
    oauth,
    played_pages,
    queries,
    registry,
    setup_links,
)
from integrations.models import Calendar, Connection, Level
from integrations.providers.base import OAuthProvider
from integrations.types import AppKind
from outbox import intents

SESSION = "rehearsal"
HERE = ("127.0.0.1", "localhost")


def is_played(provider_key: str) -> bool:
    """Not where somebody brought an app of his own for it."""
    address = urlsplit(registry.oauth(provider_key).authorize_url)
    ours = urlsplit(settings.BASE_URL).netloc
    return bool(settings.SIMULATORS) and (address.netloc == ours or address.hostname in HERE)


def connect(membership: Membership, provider_key: str, email: str) -> Connection:
    """What happens when this member goes there, is `email` and consents; once is enough.

    Raises ProviderUnavailable until the simulated provider answers.
    """
    mine = queries.connections_of(membership).filter(grant__provider=provider_key, grant__email=email)
    return mine.first() or _authorize(membership, registry.oauth(provider_key), email)


def connect_calendars(membership: Membership, provider_key: str, email: str) -> bool:
    """The same. False: what stands in its calendars is not known yet, because a worker is just reading them."""
    connection = connect(membership, provider_key, email)
    calendar_lists.settle(connection.pk)
    _tick(membership)
    unread = calendar_sync.wanted().filter(connection=connection, synced_at=None)
    for calendar in unread:
        with contextlib.suppress(intents.Later):
            calendar_sync.settle(calendar.pk)
    return not unread.all().exists()


def _tick(membership: Membership) -> None:
    """As long as he has not been there himself: all of his own count, not what others only show him."""
    his = Calendar.objects.filter(membership=membership)
    receiving = his.filter(receives=True).first()
    if not his.exclude(synced_at=None).exists() and receiving:
        own = his.filter(can_write=True).values_list("uid", flat=True)
        calendar_choices.choose(membership, busy={*own}, receiving=receiving.uid)


def connect_organization(admin: Membership, provider_key: str, email: str) -> Connection:
    """What happens when this admin sends his link to `email`, who consents, and confirms him; once is enough.

    Raises ProviderUnavailable until the simulated provider answers.
    """
    shared = queries.shared_connections(admin.organization).filter(grant__provider=provider_key)
    return shared.first() or _arrive(admin, registry.oauth(provider_key), email)


def _arrive(admin: Membership, provider: OAuthProvider, email: str) -> Connection:
    _require_played(provider)
    link, _secret = setup_links.issue(admin, provider.key)
    address = oauth.start_by_link(provider, link, session_key=SESSION, return_to="/")
    code, state = _consented(provider, AppKind.ORGANIZATION, address, email)
    asked = oauth.finish(state, provider=provider, session_key=SESSION, level=Level.ORGANIZATION)
    arrivals.complete(asked, code=code)
    arrival = queries.arrivals(admin.organization, provider.key).get(link=link)
    return arrivals.confirm(admin.organization, arrival.uid, by=admin.user)


def _authorize(membership: Membership, provider: OAuthProvider, email: str) -> Connection:
    _require_played(provider)
    address = oauth.start(provider, membership, session_key=SESSION, return_to="/")
    code, state = _consented(provider, AppKind.PERSONAL, address, email)
    asked = oauth.finish(state, provider=provider, session_key=SESSION, user=membership.user, level=Level.PERSONAL)
    return connections.complete(asked, code=code)


def _require_played(provider: OAuthProvider) -> None:
    if not is_played(provider.key):
        raise RuntimeError("Only a simulated provider consents for somebody else.")


def _consented(provider: OAuthProvider, kind: AppKind, address: str, email: str) -> tuple[str, str]:
    """Code and state, with which the provider sends the browser back after its pages were clicked through."""
    with requests.Session() as http:
        way_back = played_pages.way_back(http, address, email, until=oauth.redirect_uri(provider, kind))
    back = parse_qs(urlsplit(way_back).query)
    return back["code"][0], back["state"][0]
