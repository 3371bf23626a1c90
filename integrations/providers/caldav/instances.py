"""One instance of a series: changed by an exception to its rule, deleted by a day left out."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Event
from icalendar.prop import vDDDLists, vDDDTypes

from integrations.providers.caldav import drafts, objects, recurrences
from integrations.providers.caldav.events import instance_of, stamp
from integrations.providers.caldav.objects import Object, Stored
from integrations.types import EventRequest

OF_THE_SERIES = ("RRULE", "RDATE", "EXDATE")


def find(stored: Stored, name: str) -> Event | None:
    """As it stands now; None if the series has no such instance."""
    when = _moment(name)
    if when is None:
        return None
    around = recurrences.moment(when)
    found = recurrences.within(objects.in_zones(stored), (around - timedelta(days=1), around + timedelta(days=1)))
    return next((one for one in found if instance_of(one) == name), _exception(objects.in_zones(stored), name))


def bring(found: Object, name: str, request: EventRequest) -> None:
    """Its exception, made if there is none yet. The instance exists."""
    exception, whole = _exception_in(found, name), master(found)
    if exception is None:
        assert whole is not None
        exception = _made(whole, found, name)
        found.calendar.add_component(exception)
    drafts.bring(exception, request, drafts.own_zone(exception, found))


def leave_out(found: Object, name: str) -> None:
    exception, whole = _exception_in(found, name), master(found)
    if exception is not None:
        found.calendar.subcomponents.remove(exception)
    if whole is not None:
        kept = [*objects.listed(whole, "EXDATE"), _left_out(whole, found, name)]
        whole["EXDATE"] = kept
        drafts.touch(whole)


def master(found: Object) -> Event | None:
    return next((event for event in found.events if "RECURRENCE-ID" not in event), None)


def _made(whole: Event, found: Object, name: str) -> Event:
    made = Event()
    for key, value in whole.items():
        if key not in OF_THE_SERIES:
            made[key] = value
    for part in whole.subcomponents:
        made.add_component(part)
    made["RECURRENCE-ID"] = _written(whole, found, name)
    return made


def _left_out(whole: Event, found: Object, name: str) -> vDDDLists:
    one = _written(whole, found, name)
    several = vDDDLists([one.dt])
    several.params.update(one.params)
    return several


def _written(whole: Event, found: Object, name: str) -> vDDDTypes:
    """The instance's name as the series writes its own times."""
    when = _moment(name)
    assert when is not None
    return drafts.written(when, drafts.own_zone(whole, found))


def _exception(events: list[Event], name: str) -> Event | None:
    return next((one for one in events if "RECURRENCE-ID" in one and instance_of(one) == name), None)


def _exception_in(found: Object, name: str) -> Event | None:
    """The one to be written, as against _exception, the one to be read."""
    for one in found.events:
        if "RECURRENCE-ID" in one and stamp(objects.placed(objects.first(one, "RECURRENCE-ID"), found)) == name:
            return one
    return None


def _moment(name: str) -> date | None:
    for form, zone in (("%Y%m%dT%H%M%SZ", UTC), ("%Y%m%dT%H%M%S", None)):
        try:
            return datetime.strptime(name, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        return datetime.strptime(name, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
