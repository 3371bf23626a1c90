"""What follows for contacts when an account comes, comes back or ends. With its row they go by themselves."""

from django.dispatch import receiver

from integrations import address_books, states
from integrations.models import AddressBook, Connection
from integrations.signals import connection_ended, connection_made, connection_restored


@receiver(connection_made)
@receiver(connection_restored)
def begin(sender: object, connection: Connection, **kwargs: object) -> None:
    address_books.want(connection)


@receiver(connection_ended)
def say_so(sender: object, connection: Connection, **kwargs: object) -> None:
    """Who is known is kept: the account may be connected again."""
    if connection.pk is None:
        return
    for book in AddressBook.objects.filter(connection=connection.pk):
        address_books.fail(book, states.of(connection).sentence)
