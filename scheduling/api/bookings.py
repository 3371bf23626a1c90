"""Somebody's bookings: read, book, move, cancel. The rules and the mails are those of the pages."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from accounts import delegations
from accounts.delegations import Desk
from accounts.models import Membership
from accounts.scopes import Scope
from scheduling import bookings, last_look, models, private_events, queries
from scheduling.api import refusals, typed
from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.pages import Cursor, Limit, Page, page
from scheduling.api.problems import documented
from scheduling.api.times import Instant, Zone
from scheduling.intervals import MINUTE
from scheduling.models import BookingStatus
from scheduling.shapes import bookings as shapes
from scheduling.shapes.bookings import Booking, PrivateBooking
from scheduling.types import InviteeDetails

router = Router(tags=["Bookings"])
READS, WRITES = needs(Scope.BOOKINGS_READ), needs(Scope.BOOKINGS_WRITE)


class NewInvitee(Schema):
    name: str = Field(examples=["Ivan Invitee"], description="At most 120 characters, on one line.")
    email: str = Field(examples=["ivan@example.com"], description="Confirmation, calendar entry and link go there.")
    time_zone: Zone = Field(description="In which his mails tell the times.")
    language: str = Field("", examples=["en"], description="Of his mails; the person’s by default.")


class NewBooking(Schema):
    scheduler: UUID
    start: Instant = Field(description="One of the scheduler’s times.")
    duration: int | None = Field(None, ge=1, le=1440, examples=[30], description="In minutes; its first by default.")
    invitee: NewInvitee
    notes: str = Field("", examples=["About the new harbour."], description="At most 2000 characters.")


class Move(Schema):
    start: Instant


class Cancel(Schema):
    reason: str = Field("", examples=["I am ill."], description="The invitee reads it. At most 500 characters.")


class Filters(Schema):
    status: BookingStatus | None = None
    since: Instant | None = Field(None, alias="from", description="Those that end after it.")
    until: Instant | None = Field(None, description="Those that start before it.")
    scheduler: UUID | None = None
    host: UUID | None = Field(None, description="A colleague whose schedule the person manages, by his member id.")

    def narrow(self, found: QuerySet[models.Booking]) -> QuerySet[models.Booking]:
        asked = {
            "status": self.status,
            "end__gt": self.since,
            "start__lt": self.until,
            "scheduler__uid": self.scheduler,
        }
        return found.filter(**{name: value for name, value in asked.items() if value is not None})


@router.get("", response={200: Page[Booking | PrivateBooking], **documented(404)}, auth=READS, summary="List bookings")
def found(request: ApiRequest, filters: Annotated[Filters, Query(...)], limit: Limit, cursor: Cursor) -> Any:
    """In the order of their starts, cancelled ones too."""
    desk = _desk(member(request), filters.host)
    his = shapes.complete(queries.bookings(desk.owner))
    # What is private is not found by what it says.
    sight = private_events.readable if filters.scheduler else private_events.judged
    return page(filters.narrow(sight(his, desk)), _seen, by="start", limit=limit, cursor=cursor)


@router.get("/{id}", response={200: Booking, **documented(404)}, auth=READS, summary="Read a booking")
def booking(request: ApiRequest, id: UUID) -> Any:
    return shapes.shape_of(_his(member(request), id))


@router.post("", response={201: Booking, **documented(404, 409, 503)}, auth=WRITES, summary="Book a time")
def book(request: ApiRequest, new: NewBooking) -> Any:
    """For an invitee, who is told by mail as if he had booked himself. The link to join follows: state is pending."""
    mine = member(request)
    scheduler = get_object_or_404(queries.schedulers(mine), uid=new.scheduler)
    invitee = _invitee(new, mine)
    duration, key = new.duration or scheduler.durations[0], request.submission_key or uuid4()
    with refusals.told(scheduler, new.start, duration):
        if bookings.submitted(scheduler, key) is None:
            last_look.look(scheduler, new.start, duration)
        made = bookings.book(scheduler, start=new.start, duration=duration, invitee=invitee, key=key)
    return Status(201, shapes.shape_of(made))


@router.post("/{id}/move", response={200: Booking, **documented(404, 409, 503)}, auth=WRITES, summary="Move a booking")
def move(request: ApiRequest, id: UUID, to: Move) -> Any:
    """To another time of its scheduler, as long as it was. The invitee is told by mail."""
    mine = member(request)
    his = _his(mine, id)
    with refusals.told(his.scheduler, to.start, his.duration // MINUTE, moving=his):
        last_look.before_moving(his, to.start)
        bookings.reschedule(his, start=to.start, by=mine.user)
    return shapes.shape_of(_again(his))


@router.post("/{id}/cancel", response={200: Booking, **documented(404, 409)}, auth=WRITES, summary="Cancel a booking")
def cancel(request: ApiRequest, id: UUID, why: Cancel) -> Any:
    """The invitee is told by mail. To cancel twice is to cancel once."""
    mine = member(request)
    his = _his(mine, id)
    reason = typed.reason(why.reason)
    with refusals.told(his.scheduler, his.start, his.duration // MINUTE):
        bookings.cancel(his, by=mine.user, reason=reason)
    return shapes.shape_of(_again(his))


def _desk(reader: Membership, host: UUID | None) -> Desk:
    """Whose bookings are read; nobody knows of those that did not hand him their schedule."""
    for desk in delegations.desks(reader) if host else [Desk(reader, reader, sees_private=True)]:
        if host in (None, desk.owner.uid):
            return desk
    raise Http404


def _his(reader: Membership, uid: UUID) -> models.Booking:
    """His own, or one of a colleague whose schedule he manages, unless it is private."""
    for desk in delegations.desks(reader):
        his = private_events.readable(shapes.complete(queries.bookings(desk.owner)), desk)
        found = his.filter(uid=uid).first()
        if found is not None:
            return found
    raise Http404


def _seen(row: models.Booking) -> Booking | PrivateBooking:
    shown = private_events.shown([row])[0]
    return shapes.private(shown) if shown.is_hidden else shapes.shape_of(shown)


def _again(booking: models.Booking) -> models.Booking:
    return shapes.complete(models.Booking.objects.all()).get(pk=booking.pk)


def _invitee(new: NewBooking, mine: Membership) -> InviteeDetails:
    words = typed.invitee(new.invitee.name, new.invitee.email, new.notes)
    language = typed.language(new.invitee.language or mine.user.language)
    return InviteeDetails(**words, time_zone=new.invitee.time_zone, language=language)
