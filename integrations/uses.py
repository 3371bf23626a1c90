"""What relies on a connection and how it does, as the floors above know it."""

from typing import cast

from accounts.models import User
from integrations.models import Connection
from integrations.signals import connection_described, connection_in_use
from integrations.types import Fact, Use


def of(connection: Connection, *, host: User | None = None) -> list[Use]:
    """Of `host`'s alone, where it is an organization's."""
    answers = connection_in_use.send(sender=Connection, connection=connection, host=host)
    return [use for _receiver, found in answers for use in cast("list[Use]", found)]


def facts(connection: Connection, *, asked_by: User) -> list[Fact]:
    answers = connection_described.send(sender=Connection, connection=connection, asked_by=asked_by)
    return [fact for _receiver, found in answers for fact in cast("list[Fact]", found)]
