"""CalDAV: series, their exceptions, and rules that would keep us busy for ever."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.exceptions import RequestRejected
from integrations.providers.caldav import objects, recurrences
from integrations.providers.caldav.objects import Stored
from integrations.types import Event, EventRequest
from tests.integrations.providers.desks import CalDavDesk

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WINDOW = (MONDAY - 4 * WEEK, MONDAY + 12 * WEEK)
A_YEAR = (MONDAY - 35 * DAY, MONDAY + 400 * DAY)
WEEKLY = ("UID:w", "SUMMARY:Weekly", "DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4")

Seen = Callable[..., list[Event]]


@pytest.fixture
def seen(desk_caldav: CalDavDesk) -> Seen:
    """The instances of a series of these lines, by their beginning."""

    def read(*lines: str) -> list[Event]:
        desk_caldav.person.put(f"{desk_caldav.calendar}one.ics", *lines)
        return sorted(changes(desk_caldav), key=lambda event: str(event.start))

    return read


def changes(desk: CalDavDesk) -> list[Event]:
    pages = desk.calendaring.changes(desk.http, desk.calendar, window=WINDOW)
    return [event for page in pages for event in page.events]


def exception(*lines: str) -> list[str]:
    """Of WEEKLY, beside it."""
    series = ["BEGIN:VEVENT", *WEEKLY, "END:VEVENT"]
    return [*series, "BEGIN:VEVENT", "UID:w", *lines, "END:VEVENT"]


def starts(events: list[Event]) -> list[Any]:
    return [event.start for event in events]


# --- Read -------------------------------------------------------------------------------------------------------------


def test_a_series_is_its_instances(seen: Seen):
    found = seen(*WEEKLY)

    assert starts(found) == [MONDAY + n * WEEK for n in range(4)]
    assert {event.series_id for event in found} == {found[0].external_id.partition("#")[0]}
    assert found[1].external_id.endswith("/one.ics#20270308T090000Z")


def test_a_series_keeps_to_the_clock_of_its_zone(seen: Seen):
    found = seen(
        "DTSTART;TZID=Europe/Berlin:20270322T090000",
        "DTEND;TZID=Europe/Berlin:20270322T100000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )

    assert [event.start.astimezone(UTC).hour for event in found if isinstance(event.start, datetime)] == [8, 7]


def test_days_and_floating_times_repeat_as_they_are(seen: Seen):
    days = seen("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;UNTIL=20270303")
    floating = seen("DTSTART:20270301T090000", "DTEND:20270301T100000", "RRULE:FREQ=DAILY;UNTIL=20270302T090000")

    assert starts(days) == [date(2027, 3, day) for day in (1, 2, 3)]
    assert starts(floating) == [datetime(2027, 3, day, 9) for day in (1, 2)]  # noqa: DTZ001
    assert floating[0].external_id.endswith("#20270301T090000")


def test_only_the_instances_of_the_window_are_told(seen: Seen):
    found = seen("DTSTART:20200101T090000Z", "DTEND:20200101T100000Z", "RRULE:FREQ=DAILY")

    assert WINDOW[0] - 2 * DAY < starts(found)[0] < WINDOW[0] + DAY
    assert WINDOW[1] - DAY < starts(found)[-1] < WINDOW[1] + 2 * DAY


def test_days_left_out_and_days_more(seen: Seen):
    found = seen(*WEEKLY, "EXDATE:20270308T090000Z", "RDATE:20270303T090000Z")

    assert starts(found) == [MONDAY, MONDAY + 2 * DAY, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK]


def test_an_exception_goes_before_the_rule(seen: Seen):
    times = ("RECURRENCE-ID:20270308T090000Z", "DTSTART:20270308T130000Z", "DTEND:20270308T140000Z")
    found = seen(*exception(*times, "SUMMARY:Later", "CLASS:PRIVATE"))

    assert [(event.title, event.is_private) for event in found] == [("Weekly", False), ("Later", True)] + [
        ("Weekly", False)
    ] * 2
    assert (found[1].start, found[1].external_id[-17:]) == (MONDAY + WEEK + 4 * HOUR, "#20270308T090000Z")


def test_an_instance_that_is_cancelled_says_so(seen: Seen):
    found = seen(*exception("RECURRENCE-ID:20270308T090000Z", "DTSTART:20270308T090000Z", "STATUS:CANCELLED"))

    assert [event.is_cancelled for event in found] == [False, True, False, False]


def test_an_instance_that_was_moved_from_afar_into_the_window_is_told(seen: Seen):
    series = ["UID:w", "DTSTART:20200101T090000Z", "DTEND:20200101T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3"]
    moved = ["UID:w", "RECURRENCE-ID:20200108T090000Z", "DTSTART:20270301T090000Z", "DTEND:20270301T100000Z"]
    found = seen("BEGIN:VEVENT", *series, "END:VEVENT", "BEGIN:VEVENT", *moved, "END:VEVENT")

    assert starts(found) == [MONDAY]


def test_all_that_follow_an_exception_keep_names_of_their_own(seen: Seen):
    times = ("RECURRENCE-ID;RANGE=THISANDFUTURE:20270308T090000Z", "DTSTART:20270308T100000Z", "DTEND:20270308T110000Z")
    found = seen(*exception(*times))

    assert starts(found) == [MONDAY, *(MONDAY + n * WEEK + HOUR for n in (1, 2, 3))]
    assert len({event.external_id for event in found}) == 4


def test_invited_to_one_instance_only(seen: Seen):
    [event] = seen("UID:w", "RECURRENCE-ID:20270308T090000Z", "DTSTART:20270308T090000Z", "DTEND:20270308T100000Z")

    assert (event.start, bool(event.series_id)) == (MONDAY + WEEK, True)


# --- Written ----------------------------------------------------------------------------------------------------------


def asked(**fields: Any) -> EventRequest:
    defaults: dict[str, Any] = {"title": "Moved", "start": MONDAY, "end": MONDAY + HOUR, "time_zone": "Europe/Berlin"}
    return EventRequest(**defaults | fields)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (WEEKLY[2:], "20270308T090000Z"),
        (
            [
                "DTSTART;TZID=Europe/Berlin:20270301T100000",
                "DTEND;TZID=Europe/Berlin:20270301T110000",
                "RRULE:FREQ=WEEKLY;COUNT=4",
            ],
            "20270308T090000Z",
        ),
        (["DTSTART:20270301T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"], "20270308T090000"),
        (["DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=WEEKLY;COUNT=4"], "20270308"),
    ],
    ids=["utc", "zone", "floating", "day"],
)
def test_one_instance_is_moved_and_then_deleted(desk_caldav: CalDavDesk, lines: list[str], name: str):
    desk, calendar = desk_caldav, desk_caldav.calendar
    path = desk.person.put(f"{calendar}one.ics", "SUMMARY:Weekly", *lines)
    new = asked(start=MONDAY + WEEK + DAY, end=MONDAY + WEEK + DAY + HOUR)

    moved = desk.calendaring.update_event(desk.http, calendar, f"{path}#{name}", new)
    again = desk.calendaring.update_event(
        desk.http, calendar, f"{path}#{name}", asked(title="Again", start=new.start, end=new.end)
    )
    both = changes(desk)
    desk.calendaring.delete_event(desk.http, calendar, moved.external_id)
    desk.calendaring.delete_event(desk.http, calendar, moved.external_id)
    left = changes(desk)

    assert (moved.external_id, moved.start, moved.title) == (f"{path}#{name}", new.start, "Moved")
    assert sorted(event.title for event in both) == ["Again", "Weekly", "Weekly", "Weekly"]
    assert [event.start for event in both if event.title == "Again"] == [again.start]
    assert [event.title for event in left] == ["Weekly"] * 3
    assert name not in {event.external_id.partition("#")[2] for event in left}


def test_an_instance_that_there_is_not_cannot_be_moved(desk_caldav: CalDavDesk):
    path = desk_caldav.person.put(f"{desk_caldav.calendar}one.ics", *WEEKLY)

    for name in ("20270309T090000Z", "nonsense", "20990301T090000Z"):
        with pytest.raises(RequestRejected) as refused:
            desk_caldav.calendaring.update_event(desk_caldav.http, desk_caldav.calendar, f"{path}#{name}", asked())
        assert refused.value.missing
        desk_caldav.calendaring.delete_event(desk_caldav.http, desk_caldav.calendar, f"{path}#{name}")
    assert len(changes(desk_caldav)) == 4


def test_a_whole_series_is_not_moved_but_may_be_deleted(desk_caldav: CalDavDesk):
    path = desk_caldav.person.put(f"{desk_caldav.calendar}one.ics", *WEEKLY)

    with pytest.raises(RequestRejected, match="whole series"):
        desk_caldav.calendaring.update_event(desk_caldav.http, desk_caldav.calendar, path, asked())
    desk_caldav.calendaring.delete_event(desk_caldav.http, desk_caldav.calendar, path)
    assert changes(desk_caldav) == []


# --- For ever ---------------------------------------------------------------------------------------------------------


def expanded(*lines: str, window: tuple[datetime, datetime] = A_YEAR) -> list[Any]:
    text = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:x", *lines, "END:VEVENT", "END:VCALENDAR"])
    return recurrences.within(objects.in_zones(Stored("/x.ics", "", text)), window)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;BYSETPOS=5",
        "FREQ=MINUTELY;INTERVAL=2",
        "FREQ=SECONDLY;COUNT=2000000000",
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU;"
        f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}",
    ],
)
def test_a_rule_that_is_too_dense_closes_its_time_as_one(rule: str):
    begun = time.thread_time()
    [event] = expanded("DTSTART:20270301T090000Z", f"RRULE:{rule}")

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (MONDAY, A_YEAR[1] + DAY)
    assert time.thread_time() - begun < 2


def test_a_dense_rule_ends_where_it_says():
    [event] = expanded("DTSTART:20270301T090000Z", "RRULE:FREQ=SECONDLY;UNTIL=20270401T090000Z")

    assert event["DTEND"].dt == datetime(2027, 4, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("often", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
def test_a_rule_that_falls_on_no_day_is_its_first_day_alone(often: str):
    begun = time.thread_time()
    found = expanded("DTSTART;TZID=Europe/Berlin:20270301T090000", f"RRULE:FREQ={often};BYMONTH=2;BYMONTHDAY=30")

    assert [event["DTSTART"].dt for event in found] == [datetime(2027, 3, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))]
    assert time.thread_time() - begun < 2


def test_leap_days_are_not_taken_for_none():
    found = expanded(
        "DTSTART:20240229T090000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", window=(MONDAY, MONDAY + 500 * DAY)
    )

    assert [event["DTSTART"].dt for event in found] == [datetime(2028, 2, 29, 9, tzinfo=UTC)]


def test_every_hour_of_a_year_is_still_told():
    assert len(expanded("DTSTART:20270301T090000Z", "RRULE:FREQ=HOURLY")) > 9000


@pytest.mark.parametrize("often", ["DAILY", "WEEKLY"])
def test_a_series_from_long_ago_is_told_now(often: str):
    assert expanded("DTSTART:19000101T090000Z", f"RRULE:FREQ={often}")


def test_a_calendar_full_of_such_rules_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recurrences, "MOST_SECONDS", 0)
    effort, series = (
        recurrences.Effort(),
        objects.in_zones(
            Stored(
                "/x.ics",
                "",
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270301T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR",
            )
        ),
    )
    effort.instances(series, A_YEAR)

    with pytest.raises(RequestRejected, match="too many series"):
        effort.instances(series, A_YEAR)


def test_ten_thousand_exceptions_are_read_in_time():
    days = [MONDAY + n * DAY for n in range(3000)]
    lines = ["DTSTART:20270301T090000Z", "RRULE:FREQ=DAILY"]
    for day in days:
        lines += [
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:x",
            f"RECURRENCE-ID:{day:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{day:%Y%m%dT10%M%SZ}",
        ]
    begun = time.thread_time()
    found = expanded(*lines)

    assert {event["DTSTART"].dt.hour for event in found} == {10}
    assert time.thread_time() - begun < 10
