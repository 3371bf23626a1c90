"""What an admin sees of his organization's accounts at the providers: each with its state, and what waits for him."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import formats
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from integrations import panels, queries, registry, states, vendor_apps
from integrations.models import Arrival, Connection, SetupLink
from integrations.panels import Access
from integrations.providers.base import OAuthProvider
from integrations.states import State
from integrations.types import AppKind

LINKS = 5
"""How many of the past ones the page still shows."""


@dataclass(frozen=True)
class Overview:
    """One provider, for the whole organization."""

    provider: OAuthProvider
    connection: Connection | None
    arrivals: list[Arrival]
    is_set_up: bool

    @property
    def logo(self) -> str:
        return f"img/providers/{self.provider.key}.svg"

    @property
    def state(self) -> State | None:
        return states.of(self.connection) if self.connection else None

    @property
    def tone(self) -> str:
        if self.state:
            return self.state.tone
        return states.WAITING if self.arrivals else "off"

    @property
    def label(self) -> str:
        if self.state:
            return self.state.label
        return _("Waits for your confirmation") if self.arrivals else _("Not connected")

    @property
    def sentence(self) -> str:
        if self.connection is None:
            return _("Connect it once, and every member can meet there without a step of his own.")
        if self.state and self.state.tone != states.READY:
            return self.state.sentence
        since = formats.date_format(self.connection.created_at, "DATE_FORMAT")
        if not self.email:
            return _("Active since %(date)s, by credentials of your own app.") % {"date": since}
        return _("Active since %(date)s, connected by %(email)s.") % {"date": since, "email": self.email}

    @property
    def email(self) -> str:
        return self.connection.grant.email if self.connection else ""

    @property
    def proof(self) -> str:
        return panels.proof(self.connection.grant) if self.connection else ""

    @property
    def access(self) -> list[Access]:
        """What Bridge may do; before connecting, what it will ask for."""
        if self.connection:
            return panels.access(self.provider, self.connection.grant)
        return [Access(scope.sentence, None) for scope in self.provider.scopes(AppKind.ORGANIZATION)]


@dataclass(frozen=True)
class LinkLine:
    link: SetupLink
    reader: User

    @property
    def tone(self) -> str:
        if self.link.is_open:
            return states.WAITING
        return states.READY if self.link.used_at else "off"

    @property
    def state(self) -> str:
        link = self.link
        if link.used_at:
            return _("Used on %(when)s") % {"when": self._when(link.used_at)}
        if link.revoked_at:
            return _("Revoked on %(when)s") % {"when": self._when(link.revoked_at)}
        if link.expires_at <= now():
            return _("Ran out on %(when)s") % {"when": self._when(link.expires_at)}
        if link.followed_at:
            return _("Followed, open until %(when)s") % {"when": self._when(link.expires_at)}
        return _("Open until %(when)s") % {"when": self._when(link.expires_at)}

    def _when(self, moment: datetime) -> str:
        return formats.date_format(moment.astimezone(self.reader.zone), "DATETIME_FORMAT")


def overviews(organization: Organization) -> list[Overview]:
    return [overview(organization, provider) for provider in registry.for_organizations()]


def overview(organization: Organization, provider: OAuthProvider) -> Overview:
    app = vendor_apps.app_for(organization, provider, AppKind.ORGANIZATION)
    shared: QuerySet[Connection] = queries.shared_connections(organization).filter(grant__provider=provider.key)
    arrivals = list(queries.arrivals(organization, provider.key))
    return Overview(provider, shared.first(), arrivals, app.is_complete)


def links(organization: Organization, provider: OAuthProvider, *, reader: User) -> list[LinkLine]:
    return [LinkLine(link, reader) for link in queries.links(organization, provider.key)[:LINKS]]
