"""Series: their instances in a window, and the exceptions among them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rruleset, rrulestr

from integrations.simulators.google.calendar import times
from integrations.simulators.google.errors import invalid
from integrations.simulators.google.records import Calendar, Event

MOST = 20_000
FAR = timedelta(days=2 * 366)


def is_master(event: Event) -> bool:
    return bool(event.fields.get("recurrence"))


def check(calendar: Calendar, event: Event) -> None:
    """Raises ApiError."""
    try:
        next(iter(_rules(calendar, event)), None)
    except (ValueError, TypeError, KeyError) as error:
        raise invalid("Invalid recurrence rule.") from error


def exceptions(calendar: Calendar, master: Event) -> dict[str, Event]:
    """By the suffix of their ids."""
    own = (one for one in calendar.events.values() if one.fields.get("recurringEventId") == master.id)
    return {one.id.removeprefix(master.id + "_"): one for one in own}


def instances(calendar: Calendar, master: Event, start: datetime | None, end: datetime | None) -> Iterator[Event]:
    """In [start, end), exceptions in their places, cancelled ones too."""
    changed = exceptions(calendar, master)
    latest = end or datetime.now(UTC) + FAR
    for made in takewhile(lambda one: _start(calendar, one) < latest, _expanded(calendar, master)):
        exception = changed.pop(made.id.removeprefix(master.id + "_"), None)
        if within(calendar, exception or made, start, end):
            yield exception or made
    yield from (one for one in changed.values() if within(calendar, one, start, end))


def instance(calendar: Calendar, instance_id: str) -> Event | None:
    """By its id, made up on the spot where it is no exception yet."""
    master_id, _, _stamp = instance_id.rpartition("_")
    master = calendar.events.get(master_id)
    if master is None or not is_master(master) or master.deleted:
        return None
    return next((one for one in islice(_expanded(calendar, master), MOST) if one.id == instance_id), None)


def within(calendar: Calendar, event: Event, start: datetime | None, end: datetime | None) -> bool:
    """Ends after `start`, begins before `end`."""
    if "start" not in event.fields:
        return True
    ends = times.instant(event.fields["end"], calendar.time_zone)
    return (start is None or ends > start) and (end is None or _start(calendar, event) < end)


def _start(calendar: Calendar, event: Event) -> datetime:
    return times.instant(event.fields["start"], calendar.time_zone)


def _expanded(calendar: Calendar, master: Event) -> Iterator[Event]:
    first, last = (times.local(master.fields[name], calendar.time_zone) for name in ("start", "end"))
    for wall in islice(iter(_rules(calendar, master)), MOST):
        yield _made(calendar, master, wall, wall + (last - first))


def _made(calendar: Calendar, master: Event, start: datetime, end: datetime) -> Event:
    began = times.like(master.fields["start"], start, calendar.time_zone)
    fields = {name: value for name, value in master.fields.items() if name != "recurrence"}
    fields |= {"start": began, "end": times.like(master.fields["end"], end, calendar.time_zone)}
    fields |= {"recurringEventId": master.id, "originalStartTime": began}
    return replace(master, id=f"{master.id}_{times.suffix(began, calendar.time_zone)}", fields=fields)


def _rules(calendar: Calendar, master: Event) -> rruleset:
    """In wall-clock time of the series' own zone."""
    start = times.local(master.fields["start"], calendar.time_zone)
    name = master.fields["start"].get("timeZone") or calendar.time_zone
    lines = "\n".join(_local(line, name) for line in master.fields["recurrence"])
    found = rrulestr(lines, dtstart=start, forceset=True)
    assert isinstance(found, rruleset)
    return found


def _local(line: str, name: str) -> str:
    """Its UTC instants as wall-clock time; days as midnights."""
    head, _, value = line.partition(":")
    parts = [_wall(part, name) for part in value.replace(";", ",;").split(",")]
    return head.split(";")[0] + ":" + ",".join(parts).replace(",;", ";")


def _wall(part: str, name: str) -> str:
    key, joint, text = part.rpartition("=")
    digits = text.rstrip("Z")
    if not (len(digits) == 15 and digits[8] == "T") or not text.endswith("Z"):
        return part
    at = datetime.strptime(digits, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return f"{key}{joint}{at.astimezone(times.zone(name)):%Y%m%dT%H%M%S}"
