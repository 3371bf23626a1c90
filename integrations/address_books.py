"""Does: keeps the people of an account in step with the provider. Who is known is not thrown away before those who
replace him are there.
"""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations import contacts, people
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RateLimited, SyncTokenLost
from integrations.models import AddressBook, Connection
from integrations.types import ContactPage, Permission
from outbox import intents, outbox

KIND = "address_book"
EVERY = timedelta(hours=1)
AT_ONCE = 500


class Gone(Exception):
    """The account was disconnected while we read."""


@transaction.atomic
def want(connection: Connection) -> None:
    """Read it soon, if it may be read; else nothing of it stays."""
    if connection.membership is None or not contacts.may(connection, Permission.CONTACTS_READ):
        AddressBook.objects.filter(connection=connection).delete()
        return
    book, _new = AddressBook.objects.get_or_create(
        connection=connection, defaults={"membership": connection.membership}
    )
    look_now(book)


@transaction.atomic
def look_now(book: AddressBook) -> None:
    AddressBook.objects.filter(pk=book.pk).update(next_look_at=now() + EVERY * random.uniform(0.9, 1.1))  # noqa: S311
    outbox.want(KIND, book.pk)


def begin_due() -> None:
    """The regular look: those whose time has come, oldest first."""
    due = AddressBook.objects.filter(next_look_at__lte=now(), connection__ended_at=None).order_by("next_look_at")
    for book in list(due[:AT_ONCE]):
        look_now(book)


@intents.settles(KIND)
def settle(book_id: int) -> None:
    related = "connection__grant", "connection__organization", "connection__membership__user", "membership__user"
    book = AddressBook.objects.select_related(*related).filter(pk=book_id).first()
    if book is None or not book.connection.is_usable:
        return
    if not contacts.may(book.connection, Permission.CONTACTS_READ):
        book.delete()
        return
    with translation.override(book.membership.user.language):
        _settle(book)


def _settle(book: AddressBook) -> None:
    try:
        look(book)
    except Gone:
        return
    except AuthorizationLost as lost:  # whoever connects it again makes us look again
        fail(book, lost.sentence)
    except ProviderError as error:
        fail(book, error.sentence)
        after = error.retry_after if isinstance(error, RateLimited) else None
        raise intents.Later(error.sentence, after=after) from error


def fail(book: AddressBook, problem: str) -> None:
    since = book.failing_since or now()
    AddressBook.objects.filter(pk=book.pk).update(failing_since=since, problem=problem)


def look(book: AddressBook) -> None:
    """Read what changed. Raises Gone, and our four errors."""
    try:
        _read(book, since=book.sync_token)
    except SyncTokenLost:
        _read_all(book)


def _read_all(book: AddressBook) -> None:
    try:
        _read(book, since="")
    except SyncTokenLost as lost:
        raise ProviderUnavailable(
            _("The contacts did not let themselves be read to the end. Bridge tries again.")
        ) from lost


def _read(book: AddressBook, *, since: str) -> None:
    """The token is kept together with the last of what it stands for."""
    began, token = now(), ""
    for page in contacts.changes(book.connection, since=since):
        token = page.sync_token
        for part in people.parts(page):
            _keep(book, part, began)
    with transaction.atomic():
        _hold(book)
        if not since:
            people.forget_unseen(book, began=began)
        known = {"sync_token": token, "synced_at": began, "failing_since": None, "problem": ""}
        AddressBook.objects.filter(pk=book.pk).update(**known)


@transaction.atomic
def _keep(book: AddressBook, part: ContactPage, began: datetime) -> None:
    _hold(book)
    people.keep(book, part, began=began)


def _hold(book: AddressBook) -> None:
    """One at a time, and only while it is wanted."""
    if not AddressBook.objects.select_for_update(of=("self",)).filter(pk=book.pk).exists():
        raise Gone
