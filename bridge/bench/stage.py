"""A throw-away database with hosts of known business."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils.timezone import now

from accounts import key_format
from accounts.models import ApiKey, Membership, Organization, Role, User
from scheduling.models import Booking, Schedule, Scheduler, WeeklyHours

SLOT = timedelta(minutes=5)


@contextmanager
def database() -> Iterator[str]:
    """A database of the kind of DATABASE_URL, migrated and empty; its URL."""
    before = str(connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory(prefix="bridge-bench-") as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield url()
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)


def url() -> str:
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    return f"postgres://{now['USER']}:{now['PASSWORD']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"


def host(*, bookings: int) -> Scheduler:
    """Office hours, with that many bookings of five minutes around the clock, evenly over the ten weeks to come.

    They lie between the starts on offer, so the page shows the same however many there are.
    """
    scheduler = _scheduler(f"bench-{bookings}", opens=9 * 60, closes=17 * 60, increment=30)
    taken = (_booking(scheduler, 10_000 // bookings * number) for number in range(bookings))
    Booking.objects.bulk_create(taken, batch_size=500)
    return scheduler


def open_host() -> Scheduler:
    """Day and night, every five minutes: enough times for everybody."""
    return _scheduler("bench-open", opens=0, closes=24 * 60, increment=5)


def key(scheduler: Scheduler) -> dict[str, str]:
    """The headers of a script of the host's."""
    member, secret = Membership.objects.get(user=scheduler.host), key_format.make()
    hashed, ends = key_format.hashed(secret), now() + timedelta(days=1)
    ApiKey.objects.create(membership=member, name="Bench", secret_hash=hashed, expires_at=ends)
    return {"Authorization": f"Bearer {secret}"}


def _scheduler(slug: str, *, opens: int, closes: int, increment: int) -> Scheduler:
    user = User.objects.create_user(f"{slug}@example.org", name=slug, custom_url=slug, time_zone="Europe/Berlin")
    organization = Organization.objects.create(name=slug, slug=slug)
    Membership.objects.create(user=user, organization=organization, role=Role.OWNER)
    schedule = Schedule.objects.create(organization=organization, owner=user, name="All", time_zone="Europe/Berlin")
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=weekday, start_minute=opens, end_minute=closes) for weekday in range(7)
    )
    return Scheduler.objects.create(
        organization=organization, host=user, schedule=schedule, slug=slug, name="Bench", place="builtin",
        durations=[5], increment=increment, minimum_notice=0, window_days=700,
    )  # fmt: skip


def _booking(scheduler: Scheduler, place: int) -> Booking:
    start = _next_hour() + SLOT + place * 2 * SLOT
    times = {"start": start, "end": start + SLOT, "busy_start": start, "busy_end": start + SLOT}
    return Booking(
        organization_id=scheduler.organization_id, scheduler=scheduler, host_id=scheduler.host_id, invitee_name="Ivan",
        invitee_email="ivan@example.com", invitee_time_zone="Europe/Berlin", **times,
    )  # fmt: skip


def _next_hour() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
