"""Who stands in an address book: what a provider says is taken in, cut to what fits; who is looked for is found."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet

from accounts.models import Membership
from integrations.models import AddressBook, Person, PersonAddress
from integrations.types import Contact, ContactPage

AT_ONCE = 500
"""People in a transaction, ids in a query."""
MOST, MOST_WORDS = 20, 6
"""Addresses or telephone numbers of one person; words that are looked for together."""
NAME, ID, ADDRESS, PHONE = 300, 300, 254, 60

T = TypeVar("T")


def parts(page: ContactPage) -> Iterator[ContactPage]:
    """The same in pieces that fit into a short transaction."""
    yield from (ContactPage(contacts=some) for some in _chunks(page.contacts))
    yield from (ContactPage(removed=some) for some in _chunks(page.removed))


def keep(book: AddressBook, page: ContactPage, *, began: datetime) -> None:
    """Take in one part, in the caller's transaction. `began`: who was seen since belongs to this look."""
    Person.objects.filter(address_book=book, external_id__in=page.removed).delete()
    rows = {row.external_id: row for row in (_row(book, one, began) for one in page.contacts) if row.external_id}
    changing = ["name", "emails", "phones", "company", "search", "seen_at"]
    saved = Person.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["address_book", "external_id"], update_fields=changing
    )
    PersonAddress.objects.filter(person__in=saved).delete()
    PersonAddress.objects.bulk_create(
        PersonAddress(person=person, email=email)
        for person in saved
        for email in {one.lower() for one in person.emails}
    )


def forget_unseen(book: AddressBook, *, began: datetime) -> None:
    """After everybody was looked at."""
    Person.objects.filter(address_book=book, seen_at__lt=began).delete()


def of(membership: Membership) -> QuerySet[Person]:
    """Everybody in his address books, by name."""
    return Person.objects.filter(address_book__membership=membership).order_by("name", "pk")


def none() -> QuerySet[Person]:
    return Person.objects.none()


def search(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those in whose name, company or addresses each of the words stands, as it is: no wildcards."""
    for word in clean(text, NAME).lower().split()[:MOST_WORDS]:
        people = people.filter(search__contains=word)
    return people


def known(membership: Membership) -> QuerySet[PersonAddress]:
    """The addresses of everybody in his address books."""
    return PersonAddress.objects.filter(person__address_book__membership=membership)


def clean(text: str, most: int) -> str:
    """On one line, without what a database cannot hold or a reader cannot see."""
    held = text.encode("utf-8", "ignore").decode()
    return " ".join("".join(" " if unicodedata.category(one) == "Cc" else one for one in held).split())[:most].strip()


def _row(book: AddressBook, contact: Contact, began: datetime) -> Person:
    """Without an id if its own does not fit."""
    name, company = clean(contact.name, NAME), clean(contact.company, NAME)
    emails = [email for email in _some(contact.emails, ADDRESS) if "@" in email]
    return Person(
        address_book=book,
        external_id=contact.external_id if len(contact.external_id) <= ID and "\0" not in contact.external_id else "",
        name=name or next(iter(emails), ""),
        emails=emails,
        phones=_some(contact.phones, PHONE),
        company=company,
        search="\n".join([name, company, *emails]).lower(),
        seen_at=began,
    )


def _some(texts: Iterable[str], most: int) -> list[str]:
    """What is too long is not cut: it would be somebody else's."""
    found = (clean(text, most + 1) for text in texts)
    return [text for text in found if text and len(text) <= most][:MOST]


def _chunks(items: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    for first in range(0, len(items), AT_ONCE):
        yield items[first : first + AT_ONCE]
