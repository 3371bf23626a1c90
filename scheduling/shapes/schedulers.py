"""Schedulers as applications are shown them."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from scheduling import models, places


class SchedulerPlace(Schema):
    """Where its next booking is held. Whose account holds it is not told."""

    service: str = Field(examples=["zoom"], description="A conferencing service, builtin, phone, in_person or link.")
    name: str = Field(examples=["Zoom"])


class Scheduler(Schema):
    """A bookable page. Lengths are in minutes."""

    id: UUID
    name: str = Field(examples=["Intro call"])
    description: str = Field(examples=["Half an hour to get to know each other."])
    slug: str = Field(examples=["intro"])
    url: str = Field(examples=["https://bridge.example.org/olga-berg/intro"], description="The page for invitees.")
    is_active: bool = Field(description="Whether it takes bookings.")
    durations: list[int] = Field(examples=[[30, 60]], description="The lengths it offers, the usual one first.")
    increment: int = Field(examples=[30], description="It offers a start every so many minutes.")
    minimum_notice: int = Field(examples=[240], description="How long ahead somebody has to book.")
    buffer_before: int = Field(examples=[0])
    buffer_after: int = Field(examples=[10])
    time_zone: str = Field(examples=["Europe/Berlin"], description="The IANA time zone of its hours.")
    place: SchedulerPlace
    needs_attention: bool = Field(
        examples=[False], description="The account that would hold its meetings is gone; the host has to act."
    )


class SchedulerInShort(Schema):
    id: UUID
    name: str = Field(examples=["Intro call"])


def complete(schedulers: QuerySet[models.Scheduler]) -> QuerySet[models.Scheduler]:
    """With all that is shown of them."""
    return places.announcing(schedulers.select_related("host", "schedule"))


def shape_of(scheduler: models.Scheduler) -> Scheduler:
    """Of one that was read `complete`: no query."""
    place = places.announced(scheduler)
    return Scheduler(
        id=scheduler.uid,
        name=scheduler.name,
        description=scheduler.description,
        slug=scheduler.slug,
        url=settings.BASE_URL + reverse("booking_page", args=[scheduler.host.custom_url, scheduler.slug]),
        is_active=scheduler.is_on,
        durations=scheduler.durations,
        increment=scheduler.increment,
        minimum_notice=scheduler.minimum_notice,
        buffer_before=scheduler.buffer_before,
        buffer_after=scheduler.buffer_after,
        time_zone=scheduler.schedule.time_zone,
        place=SchedulerPlace(service=place.key, name=place.name),
        needs_attention=scheduler.disrupted_at is not None,
    )
