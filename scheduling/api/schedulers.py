"""Somebody's schedulers, and the times they offer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.scopes import Scope
from scheduling import models, openings, queries, reasons, slots
from scheduling.api import refusals, times
from scheduling.api.authentication import ApiRequest, member, needs
from scheduling.api.pages import Cursor, Limit, Page, page
from scheduling.api.problems import documented
from scheduling.api.times import Instant, Window, Zone
from scheduling.shapes import schedulers as shapes
from scheduling.shapes.schedulers import Scheduler

router = Router(tags=["Schedulers"], auth=needs(Scope.SCHEDULERS_READ))

From = Annotated[Instant | None, Query(None, alias="from", description="Now, unless told otherwise.")]
Until = Annotated[
    Instant | None, Query(None, description="At most 62 days after `from`; two weeks, unless told otherwise.")
]
TimeZone = Annotated[Zone | None, Query(None, description="For the offsets in the answer; the person’s by default.")]


class Times(Schema):
    """The starts, sorted. If there are none, `reasons` says why in sentences, and `nearest` has others."""

    scheduler: UUID
    duration: int = Field(examples=[30], description="In minutes.")
    time_zone: str = Field(examples=["Europe/Berlin"])
    times: list[datetime] = Field(examples=[["2027-03-01T09:00:00+01:00", "2027-03-01T09:30:00+01:00"]])
    reasons: list[str] = Field([], examples=[[]])
    nearest: list[datetime] = Field([], examples=[[]])


@router.get("", response={200: Page[Scheduler], **documented()}, summary="List the person’s schedulers")
def schedulers(request: ApiRequest, limit: Limit, cursor: Cursor) -> Any:
    mine = shapes.complete(queries.schedulers(member(request)))
    return page(mine, shapes.shape_of, by="created_at", limit=limit, cursor=cursor)


@router.get("/{id}", response={200: Scheduler, **documented(404)}, summary="Read a scheduler")
def scheduler(request: ApiRequest, id: UUID) -> Any:
    return shapes.shape_of(get_object_or_404(shapes.complete(queries.schedulers(member(request))), uid=id))


@router.get("/{id}/times", response={200: Times, **documented(404)}, summary="List the times a scheduler offers")
def offered(
    request: ApiRequest,
    id: UUID,
    time_zone: TimeZone,
    since: From,
    until: Until,
    duration: Annotated[int | None, Query(None, ge=1, le=1440, description="In minutes; its first by default.")],
) -> Any:
    """As its booking page offers them at this moment."""
    found = get_object_or_404(queries.schedulers(member(request)), uid=id)
    asked = times.window(since, until, now=now())
    return _times(found, asked, duration or found.durations[0], time_zone or found.host.time_zone)


def _times(scheduler: models.Scheduler, asked: Window, duration: int, time_zone: str) -> Times:
    starts, why, nearest = _offered(scheduler, asked, duration)
    zone = ZoneInfo(time_zone)
    return Times(
        scheduler=scheduler.uid,
        duration=duration,
        time_zone=time_zone,
        times=[start.astimezone(zone) for start in starts],
        reasons=why,
        nearest=[start.astimezone(zone) for start in nearest],
    )


def _offered(
    scheduler: models.Scheduler, asked: Window, duration: int
) -> tuple[list[datetime], list[str], list[datetime]]:
    general = reasons.against(scheduler, duration, None)
    if general:
        return [], refusals.sentences(general), []
    starts = slots.within(scheduler, duration=duration, start=asked.start, end=asked.end)
    if starts:
        return starts, [], []
    why = slots.why_none(scheduler, duration, start=asked.start, end=asked.end)
    return [], refusals.sentences(why), openings.nearest(scheduler, asked.start, duration)
