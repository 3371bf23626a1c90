"""Graph's calendars, as far as they differ from other calendars (test_calendar_contract.py has the rest)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from integrations.exceptions import ProviderUnavailable, RateLimited, RequestRejected, SyncTokenLost
from integrations.providers.microsoft import events, links, zones
from integrations.providers.microsoft.calendar import Calendars
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.types import Response, ShowsAs
from tests.integrations.conftest import CARLA
from tests.integrations.providers.microsoft_answers import answer
from tests.integrations.providers.microsoft_desk import MicrosoftDesk
from tests.integrations.providers.test_calendar_contract import (
    DAY,
    HOUR,
    MONDAY,
    WEEK,
    WINDOW,
    asked,
    changes,
    create,
    read,
    titles,
)

CONRAD = "conrad@contoso.example"


@pytest.fixture
def desk(desk_microsoft: MicrosoftDesk) -> MicrosoftDesk:
    return desk_microsoft


def paths(microsoft: MicrosoftSimulator) -> list[str]:
    return [f"{call.method} {call.path.partition('/v1.0')[2]}" for call in microsoft.calls if "/v1.0" in call.path]


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_all_calendars_are_listed_though_they_come_in_pages(desk, microsoft: MicrosoftSimulator):
    for number in range(130):
        microsoft.add_calendar(CARLA, f"Calendar {number:03}")
    shared = microsoft.calendar(CONRAD)
    microsoft.share(shared, CARLA, "read")
    found = desk.calendaring.list_calendars(desk.http)

    assert len(found) == 132
    assert {one.external_id: one.can_write for one in found}[shared.id] is False


def test_a_link_to_another_place_is_not_followed(settings):
    settings.MICROSOFT_GRAPH_URL = "https://graph.microsoft.com/v1.0"
    good = "https://graph.microsoft.com/v1.0/me/events?$skip=10"

    assert links.below(answer(200, {}), good) == "/me/events?$skip=10"
    for link in (
        "https://graph.example/v1.0/me/events",
        "http://graph.microsoft.com/v1.0/me",
        "https://graph.microsoft.com/beta/me",
        "/me/events",
    ):
        with pytest.raises(ProviderUnavailable):
            links.below(answer(200, {}), link)


# --- Times and zones --------------------------------------------------------------------------------------------------


def item(**fields: Any) -> dict[str, Any]:
    start = {"dateTime": "2027-03-01T09:00:00.0000000", "timeZone": "UTC"}
    end = {"dateTime": "2027-03-01T10:00:00.0000000", "timeZone": "UTC"}
    return {"id": "1", "type": "singleInstance", "sensitivity": "normal", "start": start, "end": end, **fields}


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("GTB Standard Time", "Europe/Bucharest"),
        ("SA Pacific Standard Time", "America/Bogota"),
        ("Europe/Paris", "Europe/Paris"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/Custom", ""),
        ("Customized Time Zone", ""),
        ("", ""),
    ],
)
def test_an_instant_is_certain_whatever_its_zone_is_called(told, name):
    event = events.read(item(originalStartTimeZone=told))
    assert (event.start, event.time_zone) == (MONDAY, name)


def test_a_time_in_a_zone_that_is_none_fails_loudly():
    odd = {"dateTime": "2027-03-01T09:00:00.0000000", "timeZone": "Moon Standard Time"}
    with pytest.raises(RequestRejected, match="Moon Standard Time"):
        events.read(item(start=odd))


def test_a_time_in_another_zone_than_asked_for_is_understood():
    berlin = {"dateTime": "2027-03-01T10:00:00.0000000", "timeZone": "W. Europe Standard Time"}
    assert events.read(item(start=berlin)).start == MONDAY


@pytest.mark.parametrize(
    ("start", "end"),
    [("2027-03-01T00:00:00", "2027-03-02T00:00:00"), ("2027-02-28T23:00:00", "2027-03-01T23:00:00")],
)
def test_a_day_is_a_day_floating_or_turned_into_utc(start, end):
    times = {name: {"dateTime": at, "timeZone": "UTC"} for name, at in (("start", start), ("end", end))}
    zone = {f"original{name}TimeZone": "W. Europe Standard Time" for name in ("Start", "End")}
    event = events.read(item(isAllDay=True, **times, **zone))

    assert (event.start, event.end) == (date(2027, 3, 1), date(2027, 3, 2))


def test_a_turned_day_without_a_zone_fails_loudly():
    start = {"dateTime": "2027-02-28T23:00:00", "timeZone": "UTC"}
    with pytest.raises(RequestRejected):
        events.read(item(isAllDay=True, start=start, originalStartTimeZone="tzone://Microsoft/Custom"))


@pytest.mark.parametrize(
    "zone",
    [
        *("Europe/Kyiv", "America/Nuuk", "Asia/Kathmandu", "UTC", "Australia/Lord_Howe"),
        *("America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Ciudad_Juarez"),
        *zones.OLDER,
    ],
)
@pytest.mark.parametrize("month", [1, 7])
def test_zones_have_names_at_microsoft_and_back(zone, month):
    name = zones.windows(zone)
    assert name is not None
    there, here = (datetime(2027, month, 1, 12, tzinfo=zones.named(known)) for known in (name, zone))
    assert there.utcoffset() == here.utcoffset()


def test_a_zone_without_a_name_at_microsoft_has_none():
    assert [zones.windows(zone) for zone in ("", "Antarctica/Troll")] == [None, None]


def test_an_event_keeps_its_zone(desk, microsoft: MicrosoftSimulator):
    made = create(desk, time_zone="Asia/Tokyo")
    assert (made.time_zone, made.start) == ("Asia/Tokyo", MONDAY)


# --- What events say --------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-38")
@pytest.mark.parametrize(
    ("told", "private"),
    [("normal", False), ("private", True), ("personal", True), ("confidential", True), (None, True)],
)
def test_whatever_is_not_normal_is_private(told, private):
    assert events.read(item(sensitivity=told)).is_private is private


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("free", ShowsAs.FREE),
        ("tentative", ShowsAs.TENTATIVE),
        ("oof", ShowsAs.OUT_OF_OFFICE),
        ("workingElsewhere", ShowsAs.ELSEWHERE),
        ("busy", ShowsAs.BUSY),
        ("unknown", ShowsAs.BUSY),
        (None, ShowsAs.BUSY),
        ("of the future", ShowsAs.BUSY),
    ],
)
def test_how_the_owner_appears(told, shown):
    assert events.read(item(showAs=told)).shows_as == shown


@pytest.mark.parametrize(
    ("told", "response"),
    [
        ("none", Response.NONE),
        ("organizer", Response.NONE),
        ("accepted", Response.ACCEPTED),
        ("tentativelyAccepted", Response.TENTATIVE),
        ("declined", Response.DECLINED),
        ("notResponded", Response.NEEDS_ACTION),
    ],
)
def test_what_the_owner_answered(told, response):
    assert events.read(item(responseStatus={"response": told})).response == response


def test_an_invitation_says_who_invited_and_is_not_his_to_change(desk, microsoft: MicrosoftSimulator):
    microsoft.add_event(CONRAD, MONDAY, subject="Jour fixe", attendees=[CARLA], location="Room 1")
    event = changes(desk).events[0]

    assert (event.organizer, event.is_organizer, event.can_write) == (CONRAD, False, False)
    assert (event.response, event.attendees, event.location) == (Response.NEEDS_ACTION, (CARLA,), "Room 1")


def test_a_meeting_that_the_organizer_cancelled_says_so(desk, microsoft: MicrosoftSimulator):
    original = microsoft.add_event(CONRAD, MONDAY, attendees=[CARLA])
    microsoft.delete_event(original)
    assert [event.is_cancelled for event in changes(desk).events] == [True]


def test_only_links_are_links():
    assert events.read(item(onlineMeeting={"joinUrl": "javascript:alert(1)"})).join_url == ""
    assert events.read(item(onlineMeeting={"joinUrl": "https://teams.test/1"})).join_url == "https://teams.test/1"


def test_an_end_of_a_day_before_its_start_is_one_day():
    days = {name: {"dateTime": "2027-03-01T00:00:00", "timeZone": "UTC"} for name in ("start", "end")}
    assert events.read(item(isAllDay=True, **days)).end == date(2027, 3, 2)


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_our_reference_is_seen_in_every_answer(desk):
    made = create(desk)
    told = {event.external_id: event.reference for event in changes(desk).events}
    looked = desk.calendaring.events(desk.http, desk.calendar_id, MONDAY, MONDAY + HOUR)

    assert told == {made.external_id: "BR-ABCDEF123456"}
    assert [event.reference for event in looked] == ["BR-ABCDEF123456"]


@pytest.mark.parametrize("fault", [{"kind": "drop_after"}, {"kind": "status", "status": 504, "commit": True}])
def test_a_lost_answer_makes_no_second_event(desk, microsoft: MicrosoftSimulator, fault):
    microsoft.faults.add(**fault, method="POST", path="/v1.0/*", times=1)
    with pytest.raises(ProviderUnavailable):
        create(desk)
    create(desk)

    assert len(microsoft.events(CARLA)) == 1


def test_an_event_that_is_not_found_yet_is_not_made_twice(desk, microsoft: MicrosoftSimulator):
    microsoft.switches.visible_after = timedelta(minutes=1)
    assert create(desk).external_id == create(desk).external_id
    assert len(microsoft.events(CARLA)) == 1


def test_a_transaction_that_is_still_known_is_followed_by_another(desk, microsoft: MicrosoftSimulator):
    microsoft.switches.repeated_transaction, microsoft.switches.visible_after = 409, timedelta(minutes=1)
    first = create(desk)
    second = create(desk)

    assert (first.reference, second.reference) == ("BR-ABCDEF123456", "BR-ABCDEF123456")


def test_an_event_outlives_a_move_to_another_calendar(desk, microsoft: MicrosoftSimulator):
    made = create(desk)
    microsoft.move_event(microsoft.event(made.external_id), microsoft.add_calendar(CARLA, "Other"))
    found = desk.calendaring.read_event(desk.http, "", made.external_id)
    assert found is not None
    assert found.external_id == made.external_id


def test_the_block_that_makes_it_a_teams_meeting_stays(desk, microsoft: MicrosoftSimulator):
    made = create(desk, meeting=True)
    asked_for = asked(title="Moved", description="Something else", meeting=True)
    moved = desk.calendaring.update_event(desk.http, desk.calendar_id, made.external_id, asked_for)
    body = microsoft.event(made.external_id).fields["body"]["content"]

    assert (moved.title, moved.join_url) == ("Moved", made.join_url)
    assert made.join_url in body


def test_what_exchange_cannot_hold_is_left_out(desk):
    made = create(desk, title="a\x00b" + "x" * 300, description="line\x0bline", location="\x1b")
    assert (made.title[:3], len(made.title), made.location) == ("abx", 255, "")


def test_our_attendees_are_nobody(desk, microsoft: MicrosoftSimulator):
    made = create(desk)
    desk.calendaring.delete_event(desk.http, desk.calendar_id, made.external_id)
    assert microsoft.world.mails == []


def test_a_calendar_that_is_only_shared_refuses(desk, microsoft: MicrosoftSimulator):
    shared = microsoft.calendar(CONRAD)
    microsoft.share(shared, CARLA, "read")
    with pytest.raises(RequestRejected):
        desk.calendaring.create_event(desk.http, shared.id, asked())


# --- Following --------------------------------------------------------------------------------------------------------


def series(desk: MicrosoftDesk, weeks: int = 3) -> str:
    return desk.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=weeks)


@pytest.mark.parametrize("sparse", [True, False])
def test_the_first_look_needs_no_call_for_each_series(desk, microsoft: MicrosoftSimulator, sparse):
    microsoft.switches.sparse_occurrences = sparse
    for _number in range(5):
        series(desk)
    before = len(paths(microsoft))
    found = changes(desk)

    assert titles(found) == ["Weekly"] * 15
    assert len(paths(microsoft)) - before == 1


def test_a_changed_series_costs_one_call_more(desk, microsoft: MicrosoftSimulator):
    ids = [series(desk) for _number in range(3)]
    first = changes(desk)
    microsoft.change_event(microsoft.event(ids[1]), subject="Changed")
    before = len(paths(microsoft))
    told = changes(desk, first.sync_token)

    assert (told.series, titles(told)) == ((ids[1],), ["Changed"] * 3)
    assert len(paths(microsoft)) - before == 2


def test_an_occurrence_that_is_taken_out_goes(desk, microsoft: MicrosoftSimulator):
    master = series(desk)
    first = changes(desk)
    microsoft.delete_event(microsoft.event(master), at=MONDAY + WEEK)
    told = changes(desk, first.sync_token)

    assert sorted(event.start for event in told.events) == [MONDAY, MONDAY + 2 * WEEK]
    assert told.series == (master,)


def test_a_series_is_told_within_the_window_of_its_link(desk, microsoft: MicrosoftSimulator):
    """The link knows only what lies in the window that it was asked for."""
    first = changes(desk)
    microsoft.add_series(CARLA, MONDAY, {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}, zone="UTC")
    later = (WINDOW[0] + 4 * WEEK, WINDOW[1] + 4 * WEEK)
    pages = list(desk.calendaring.changes(desk.http, desk.calendar_id, window=later, since=first.sync_token))

    starts = [event.start for page in pages for event in page.events]
    assert max(starts) < WINDOW[1]


def test_an_ever_repeated_event_ends_with_the_window(desk, microsoft: MicrosoftSimulator):
    microsoft.add_series(CARLA, MONDAY, {"type": "daily", "interval": 1}, zone="UTC", subject="Daily")
    assert len(changes(desk).events) == (WINDOW[1] - MONDAY) // DAY


@pytest.mark.parametrize("location", [True, False])
def test_links_are_forgotten_in_the_middle_too(desk, microsoft: MicrosoftSimulator, location):
    microsoft.switches.resync_names_location = location
    microsoft.fill(CARLA, links.PAGE + 1, MONDAY, every=timedelta(minutes=10))
    pages = desk.calendaring.changes(desk.http, desk.calendar_id, window=WINDOW)
    next(pages)
    microsoft.forget_delta_tokens()

    with pytest.raises(SyncTokenLost):
        next(pages)


def test_unknown_removals_and_repeats_change_nothing(desk, microsoft: MicrosoftSimulator):
    first = changes(desk)
    microsoft.switches.delta_repeats = True
    inside = microsoft.add_event(CARLA, MONDAY)
    outside = microsoft.add_event(CARLA, WINDOW[1] + DAY)
    told = changes(desk, first.sync_token)

    assert {event.external_id for event in told.events} == {inside.immutable_id}
    assert told.removed == (outside.immutable_id,)


def test_a_pause_is_taken_as_long_as_asked(desk, microsoft: MicrosoftSimulator):
    microsoft.throttle(CARLA, "2.128")
    with pytest.raises(RateLimited) as limited:
        changes(desk)
    assert limited.value.retry_after == timedelta(seconds=2.128)


@pytest.mark.parametrize("kind", ["truncated", "empty"])
def test_half_an_answer_is_none(desk, microsoft: MicrosoftSimulator, kind):
    microsoft.add_event(CARLA, MONDAY)
    microsoft.faults.add(kind, path="*/calendarView/delta", times=1)
    with pytest.raises(ProviderUnavailable):
        changes(desk)


def test_the_last_look_follows_all_pages(desk, microsoft: MicrosoftSimulator):
    microsoft.fill(CARLA, 2 * links.PAGE + 1, MONDAY, every=timedelta(minutes=1))
    found = Calendars().events(desk.http, desk.calendar_id, MONDAY, MONDAY + DAY)
    assert len(found) == 2 * links.PAGE + 1


def test_a_first_look_costs_a_page_for_two_hundred_events_and_the_next_what_changed(
    desk, microsoft: MicrosoftSimulator
):
    microsoft.fill(CARLA, 2000, WINDOW[0], every=timedelta(minutes=12))
    before = len(paths(microsoft))
    first = changes(desk)
    middle = len(paths(microsoft))
    microsoft.change_event(microsoft.events(CARLA)[5], subject="Changed")
    told = changes(desk, first.sync_token)

    assert (len(first.events), middle - before) == (2000, 10)
    assert (titles(told), len(paths(microsoft)) - middle) == (["Changed"], 1)


def test_a_deleted_event_is_gone(desk):
    made = create(desk)
    desk.delete(made.external_id)
    assert read(desk, made.external_id) is None
