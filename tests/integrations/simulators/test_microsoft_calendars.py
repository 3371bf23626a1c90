"""The simulated Graph: access, views, times and ids (behaviours 29 to 40 of the contract)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.simulators.microsoft.graph import times
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.integrations.simulators.microsoft_client import MicrosoftClient, quoted
from tests.integrations.simulators.test_microsoft_sign_in import CARLA, CONRAD, FATIMA, FELIX

DECEMBER = datetime(2026, 12, 1, 9, tzinfo=UTC)
BERLIN = "W. Europe Standard Time"
WEEKLY = {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]}
VIEW = "/me/calendarView"
WINDOW = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2026-12-31T00:00:00Z"}


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def starts(content: dict[str, Any]) -> list[str]:
    return [event["start"]["dateTime"][:16] for event in content["value"]]


def test_29_tokens_that_are_no_good(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    exchange = graph.connect(CARLA, "https://outlook.office365.com/EWS.AccessAsUser.All")["access_token"]
    answers = [graph.call("GET", "/me", token) for token in ("unknown", exchange, "")]
    microsoft.advance(hours=1)
    answers.append(graph.call("GET", "/me", carla))

    assert {refusal(answer) for answer in answers} == {(401, "InvalidAuthenticationToken")}
    assert "Invalid audience" in answers[1].text
    assert "token is expired" in answers[3].text


def test_30_reading_does_not_write(graph: MicrosoftClient) -> None:
    token = graph.connect(CONRAD, "User.Read Calendars.Read")["access_token"]

    assert graph.call("GET", "/me/events", token).status_code == 200
    assert refusal(graph.create(token)) == (403, "ErrorAccessDenied")
    assert refusal(graph.call("GET", "/me/contacts", token)) == (403, "ErrorAccessDenied")


def test_31_the_app_itself_is_nobody(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    microsoft.grant_to_app("Fabrikam", "Calendars.ReadWrite")
    token = graph.app_token("fabrikam.example").json()["access_token"]
    refused = graph.call("GET", "/me/events", token)

    assert refusal(refused) == (400, "BadRequest")
    message = "/me request is only valid with delegated authentication flow."
    assert refused.json()["error"]["message"] == message


def test_32_mailboxes_that_are_not_there(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    guest = microsoft.add_guest(FELIX, "Contoso")
    for email in ("otto@contoso.example", guest.id):
        token = graph.connect(email)["access_token"]
        assert refusal(graph.call("GET", "/me/events", token)) == (404, "MailboxNotEnabledForRESTAPI")


def test_33_calendars_come_ten_at_a_time(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    for number in range(12):
        microsoft.add_calendar(CARLA, f"Calendar {number}")
    first = graph.get("/me/calendars", carla)
    second = graph.get(first["@odata.nextLink"], carla)

    assert (len(first["value"]), len(second["value"]), "@odata.nextLink" in second) == (10, 3, False)
    assert first["value"][0]["isDefaultCalendar"]


def test_34_series_are_expanded_across_the_change_of_the_clock(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.add_series(CARLA, datetime(2027, 3, 23, 8, tzinfo=UTC), WEEKLY)
    window = {"startDateTime": "2027-03-20T00:00:00Z", "endDateTime": "2027-04-05T00:00:00Z"}

    view, stored = graph.get(VIEW, carla, **window), graph.get("/me/events", carla)

    assert starts(view) == ["2027-03-23T08:00", "2027-03-30T07:00"]
    assert {event["type"] for event in view["value"]} == {"occurrence"}
    assert [event["type"] for event in stored["value"]] == ["seriesMaster"]
    assert view["value"][0]["seriesMasterId"] == stored["value"][0]["id"]


@pytest.mark.parametrize(
    ("pattern", "range_", "expected"),
    [
        ({"type": "daily", "interval": 10}, {}, ["01", "11", "21", "31"]),
        ({"type": "daily", "interval": 1}, {"type": "numbered", "numberOfOccurrences": 2}, ["01", "02"]),
        (WEEKLY | {"interval": 2}, {}, ["01", "15", "29"]),
        (WEEKLY, {"type": "endDate", "endDate": "2026-12-08"}, ["01", "08"]),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}, {}, ["31"]),
        ({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"}, {}, ["25"]),
        ({"type": "absoluteYearly", "interval": 1, "month": 12, "dayOfMonth": 24}, {}, ["24"]),
    ],
)
def test_34_patterns(
    microsoft: MicrosoftSimulator,
    graph: MicrosoftClient,
    carla: str,
    pattern: dict[str, Any],
    range_: dict[str, Any],
    expected: list[str],
) -> None:
    microsoft.add_series(CARLA, DECEMBER, pattern, range=range_)
    window = {**WINDOW, "endDateTime": "2027-01-01T00:00:00Z"}
    assert [start[8:10] for start in starts(graph.get(VIEW, carla, **window))] == expected


def test_34_an_occurrence_is_moved_and_another_taken_out(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    series = microsoft.add_series(CARLA, DECEMBER, WEEKLY, range={"type": "numbered", "numberOfOccurrences": 3})
    microsoft.change_event(series, at=DECEMBER + timedelta(days=7), start=DECEMBER + timedelta(days=8))
    microsoft.delete_event(series, at=DECEMBER + timedelta(days=14))
    view = graph.get(VIEW, carla, **WINDOW)

    assert starts(view) == ["2026-12-01T09:00", "2026-12-09T09:00"]
    assert [event["type"] for event in view["value"]] == ["occurrence", "exception"]
    assert view["value"][1]["originalStart"] == "2026-12-08T09:00:00Z"
    assert view["value"][0]["iCalUId"] != view["value"][1]["iCalUId"]


def test_34_an_occurrence_stays_between_its_neighbours(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.add_series(CARLA, DECEMBER, WEEKLY)
    second = graph.get(VIEW, carla, **WINDOW)["value"][1]["id"]
    after = {name: times.written(DECEMBER + timedelta(days=20)) for name in ("start", "end")}

    refused = graph.call("PATCH", f"/me/events/{quoted(second)}", carla, json=after)

    assert refusal(refused) == (400, "ErrorOccurrenceCrossingBoundary")


def test_35_the_window_has_its_own_offset_and_the_answer_its_own_zone(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.add_event(CARLA, DECEMBER)
    window = {"startDateTime": "2026-12-01T10:00:00+01:00", "endDateTime": "2026-12-01T10:30:00+01:00"}
    answer = graph.call("GET", VIEW, carla, f'outlook.timezone="{BERLIN}"', params=window)
    local = {"startDateTime": "2026-12-01T10:00:00", "endDateTime": "2026-12-01T10:30:00"}

    shown = {"dateTime": "2026-12-01T10:00:00.0000000", "timeZone": BERLIN}
    assert [event["start"] for event in answer.json()["value"]] == [shown]
    assert answer.headers["Preference-Applied"] == f'outlook.timezone="{BERLIN}"'
    assert graph.get(VIEW, carla, f'outlook.timezone="{BERLIN}"', **local)["value"] == []


@pytest.mark.parametrize(
    ("start", "end", "count"), [("08:00", "09:00", 0), ("09:29", "10:00", 1), ("09:30", "10:00", 0)]
)
def test_35_what_only_touches_the_window_is_not_in_it(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, start: str, end: str, count: int
) -> None:
    microsoft.add_event(CARLA, DECEMBER)
    window = {"startDateTime": f"2026-12-01T{start}:00Z", "endDateTime": f"2026-12-01T{end}:00Z"}
    assert len(graph.get(VIEW, carla, **window)["value"]) == count


@pytest.mark.parametrize("window", [{}, {"startDateTime": "soon", "endDateTime": "later"}])
def test_35_a_view_needs_its_window(graph: MicrosoftClient, carla: str, window: dict[str, str]) -> None:
    assert refusal(graph.call("GET", VIEW, carla, params=window)) == (400, "ErrorInvalidParameter")


def test_36_times_are_utc_with_seven_decimals(graph: MicrosoftClient, carla: str) -> None:
    made = graph.created(carla)

    assert made["start"] == {"dateTime": "2026-12-01T08:00:00.0000000", "timeZone": "UTC"}
    assert made["originalStartTimeZone"] == BERLIN


@pytest.mark.parametrize("zone", ["Moon Standard Time", "Europe/Vienna", ""])
def test_37_unknown_zones_are_refused_with_their_name(graph: MicrosoftClient, carla: str, zone: str) -> None:
    start = {"dateTime": "2026-12-01T09:00:00", "timeZone": zone or "x"}
    refused = graph.create(carla, start=start, end=start)

    assert refusal(refused) == (400, "TimeZoneNotSupportedException")
    assert f"'{zone or 'x'}'" in refused.json()["error"]["message"]
    preferred = graph.call("GET", "/me/events", carla, 'outlook.timezone="Moon"')
    assert refusal(preferred) == (400, "TimeZoneNotSupportedException")


@pytest.mark.parametrize("zone", ["GTB Standard Time", "SA Pacific Standard Time", "Europe/Berlin", "UTC"])
def test_37_windows_names_and_some_of_ianas_are_known(graph: MicrosoftClient, carla: str, zone: str) -> None:
    start = {"dateTime": "2026-12-01T09:00:00", "timeZone": zone}
    assert graph.created(carla, start=start, end=start)["originalStartTimeZone"] == zone


def test_37_the_mailbox_lists_its_zones(graph: MicrosoftClient, carla: str) -> None:
    windows = graph.get("/me/outlook/supportedTimeZones", carla)["value"]
    path = "/me/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')"
    assert BERLIN in {zone["alias"] for zone in windows}
    assert "Europe/Berlin" in {zone["alias"] for zone in graph.get(path, carla)["value"]}


@pytest.mark.parametrize("told", ["tzone://Microsoft/Custom", "tzone://Microsoft/Utc", "Customized Time Zone"])
def test_38_some_zones_are_none(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, told: str) -> None:
    microsoft.add_event(CARLA, DECEMBER).told_zone = told
    assert graph.get(VIEW, carla, **WINDOW)["value"][0]["originalStartTimeZone"] == told


def test_39_a_day_begins_and_ends_at_midnight(graph: MicrosoftClient, carla: str) -> None:
    midnight = {"dateTime": "2026-12-01T00:00:00", "timeZone": BERLIN}
    next_day = {"dateTime": "2026-12-02T00:00:00", "timeZone": BERLIN}
    elsewhere = {"dateTime": "2026-12-02T00:00:00", "timeZone": "Tokyo Standard Time"}
    made = graph.created(carla, isAllDay=True, start=midnight, end=next_day)

    assert (made["start"]["dateTime"][:16], made["end"]["dateTime"][:16]) == ("2026-12-01T00:00", "2026-12-02T00:00")
    assert graph.create(carla, isAllDay=True).status_code == 400
    assert graph.create(carla, isAllDay=True, start=midnight, end=elsewhere).status_code == 400


def test_40_ordinary_ids_change_and_immutable_ones_do_not(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    other, wish = microsoft.add_calendar(CARLA, "Other"), 'IdType="ImmutableId"'
    event = microsoft.add_event(CARLA, DECEMBER)
    ordinary, immutable = event.id, graph.get("/me/events", carla, wish)["value"][0]["id"]
    microsoft.move_event(event, other)

    assert set("+/=") <= set(ordinary)
    assert graph.call("GET", f"/me/events/{quoted(ordinary)}", carla).status_code == 404
    assert graph.get(f"/me/events/{quoted(immutable)}", carla, wish)["id"] == immutable
    assert graph.call("GET", f"/me/events/{quoted(immutable.swapcase())}", carla).status_code == 404
    wanted = {"inputIds": [event.id], "sourceIdType": "restId", "targetIdType": "restImmutableEntryId"}
    told = graph.call("POST", "/me/translateExchangeIds", carla, json=wanted).json()["value"]
    assert told[0]["targetId"] == immutable


def test_46_schedules(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    microsoft.add_event(CONRAD, DECEMBER, DECEMBER + timedelta(hours=1), showAs="oof")
    microsoft.add_event(CONRAD, DECEMBER + timedelta(hours=2), sensitivity="private", subject="Secret")
    microsoft.share(microsoft.calendar(CONRAD), CARLA, "read")
    asked = {
        "schedules": [CONRAD, "nobody@contoso.example", FATIMA],
        "startTime": {"dateTime": "2026-12-01T09:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-12-01T12:00:00", "timeZone": "UTC"},
    }
    answer = graph.call("POST", "/me/calendar/getSchedule", carla, json=asked)
    conrad, nobody, fatima = answer.json()["value"]

    assert conrad["availabilityView"] == "330020"
    assert [item.get("subject") for item in conrad["scheduleItems"]] == ["Something else", None]
    assert [item["isPrivate"] for item in conrad["scheduleItems"]] == [False, True]
    assert "error" in nobody
    assert "error" in fatima
    petra = graph.connect("petra@outlook.com")["access_token"]
    assert graph.call("POST", "/me/calendar/getSchedule", petra, json=asked).status_code == 400


@pytest.mark.parametrize(
    ("role", "subject", "private", "edits"),
    [
        ("freeBusyRead", None, None, False),
        ("limitedRead", "Open", None, False),
        ("read", "Open", None, False),
        ("write", "Open", None, True),
        ("delegateWithoutPrivateEventAccess", "Open", None, True),
        ("delegateWithPrivateEventAccess", "Open", "Secret", True),
    ],
)
def test_47_what_a_shared_calendar_shows(
    microsoft: MicrosoftSimulator,
    graph: MicrosoftClient,
    role: str,
    subject: str | None,
    private: str | None,
    edits: bool,
) -> None:
    scope = "User.Read Calendars.ReadWrite Calendars.ReadWrite.Shared"
    token = graph.connect(CARLA, scope)["access_token"]
    microsoft.add_event(CONRAD, DECEMBER, subject="Open")
    hidden = microsoft.add_event(CONRAD, DECEMBER + timedelta(hours=1), subject="Secret", sensitivity="private")
    microsoft.share(microsoft.calendar(CONRAD), CARLA, role)
    at = f"/users/{CONRAD}/calendar"

    view = graph.get(f"{at}/calendarView", token, **WINDOW)["value"]
    shown = graph.get(at, token)

    assert [event.get("subject") for event in view] == [subject, private]
    one = graph.call("GET", f"/users/{CONRAD}/events/{quoted(hidden.id)}", token)
    assert one.status_code == (200 if private else 404)
    assert (shown["canEdit"], shown["canViewPrivateItems"]) == (edits, private is not None)  # behaviour 48
    assert graph.create(token, at=f"{at}/events").status_code == (201 if edits else 403)


def test_47_only_the_shared_scope_reaches_others(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.share(microsoft.calendar(CONRAD), CARLA, "read")
    assert refusal(graph.call("GET", f"/users/{CONRAD}/events", carla)) == (403, "ErrorAccessDenied")
