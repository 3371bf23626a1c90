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
    preferences = ConferencingPreference.objects.select_related("connection__grant")
    preference = preferences.filter(membership=membership).first()
    if preference is None:
        return Default(BUILTIN, None, chosen=False)
    return Default(preference.place, preference.connection, chosen=True)


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
    """Whoever had it as default has the built-in room now."""
    ConferencingPreference.objects.filter(connection=connection).update(place=BUILTIN, connection=None)
