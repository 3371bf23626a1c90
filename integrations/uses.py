"""What relies on a connection, as the floors above know it."""

from typing import cast

from accounts.models import User
from integrations.models import Connection
from integrations.signals import connection_in_use
from integrations.types import Use


def of(connection: Connection, *, host: User | None = None) -> list[Use]:
    """Of `host`'s alone, where it is an organization's."""
    answers = connection_in_use.send(sender=Connection, connection=connection, host=host)
    return [use for _receiver, found in answers for use in cast("list[Use]", found)]
