"""What a member sees of his calendars: each account with its calendars, how old what we know of them is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import calendar_choices, calendars, panels, registry
from integrations.defaults import Default
from integrations.models import Calendar, CalendarSettings, Connection
from integrations.panels import Account
from integrations.states import FAILED, READY, WAITING
from integrations.types import Permission

NO_DEFAULT = Default("", None, chosen=False)


@dataclass(frozen=True)
class Line:
    """One calendar."""

    calendar: Calendar

    @property
    def may_receive(self) -> bool:
        return calendar_choices.may_receive(self.calendar)

    @property
    def is_read(self) -> bool:
        return self.calendar.is_busy or self.calendar.receives

    @property
    def tone(self) -> str:
        if not self.is_read:
            return "off"
        if self.calendar.failing_since:
            return FAILED
        return READY if self.calendar.is_trusted else WAITING

    @property
    def age(self) -> str:
        calendar = self.calendar
        if not self.is_read:
            return _("Not read")
        if calendar.synced_at is None:
            return _("Not read yet")
        if now() - calendar.synced_at < timedelta(minutes=1):
            return _("Last read just now") if calendar.failing_since else _("Read just now")
        words = _("Last read %(ago)s ago") if calendar.failing_since else _("Read %(ago)s ago")
        return words % {"ago": timesince(calendar.synced_at, depth=1)}

    @property
    def trouble(self) -> str:
        """A sentence if it cannot be read: what follows for its times."""
        if not self.is_read or not self.calendar.problem:
            return ""
        closed = _("Until it can be read again, its times are closed.") if self.calendar.is_busy else ""
        return f"{self.calendar.problem} {closed}".strip()


@dataclass(frozen=True)
class CalendarAccount:
    """An account, his own or his organization's, with his calendars in it."""

    account: Account
    lines: list[Line]

    @property
    def is_shared(self) -> bool:
        return self.account.connection.is_shared

    @property
    def is_silent(self) -> bool:
        """The account may be in order, and still a calendar in it cannot be read."""
        return any(line.tone == FAILED for line in self.lines)

    @property
    def tone(self) -> str:
        state = self.account.state
        return FAILED if state.tone == READY and self.is_silent else state.tone

    @property
    def label(self) -> str:
        state = self.account.state
        return _("Cannot be read") if state.tone == READY and self.is_silent else state.label

    @property
    def may_write(self) -> bool:
        return self.is_shared or calendars.may(self.account.connection, Permission.CALENDAR_WRITE)

    @property
    def reads_contacts(self) -> bool:
        return calendars.may(self.account.connection, Permission.CONTACTS_READ)


@dataclass(frozen=True)
class Panel:
    accounts: list[CalendarAccount]
    settings: CalendarSettings

    @property
    def receives_nowhere(self) -> bool:
        return not any(line.calendar.receives for account in self.accounts for line in account.lines)


def panel(membership: Membership) -> Panel:
    """In the same number of queries, however many accounts and calendars there are."""
    lines: dict[int, list[Line]] = defaultdict(list)
    his = Calendar.objects.filter(membership=membership).select_related("connection__grant")
    for calendar in his.order_by("-is_main", "name", "pk"):
        lines[calendar.connection_id].append(Line(calendar))
    keys = [provider.key for provider in registry.with_calendars()]
    mine = Q(membership=membership, grant__provider__in=keys) | Q(pk__in=[*lines])
    connections = Connection.objects.filter(mine, organization=membership.organization)
    found = connections.select_related("grant", "organization", "membership").order_by("created_at", "pk")
    accounts = [CalendarAccount(panels.account(one, NO_DEFAULT), lines[one.pk]) for one in found]
    return Panel(accounts, calendars.settings_of(membership))
