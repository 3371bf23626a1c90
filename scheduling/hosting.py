"""With which accounts a host can hold meetings: his own first, then his organization's, where he has a seat."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from integrations import queries, seats
from integrations.models import Connection, Seat


@dataclass(frozen=True)
class Hosting:
    """`own` and `shared`: the accounts he can use, as far as we know; `barred`: his seats that speak against one.

    seats: those known, by connection id.
    """

    own: list[Connection]
    shared: list[Connection]
    barred: list[Seat]
    seats: dict[int, Seat]

    @property
    def accounts(self) -> list[Connection]:
        return self.own + self.shared

    @property
    def default_place(self) -> str:
        """Where somebody meets who has not chosen anything; empty if nothing is connected for everybody."""
        return next((account.grant.provider for account in self.shared if account.stands), "")

    def pick(self, place: str, *, first: Connection | None = None) -> Connection | None:
        """`first`, if it is his own, before his others; the organization's after all of them."""
        preferred = [first] if first and not first.is_shared else []
        return queries.first_that_works([found for found in preferred + self.accounts if found.grant.provider == place])

    def may_use(self, account: Connection) -> bool:
        return all(seat.connection_id != account.pk for seat in self.barred)

    def problem(self, place: str = "") -> str:
        """Why he cannot use the organization's account (at this place), in a sentence; empty if he can."""
        at_place = (seat for seat in self.barred if place in ("", seat.connection.grant.provider))
        return next((seats.problem(seat) for seat in at_place if seat.connection.stands), "")

    def email(self, account: Connection, host: User) -> str:
        """Of the account's user who will hold the meeting."""
        if not account.is_shared:
            return account.account
        seat = self.seats.get(account.pk)
        return (seat.email or seat.wanted if seat else "") or host.email


@dataclass(frozen=True)
class Accounts:
    """All of some organizations. One query, and one more where something is connected for everybody."""

    connections: list[Connection]
    seats: list[Seat]

    def of(self, organization_id: int, user_id: int) -> Hosting:
        here = [found for found in self.connections if found.organization_id == organization_id]
        his = {found.connection_id: found for found in self.seats if found.membership.user_id == user_id}
        shared = [found for found in here if found.is_shared]
        can = {found.pk for found in shared if found.pk not in his or his[found.pk].can_host}
        return Hosting(
            own=[found for found in here if found.membership and found.membership.user_id == user_id],
            shared=[found for found in shared if found.pk in can],
            barred=[his[found.pk] for found in shared if found.pk not in can],
            seats={found.pk: his[found.pk] for found in shared if found.pk in his},
        )


def accounts(organizations: Iterable[int], *, users: Iterable[int]) -> Accounts:
    found = queries.holding_meetings(Connection.objects.filter(organization__in=organizations))
    connections = list(found.select_related("grant", "membership").order_by("created_at", "pk"))
    if not any(connection.is_shared for connection in connections):
        return Accounts(connections, [])
    known = Seat.objects.filter(connection__in=[connection.pk for connection in connections if connection.is_shared])
    related = known.filter(membership__user__in=users).select_related("membership__user", "connection__grant")
    return Accounts(connections, list(related))


def of(organization_id: int, user_id: int) -> Hosting:
    return accounts([organization_id], users=[user_id]).of(organization_id, user_id)


def serves(connection: Connection, host: User) -> bool:
    """Its meetings of this host are carried on with it; not if he does without it by now."""
    left = Seat.objects.filter(connection=connection, membership__user=host, removed_at__isnull=False)
    return not (connection.is_shared and left.exists())
