"""What a member sees of his organization's accounts: who he is there, and what he can do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import queries, registry, seats, states
from integrations.defaults import Default
from integrations.models import Connection, Seat
from integrations.providers.base import OAuthProvider
from integrations.states import State


@dataclass(frozen=True)
class Shared:
    """The organization's account, for one member. `seat`: his there, once it was looked up."""

    connection: Connection
    provider: OAuthProvider
    state: State
    seat: Seat | None
    email: str
    is_default: bool

    @property
    def logo(self) -> str:
        return f"img/providers/{self.provider.key}.svg"

    @property
    def is_removed(self) -> bool:
        return self.seat is not None and self.seat.removed_at is not None

    @property
    def may_remove(self) -> bool:
        return self.connection.members_may_remove and not self.is_removed

    @property
    def problem(self) -> str:
        return seats.problem(self.seat) if self.seat else ""

    @property
    def code(self) -> str:
        """For programs: that he is not held by it, or how the account is."""
        if self.is_removed:
            return "removed"
        return "no_seat" if self.problem else states.code(self.connection)

    @property
    def tone(self) -> str:
        if self.is_removed:
            return "off"
        return states.FAILED if self.problem else self.state.tone

    @property
    def label(self) -> str:
        if self.is_removed:
            return _("Removed for you")
        return _("You cannot host with it") if self.problem else self.state.label


def of(membership: Membership, default: Default) -> list[Shared]:
    found = list(queries.shared_connections(membership.organization_id))
    known = Seat.objects.filter(membership=membership).select_related("membership__user") if found else []
    his = {seat.connection_id: seat for seat in known}
    return [_offered(membership, connection, his.get(connection.pk), default) for connection in found]


def _offered(membership: Membership, connection: Connection, seat: Seat | None, default: Default) -> Shared:
    provider = registry.oauth(connection.grant.provider)
    email = (seat.email or seat.wanted if seat else "") or membership.user.email
    return Shared(connection, provider, states.of(connection), seat, email, connection == default.connection)
