"""Where a meeting happens: which place a scheduler resolves to, with which account, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from integrations.models import ConferencingPreference, Connection
from scheduling import manage_links
from scheduling.models import Meeting, Scheduler

BUILTIN = "builtin"
PHONE = "phone"
IN_PERSON = "in_person"
LINK = "link"
OURS = frozenset({BUILTIN, PHONE, IN_PERSON, LINK})
"""Places that need no provider: they are ready as soon as they are chosen."""


class Why(Enum):
    SCHEDULER = "scheduler"
    DEFAULT = "default"
    BUILTIN = "builtin"


@dataclass(frozen=True)
class Place:
    """`connection` is None for our own places, and for a provider that the host has no account at (any more)."""

    key: str
    connection: Connection | None
    detail: str
    why: str

    @property
    def is_ours(self) -> bool:
        return self.key in OURS

    @property
    def is_usable(self) -> bool:
        return self.is_ours or (self.connection is not None and self.connection.is_usable)

    @property
    def name(self) -> str:
        return name(self.key)

    @property
    def account(self) -> str:
        return self.connection.grant.email if self.connection else ""

    @property
    def sentence(self) -> str:
        """Why it is this place, for the host."""
        if self.why == Why.SCHEDULER.value:
            return _("chosen for this scheduler")
        return _("your default") if self.why == Why.DEFAULT.value else _("used where nothing else is chosen")


@dataclass(frozen=True)
class Choice:
    """An entry of a form: `value` goes over the wire, place and connection are what it stands for."""

    value: str
    label: str
    place: str
    connection: Connection | None = None
    needs_detail: bool = False


def resolve(scheduler: Scheduler) -> Place:
    """The one the scheduler names, else the host's default, else the built-in room. Two queries."""
    return resolve_each([scheduler])[scheduler.pk]


def announced(scheduler: Scheduler) -> Place:
    """The same for those who do not need the account: it stays None. At most one query."""
    if scheduler.place:
        return Place(scheduler.place, None, scheduler.place_detail, Why.SCHEDULER.value)
    here = ConferencingPreference.objects.filter(membership__organization=scheduler.organization_id)
    default = here.filter(membership__user=scheduler.host_id).values_list("place", flat=True).first()
    return Place(default, None, "", Why.DEFAULT.value) if default else Place(BUILTIN, None, "", Why.BUILTIN.value)


def resolve_each(schedulers: Sequence[Scheduler]) -> dict[int, Place]:
    """resolve by scheduler id, in two queries however many schedulers."""
    people = Q(pk__in=())
    for scheduler in schedulers:
        people |= Q(membership__user=scheduler.host_id, membership__organization=scheduler.organization_id)
    defaults = {
        (found.membership.organization_id, found.membership.user_id): found
        for found in ConferencingPreference.objects.filter(people).select_related("membership", "connection__grant")
    }
    accounts = _accounts({scheduler.organization_id for scheduler in schedulers})
    return {
        scheduler.pk: _resolve(
            scheduler,
            defaults.get((scheduler.organization_id, scheduler.host_id)),
            _of(scheduler.organization_id, scheduler.host_id, accounts),
        )
        for scheduler in schedulers
    }


def account_for(place: str, *, host: User, organization_id: int) -> Connection | None:
    """The account with which `host` would hold a meeting at the provider `place`."""
    return _pick(place, _of(organization_id, host.pk, _accounts({organization_id})))


def choices(membership: Membership) -> list[Choice]:
    """What a member may choose: each provider he has an account at, each account of it, and our own places."""
    mine = _of(membership.organization_id, membership.user_id, _accounts({membership.organization_id}))
    found = [Choice("", _("Your default"), "")]
    for provider in dict.fromkeys(connection.grant.provider for connection in mine):
        found.append(Choice(provider, name(provider), provider))
        accounts = [connection for connection in mine if connection.grant.provider == provider]
        if len(accounts) > 1:
            found += [_choice(connection) for connection in accounts]
    found.append(Choice(BUILTIN, name(BUILTIN), BUILTIN))
    return found + [Choice(key, name(key), key, needs_detail=True) for key in (PHONE, IN_PERSON, LINK)]


def chosen(membership: Membership, value: str) -> Choice | None:
    """The choice that `value` stands for; None if it is not one of his."""
    return next((choice for choice in choices(membership) if choice.value == value), None)


def value_of(scheduler: Scheduler) -> str:
    """The choice a scheduler has made."""
    return f"{scheduler.place}:{scheduler.connection.uid}" if scheduler.connection else scheduler.place


def name(key: str) -> str:
    ours = {
        BUILTIN: _("Bridge room"),
        PHONE: _("Phone"),
        IN_PERSON: _("In person"),
        LINK: _("A link of your own"),
    }
    return ours.get(key) or key.replace("_", " ").title()


def join_url(meeting: Meeting, *, as_host: bool = False) -> str:
    """Where to join. The links of our own rooms are signed, not stored, and differ for host and invitee."""
    if meeting.place == BUILTIN:
        return manage_links.room_url(meeting.booking, as_host=as_host)
    return meeting.join_url


def _resolve(scheduler: Scheduler, default: ConferencingPreference | None, accounts: list[Connection]) -> Place:
    if default is not None and default.connection is not None:
        accounts = [default.connection, *accounts]
    if scheduler.place:
        connection = scheduler.connection or _pick(scheduler.place, accounts)
        return Place(scheduler.place, connection, scheduler.place_detail, Why.SCHEDULER.value)
    if default is not None:
        connection = default.connection or _pick(default.place, accounts)
        return Place(default.place, connection, "", Why.DEFAULT.value)
    return Place(BUILTIN, None, "", Why.BUILTIN.value)


def _accounts(organizations: Iterable[int]) -> list[Connection]:
    return list(
        Connection.objects.filter(organization__in=organizations)
        .select_related("grant", "membership")
        .order_by("created_at", "pk")
    )


def _of(organization_id: int, user_id: int, accounts: list[Connection]) -> list[Connection]:
    """Those a person may use, personal ones first."""
    here = [account for account in accounts if account.organization_id == organization_id]
    personal = [account for account in here if account.membership and account.membership.user_id == user_id]
    return personal + [account for account in here if account.membership is None]


def _pick(place: str, accounts: list[Connection]) -> Connection | None:
    """The first that works, the default before others; else the first, so that its trouble can be named."""
    there = [account for account in accounts if account.grant.provider == place]
    return next((account for account in there if account.is_usable), there[0] if there else None)


def _choice(connection: Connection) -> Choice:
    provider = connection.grant.provider
    label = _("%(place)s with %(account)s") % {"place": name(provider), "account": connection.grant.email}
    return Choice(f"{provider}:{connection.uid}", label, provider, connection)
