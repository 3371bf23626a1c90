"""Events as they happen: singles, and the occurrences and exceptions of series."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.simulators.microsoft import identifiers
from integrations.simulators.microsoft.graph import recurrence
from integrations.simulators.microsoft.records import Event
from integrations.simulators.microsoft.world import World


@dataclass(frozen=True)
class Instance:
    event: Event
    """Whose fields are shown: of an occurrence its master, of an exception itself."""
    start: datetime
    end: datetime
    type: str = "singleInstance"
    master: Event | None = None
    original_start: datetime | None = None

    @property
    def root(self) -> Event:
        """What stands in the calendar."""
        return self.master or self.event

    def id(self, *, immutable: bool) -> str:
        root = self.root.immutable_id if immutable else self.root.id
        return identifiers.occurrence(root, self.original_start) if self.original_start else root


def of(event: Event) -> Instance:
    """The single event, or the master of a series."""
    return Instance(event, event.start, event.end, "seriesMaster" if event.recurrence else "singleInstance")


def between(event: Event, start: datetime, end: datetime) -> Iterator[Instance]:
    """What of this event touches the window."""
    if not event.recurrence:
        if overlaps(event.start, event.end, start, end):
            yield of(event)
        return
    length = event.end - event.start
    for at in recurrence.starts(event, start - length, end):
        if at not in event.cancelled and at not in event.exceptions and overlaps(at, at + length, start, end):
            yield Instance(event, at, at + length, "occurrence", event, at)
    for at, changed in sorted(event.exceptions.items()):
        if overlaps(changed.start, changed.end, start, end):
            yield Instance(changed, changed.start, changed.end, "exception", event, at)


def overlaps(start: datetime, end: datetime, after: datetime, before: datetime) -> bool:
    """Half open; what has no length counts where it stands."""
    return start < before and (end > after or start == end == after)


def occurrence(event: Event, at: datetime) -> Instance | None:
    """The one that was meant to be at `at`."""
    if at in event.exceptions:
        changed = event.exceptions[at]
        return Instance(changed, changed.start, changed.end, "exception", event, at)
    if not event.recurrence or at in event.cancelled:
        return None
    length = event.end - event.start
    found = next(recurrence.starts(event, at, at + max(length, timedelta(minutes=1))), None)
    return Instance(event, at, at + length, "occurrence", event, at) if found == at else None


def in_calendars(world: World, calendar_ids: set[str]) -> Iterator[Event]:
    """What is to be seen of them already."""
    now = world.clock.now()
    for event in list(world.events.values()):
        if event.calendar_id in calendar_ids and (event.visible_from is None or event.visible_from <= now):
            yield event


def found(world: World, id: str) -> Instance | None:
    """By the ordinary or the immutable id, of an occurrence too."""
    root, at = identifiers.split(id)
    event = world.events.get(root) or next((known for known in world.events.values() if known.id == root), None)
    if event is None or (event.visible_from and event.visible_from > world.clock.now()):
        return None
    return of(event) if at is None else occurrence(event, at)
