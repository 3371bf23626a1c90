"""What is Google's own about the provider: its errors, its ids, its increments, its messages, its scopes."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils.datastructures import CaseInsensitiveMapping
from requests import Request, Response

from accounts.models import Membership
from integrations import conferencing
from integrations.exceptions import (
    AuthorizationLost,
    OperatorNeeded,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
    SyncTokenLost,
)
from integrations.providers.google import scopes, translation
from integrations.providers.google.contacts import People
from integrations.providers.google.meet import Meet
from integrations.providers.google.provider import Google
from integrations.providers.google.watches import Watches
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.types import (
    AppKind,
    ContactRequest,
    Event,
    EventKind,
    EventRequest,
    MeetingRequest,
    Permission,
    Push,
    PushRequest,
    ShowsAs,
)
from integrations.types import Response as Said
from tests.integrations.conftest import ConnectZoom
from tests.integrations.providers.google_desk import GoogleDesk
from tests.integrations.simulators import google_contract

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = (MONDAY - 28 * DAY, MONDAY + 84 * DAY)
OLGA = "olga@harbour.example"
TIMES = {
    name: {"dateTime": f"2027-03-01T{at}:00:00Z", "timeZone": "UTC"} for name, at in (("start", "09"), ("end", "10"))
}


@pytest.fixture
def desk(desk_google: GoogleDesk) -> GoogleDesk:
    """All that it says is held against Google's documents."""
    desk_google.http.hooks["response"].append(google_contract.checked)
    return desk_google


def asked(**fields: Any) -> EventRequest:
    defaults: dict[str, Any] = {"title": "Intro call", "start": MONDAY, "end": MONDAY + HOUR, "reference": "BR-1"}
    return EventRequest(time_zone="Europe/Berlin", **defaults | fields)


def meeting(**fields: Any) -> MeetingRequest:
    return MeetingRequest("Intro call", MONDAY, HOUR, "Europe/Berlin", "Booking BR-1", **fields)


def create(desk: GoogleDesk, **fields: Any) -> Event:
    return desk.calendaring.create_event(desk.http, desk.calendar_id, asked(**fields))


def read(desk: GoogleDesk, event_id: str) -> Event:
    found = desk.calendaring.read_event(desk.http, desk.calendar_id, event_id)
    assert found is not None
    return found


# --- Errors -----------------------------------------------------------------------------------------------------------


def answered(status: int, reason: str = "", *, detail: str = "", body: object = None, **headers: str) -> Response:
    response = Response()
    error = {"code": status, "message": "Words", "errors": [{"reason": reason}], "details": [{"reason": detail}]}
    response.status_code = status
    response._content = json.dumps({"error": error} if body is None else body).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    response.request = Request("GET", "http://x/calendar/v3/calendars/a/events").prepare()
    return response


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (401, "authError", AuthorizationLost),
        (403, "userRateLimitExceeded", RateLimited),
        (403, "rateLimitExceeded", RateLimited),
        (429, "rateLimitExceeded", RateLimited),
        (403, "quotaExceeded", RateLimited),
        (403, "dailyLimitExceeded", RateLimited),
        (403, "insufficientPermissions", AuthorizationLost),
        (403, "accessNotConfigured", OperatorNeeded),
        (403, "forbidden", RequestRejected),
        (403, "notACalendarUser", RequestRejected),
        (400, "invalid", RequestRejected),
        (404, "notFound", RequestRejected),
        (410, "deleted", RequestRejected),
        (412, "conditionNotMet", RequestRejected),
        (500, "backendError", ProviderUnavailable),
        (503, "backendError", ProviderUnavailable),
    ],
)
def test_the_reason_decides_and_not_the_status_alone(status: int, reason: str, error: type[Exception]) -> None:
    problem = translation.problem(answered(status, reason))

    assert type(problem) in (error, *([translation.Refused] if error is RequestRejected else []))


def test_a_quota_waits_for_hours_and_a_rate_for_a_minute() -> None:
    waits = [translation.problem(answered(403, reason)) for reason in ("quotaExceeded", "rateLimitExceeded")]
    told = translation.problem(answered(429, "rateLimitExceeded", Retry_After="7"))

    assert [wait.retry_after for wait in [*waits, told] if isinstance(wait, RateLimited)] == [
        timedelta(hours=3),
        timedelta(minutes=1),
        timedelta(seconds=7),
    ]


