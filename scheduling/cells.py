"""A person's time in cells of five minutes: who takes them first has them, whether a booking or an event."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.models import User
from scheduling.intervals import EPOCH
from scheduling.models import ApplicationEvent, Booking, HostCell
from scheduling.models.scheduler import GRID

CELL = timedelta(minutes=GRID)
Taker = Booking | ApplicationEvent


def lock(people: Iterable[int]) -> None:
    """In the order of ids, so that nobody waits for each other. SQLite has locked the whole file already."""
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk").only("pk"))


def around(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Rounded outward to whole cells."""
    return EPOCH + (start - EPOCH) // CELL * CELL, EPOCH - (EPOCH - end) // CELL * CELL


def are_taken(host: int, start: datetime, end: datetime, *, but: Taker | None = None) -> bool:
    """By anything else than `but`."""
    wanted = _of(*around(start, end))
    taken = HostCell.objects.filter(host=host, cell__gte=wanted.start, cell__lt=wanted.stop)
    return (taken.exclude(**_taker(but)) if but else taken).exists()


def take(taker: Taker) -> None:
    """From busy_start to busy_end, ascending; it has none before. Raises IntegrityError if another has one."""
    HostCell.objects.bulk_create(
        HostCell(host_id=taker.host_id, cell=cell, **_taker(taker)) for cell in _of(taker.busy_start, taker.busy_end)
    )


def give_back(taker: Taker) -> None:
    HostCell.objects.filter(**_taker(taker)).delete()


def _taker(taker: Taker) -> dict[str, Taker]:
    return {"booking" if isinstance(taker, Booking) else "event": taker}


def _of(start: datetime, end: datetime) -> range:
    first, last = ((moment - EPOCH) // CELL for moment in (start, end))
    return range(first, last)
