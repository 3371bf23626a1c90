"""CalDAV: what an event in a calendar says, and what Bridge understands."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.exceptions import RequestRejected
from integrations.types import Event, EventRequest, Response, ShowsAs
from tests.integrations.providers.desks import CalDavDesk

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WINDOW = (MONDAY - 4 * WEEK, MONDAY + 12 * WEEK)
AT_NINE = ("DTSTART:20270301T090000Z", "DTEND:20270301T100000Z")
CUSTOM = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0530
TZOFFSETTO:+0430
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0430
TZOFFSETTO:+0530
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""

Seen = Callable[..., Event]


@pytest.fixture
def seen(desk_caldav: CalDavDesk) -> Seen:
    """The event of these lines, as Bridge reads it."""

    def read(*lines: str, before: str = "") -> Event:
        path = desk_caldav.person.put(f"{desk_caldav.calendar}one.ics", *lines, before=before)
        [page] = [page for page in changes(desk_caldav) if page.events]
        found = desk_caldav.calendaring.read_event(desk_caldav.http, desk_caldav.calendar, path)
        assert page.events == (found,)
        event: Event = page.events[0]
        return event

    return read


def changes(desk: CalDavDesk, since: str = "") -> list[Any]:
    return list(desk.calendaring.changes(desk.http, desk.calendar, window=WINDOW, since=since))


# --- When -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (["DTSTART:20270301T090000Z", "DURATION:PT90M"], MONDAY, MONDAY + 1.5 * HOUR),
        (["DTSTART:20270301T090000Z"], MONDAY, MONDAY),
        (["DTSTART;VALUE=DATE:20270301"], date(2027, 3, 1), date(2027, 3, 2)),
        (["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270303"], date(2027, 3, 1), date(2027, 3, 3)),
        (["DTSTART;VALUE=DATE:20270301", "DURATION:P2D"], date(2027, 3, 1), date(2027, 3, 3)),
        (["DTSTART:20270301T090000", "DTEND:20270301T100000"], datetime(2027, 3, 1, 9), datetime(2027, 3, 1, 10)),  # noqa: DTZ001
    ],
    ids=["duration", "moment", "day", "days", "two_days", "floating"],
)
def test_times_are_what_they_are_in_the_calendar(seen: Seen, lines: list[str], start: date, end: date):
    event = seen(*lines)

    assert (event.start, event.end, event.time_zone) == (start, end, "")
    assert getattr(event.start, "tzinfo", None) is None or start == MONDAY


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("Pacific/Kiritimati", "Pacific/Kiritimati"),
    ],
)
def test_a_zone_is_known_by_the_names_that_calendars_have_for_it(seen: Seen, name: str, zone: str):
    event = seen(f"DTSTART;TZID={name}:20270301T090000", f"DTEND;TZID={name}:20270301T100000")

    assert (event.start, event.time_zone) == (datetime(2027, 3, 1, 9, tzinfo=ZoneInfo(zone)), zone)


@pytest.mark.parametrize(("day", "hour"), [("20270301", 4.5), ("20270501", 3.5)])
def test_a_zone_that_only_the_object_defines_counts_as_it_says(seen: Seen, day: str, hour: float):
    event = seen(f"DTSTART;TZID=Our own:{day}T090000", f"DTEND;TZID=Our own:{day}T100000", before=CUSTOM)

    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC) == datetime.strptime(f"{day}+0000", "%Y%m%d%z") + hour * HOUR
    assert event.end - event.start == HOUR


def test_one_object_does_not_define_zones_for_another(desk_caldav: CalDavDesk):
    times = ("DTSTART;TZID=Our own:20270301T090000", "DTEND;TZID=Our own:20270301T100000")
    first = desk_caldav.person.put(f"{desk_caldav.calendar}first.ics", *times, before=CUSTOM)
    changes(desk_caldav)
    desk_caldav.delete(first)
    other = CUSTOM.replace("+0430", "-0300").replace("+0530", "-0200")
    desk_caldav.person.put(f"{desk_caldav.calendar}other.ics", *times, before=other)

    [event] = [event for page in changes(desk_caldav) for event in page.events]
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC).hour == 12


@pytest.mark.parametrize("zone", ["Middle Earth", "../../etc/passwd", "Europe", "posixrules" * 400])
def test_an_unknown_zone_fails_by_the_name_of_the_event(seen: Seen, desk_caldav: CalDavDesk, zone: str):
    with pytest.raises(RequestRejected, match=r"“Party” lies in the time zone “") as refused:
        seen("SUMMARY:Party", f"DTSTART;TZID={zone}:20270301T090000", f"DTEND;TZID={zone}:20270301T100000")

    assert zone[:100] in refused.value.sentence


def test_a_zone_that_never_ends_defining_itself_is_unknown(desk_relayed: CalDavDesk, relay: Any):
    times = ("DTSTART;TZID=Our own:20270301T090000", "DTEND;TZID=Our own:20270301T100000")
    desk_relayed.person.put(f"{desk_relayed.calendar}one.ics", *times, before=CUSTOM)
    relay.edits.append(("FREQ=YEARLY", "FREQ=SECONDLY"))

    with pytest.raises(RequestRejected, match="does not know"):
        changes(desk_relayed)


# --- What -------------------------------------------------------------------------------------------------------------


def test_an_event_says_what_it_says(seen: Seen):
    event = seen(
        *AT_NINE,
        "UID:abc@example.org",
        "SUMMARY:Lunch\\, with Ivan",
        "LOCATION:Canteen",
        "DESCRIPTION:One\\nTwo",
        "URL:https://example.org/lunch",
        "CONFERENCE;VALUE=URI:https://meet.example.org/lunch",
    )

    assert (event.uid, event.title, event.location) == ("abc@example.org", "Lunch, with Ivan", "Canteen")
    assert (event.description, event.web_url) == ("One\nTwo", "https://example.org/lunch")
    assert event.join_url == "https://meet.example.org/lunch"
    assert (event.is_private, event.is_cancelled, event.is_tentative) == (False, False, False)
    assert (event.shows_as, event.response, event.reference) == (ShowsAs.BUSY, Response.NONE, "")
    assert (event.is_organizer, event.can_write, bool(event.etag)) == (True, True, True)


def test_an_address_that_a_browser_would_run_is_none(seen: Seen):
    event = seen(*AT_NINE, "URL:javascript:alert(1)", "CONFERENCE;VALUE=URI:data:text/html,x")

    assert (event.web_url, event.join_url) == ("", "")


@pytest.mark.row("ZM-38")
@pytest.mark.parametrize(
    ("kind", "private"), [("PUBLIC", False), ("PRIVATE", True), ("CONFIDENTIAL", True), ("X-OURS", False)]
)
def test_private_is_what_its_class_says(seen: Seen, kind: str, private: bool):
    assert seen(*AT_NINE, f"CLASS:{kind}").is_private is private


@pytest.mark.parametrize(
    ("lines", "shows_as"),
    [
        ([], ShowsAs.BUSY),
        (["TRANSP:OPAQUE"], ShowsAs.BUSY),
        (["TRANSP:TRANSPARENT"], ShowsAs.FREE),
        (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], ShowsAs.FREE),
        (["X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], ShowsAs.TENTATIVE),
        (["X-MICROSOFT-CDO-BUSYSTATUS:OOF", "TRANSP:OPAQUE"], ShowsAs.OUT_OF_OFFICE),
        (["X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "TRANSP:TRANSPARENT"], ShowsAs.ELSEWHERE),
        (["X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:OPAQUE"], ShowsAs.BUSY),
        (["X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:TRANSPARENT"], ShowsAs.FREE),
    ],
)
def test_how_it_shows(seen: Seen, lines: list[str], shows_as: ShowsAs):
    assert seen(*AT_NINE, *lines).shows_as == shows_as


def test_tentative_and_cancelled_are_told(seen: Seen):
    assert seen(*AT_NINE, "STATUS:TENTATIVE").is_tentative
    assert seen(*AT_NINE, "STATUS:CANCELLED").is_cancelled


@pytest.mark.parametrize(
    ("parameters", "response"),
    [
        ("", Response.NEEDS_ACTION),
        (";PARTSTAT=NEEDS-ACTION", Response.NEEDS_ACTION),
        (";PARTSTAT=ACCEPTED", Response.ACCEPTED),
        (";PARTSTAT=TENTATIVE", Response.TENTATIVE),
        (";PARTSTAT=declined", Response.DECLINED),
        (";PARTSTAT=DELEGATED", Response.DECLINED),
    ],
)
def test_what_the_owner_answered(seen: Seen, desk_caldav: CalDavDesk, parameters: str, response: Response):
    event = seen(
        *AT_NINE,
        "ORGANIZER:mailto:ivan@example.com",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ivan@example.com",
        f"ATTENDEE{parameters}:MAILTO:{desk_caldav.person.name.upper()}",
    )

    assert event.response == response
    assert (event.organizer, event.is_organizer, event.can_write) == ("ivan@example.com", False, False)
    assert event.attendees == ("ivan@example.com", desk_caldav.person.name)


def test_an_owner_who_is_not_among_the_invited_answered_nothing(seen: Seen):
    event = seen(*AT_NINE, "ORGANIZER:mailto:ivan@example.com", "ATTENDEE:mailto:eva@example.com")

    assert (event.response, event.is_organizer) == (Response.NONE, False)


def test_a_server_that_hides_addresses_tells_them_beside(seen: Seen, desk_caldav: CalDavDesk):
    event = seen(*AT_NINE, f"ORGANIZER;EMAIL={desk_caldav.person.name}:/principals/mina/")

    assert event.is_organizer


# --- Bad --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "/etc/passwd BEGIN:VEVENT",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nDTSTART:yesterday\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nDTSTART:20270301T090000Z\nRRULE:FREQ=NEVER\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nDTSTART:20270301T090000Z\nRRULE:COUNT=3\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nDTSTART:20270301T090000Z\nRRULE:FREQ=DAILY;INTERVAL=0\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VEVENT\nSUMMARY:Party",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nDESCRIPTION:" + "x" * 2_000_001,
    ],
    ids=["file", "no_time", "no_start", "no_frequency", "only_a_count", "no_step", "cut_short", "large"],
)
def test_what_cannot_be_read_fails_by_its_name(desk_relayed: CalDavDesk, relay: Any, text: str):
    desk_relayed.add("Party", MONDAY, MONDAY + HOUR)
    relay.edits.append(("BEGIN:VCALENDAR.*?END:VCALENDAR", text.replace("\\", "")))

    with pytest.raises(RequestRejected, match=r"“(Party|[0-9a-f]{32}.ics)” cannot be read"):
        changes(desk_relayed)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("20270301T090000Z", "20270301T080000Z"),
        ("20270301T090000Z", "20270301T090000Z"),
        ("00010101T000000Z", "99991231T235959Z"),
    ],
    ids=["backwards", "nothing", "for_ever"],
)
def test_odd_lengths_are_told_as_they_are(desk_relayed: CalDavDesk, relay: Any, start: str, end: str):
    desk_relayed.add("Odd", MONDAY, MONDAY + HOUR)
    relay.edits += [("DTSTART:[^\r\n]*", f"DTSTART:{start}"), ("DTEND:[^\r\n]*", f"DTEND:{end}")]

    [event] = [event for page in changes(desk_relayed) for event in page.events]
    assert [f"{moment:%Y%m%dT%H%M%SZ}".zfill(16) for moment in (event.start, event.end)] == [start, end]


# --- Written ----------------------------------------------------------------------------------------------------------


def asked(**fields: Any) -> EventRequest:
    defaults: dict[str, Any] = {"title": "Intro", "start": MONDAY, "end": MONDAY + HOUR, "time_zone": "Europe/Berlin"}
    return EventRequest(**defaults | {"reference": "Booking BR-ABCDEF123456"} | fields)


def test_what_bridge_does_not_know_survives_a_move(desk_caldav: CalDavDesk):
    path = desk_caldav.person.put(
        f"{desk_caldav.calendar}one.ics",
        "DTSTART;TZID=Our own:20270301T090000",
        "DTEND;TZID=Our own:20270301T100000",
        "SUMMARY:Lunch",
        "SEQUENCE:3",
        "X-OURS:kept",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Eva:mailto:eva@example.com",
        "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Ring\nTRIGGER:-PT10M\nEND:VALARM",
        before=CUSTOM,
    )
    moved = desk_caldav.calendaring.update_event(
        desk_caldav.http, desk_caldav.calendar, path, asked(start=MONDAY + DAY, end=MONDAY + DAY + HOUR)
    )
    text = desk_caldav.person.read(path)

    assert moved.start == MONDAY + DAY
    assert "DTSTART;TZID=Our own:20270302T133000" in text
    assert all(
        line in text for line in ("X-OURS:kept", "SEQUENCE:4", "TRIGGER:-PT10M", "TZID:Our own", "SUMMARY:Intro")
    )
    assert "ATTENDEE;CN=Eva;PARTSTAT=ACCEPTED:mailto:eva@example.com" in text
    assert "BRIDGE-TZID" not in text


def test_a_change_by_somebody_else_meanwhile_is_not_lost(desk_relayed: CalDavDesk, relay: Any):
    person, path = desk_relayed.person, desk_relayed.add("Lunch", MONDAY, MONDAY + HOUR)
    lines = ("DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "SUMMARY:Lunch", "X-OURS:newer")
    relay.before.append(("PUT", lambda: person.put(path, *lines)))

    desk_relayed.calendaring.update_event(desk_relayed.http, desk_relayed.calendar, path, asked())

    assert "X-OURS:newer" in person.read(path)
    assert "SUMMARY:Intro" in person.read(path)
    assert relay.methods.count("PUT") == 2


def test_an_answer_that_got_lost_leaves_one_event(desk_relayed: CalDavDesk, relay: Any):
    make = desk_relayed.calendaring.create_event
    first = make(desk_relayed.http, desk_relayed.calendar, asked())
    second = make(desk_relayed.http, desk_relayed.calendar, asked(title="Later"))

    assert (second.external_id, second.title) == (first.external_id, "Later")
    assert first.external_id == f"{desk_relayed.calendar}bridge-Booking_BR-ABCDEF123456.ics"


def test_an_event_that_a_server_keeps_under_another_name_is_not_doubled(desk_caldav: CalDavDesk):
    lines = ("UID:u1@bridge.example", "DTSTART:20270301T090000Z", "SUMMARY:Before")
    path = desk_caldav.person.put(f"{desk_caldav.calendar}renamed.ics", *lines)
    made = desk_caldav.calendaring.create_event(desk_caldav.http, desk_caldav.calendar, asked(uid="u1@bridge.example"))

    assert (made.external_id, made.title) == (path, "Intro")


def test_the_reference_is_known_by_the_name_where_a_server_drops_the_rest(desk_relayed: CalDavDesk, relay: Any):
    relay.edits.append((r"X-BRIDGE-REFERENCE:[^\n]*\n", ""))
    made = desk_relayed.calendaring.create_event(desk_relayed.http, desk_relayed.calendar, asked())

    assert made.reference == "Booking BR-ABCDEF123456"


@pytest.mark.parametrize("reference", ["../../x", "Ä" * 50, "a/b;c", "_"])
def test_any_reference_makes_a_name(desk_caldav: CalDavDesk, reference: str):
    made = desk_caldav.calendaring.create_event(desk_caldav.http, desk_caldav.calendar, asked(reference=reference))

    assert made.reference == reference
    assert made.external_id.startswith(f"{desk_caldav.calendar}bridge.")


@pytest.mark.parametrize(
    "title",
    ["x" * 10_000, "👩‍👩‍👧‍👦" * 60, "a\x00b\x1b", "a\r\nb\rc", "<b>&amp;]]>", "a;b,c\\n:", "\ud800"],
    ids=["long", "families", "control", "lines", "markup", "separators", "half_a_pair"],
)
def test_any_title_makes_an_event(desk_caldav: CalDavDesk, title: str):
    made = desk_caldav.calendaring.create_event(
        desk_caldav.http, desk_caldav.calendar, asked(title=title, description=title, location=title)
    )

    assert made.title[:1] == (title[:1] if title != "\ud800" else "")


def test_the_uid_is_the_one_that_was_asked_for(desk_caldav: CalDavDesk):
    made = desk_caldav.calendaring.create_event(desk_caldav.http, desk_caldav.calendar, asked(uid="u1@bridge.example"))

    assert made.uid == "u1@bridge.example"


def test_nothing_is_written_where_it_is_not_allowed(desk_relayed: CalDavDesk, relay: Any):
    relay.next.append(("PUT", (403, {}, b'<error xmlns="DAV:"><need-privileges/></error>')))

    with pytest.raises(RequestRejected, match="does not allow") as refused:
        desk_relayed.calendaring.create_event(desk_relayed.http, desk_relayed.calendar, asked())
    assert refused.value.detail == "HTTP 403 need-privileges"
