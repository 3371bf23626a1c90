"""Reads about connections; each starts at a member."""

from django.db.models import QuerySet

from accounts.models import Membership
from integrations.models import ConferencingPreference, Connection


def connections_of(membership: Membership) -> QuerySet[Connection]:
    """His own, oldest first, broken ones too."""
    return Connection.objects.filter(membership=membership).select_related("grant")


def connection_for(membership: Membership, provider_key: str, *, named: Connection | None = None) -> Connection | None:
    """Which of his accounts hosts at this provider: the one named, else his default, else the first that works.

    A broken one is better than none: the booking waits for it, and nothing is swapped silently.
    """
    mine = list(connections_of(membership).filter(grant__provider=provider_key))
    if named is not None:
        return next((connection for connection in mine if connection == named), None)
    default = ConferencingPreference.objects.filter(membership=membership).values_list("connection", flat=True).first()
    mine.sort(key=lambda connection: (connection.pk != default, not connection.is_usable))
    return mine[0] if mine else None
