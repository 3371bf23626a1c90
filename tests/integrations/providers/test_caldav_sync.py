"""CalDAV: calendars and what changes in them, at servers of all kinds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.exceptions import ProviderUnavailable, RateLimited, RequestRejected, SyncTokenLost
from integrations.providers.caldav import sync
from integrations.types import EventPage, EventRequest
from tests.integrations.providers.caldav_relay import Relay
from tests.integrations.providers.desks import CalDavDesk

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WINDOW = (MONDAY - 4 * WEEK, MONDAY + 12 * WEEK)
NO_SYNC = (r"<[A-Za-z0-9:]*supported-report>(?:(?!supported-report>).)*sync-collection.*?supported-report>", "")
ZONE = (
    "<C:calendar-timezone>BEGIN:VCALENDAR&#10;BEGIN:VTIMEZONE&#10;TZID:{zone}&#10;END:VTIMEZONE&#10;END:VCALENDAR"
    "</C:calendar-timezone>"
)


def changes(desk: CalDavDesk, since: str = "") -> EventPage:
    pages = list(desk.calendaring.changes(desk.http, desk.calendar, window=WINDOW, since=since))
    return EventPage(
        tuple(event for page in pages for event in page.events),
        tuple(one for page in pages for one in page.removed),
        tuple(one for page in pages for one in page.series),
        pages[-1].sync_token,
    )


def titles(page: EventPage) -> list[str]:
    return sorted(event.title for event in page.events)


# --- Calendars --------------------------------------------------------------------------------------------------------


@pytest.mark.row("G-44")
def test_all_calendars_for_events_are_listed(desk_caldav: CalDavDesk):
    zone = ZONE.format(zone="Europe/Berlin")
    other = desk_caldav.person.calendar("choir & band".replace("&", "and"), extra=zone)
    desk_caldav.person.calendar("tasks", components="VTODO")
    both = desk_caldav.person.calendar("both", components="VTODO VEVENT", extra=ZONE.format(zone="Middle Earth"))
    listed = {one.external_id: one for one in desk_caldav.calendaring.list_calendars(desk_caldav.http)}

    assert set(listed) == {desk_caldav.calendar, other.replace(" ", "%20"), both}
    assert {one.time_zone for one in listed.values()} == {"", "Europe/Berlin"}
    assert listed[desk_caldav.calendar].name == "Work"
    assert sum(one.is_main for one in listed.values()) == 1


@pytest.mark.parametrize(
    ("privileges", "can_write"),
    [
        ("<D:privilege><D:read/></D:privilege>", False),
        ("<D:privilege><D:write-content/></D:privilege>", False),
        ("<D:privilege><D:read/></D:privilege><D:privilege><D:write/></D:privilege>", True),
        ("<D:privilege><D:all/></D:privilege>", True),
        ("<D:privilege><D:bind/></D:privilege><D:privilege><D:write-content/></D:privilege>", True),
    ],
)
def test_what_may_be_written_is_what_the_server_allows(
    desk_relayed: CalDavDesk, relay: Relay, privileges: str, can_write: bool
):
    instead = f'<D:current-user-privilege-set xmlns:D="DAV:">{privileges}</D:current-user-privilege-set>'
    relay.edits.append((r"<current-user-privilege-set.*?current-user-privilege-set>", instead))

    [calendar] = desk_relayed.calendaring.list_calendars(desk_relayed.http)
    assert (calendar.can_write, calendar.is_main) == (can_write, can_write)


@pytest.mark.row("G-45")
def test_the_calendar_that_receives_is_the_one_that_was_chosen(desk_caldav: CalDavDesk):
    other = desk_caldav.person.calendar("choir")
    asked = EventRequest("Intro", MONDAY, MONDAY + HOUR, "Europe/Berlin", reference="BR-1")
    made = desk_caldav.calendaring.create_event(desk_caldav.http, other, asked)

    assert made.external_id.startswith(other)
    assert changes(desk_caldav).events == ()


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_a_first_look_asks_in_portions(desk_relayed: CalDavDesk, relay: Relay, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sync, "BATCH", 2)
    for number in range(5):
        desk_relayed.add(f"Event {number}", MONDAY + number * DAY, MONDAY + number * DAY + HOUR)

    assert titles(changes(desk_relayed)) == [f"Event {number}" for number in range(5)]
    assert relay.methods == ["PROPFIND", "REPORT", "REPORT", "REPORT", "REPORT"]


def test_a_later_look_asks_only_for_what_changed(desk_relayed: CalDavDesk, relay: Relay):
    for number in range(5):
        desk_relayed.add(f"Event {number}", MONDAY, MONDAY + HOUR)
    before = changes(desk_relayed)
    relay.asked.clear()
    nothing = changes(desk_relayed, before.sync_token)
    asked_for_nothing = list(relay.methods)
    path = desk_relayed.add("New", MONDAY, MONDAY + HOUR)
    relay.asked.clear()
    told = changes(desk_relayed, nothing.sync_token)

    assert (nothing.events, asked_for_nothing) == ((), ["REPORT"])
    assert titles(told) == ["New"]
    assert [body.count("<D:href>") for _method, _path, body in relay.asked] == [0, 1]
    assert path in relay.asked[1][2]


def test_an_event_that_becomes_a_series_leaves_nothing_behind(desk_caldav: CalDavDesk):
    path = desk_caldav.add("Lunch", MONDAY, MONDAY + HOUR)
    before = changes(desk_caldav)
    lines = ("DTSTART:20270301T090000Z", "SUMMARY:Lunch", "RRULE:FREQ=DAILY;COUNT=2")
    desk_caldav.person.put(path, *lines)
    told = changes(desk_caldav, before.sync_token)

    assert told.series == (path,)
    assert {event.series_id for event in told.events} == {path}


def test_what_goes_between_two_questions_is_gone(desk_relayed: CalDavDesk, relay: Relay):
    path = desk_relayed.add("Brief", MONDAY, MONDAY + HOUR)
    relay.before += [("REPORT", lambda: None), ("REPORT", lambda: None)]
    relay.before[1] = ("REPORT", lambda: relay.before.append(("REPORT", lambda: desk_relayed.delete(path))))
    told = changes(desk_relayed)

    assert (told.events, told.removed) == ((), (path,))


def test_tasks_in_the_same_calendar_are_none_of_ours(desk_caldav: CalDavDesk):
    both = desk_caldav.person.calendar("both", components="VTODO VEVENT")
    desk_caldav.person.put(f"{both}task.ics", "BEGIN:VTODO\nUID:t\nSUMMARY:BEGIN:VEVENT\nEND:VTODO")
    desk_caldav.calendar = both
    first = changes(desk_caldav)
    desk_caldav.person.put(f"{both}other.ics", "BEGIN:VTODO\nUID:o\nSUMMARY:Buy milk\nEND:VTODO")

    assert first.events == changes(desk_caldav, first.sync_token).events == ()


def test_an_answer_in_portions_is_asked_for_to_its_end(desk_relayed: CalDavDesk, relay: Relay):
    before = changes(desk_relayed)
    desk_relayed.add("First", MONDAY, MONDAY + HOUR)
    middle = changes(desk_relayed, before.sync_token)
    desk_relayed.add("Second", MONDAY, MONDAY + HOUR)
    cut = (
        f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>{desk_relayed.calendar}</D:href>'
        "<D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>"
        f"<D:sync-token>{middle.sync_token.removeprefix(sync.TOLD)}</D:sync-token></D:multistatus>"
    )
    relay.next.append(("REPORT", (207, {}, cut.encode())))

    assert titles(changes(desk_relayed, before.sync_token)) == ["Second"]


@pytest.mark.parametrize("status", [400, 403, 409, 410, 412])
def test_however_a_server_says_that_it_forgot(desk_relayed: CalDavDesk, relay: Relay, status: int):
    before = changes(desk_relayed)
    relay.next.append(("REPORT", (status, {}, b'<error xmlns="DAV:"><valid-sync-token/></error>')))

    with pytest.raises(SyncTokenLost):
        changes(desk_relayed, before.sync_token)


@pytest.mark.parametrize("token", ["nonsense", "compared:nonsense", "compared:", "told:nonsense"])
def test_a_token_that_is_none_is_lost(desk_caldav: CalDavDesk, token: str):
    with pytest.raises(SyncTokenLost):
        changes(desk_caldav, token)


@pytest.mark.parametrize("has_tag", [True, False])
def test_a_server_that_tells_no_changes_is_compared(desk_relayed: CalDavDesk, relay: Relay, has_tag: bool):
    relay.edits.append(NO_SYNC)
    if not has_tag:
        relay.edits.append((r"<[A-Za-z0-9:]*getctag.*?getctag>", ""))
    desk_relayed.add("Stays", MONDAY, MONDAY + HOUR)
    moved, gone = (desk_relayed.add(title, MONDAY, MONDAY + HOUR) for title in ("Moved", "Gone"))
    before = changes(desk_relayed)
    relay.asked.clear()
    nothing = changes(desk_relayed, before.sync_token)
    asked_for_nothing = list(relay.methods)
    desk_relayed.move(moved, DAY)
    desk_relayed.delete(gone)
    added = desk_relayed.add("Added", MONDAY, MONDAY + HOUR)
    told = changes(desk_relayed, before.sync_token)

    assert before.sync_token.startswith(sync.COMPARED)
    assert (nothing.events, nothing.removed) == ((), ())
    assert asked_for_nothing == (["PROPFIND"] if has_tag else ["PROPFIND", "REPORT"])
    assert {event.external_id for event in told.events} == {moved, added}
    assert told.removed == (gone,)


def test_a_calendar_that_is_gone_says_so(desk_caldav: CalDavDesk):
    desk_caldav.calendar = f"{desk_caldav.person.home}gone/"

    with pytest.raises(RequestRejected, match="no longer") as refused:
        changes(desk_caldav)
    assert refused.value.missing


# --- Failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wait", ["", "120", "Fri, 01 Jan 2027 00:00:00 GMT", "9" * 400])
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_given_time(desk_relayed: CalDavDesk, relay: Relay, status: int, wait: str):
    relay.next.append(("PROPFIND", (status, {"Retry-After": wait}, b"")))

    with pytest.raises(RateLimited) as limited:
        changes(desk_relayed)
    assert limited.value.retry_after == timedelta(seconds=120 if wait == "120" else 60)


@pytest.mark.parametrize("status", [423, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_later(desk_relayed: CalDavDesk, relay: Relay, status: int):
    relay.next.append(("PROPFIND", (status, {}, b"<html>")))

    with pytest.raises(ProviderUnavailable):
        changes(desk_relayed)


@pytest.mark.parametrize("body", [b"", b"<html>Sign in</html>", b"<a", b"\xff\xfe", b'<D:multistatus xmlns:D="DAV:">'])
def test_an_answer_that_is_none_is_not_an_empty_calendar(desk_relayed: CalDavDesk, relay: Relay, body: bytes):
    desk_relayed.add("Lunch", MONDAY, MONDAY + HOUR)
    for status in (200, 207):
        relay.next += [("PROPFIND", (207, {}, b"")), ("REPORT", (status, {}, body))]
        relay.next.pop(0)
        with pytest.raises(ProviderUnavailable):
            desk_relayed.calendaring.events(desk_relayed.http, desk_relayed.calendar, MONDAY, MONDAY + HOUR)


def test_the_last_look_is_one_question(desk_relayed: CalDavDesk, relay: Relay):
    desk_relayed.add("Lunch", MONDAY, MONDAY + HOUR)
    found: list[Any] = desk_relayed.calendaring.events(desk_relayed.http, desk_relayed.calendar, MONDAY, MONDAY + HOUR)

    assert [event.title for event in found] == ["Lunch"]
    assert relay.methods == ["REPORT"]
