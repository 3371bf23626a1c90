"""The members of an organization as hosts at a provider: who is connected, by what, as which user of its account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from accounts import queries as accounts_queries
from accounts.models import Membership, Organization
from integrations import queries, registry, seats, states
from integrations.models import Connection, Seat, SeatState
from integrations.providers.base import OAuthProvider


class Type(Enum):
    """By what a member hosts."""

    ORGANIZATION = "organization"
    PERSONAL = "personal"
    NONE = "none"


@dataclass(frozen=True)
class Line:
    """One member. `connection`: by which he hosts, or what is broken; `seat`: his in the organization's account."""

    membership: Membership
    provider: OAuthProvider
    connection: Connection | None
    seat: Seat | None
    shared: Connection | None

    @property
    def is_connected(self) -> bool:
        if self.connection is None or not self.connection.is_usable:
            return False
        return not self.connection.is_shared or self.can_use_shared

    @property
    def can_use_shared(self) -> bool:
        return self.seat is None or self.seat.can_host

    @property
    def type(self) -> Type:
        if self.connection is None:
            return Type.NONE
        return Type.ORGANIZATION if self.connection.is_shared else Type.PERSONAL

    @property
    def type_in_words(self) -> str:
        return {Type.ORGANIZATION: _("Organization"), Type.PERSONAL: _("Personal"), Type.NONE: "–"}[self.type]

    @property
    def is_looked_for(self) -> bool:
        """An answer of the provider will change this line."""
        waits = self.seat is None or (self.seat.state == SeatState.UNKNOWN and not self.seat.problem)
        return self.type == Type.ORGANIZATION and waits and self.connection is not None and self.connection.is_usable

    @property
    def tone(self) -> str:
        if self.is_looked_for:
            return states.WAITING
        return states.READY if self.is_connected else states.FAILED

    @property
    def state(self) -> str:
        if self.is_looked_for:
            return _("Being looked up")
        return _("Connected") if self.is_connected else _("Not connected")

    @property
    def hosts_as(self) -> str:
        """The user of the provider who will hold the next meeting; empty if nobody can."""
        if self.connection is None or (self.connection.is_shared and not self.is_connected):
            return ""
        if not self.connection.is_shared:
            return self.connection.account
        return (self.seat.email or self.seat.wanted if self.seat else "") or self.membership.user.email

    @property
    def why(self) -> str:
        """How that user was found, or why the member cannot host."""
        if self.connection is None:
            return _("No account is connected.")
        if not self.connection.is_usable:
            return self._broken
        if self.type == Type.PERSONAL:
            return _("his own account goes first") if self.shared else _("his own account")
        if self.seat is not None and (trouble := seats.problem(self.seat) or self.seat.problem):
            return trouble
        return _("named by an admin") if self.seat is not None and self.seat.wanted else _("matched by e-mail")

    @property
    def _broken(self) -> str:
        """What is broken for everybody stands above the table already."""
        if self.connection is None or self.connection.is_shared:
            return _("The organization’s connection does not work.")
        return states.sentence(self.connection.grant, self.connection.status)

    @property
    def licence(self) -> str:
        if not self.is_connected or self.connection is None:
            return ""
        paid = self.seat.licensed if self.connection.is_shared and self.seat else self.connection.grant.paid
        if self.connection.is_shared and self.seat is None:
            paid = None
        return {True: _("Licensed"), False: str(self.provider.unpaid), None: _("Unknown")}[paid]


def lines(organization: Organization, provider: OAuthProvider, found: Sequence[Membership]) -> list[Line]:
    """Three queries, however many."""
    shared = queries.shared_connections(organization).filter(grant__provider=provider.key).first()
    own = Connection.objects.filter(membership__in=found, grant__provider=provider.key).select_related("grant")
    seats_of = Seat.objects.filter(connection=shared, membership__in=found).select_related("membership__user")
    his = _grouped(own)
    seated = {seat.membership_id: seat for seat in seats_of}
    return [
        _line(membership, provider, his.get(membership.pk, []), shared, seated.get(membership.pk))
        for membership in found
    ]


def hosting_with(connection: Connection) -> list[Membership]:
    """The members who would be affected if this account of the organization's went: those who host with it."""
    found = list(accounts_queries.members(connection.organization))
    here = lines(connection.organization, registry.oauth(connection.grant.provider), found)
    return [line.membership for line in here if line.connection == connection and line.can_use_shared]


def _line(
    membership: Membership, provider: OAuthProvider, own: list[Connection], shared: Connection | None, seat: Seat | None
) -> Line:
    """His own goes before the organization's, unless it is broken and that works."""
    others = [shared] if shared and (seat is None or seat.can_host) else []
    connection = queries.first_that_works([*own, *others]) or shared
    return Line(membership, provider, connection, seat, shared)


def _grouped(connections: Iterable[Connection]) -> dict[int, list[Connection]]:
    found: dict[int, list[Connection]] = {}
    for connection in connections:
        assert connection.membership_id is not None
        found.setdefault(connection.membership_id, []).append(connection)
    return found
