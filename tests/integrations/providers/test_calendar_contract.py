"""What every provider of calendars promises, run against each that is listed in registry.py."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations import registry
from integrations.exceptions import RequestRejected, SyncTokenLost
from integrations.types import Event, EventPage, EventRequest, ShowsAs
from tests.integrations.providers.desks import Desk

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WINDOW = (MONDAY - 4 * WEEK, MONDAY + 12 * WEEK)


@pytest.fixture(params=[provider.key for provider in registry.with_calendars()])
def desk(request: pytest.FixtureRequest, db: None) -> Desk:
    """An open account at the provider, by the fixture desk_<key>. db: asked for by name, or none is made for tests."""
    opened: Desk = request.getfixturevalue(f"desk_{request.param}")
    return opened


def asked(**fields) -> EventRequest:
    defaults: dict[str, Any] = {
        "title": "Intro call",
        "start": MONDAY,
        "end": MONDAY + HOUR,
        "time_zone": "Europe/Berlin",
        "reference": "BR-ABCDEF123456",
        "description": "With Ivan & Söhne <GmbH>",
        "location": "https://zoom.example/j/123",
    }
    return EventRequest(**defaults | fields)


def changes(desk: Desk, since: str = "") -> EventPage:
    """All pages as one."""
    pages = list(desk.calendaring.changes(desk.http, desk.calendar_id, window=WINDOW, since=since))
    assert [page.sync_token for page in pages[:-1]] == [""] * (len(pages) - 1)
    return EventPage(
        tuple(event for page in pages for event in page.events),
        tuple(one for page in pages for one in page.removed),
        tuple(one for page in pages for one in page.series),
        pages[-1].sync_token,
    )


def create(desk: Desk, **fields) -> Event:
    return desk.calendaring.create_event(desk.http, desk.calendar_id, asked(**fields))


def read(desk: Desk, external_id: str) -> Event | None:
    return desk.calendaring.read_event(desk.http, desk.calendar_id, external_id)


def titles(page: EventPage) -> list[str]:
    return sorted(event.title for event in page.events)


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_the_main_calendar_comes_first_and_can_be_written(desk):
    main, *others = desk.calendaring.list_calendars(desk.http)

    assert main.external_id == desk.calendar_id
    assert (main.is_main, main.can_write, bool(main.name)) == (True, True, True)
    assert not any(other.is_main for other in others)


def test_an_event_is_written_and_read_as_it_was_asked_for(desk):
    made = create(desk)
    found = read(desk, made.external_id)

    assert found is not None
    assert (found.title, found.start, found.end) == ("Intro call", MONDAY, MONDAY + HOUR)
    assert (found.location, found.description) == ("https://zoom.example/j/123", "With Ivan & Söhne <GmbH>")
    assert (found.reference, found.is_private, found.shows_as) == ("BR-ABCDEF123456", False, ShowsAs.BUSY)
    assert found == made


def test_asked_twice_with_the_same_reference_it_is_one_event(desk):
    first = create(desk)
    second = create(desk, title="Intro call, later", start=MONDAY + HOUR, end=MONDAY + 2 * HOUR)
    other = create(desk, reference="BR-OTHER")

    assert first.external_id == second.external_id != other.external_id
    assert titles(changes(desk)) == ["Intro call", "Intro call, later"]


def test_one_that_somebody_deleted_is_made_anew(desk):
    desk.delete(create(desk).external_id)
    again = create(desk)

    assert read(desk, again.external_id) is not None
    assert titles(changes(desk)) == ["Intro call"]


def test_an_event_is_moved_and_stays_the_same(desk):
    made = create(desk)
    asked_for = asked(title="Moved", start=MONDAY + DAY, end=MONDAY + DAY + HOUR)
    moved = desk.calendaring.update_event(desk.http, desk.calendar_id, made.external_id, asked_for)

    assert (moved.external_id, moved.title, moved.start) == (made.external_id, "Moved", MONDAY + DAY)
    assert read(desk, made.external_id) == moved


def test_moving_one_that_is_gone_says_so(desk):
    made = create(desk)
    desk.delete(made.external_id)

    with pytest.raises(RequestRejected) as refused:
        desk.calendaring.update_event(desk.http, desk.calendar_id, made.external_id, asked())
    assert refused.value.missing


def test_an_event_is_deleted_and_twice_is_once(desk):
    made = create(desk)
    for _time in range(2):
        desk.calendaring.delete_event(desk.http, desk.calendar_id, made.external_id)

    assert read(desk, made.external_id) is None
    assert changes(desk).events == ()


def test_a_private_event_is_written_as_one(desk):
    assert create(desk, is_private=True).is_private


def test_all_day_is_dates_with_the_end_exclusive(desk):
    made = create(desk, start=date(2027, 3, 1), end=date(2027, 3, 3))

    assert (made.start, made.end) == (date(2027, 3, 1), date(2027, 3, 3))
    assert [(one.start, one.end) for one in changes(desk).events] == [(date(2027, 3, 1), date(2027, 3, 3))]


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_all_of_a_window_is_told_and_then_nothing(desk):
    desk.add("Inside", MONDAY, MONDAY + HOUR)
    desk.add("Before", WINDOW[0] - 2 * DAY, WINDOW[0] - DAY)
    desk.add("After", WINDOW[1] + DAY, WINDOW[1] + 2 * DAY)
    first = changes(desk)
    second = changes(desk, first.sync_token)

    assert titles(first) == ["Inside"]
    assert (second.events, second.removed, bool(second.sync_token)) == ((), (), True)


def test_only_what_changed_is_told(desk):
    desk.add("Stays", MONDAY, MONDAY + HOUR)
    moved, gone = desk.add("Moved", MONDAY, MONDAY + HOUR), desk.add("Gone", MONDAY, MONDAY + HOUR)
    before = changes(desk)
    desk.move(moved, DAY)
    desk.delete(gone)
    added = desk.add("Added", MONDAY, MONDAY + HOUR)

    told = changes(desk, before.sync_token)

    assert {event.external_id: event.start for event in told.events} == {moved: MONDAY + DAY, added: MONDAY}
    assert told.removed == (gone,)


def test_a_changed_series_is_told_with_all_its_instances(desk):
    before = changes(desk)
    series = desk.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=4)
    told = changes(desk, before.sync_token)

    assert told.series == (series,)
    assert sorted(event.start for event in told.events) == [MONDAY + n * WEEK for n in range(4)]
    assert {event.series_id for event in told.events} == {series}
    assert len({event.external_id for event in told.events}) == 4


def test_one_instance_moves_and_the_others_stay(desk):
    desk.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=3)
    before = changes(desk)
    second = sorted(before.events, key=lambda event: str(event.start))[1]
    desk.move(second.external_id, HOUR)
    told = changes(desk, before.sync_token)
    known = {event.external_id: event for event in before.events if event.series_id not in told.series}
    known |= {event.external_id: event for event in told.events}

    assert sorted(event.start for event in known.values()) == [MONDAY, MONDAY + WEEK + HOUR, MONDAY + 2 * WEEK]


def test_a_series_that_goes_takes_its_instances_along(desk):
    series = desk.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=3)
    before = changes(desk)
    desk.delete(series)
    told = changes(desk, before.sync_token)
    void = set(told.removed) | set(told.series)

    assert {event.series_id for event in before.events} == {series}
    assert series in void or {event.external_id for event in before.events} <= void
    assert told.events == ()


def test_what_the_provider_has_forgotten_is_looked_at_anew(desk):
    desk.add("Kept", MONDAY, MONDAY + HOUR)
    before = changes(desk)
    desk.forget()

    with pytest.raises(SyncTokenLost):
        changes(desk, before.sync_token)
    assert titles(changes(desk)) == ["Kept"]


@pytest.mark.row("ZM-38")
def test_private_events_are_marked(desk):
    desk.add("Salary", MONDAY, MONDAY + HOUR, private=True)
    desk.add("Review", MONDAY, MONDAY + HOUR)

    assert {event.title: event.is_private for event in changes(desk).events} == {"Salary": True, "Review": False}


def test_what_its_owner_shows_as_free_says_so(desk):
    desk.add("Birthday", MONDAY, MONDAY + HOUR, free=True)

    assert [event.shows_as for event in changes(desk).events] == [ShowsAs.FREE]


def test_the_last_look_sees_what_stands_there_now(desk):
    desk.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=3)
    desk.add("Just over", MONDAY + WEEK - HOUR, MONDAY + WEEK)
    found = desk.calendaring.events(desk.http, desk.calendar_id, MONDAY + WEEK, MONDAY + WEEK + 2 * HOUR)

    assert [(event.title, event.start) for event in found] == [("Weekly", MONDAY + WEEK)]
