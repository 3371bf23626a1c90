"""Bookings as applications are shown them, by the API and by webhooks."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from ninja import Schema
from pydantic import Field

from accounts.models import Membership
from scheduling import entries, ical, models, places
from scheduling.shapes.schedulers import SchedulerInShort

PlaceState = Literal["pending", "ready", "failed", "detached", "removed"]
STATES: dict[str, PlaceState] = {"waiting": "pending", "ready": "ready", "failed": "failed", "off": "removed"}


class BookingHost(Schema):
    id: UUID | None = Field(description="The member, as in /me. Empty once he has left the organization.")
    name: str = Field(examples=["Olga Berg"])


class Invitee(Schema):
    name: str = Field(examples=["Ivan Invitee"])
    email: str = Field(examples=["ivan@example.com"])
    time_zone: str = Field(examples=["Asia/Kathmandu"])
    language: str = Field(examples=["en"])


class BookingPlace(Schema):
    """Where it happens. The links are empty until they are there, and again once there is nothing to join.

    state: pending (the link follows), ready, failed (the host has to act; url of the booking says why), detached (the
    link works, changes are no longer carried over), removed.
    """

    service: str = Field(examples=["zoom"], description="A conferencing service, builtin, phone, in_person or link.")
    name: str = Field(examples=["Zoom"])
    detail: str = Field("", examples=[""], description="A phone number or an address.")
    state: PlaceState = Field(examples=["ready"])
    join_url: str = Field("", examples=["https://zoom.us/j/123456789"], description="For the host.")
    invitee_join_url: str = Field("", examples=["https://zoom.us/j/123456789"])
    passcode: str = Field("", examples=["318204"])


class Cancellation(Schema):
    at: datetime = Field(examples=["2027-02-26T16:20:00Z"])
    by: Literal["host", "invitee"]
    reason: str = Field("", examples=["I am ill."])


class Booking(Schema):
    """What was agreed. `sequence` rises with every change; `ical_uid` stays (RFC 5545)."""

    id: UUID = Field(examples=["6f1b0a36-2f0e-4f0a-9a53-3c1a7d1b7c11"])
    ical_uid: str = Field(examples=["6f1b0a36-2f0e-4f0a-9a53-3c1a7d1b7c11@bridge.example.org"])
    sequence: int = Field(examples=[0])
    status: models.BookingStatus
    start: datetime = Field(examples=["2027-03-01T09:00:00Z"])
    end: datetime = Field(examples=["2027-03-01T09:30:00Z"])
    duration: int = Field(examples=[30], description="In minutes.")
    scheduler: SchedulerInShort
    host: BookingHost
    invitee: Invitee
    notes: str = Field(examples=["About the new harbour."])
    place: BookingPlace
    created_at: datetime = Field(examples=["2027-02-22T10:41:08Z"])
    cancellation: Cancellation | None = Field(None, examples=[None])
    url: str = Field(
        examples=["https://bridge.example.org/o/harbour/bookings/6f1b0a36-2f0e-4f0a-9a53-3c1a7d1b7c11"],
        description="Its page for the host, who has to sign in there.",
    )
    is_private: Literal[False] = False


class PrivateBooking(Schema):
    """One that a colleague has marked private: whoever manages his schedule without seeing those sees the time."""

    status: models.BookingStatus
    start: datetime = Field(examples=["2027-03-01T09:00:00Z"])
    end: datetime = Field(examples=["2027-03-01T09:30:00Z"])
    is_private: Literal[True] = True


def complete(bookings: QuerySet[models.Booking]) -> QuerySet[models.Booking]:
    """With all that is shown of them, in one query."""
    host = Membership.objects.filter(user=OuterRef("host"), organization=OuterRef("organization"))
    related = "organization", "host", "scheduler", "meeting", "booked_event"
    return bookings.select_related(*related).annotate(host_member=Subquery(host.values("uid")[:1]))


def shape_of(booking: models.Booking) -> Booking:
    """One query, and none if it was read `complete`."""
    if not hasattr(booking, "host_member"):
        booking = complete(models.Booking.objects.all()).get(pk=booking.pk)
    return Booking(
        id=booking.uid,
        ical_uid=ical.uid(booking),
        sequence=booking.sequence,
        status=models.BookingStatus(booking.status),
        start=booking.start,
        end=booking.end,
        duration=booking.duration // timedelta(minutes=1),
        scheduler=SchedulerInShort(id=booking.scheduler.uid, name=booking.scheduler.name),
        host=BookingHost(id=booking.host_member, name=str(booking.host)),  # type: ignore[attr-defined]  # annotated
        invitee=_invitee(booking),
        notes=booking.notes,
        place=_place(booking),
        created_at=booking.created_at,
        cancellation=_cancellation(booking),
        url=ical.url(booking, as_host=True),
    )


def private(booking: models.Booking) -> PrivateBooking:
    """Of a stand-in (private_events.py)."""
    return PrivateBooking(status=models.BookingStatus(booking.status), start=booking.start, end=booking.end)


def _invitee(booking: models.Booking) -> Invitee:
    return Invitee(
        name=booking.invitee_name,
        email=booking.invitee_email,
        time_zone=booking.invitee_time_zone,
        language=booking.invitee_language,
    )


def _place(booking: models.Booking) -> BookingPlace:
    meeting = booking.meeting
    join_url = entries.join_url(booking)
    return BookingPlace(
        service=meeting.place,
        name=places.name(meeting.place),
        detail="" if meeting.place == places.LINK else meeting.detail,
        state=_state(booking),
        join_url=join_url,
        invitee_join_url=places.join_url(meeting) if join_url else "",
        passcode=meeting.passcode if join_url else "",
    )


def _state(booking: models.Booking) -> PlaceState:
    state = STATES[entries.Entry(booking, "", None).state]
    detached = booking.meeting.state == models.MeetingState.DETACHED
    return "detached" if state == "ready" and detached else state


def _cancellation(booking: models.Booking) -> Cancellation | None:
    if booking.cancelled_at is None:
        return None
    by: Literal["host", "invitee"] = "host" if booking.cancelled_by_host else "invitee"
    return Cancellation(at=booking.cancelled_at, by=by, reason=booking.cancel_reason)
