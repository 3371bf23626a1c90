"""What a member sees of his address books: each account with how many people it has and how old that is."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from integrations import contacts, panels, policies, registry
from integrations.calendar_panels import NO_DEFAULT
from integrations.models import AddressBook, CalendarPolicy, Connection
from integrations.panels import Account
from integrations.states import FAILED, READY, WAITING
from integrations.types import Permission


@dataclass(frozen=True)
class Book:
    """An account whose contacts could be read. may_read: they are; may_write: people can be added to them."""

    account: Account
    book: AddressBook | None
    number: int
    may_read: bool
    may_write: bool

    @property
    def tone(self) -> str:
        if not self.may_read or (self.book and self.book.failing_since):
            return FAILED
        return READY if self.book and self.book.synced_at else WAITING

    @property
    def state(self) -> str:
        if not self.may_read and not self.account.state.broken:
            return _("Contacts were not allowed")
        if self.book is None or self.book.synced_at is None:
            return _("Not read yet")
        people = ngettext("%(number)s person", "%(number)s people", self.number) % {"number": self.number}
        if now() - self.book.synced_at < timedelta(minutes=1):
            return _("%(people)s, read just now") % {"people": people}
        age = timesince(self.book.synced_at, depth=1)
        return _("%(people)s, read %(ago)s ago") % {"people": people, "ago": age}

    @property
    def trouble(self) -> str:
        """A sentence, if there is any."""
        if not self.account.state.broken and not self.may_read:
            return _("When you connected this account, contacts were left out. Connect it again and tick them.")
        return self.book.problem if self.book else ""


@dataclass(frozen=True)
class Panel:
    """is_wanted: the organization lets Bridge read contacts.  services: where people can be read, by name."""

    books: list[Book]
    is_wanted: bool
    services: list[str]

    @property
    def writable(self) -> list[Book]:
        return [book for book in self.books if book.may_write and book.book]


def panel(membership: Membership) -> Panel:
    """In the same number of queries, however many accounts there are."""
    policy = policies.of(membership.organization)
    is_wanted = policy.enabled and Permission.CONTACTS_READ in policy.permissions
    books = [_book(found, policy) for found in _accounts(membership)] if is_wanted else []
    services = [str(provider.label) for provider in registry.with_calendars() if provider.contacts]
    return Panel(books, is_wanted, services)


def _accounts(membership: Membership) -> QuerySet[Connection]:
    keys = [provider.key for provider in registry.with_calendars() if provider.contacts]
    found = Connection.objects.filter(membership=membership, grant__provider__in=keys)
    related = "grant", "organization", "membership__user", "address_book"
    return found.select_related(*related).annotate(number=Count("address_book__people")).order_by("created_at", "pk")


def _book(connection: Connection, policy: CalendarPolicy) -> Book:
    return Book(
        account=panels.account(connection, NO_DEFAULT),
        book=getattr(connection, "address_book", None),
        number=connection.number,  # type: ignore[attr-defined]  # annotated
        may_read=contacts.may(connection, Permission.CONTACTS_READ, policy),
        may_write=connection.is_usable and contacts.may(connection, Permission.CONTACTS_WRITE, policy),
    )
