"""People who have booked with a member, and stand in none of his address books."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.timezone import now

from accounts.models import Membership
from integrations import new_contacts, people
from integrations.models import NewContact
from scheduling.models import Booking, BookingStatus

SHOWN = 10


@dataclass(frozen=True)
class Acquaintance:
    """last: when he was met last.  new: his way into an address book, if he was sent there."""

    name: str
    email: str
    last: datetime
    new: NewContact | None = None


def of(membership: Membership) -> list[Acquaintance]:
    """Those met last, in the same number of queries however many there are."""
    waiting = {new.email: new for new in new_contacts.of(membership)}
    return [
        Acquaintance(found["name"], found["address"], found["last"], waiting.get(found["address"]))
        for found in _met(membership)[:SHOWN]
    ]


def find(membership: Membership, email: str) -> Acquaintance | None:
    found = _met(membership).filter(address=email.lower()).first()
    return Acquaintance(found["name"], found["address"], found["last"]) if found else None


def _met(membership: Membership) -> QuerySet[Any, Any]:
    """By address, with the name that he gave last."""
    past = _past(membership)
    named = past.filter(address=OuterRef("address")).order_by("-start", "-pk").values("invitee_name")[:1]
    known = people.known(membership).filter(email=OuterRef("address"))
    strangers = past.filter(~Exists(known)).exclude(address="").values("address")
    found: QuerySet[Any, Any] = strangers.annotate(last=Max("start"), name=Subquery(named))
    return found.order_by("-last", "address")


def _past(membership: Membership) -> QuerySet[Any]:
    his = Booking.objects.filter(organization=membership.organization_id, host=membership.user_id)
    kept = his.filter(status=BookingStatus.CONFIRMED, end__lte=now())
    return kept.annotate(address=Lower("invitee_email"))
