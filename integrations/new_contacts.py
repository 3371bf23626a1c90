"""Does: writes people whom a member met into the address book that he chose."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import address_books, contacts, people, policies, retries
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RequestRejected
from integrations.models import AddressBook, NewContact
from integrations.types import ContactPage, ContactRequest, Permission
from outbox import intents, outbox

KIND = "new_contact"


def books(membership: Membership) -> list[AddressBook]:
    """Those of his that people can be added to."""
    his = AddressBook.objects.filter(membership=membership, connection__ended_at=None)
    related = "connection__grant", "connection__organization", "connection__membership__user"
    found = his.select_related(*related).order_by("connection__created_at", "pk")
    policy = policies.of(membership.organization)
    return [book for book in found if contacts.may(book.connection, Permission.CONTACTS_WRITE, policy)]


def of(membership: Membership) -> QuerySet[NewContact]:
    return NewContact.objects.filter(address_book__membership=membership)


@transaction.atomic
def save(book: AddressBook, *, name: str, email: str) -> None:
    """Into this one of `books`. Asked again, it is tried again."""
    fields = {"name": people.clean(name, people.NAME), "error": "", "error_detail": ""}
    new, _made = NewContact.objects.update_or_create(address_book=book, email=email.lower(), defaults=fields)
    outbox.want(KIND, new.pk)


@intents.settles(KIND)
def settle(new_id: int) -> None:
    related = "connection__grant", "connection__organization", "connection__membership__user", "membership__user"
    found = NewContact.objects.select_related(*(f"address_book__{name}" for name in related))
    new = found.filter(pk=new_id).first()
    if new is None:
        return
    with translation.override(new.address_book.membership.user.language):
        _settle(new)


def _settle(new: NewContact) -> None:
    with retries.left_to_the_outbox():
        try:
            _write(new)
        except (ProviderUnavailable, AuthorizationLost, RequestRejected) as error:
            _note(new, error)
            raise


def _write(new: NewContact) -> None:
    """What may have happened is looked for before it is done again."""
    book = new.address_book
    if not book.connection.is_usable:
        raise AuthorizationLost(_("The account is not connected any more. Connect it again, then try again."))
    if new.attempted_at is not None and _is_there(new):
        new.delete()
        return
    NewContact.objects.filter(pk=new.pk).update(attempted_at=now())
    made = contacts.create(book.connection, ContactRequest(name=new.name, email=new.email))
    with transaction.atomic():
        if not AddressBook.objects.select_for_update(of=("self",)).filter(pk=book.pk).exists():
            return
        people.keep(book, ContactPage(contacts=(made,)), began=now())
        NewContact.objects.filter(pk=new.pk).delete()


def _is_there(new: NewContact) -> bool:
    address_books.look(new.address_book)
    return people.known(new.address_book.membership).filter(email=new.email).exists()


def _note(new: NewContact, error: ProviderError) -> None:
    NewContact.objects.filter(pk=new.pk).update(error=error.sentence, error_detail=error.detail)
