"""What the page of a connection says: its state, the proof, what comes next, and what hangs on it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from integrations import panels, registry, states, tasks, uses
from integrations.models import Connection
from integrations.panels import Access
from integrations.providers.base import Connectable
from integrations.states import State
from integrations.types import Fact, Use


@dataclass(frozen=True)
class Health:
    connection: Connection
    provider: Connectable
    state: State
    uses: list[Use]
    access: list[Access]
    members: int
    facts: list[Fact]

    @property
    def logo(self) -> str:
        return f"img/providers/{self.provider.key}.svg"

    @property
    def account(self) -> str:
        return self.connection.account

    @property
    def proof(self) -> str:
        return panels.proof(self.connection.grant) or _("No call has been made yet.")

    @property
    def look(self) -> str:
        """The last regular look, or test."""
        if self.connection.grant.checked_at:
            return _moment(self.connection.grant.checked_at)
        return _("Not yet; Bridge looks by itself within a day") if self.connection.is_usable else ""

    @property
    def trouble(self) -> str:
        """What the last look found; one that the state tells already is not told twice."""
        found = self.connection.grant.check_problem
        return found if found != self.state.sentence else ""

    @property
    def renewal(self) -> str:
        """When access is renewed next."""
        grant = self.connection.grant
        if not self.connection.is_usable or not grant.expires_at:
            return _("None: there is no access left to renew.")
        if grant.last_call_at and grant.expires_at - grant.last_call_at < tasks.IN_USE:
            return _moment(grant.expires_at - tasks.SOON)
        latest = (grant.refreshed_at or grant.authorized_at) + tasks.IDLE
        return _("With its next use, on %(when)s at the latest") % {"when": _moment(latest)}

    @property
    def url(self) -> str:
        slug = self.connection.organization.slug
        if self.connection.is_shared:
            return reverse("organization_health", args=[slug, self.provider.key])
        return reverse("connection", args=[slug, self.connection.uid])

    @property
    def test_url(self) -> str:
        return f"{self.url}/test"

    @property
    def up_url(self) -> str:
        if self.connection.is_shared:
            return reverse("organization_provider", args=[self.connection.organization.slug, self.provider.key])
        return reverse("conferencing")

    @property
    def mend_url(self) -> str:
        """Whoever goes to the provider comes back here."""
        url = self.state.url
        return f"{url}&{urlencode({'next': self.url})}" if "?" in url else url

    @property
    def ended_on(self) -> str:
        return _moment(self.connection.ended_at) if self.connection.ended_at else ""


def panel(connection: Connection, *, asked_by: User) -> Health:
    provider = registry.connectable(connection.grant.provider)
    members = sum(seat.can_host for seat in connection.seats.all()) if connection.is_shared else 0
    access = panels.access(provider, connection.grant, connection.asked)
    return Health(
        connection,
        provider,
        states.of(connection),
        uses.of(connection),
        access,
        members,
        uses.facts(connection, asked_by=asked_by),
    )


def _moment(moment: datetime) -> str:
    return formats.date_format(localtime(moment), "DATETIME_FORMAT")
