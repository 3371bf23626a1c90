"""Events as the application that made them is shown them, by the API and by webhooks."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from scheduling import event_places, models, places
from scheduling.models import ConferencingState, EventStatus, Transparency

BROKEN = frozenset({ConferencingState.FAILED, ConferencingState.DETACHED})


class Conferencing(Schema):
    """Where the event happens.

    state: none; pending (the meeting is being made, or brought to what the event says now); ready; failed (it needs the
    person: `error` says why, `action_url` is where he mends it, then the meeting follows by itself); detached (the link
    works, changes are no longer carried over); removed.
    """

    service: str = Field(examples=["zoom"], description="The key of a service, builtin, or none.")
    name: str = Field(examples=["Zoom"])
    state: ConferencingState
    join_url: str = Field("", examples=["https://zoom.us/j/123456789"])
    passcode: str = Field("", examples=["318204"])
    error: str = Field("", examples=[""], description="A sentence for people, in the person’s language.")
    action_url: str = Field("", examples=[""], description="A page of Bridge where the person can mend it.")


class Event(Schema):
    id: UUID
    title: str = Field(examples=["Interview with Ivan"])
    description: str = Field(examples=["Second round, with the team."])
    start: datetime = Field(examples=["2027-03-01T09:00:00Z"])
    end: datetime = Field(examples=["2027-03-01T09:30:00Z"])
    time_zone: str = Field(examples=["Europe/Berlin"])
    transparency: Transparency = Field(description="opaque: nobody else can book the time; transparent: it stays free.")
    status: EventStatus
    conferencing: Conferencing
    created_at: datetime
    changed_at: datetime = Field(description="Also when its meeting changes.")


def shape_of(event: models.ApplicationEvent) -> Event:
    return Event(
        id=event.uid,
        title=event.title,
        description=event.description,
        start=event.start,
        end=event.end,
        time_zone=event.time_zone,
        transparency=Transparency(event.transparency),
        status=EventStatus(event.status),
        conferencing=_conferencing(event),
        created_at=event.created_at,
        changed_at=event.changed_at,
    )


def _conferencing(event: models.ApplicationEvent) -> Conferencing:
    is_broken = event.state in BROKEN
    return Conferencing(
        service=event.place or event_places.NONE,
        name=places.name(event.place) if event.place else "",
        state=ConferencingState(event.state),
        join_url=places.event_url(event),
        passcode=event.passcode,
        error=event.error,
        action_url=f"{settings.BASE_URL}{reverse('conferencing')}" if is_broken else "",
    )
