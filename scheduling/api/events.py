"""Events that an application makes for somebody, each with at most one meeting."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from accounts.scopes import Scope
from scheduling import application_events, event_places, models
from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.pages import Cursor, Limit, Page, page
from scheduling.api.problems import FieldProblem, Problem, documented
from scheduling.api.times import Instant, Zone
from scheduling.application_events import Wish
from scheduling.exceptions import NotChangeable, SlotTaken, Unfit
from scheduling.models import ApplicationEvent, EventStatus, Transparency
from scheduling.shapes import events as shapes
from scheduling.shapes.events import Event

router = Router(tags=["Events"])
READS, WRITES = needs(Scope.EVENTS_READ), needs(Scope.EVENTS_WRITE)

Title = Annotated[str, Field(min_length=1, max_length=300, examples=["Interview with Ivan"])]
Description = Annotated[str, Field(max_length=4000, examples=["Second round, with the team."])]


class Where(Schema):
    """`default` is where the person meets by default; `none` makes no meeting, and removes one that there is."""

    service: str = Field(
        max_length=40,
        examples=["default"],
        description="default, none, builtin, or the key of a service, such as zoom: see conferencing/services.",
    )


class NewEvent(Schema):
    title: Title
    description: Description = ""
    start: Instant = Field(description="In the future.")
    end: Instant = Field(description="At most 24 hours after its start.")
    time_zone: Zone | None = Field(None, description="In which the meeting shows its time; the person’s by default.")
    transparency: Transparency = Field(
        Transparency.OPAQUE, description="opaque takes the time, and must find it free; transparent does neither."
    )
    conferencing: Where = Where(service=event_places.NONE)


class EventChange(Schema):
    """What is left out, or null, stays. A start alone moves the event, as long as it was."""

    title: Title | None = None
    description: Description | None = None
    start: Instant | None = None
    end: Instant | None = None
    time_zone: Zone | None = None
    transparency: Transparency | None = None
    conferencing: Where | None = None


class Filters(Schema):
    status: EventStatus | None = None
    since: Instant | None = Field(None, alias="from", description="Those that end after it.")
    until: Instant | None = Field(None, description="Those that start before it.")

    def narrow(self, found: QuerySet[ApplicationEvent]) -> QuerySet[ApplicationEvent]:
        asked = {"status": self.status, "end__gt": self.since, "start__lt": self.until}
        return found.filter(**{name: value for name, value in asked.items() if value is not None})


@router.get("", response={200: Page[Event], **documented()}, auth=READS, summary="List events")
def found(request: ApiRequest, filters: Annotated[Filters, Query(...)], limit: Limit, cursor: Cursor) -> Any:
    """Those this application made for this person, in the order of their starts, deleted ones too."""
    return page(filters.narrow(_own(request)), shapes.shape_of, by="start", limit=limit, cursor=cursor)


@router.get("/{id}", response={200: Event, **documented(404)}, auth=READS, summary="Read an event")
def event(request: ApiRequest, id: UUID) -> Any:
    return shapes.shape_of(_one(request, id))


@router.post("", response={201: Event, **documented(409)}, auth=WRITES, summary="Make an event")
def create(request: ApiRequest, new: NewEvent) -> Any:
    """The link to join follows: as long as it is awaited, the state of `conferencing` is pending."""
    mine = member(request)
    wish = Wish(**new.dict(exclude={"conferencing", "time_zone"}), time_zone=new.time_zone or mine.user.time_zone)
    with _told():
        made = application_events.create(
            mine, wish, service=new.conferencing.service, by=request.auth.application, key=request.submission_key
        )
    return Status(201, shapes.shape_of(made))


@router.patch("/{id}", response={200: Event, **documented(404, 409)}, auth=WRITES, summary="Change an event")
def change(request: ApiRequest, id: UUID, changed: EventChange) -> Any:
    """Its meeting follows. An event that is over, or deleted, stays as it is (409)."""
    his = _one(request, id)
    wishes = changed.dict(exclude_none=True, exclude={"conferencing"})
    service = changed.conferencing.service if changed.conferencing else None
    with _told():
        application_events.change(his, wishes, membership=member(request), service=service)
    return shapes.shape_of(his)


@router.delete("/{id}", response={204: None, **documented(404, 409)}, auth=WRITES, summary="Delete an event")
def delete(request: ApiRequest, id: UUID) -> Any:
    """Its meeting goes as well. Deleting twice is deleting once; an event that is over stays as it is (409)."""
    his = _one(request, id)
    with _told():
        application_events.delete(his)
    return Status(204, None)


def _own(request: ApiRequest) -> QuerySet[ApplicationEvent]:
    """Made by this application, or by any key of this person, for him in this organization."""
    mine = member(request)
    return models.ApplicationEvent.objects.filter(
        organization=mine.organization, host=mine.user, application=request.auth.application
    ).select_related("host", "organization", "connection__grant")


def _one(request: ApiRequest, uid: UUID) -> ApplicationEvent:
    return get_object_or_404(_own(request), uid=uid)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SlotTaken:
        raise Problem("time_taken") from None
    except NotChangeable as refused:
        raise Problem("conflict", refused.sentence) from None
    except Unfit as unfit:
        raise Problem("invalid", errors=[FieldProblem(where=f"body.{unfit.field}", message=unfit.sentence)]) from None