def test_a_missing_scope_is_named() -> None:
    problem = translation.problem(answered(403, detail="ACCESS_TOKEN_SCOPE_INSUFFICIENT"))

    assert isinstance(problem, AuthorizationLost)
    assert problem.missing_scopes == {scopes.EVENTS_READ}


@pytest.mark.parametrize("body", ["", [], "nonsense", 7])
def test_what_is_not_googles_own_answer_is_googles_trouble(body: object) -> None:
    assert isinstance(translation.problem(answered(403, body=body)), ProviderUnavailable | RequestRejected)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, "invalid_grant", AuthorizationLost),
        (401, "invalid_client", OperatorNeeded),
        (401, "deleted_client", OperatorNeeded),
        (400, "redirect_uri_mismatch", OperatorNeeded),
        (400, "admin_policy_enforced", ProviderUnavailable),
        (403, "org_internal", ProviderUnavailable),
        (500, "", ProviderUnavailable),
    ],
)
def test_only_a_dead_grant_ends_a_connection(status: int, error: str, kind: type[Exception]) -> None:
    assert type(translation.token_problem(answered(status, body={"error": error}))) is kind


def test_details_hold_no_address_and_no_token() -> None:
    body = {"error": {"message": "ya29.secret of gina@gmail.example at https://x.example/y", "errors": []}}
    problem = translation.problem(answered(400, body=body))

    assert problem is not None
    assert problem.detail == "HTTP 400 … of … at …"


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_an_answer_that_got_lost_leaves_one_event(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.faults.add("drop_after", method="POST", times=1)
    with pytest.raises(ProviderUnavailable):
        create(desk)
    made = create(desk)

    assert [event.id for event in google.events(OLGA)] == [made.external_id]


def test_deleted_again_and_again_it_is_made_anew_each_time(desk: GoogleDesk, google: GoogleSimulator) -> None:
    for _time in range(3):
        desk.delete(create(desk).external_id)

    assert read(desk, create(desk).external_id).reference == "BR-1"
    assert len(google.events(OLGA)) == 1


def test_somebodys_own_event_under_our_id_is_left_alone(desk: GoogleDesk, google: GoogleSimulator) -> None:
    first = create(desk)
    google.change(OLGA, first.external_id, extendedProperties={"private": {"bridge": None}})
    second = create(desk)

    assert first.external_id != second.external_id
    assert len(google.events(OLGA)) == 2


def test_guests_and_answers_stay_when_a_booking_moves(desk: GoogleDesk, google: GoogleSimulator) -> None:
    made = create(desk)
    guests = [{"email": "ivan@example.com", "responseStatus": "accepted"}]
    google.change(OLGA, made.external_id, attendees=guests, colorId="7")
    desk.calendaring.update_event(
        desk.http, OLGA, made.external_id, asked(title="Moved", start=MONDAY, end=MONDAY + DAY)
    )

    event = google.event(OLGA, made.external_id)
    assert event.fields["attendees"] == guests
    assert (event.fields["summary"], event.fields["colorId"]) == ("Moved", "7")


def test_a_change_at_the_same_moment_is_written_over_what_is_there_then(
    desk: GoogleDesk, google: GoogleSimulator
) -> None:
    made = create(desk)
    once = iter([True])

    def meanwhile(response: Response, **_how: Any) -> None:
        if response.request.method == "GET" and next(once, False):
            google.change(OLGA, made.external_id, colorId="7")

    desk.http.hooks["response"].append(meanwhile)
    moved = desk.calendaring.update_event(desk.http, OLGA, made.external_id, asked(title="Moved"))

    assert moved.title == "Moved"
    assert google.event(OLGA, made.external_id).fields["colorId"] == "7"
    assert [call.status for call in google.calls if call.method == "PATCH"] == [412, 200]


def test_a_timed_event_becomes_one_of_a_whole_day_and_back(desk: GoogleDesk) -> None:
    made = create(desk)
    whole = desk.calendaring.update_event(
        desk.http, OLGA, made.external_id, asked(start=date(2027, 3, 1), end=date(2027, 3, 2))
    )
    back = desk.calendaring.update_event(desk.http, OLGA, made.external_id, asked())

    assert (whole.start, back.start) == (date(2027, 3, 1), MONDAY)


def test_google_writes_to_nobody(desk: GoogleDesk, google: GoogleSimulator) -> None:
    made = create(desk)
    google.change(OLGA, made.external_id, attendees=[{"email": "ivan@example.com"}])
    desk.calendaring.update_event(desk.http, OLGA, made.external_id, asked(title="Moved"))
    desk.calendaring.delete_event(desk.http, OLGA, made.external_id)

    assert google.world.mails == []


def test_the_reference_is_seen_by_nobody_else(desk: GoogleDesk, google: GoogleSimulator) -> None:
    made = create(desk)
    google.change(OLGA, made.external_id, attendees=[{"email": "mina@harbour.example"}])

    assert "extendedProperties" not in google.event("mina@harbour.example", made.external_id).fields


# --- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"shows_as": ShowsAs.BUSY, "kind": EventKind.DEFAULT, "response": Said.NONE, "is_organizer": True}),
        ({"transparency": "transparent"}, {"shows_as": ShowsAs.FREE}),
        ({"status": "tentative"}, {"is_tentative": True, "shows_as": ShowsAs.BUSY}),
        ({"eventType": "outOfOffice"}, {"shows_as": ShowsAs.OUT_OF_OFFICE, "kind": EventKind.OUT_OF_OFFICE}),
        ({"eventType": "focusTime"}, {"shows_as": ShowsAs.BUSY, "kind": EventKind.FOCUS_TIME, "can_write": False}),
        (
            {"eventType": "workingLocation", "transparency": "transparent"},
            {"shows_as": ShowsAs.ELSEWHERE, "kind": EventKind.WORKING_LOCATION},
        ),
        ({"eventType": "birthday"}, {"kind": EventKind.BIRTHDAY}),
        ({"attendees": [{"email": OLGA, "responseStatus": "declined"}]}, {"response": Said.DECLINED}),
        ({"attendees": [{"email": OLGA, "responseStatus": "needsAction"}]}, {"response": Said.NEEDS_ACTION}),
        ({"organizer": {"email": "x@example.com"}}, {"is_organizer": False, "can_write": False}),
        ({"visibility": "confidential"}, {"is_private": True}),
        ({"hangoutLink": "https://meet.google.com/a"}, {"join_url": "https://meet.google.com/a"}),
        ({"hangoutLink": "javascript:alert(1)"}, {"join_url": ""}),
    ],
)
def test_events_are_read_for_what_they_are(
    desk: GoogleDesk, google: GoogleSimulator, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    event = read(desk, google.make(OLGA, summary="Something", **TIMES, **fields).id)

    assert {name: getattr(event, name) for name in expected} == expected


def test_a_calendar_of_free_and_busy_has_times_alone(desk: GoogleDesk, google: GoogleSimulator) -> None:
    gina = "gina@gmail.example"
    google.make(gina, summary="Secret", **TIMES)
    google.share(gina, OLGA, "freeBusyReader")
    [event] = desk.calendaring.events(desk.http, gina, MONDAY, MONDAY + HOUR)

    assert (event.title, event.start, event.shows_as) == ("", MONDAY, ShowsAs.BUSY)


@pytest.mark.row("G-41")
def test_calendars_say_what_may_be_done_with_them(desk: GoogleDesk) -> None:
    main, holidays = desk.calendaring.list_calendars(desk.http)

    assert (main.external_id, main.time_zone, main.can_write) == (OLGA, "Europe/Berlin", True)
    assert (holidays.name, holidays.can_write, holidays.is_main) == ("Holidays in Germany", False, False)


def test_empty_pages_are_not_the_end(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.switches.short_pages = True
    desk.add("There", MONDAY, MONDAY + HOUR)
    pages = list(desk.calendaring.changes(desk.http, OLGA, window=WINDOW))

    assert [len(page.events) for page in pages] == [0, 1]
    assert [bool(page.sync_token) for page in pages] == [False, True]


def test_an_increment_says_no_more_than_its_token(desk: GoogleDesk, google: GoogleSimulator) -> None:
    desk.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=3)
    first = list(desk.calendaring.changes(desk.http, OLGA, window=WINDOW))[-1]
    list(desk.calendaring.changes(desk.http, OLGA, window=WINDOW, since=first.sync_token))

    assert google.world.violations == []
    assert all(call.status == 200 for call in google.calls)


def test_what_moved_out_of_the_window_is_gone(desk: GoogleDesk) -> None:
    moved = desk.add("Moved", MONDAY, MONDAY + HOUR)
    token = list(desk.calendaring.changes(desk.http, OLGA, window=WINDOW))[-1].sync_token
    desk.move(moved, 200 * DAY)
    [page] = desk.calendaring.changes(desk.http, OLGA, window=WINDOW, since=token)

    assert (page.events, page.removed) == ((), (moved,))


def test_an_event_that_becomes_a_series_or_one_no_more_leaves_nothing_behind(
    desk: GoogleDesk, google: GoogleSimulator
) -> None:
    named = desk.add("Talk", MONDAY, MONDAY + HOUR)
    token = list(desk.calendaring.changes(desk.http, OLGA, window=WINDOW))[-1].sync_token
    google.change(OLGA, named, recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    [repeated] = desk.calendaring.changes(desk.http, OLGA, window=WINDOW, since=token)
    google.change(OLGA, named, recurrence=None)
    [single] = desk.calendaring.changes(desk.http, OLGA, window=WINDOW, since=repeated.sync_token)

    assert (repeated.series, len(repeated.events)) == ((named,), 3)
    assert (single.series, [event.external_id for event in single.events]) == ((named,), [named])


def test_a_series_without_end_is_read_as_far_as_the_window(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.make(OLGA, summary="Daily", **TIMES, recurrence=["RRULE:FREQ=DAILY"])
    [page] = desk.calendaring.changes(desk.http, OLGA, window=WINDOW)

    assert len(page.events) == 84


def test_ten_thousand_events_are_few_requests_and_a_change_is_one(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.fill(OLGA, 10_000, start=MONDAY)
    pages = list(desk.calendaring.changes(desk.http, OLGA, window=(MONDAY, MONDAY + 400 * DAY)))
    before = len(google.calls)
    google.make(OLGA, summary="One more", **TIMES)
    [page] = desk.calendaring.changes(desk.http, OLGA, window=(MONDAY, MONDAY + 400 * DAY), since=pages[-1].sync_token)

    assert sum(len(page.events) for page in pages) == 10_000
    assert before == 4
    assert [event.title for event in page.events] == ["One more"]
    assert len(google.calls) == before + 1


# --- Watching ---------------------------------------------------------------------------------------------------------


def test_a_watch_is_opened_and_stopped(desk: GoogleDesk, google: GoogleSimulator) -> None:
    watches = Watches()
    opened = watches.watch(desk.http, OLGA, address="http://127.0.0.1:9/x", secret="quiet", watch_id="one")
    for _time in range(2):
        watches.stop(desk.http, opened)

    assert opened.resource_id == google.push.channels["one"].resource_id
    assert opened.expires_at == google.push.channels["one"].expires_at.replace(
        microsecond=opened.expires_at.microsecond
    )
    assert google.push.channels["one"].stopped
    assert watches.renew(desk.http, opened) is None


def test_what_cannot_be_watched_is_rejected(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.calendar(OLGA).watchable = False

    with pytest.raises(RequestRejected) as refused:
        Watches().watch(desk.http, OLGA, address="http://127.0.0.1:9/x", secret="s", watch_id="one")
    assert not refused.value.missing


@pytest.mark.parametrize(
    ("state", "pushes"),
    [("sync", []), ("exists", [Push("one", "quiet")]), ("not_exists", [Push("one", "quiet")]), ("", [])],
)
def test_messages_are_read_from_their_headers(state: str, pushes: list[Push]) -> None:
    headers = {"x-goog-channel-id": "one", "x-goog-channel-token": "quiet"}
    headers |= {"x-goog-resource-state": state} if state else {}

    assert Watches().read(PushRequest(CaseInsensitiveMapping(headers), {}, b"")) == pushes


# --- Meet -------------------------------------------------------------------------------------------------------------


def test_a_meeting_is_an_event_of_the_calendar_that_was_chosen(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.add_calendar(OLGA, "team@group.calendar.google.com")
    request = meeting(calendar="team@group.calendar.google.com")
    made = Meet().create_meeting(desk.http, "me", request)
    [event] = google.events("team@group.calendar.google.com")

    assert made.external_id == f"{event.id}@team@group.calendar.google.com"
    assert made.join_url == event.fields["hangoutLink"]
    assert Meet().find_meeting(desk.http, "me", request, since=MONDAY) == made
    Meet().delete_meeting(desk.http, made.external_id)
    assert google.events("team@group.calendar.google.com") == []


def test_a_link_that_comes_later_is_waited_for(desk: GoogleDesk, google: GoogleSimulator) -> None:
    google.switches.meet = "pending"
    with pytest.raises(ProviderUnavailable):
        Meet().create_meeting(desk.http, "me", meeting())
    google.advance(seconds=11)

    found = Meet().find_meeting(desk.http, "me", meeting(), since=MONDAY)
    assert found is not None
    assert len(google.events(OLGA)) == 1


@pytest.mark.parametrize("how", ["failure", "calendar"])
def test_where_there_are_no_links_it_says_so(desk: GoogleDesk, google: GoogleSimulator, how: str) -> None:
    google.switches.meet = "failure" if how == "failure" else "success"
    google.calendar(OLGA).meets = how == "failure"

    with pytest.raises(RequestRejected, match="Meet"):
        Meet().create_meeting(desk.http, "me", meeting())


# --- Contacts ---------------------------------------------------------------------------------------------------------


def test_contacts_are_told_and_then_what_changed(desk: GoogleDesk, google: GoogleSimulator) -> None:
    [first] = People().changes(desk.http)
    google.add_contact(OLGA, {"names": [{"givenName": "Anna"}], "emailAddresses": [{"value": "anna@example.com"}]})
    [second] = People().changes(desk.http, since=first.sync_token)

    assert [one.name for one in first.contacts] == ["Ivan Petrov", "Rosa Lima"]
    assert [(one.name, one.emails) for one in second.contacts] == [("Anna", ("anna@example.com",))]


def test_contacts_that_google_has_forgotten_are_looked_at_anew(desk: GoogleDesk, google: GoogleSimulator) -> None:
    [first] = People().changes(desk.http)
    desk.forget()

    with pytest.raises(SyncTokenLost):
        list(People().changes(desk.http, since=first.sync_token))


def test_a_contact_is_made_once(desk: GoogleDesk) -> None:
    request = ContactRequest("Anna Ek", "anna@example.com", "+46 1", "Ek AB")
    first, second = (People().create_contact(desk.http, request) for _time in range(2))

    assert (first.name, first.emails, first.phones, first.company) == (
        "Anna Ek",
        ("anna@example.com",),
        ("+46 1",),
        "Ek AB",
    )
    assert first.external_id == second.external_id


# --- Connecting -------------------------------------------------------------------------------------------------------

READ, WRITE = Permission.CALENDAR_READ, Permission.CALENDAR_WRITE
KNOW, KEEP = Permission.CONTACTS_READ, Permission.CONTACTS_WRITE


@pytest.mark.parametrize(
    ("permissions", "names"),
    [
        ({READ}, {scopes.LIST, scopes.EVENTS_READ}),
        ({READ, WRITE}, {scopes.LIST, scopes.EVENTS}),
        ({KNOW}, {scopes.CONTACTS_READ}),
        ({READ, WRITE, KNOW, KEEP}, {scopes.LIST, scopes.EVENTS, scopes.CONTACTS}),
        (set(), set()),
    ],
)
@pytest.mark.row("ZM-10")
def test_exactly_what_is_permitted_is_asked_for(permissions: set[Permission], names: set[str]) -> None:
    asked_for = {scope.name for scope in Google().scopes(AppKind.PERSONAL, frozenset(permissions))}

    assert asked_for - {scope.name for scope in scopes.IDENTITY} == names
    assert permissions <= Google().permits(frozenset(asked_for))


def test_a_tick_that_was_taken_away_leaves_the_rest_of_use(google: GoogleSimulator) -> None:
    wanted = frozenset({READ, WRITE, KNOW})
    some = frozenset({scopes.CONTACTS_READ})

    assert Google().missing_scopes(some, AppKind.PERSONAL, wanted) == frozenset()
    assert scopes.LIST in Google().missing_scopes(frozenset({scopes.EVENTS}), AppKind.PERSONAL, wanted)


def test_a_connection_lives_on_its_refresh_token(
    olga: Membership, google: GoogleSimulator, connect_google: ConnectZoom
) -> None:
    connection = connect_google(olga)
    google.world.access_tokens.clear()
    made = conferencing.create_meeting(connection, meeting())
    connection.grant.refresh_from_db()

    assert made.join_url.startswith("https://meet.google.com/")
    assert connection.grant.email == OLGA
    assert connection.grant.account_id == "harbour.example"


def test_who_removed_the_app_is_asked_to_reconnect(
    olga: Membership, google: GoogleSimulator, connect_google: ConnectZoom
) -> None:
    connection = connect_google(olga)
    google.revoke(OLGA)

    with pytest.raises(AuthorizationLost):
        conferencing.create_meeting(connection, meeting())
    connection.refresh_from_db()
    assert not connection.is_usable
