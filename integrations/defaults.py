"""A person's default place: one at a time, the built-in room until something else is chosen."""

from dataclasses import dataclass

from accounts.models import Membership
from integrations import queries, registry
from integrations.models import ConferencingPreference, Connection

BUILTIN = registry.BUILTIN.key


@dataclass(frozen=True)
class Default:
    """`chosen`: the person said so; otherwise it is only what is left."""

    place: str
    connection: Connection | None
    chosen: bool


class NotConnected(Exception):
    """There is no such account to be the default."""


def default_of(membership: Membership) -> Default:
    """What he chose, else what his organization is connected to, else the built-in room."""
    preferences = ConferencingPreference.objects.select_related("connection__grant")
    preference = preferences.filter(membership=membership).first()
    if preference is None:
        return _left(membership)
    connection = preference.connection
    if connection is not None and connection.is_shared:
        connection = queries.connection_for(membership, preference.place)
    return Default(preference.place, connection, chosen=True)


def make_default(membership: Membership, place: str, connection: Connection | None = None) -> None:
    """The only default from now on, for bookings to come; those that exist keep their place. Raises NotConnected."""
    if place != BUILTIN:
        connection = queries.connection_for(membership, place, named=connection)
        if connection is None:
            raise NotConnected(place)
    ConferencingPreference.objects.update_or_create(
        membership=membership, defaults={"place": place, "connection": None if place == BUILTIN else connection}
    )


def fall_back(connection: Connection) -> None:
    """Whoever had it as default has the organization's account now if that works, else the built-in room."""
    mine = ConferencingPreference.objects.filter(connection=connection)
    shared = _instead_of(connection)
    mine.update(place=connection.grant.provider if shared else BUILTIN, connection=shared)


def forget(membership: Membership, connection: Connection) -> None:
    """His choice of an account that he does without from now on."""
    ConferencingPreference.objects.filter(membership=membership, connection=connection).delete()


def _left(membership: Membership) -> Default:
    shared = queries.shared_with(membership.organization_id, membership.user_id)
    for connection in shared:
        if connection.stands:
            place = connection.grant.provider
            return Default(place, queries.connection_for(membership, place), chosen=False)
    return Default(BUILTIN, None, chosen=False)


def _instead_of(connection: Connection) -> Connection | None:
    """The organization's account at the same provider that its owner can use as well."""
    if connection.membership is None:
        return None
    member = connection.membership
    shared = queries.shared_with(member.organization_id, member.user_id).filter(
        grant__provider=connection.grant.provider
    )
    return next((found for found in shared if found.is_usable), None)
