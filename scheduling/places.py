"""Where a meeting happens: which place a scheduler resolves to, with which account, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from integrations import queries, registry
from integrations.models import ConferencingPreference, Connection
from scheduling import hosting, manage_links
from scheduling.hosting import Hosting
from scheduling.models import ApplicationEvent, ConferencingState, Meeting, Scheduler

BUILTIN = "builtin"
PHONE = "phone"
IN_PERSON = "in_person"
LINK = "link"
OURS = frozenset({BUILTIN, PHONE, IN_PERSON, LINK})
"""Places that need no provider: they are ready as soon as they are chosen."""


class Why(Enum):
    SCHEDULER = "scheduler"
    DEFAULT = "default"
    ORGANIZATION = "organization"
    BUILTIN = "builtin"


@dataclass(frozen=True)
class Place:
    """`connection` is None for our own places, and for a provider that the host has no account at (any more).

    account: the e-mail of the account's user who will hold the meeting.  problem: why the organization's account could
    not be had, in a sentence for the host.
    """

    key: str
    connection: Connection | None
    detail: str
    why: str
    account: str = ""
    problem: str = ""

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
    def is_shared(self) -> bool:
        """With the account that was connected once for the whole organization."""
        return self.connection is not None and self.connection.is_shared

    @property
    def sentence(self) -> str:
        """Why it is this place, for the host."""
        if self.is_shared:
            return self._shared_sentence
        return {
            Why.SCHEDULER: _("chosen for this scheduler"),
            Why.DEFAULT: _("your default"),
            Why.ORGANIZATION: _("your organization’s default"),
            Why.BUILTIN: _("used where nothing else is chosen"),
        }[Why(self.why)]

    @property
    def _shared_sentence(self) -> str:
        if self.why == Why.SCHEDULER.value:
            return _("via your organization, chosen for this scheduler")
        if self.why == Why.DEFAULT.value:
            return _("via your organization, your default")
        return _("via your organization")


@dataclass(frozen=True)
class Choice:
    """An entry of a form: `value` goes over the wire, place and connection are what it stands for."""

    value: str
    label: str
    place: str
    connection: Connection | None = None
    needs_detail: bool = False


def resolve(scheduler: Scheduler) -> Place:
    """The one the scheduler names, else the host's default, else the organization's, else the built-in room."""
    return resolve_each([scheduler])[scheduler.pk]


def default(membership: Membership) -> Place:
    """Where he meets if nothing is chosen."""
    return resolve(Scheduler(organization=membership.organization, host=membership.user))


def announcing(schedulers: QuerySet[Scheduler]) -> QuerySet[Scheduler]:
    """With what `announced` needs, in the same query."""
    fields = "organization", "host"
    return schedulers.annotate(preferred=queries.preferred_place(*fields), shared=queries.shared_place(*fields))


def announced(scheduler: Scheduler) -> Place:
    """The same for those who do not need the account: it stays None. Of one that was read `announcing`; no query."""
    preferred, shared = scheduler.preferred, scheduler.shared  # type: ignore[attr-defined]
    if scheduler.place:
        return Place(scheduler.place, None, scheduler.place_detail, Why.SCHEDULER.value)
    if preferred:
        return Place(preferred, None, "", Why.DEFAULT.value)
    if shared:
        return Place(shared, None, "", Why.ORGANIZATION.value)
    return Place(BUILTIN, None, "", Why.BUILTIN.value)


def resolve_each(schedulers: Sequence[Scheduler]) -> dict[int, Place]:
    """resolve by scheduler id, in two queries however many schedulers; three where an organization is connected."""
    if not schedulers:
        return {}
    people = Q(pk__in=())
    for scheduler in schedulers:
        people |= Q(membership__user=scheduler.host_id, membership__organization=scheduler.organization_id)
    defaults = {
        (found.membership.organization_id, found.membership.user_id): found
        for found in ConferencingPreference.objects.filter(people).select_related("membership", "connection__grant")
    }
    accounts = hosting.accounts(
        {scheduler.organization_id for scheduler in schedulers}, users={scheduler.host_id for scheduler in schedulers}
    )
    return {
        scheduler.pk: _resolve(
            scheduler,
            defaults.get((scheduler.organization_id, scheduler.host_id)),
            accounts.of(scheduler.organization_id, scheduler.host_id),
        )
        for scheduler in schedulers
    }


def at(key: str, *, host: User, organization_id: int, named: Connection | None = None, detail: str = "") -> Place:
    """The place `key`, chosen by somebody, as `host` would meet there."""
    return _held(key, named, hosting.of(organization_id, host.pk), host, detail=detail, why=Why.SCHEDULER)


def choices(membership: Membership) -> list[Choice]:
    """What a member may choose: each provider he has an account at, each account of it, and our own places."""
    mine = hosting.of(membership.organization_id, membership.user_id).accounts
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
    return ours.get(key) or registry.place(key)


def join_url(meeting: Meeting, *, as_host: bool = False) -> str:
    """Where to join. The links of our own rooms are signed, not stored, and differ for host and invitee."""
    if meeting.place == BUILTIN:
        return manage_links.room_url(meeting.booking, as_host=as_host)
    return meeting.join_url


def event_url(event: ApplicationEvent, *, as_host: bool = False) -> str:
    """The same for an event that an application made."""
    if event.place == BUILTIN and event.state == ConferencingState.READY:
        return manage_links.room_url(event, as_host=as_host)
    return event.join_url


def _resolve(scheduler: Scheduler, default: ConferencingPreference | None, accounts: Hosting) -> Place:
    host, chosen = scheduler.host, default.connection if default else None
    if scheduler.place:
        why, detail = Why.SCHEDULER, scheduler.place_detail
        return _held(scheduler.place, scheduler.connection, accounts, host, first=chosen, detail=detail, why=why)
    if default is not None:
        return _held(default.place, _steady(chosen, accounts), accounts, host, why=Why.DEFAULT)
    if accounts.default_place:
        return _held(accounts.default_place, None, accounts, host, why=Why.ORGANIZATION)
    return Place(BUILTIN, None, "", Why.BUILTIN.value, problem=accounts.problem())


def _held(
    key: str,
    named: Connection | None,
    accounts: Hosting,
    host: User,
    *,
    why: Why,
    first: Connection | None = None,
    detail: str = "",
) -> Place:
    """With the account named, unless his seat there speaks against it; else with the first that works."""
    connection = named if named and accounts.may_use(named) else None
    connection = connection or (None if named else accounts.pick(key, first=first))
    account = accounts.email(connection, host) if connection else ""
    return Place(key, connection, detail, why.value, account, "" if connection else accounts.problem(key))


def _steady(chosen: Connection | None, accounts: Hosting) -> Connection | None:
    """His default, unless the organization's account has to take over from it."""
    if chosen is None or chosen.is_shared:
        return None
    stand_in = accounts.pick(chosen.grant.provider, first=chosen)
    return stand_in if stand_in and stand_in.is_shared else chosen


def _choice(connection: Connection) -> Choice:
    provider = connection.grant.provider
    if connection.is_shared:
        label = _("%(place)s via your organization") % {"place": name(provider)}
    elif connection.grant.email:
        label = _("%(place)s with %(account)s") % {"place": name(provider), "account": connection.account}
    else:
        label = f"{name(provider)}, {connection.account}"
    return Choice(f"{provider}:{connection.uid}", label, provider, connection)
