"""Schedulers taken over from Calendly and Cal.com, by the shapes that their public documentation gives."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling import importing, schedulers
from scheduling.elsewhere import exports, values
from scheduling.elsewhere.types import Unreadable
from scheduling.models import Scheduler
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.row("G-66"), pytest.mark.each_example]


def calendly(**fields):
    """As GET /event_types gives one."""
    return {
        "uri": "https://api.calendly.com/event_types/AAAA",
        "name": "Intro Call",
        "active": True,
        "booking_method": "instant",
        "slug": "intro-call",
        "scheduling_url": "https://calendly.com/olga/intro-call",
        "duration": 30,
        "duration_options": None,
        "kind": "solo",
        "pooling_type": None,
        "type": "StandardEventType",
        "color": None,
        "created_at": "2024-01-02T03:04:05.678Z",
        "updated_at": "2024-01-02T03:04:05.678Z",
        "internal_note": None,
        "description_plain": "Let us meet.",
        "description_html": "<p>Let us meet.</p>",
        "profile": {"type": "User", "name": "Olga", "owner": "https://api.calendly.com/users/BBBB"},
        "secret": False,
        "deleted_at": None,
        "admin_managed": False,
        "locations": None,
        "custom_questions": [],
        "position": 0,
        "locale": "en",
        "before_buffer": 0,
        "after_buffer": 15,
        "start_time_increment": 15,
    } | fields


def calcom(**fields):
    """As GET /v2/event-types gives one."""
    return {
        "id": 1,
        "ownerId": 2,
        "lengthInMinutes": 45,
        "lengthInMinutesOptions": [15, 45],
        "title": "Office hours",
        "slug": "office-hours",
        "description": "",
        "locations": [{"type": "integration", "integration": "cal-video"}],
        "bookingFields": [{"type": "name", "slug": "name", "isDefault": True}],
        "disableGuests": False,
        "slotInterval": None,
        "minimumBookingNotice": 120,
        "beforeEventBuffer": 10,
        "afterEventBuffer": 0,
        "recurrence": None,
        "metadata": {},
        "price": 0,
        "currency": "usd",
        "seats": {"disabled": True},
        "hidden": False,
        "bookingWindow": {"type": "calendarDays", "value": 30, "rolling": False},
        "users": [{"id": 2, "name": "Olga"}],
    } | fields


def file(*rows, **around):
    return json.dumps({"collection": list(rows), "pagination": {"next_page": None}} | around)


def planned(olga, *rows):
    return importing.plan(olga, exports.read(json.dumps(list(rows))).entries)


def only(olga, row):
    [one] = planned(olga, row)
    return one


@pytest.fixture
def give(olga, sign_in):
    """Olga, at the page that takes over."""
    client = sign_in(olga)
    address = f"/o/{olga.organization.slug}/schedules/import"
    return lambda **sent: client.post(address, sent) if sent else client.get(address)


def test_first_it_shows_then_it_makes_what_is_ticked(give, olga):
    text = file(calendly(), calendly(name="Long talk", slug="long", duration=90))

    shown = give(text=text)
    assert shown.status_code == 200
    assert "Nothing has been made yet" in shown.content.decode()
    assert not Scheduler.objects.exists()
    done = give(text=text, seen="yes", take="1")

    assert done["Location"] == f"/o/{olga.organization.slug}/schedules"
    made = Scheduler.objects.get()
    assert (made.name, made.slug, made.durations) == ("Long talk", "long", [90])
    assert (made.host, made.organization, made.schedule.owner) == (olga.user, olga.organization, olga.user)
    assert not made.is_on


def test_a_file_of_calendly_is_read(olga):
    one = only(olga, calendly(duration_options=[30, 60]))

    assert one.settings == {
        "name": "Intro Call",
        "slug": "intro-call",
        "description": "Let us meet.",
        "durations": [30, 60],
        "buffer_before": 0,
        "buffer_after": 15,
        "increment": 15,
    }
    assert (one.entry.unknown, one.entry.left_out, one.changes) == ((), (), ())


def test_a_file_of_cal_com_is_read(olga):
    one = only(olga, calcom())

    assert one.settings == {
        "name": "Office hours",
        "slug": "office-hours",
        "description": "",
        "durations": [45, 15],
        "buffer_before": 10,
        "buffer_after": 0,
        "increment": 45,
        "minimum_notice": 120,
        "window_days": 30,
        "place": "builtin",
        "place_detail": "",
    }
    assert (one.entry.unknown, one.entry.left_out, one.changes) == ((), (), ())


def test_the_older_shape_of_cal_com_is_read_too(olga):
    row = {"id": 1, "title": "Hello", "slug": "hello", "length": 20, "slotInterval": 10, "hidden": True}
    row |= {"periodType": "ROLLING", "periodDays": 10, "periodCountCalendarDays": False}
    row |= {"locations": [{"type": "inPerson", "address": "Quay 5"}], "metadata": {"multipleDuration": [20, 40]}}
    [one] = importing.plan(olga, exports.read(json.dumps({"event_types": [row]})).entries)

    assert one.settings["durations"] == [20, 40]
    assert (one.settings["increment"], one.settings["window_days"]) == (10, 14)
    assert (one.settings["place"], one.settings["place_detail"]) == ("in_person", "Quay 5")


@pytest.mark.parametrize(
    "content",
    [
        [calendly()],
        calendly(),
        {"resource": calendly()},
        {"status": "success", "data": [calcom()]},
        {"status": "success", "data": calcom()},
        {"data": {"eventTypeGroups": [{"eventTypes": [calcom()]}]}},
        {"event_type": calcom()},
    ],
    ids=["list", "one", "resource", "data", "data of one", "groups", "one of v1"],
)
def test_it_is_found_wherever_their_answers_put_it(content):
    assert len(exports.read("\ufeff" + json.dumps(content)).entries) == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "choose a file, or paste"),
        ("no json", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[NaN]", "not JSON"),
        ("[" + "9" * 5000 + "]", "not JSON"),
        ("[]", "no event type in this"),
        ("3", "no event type in this"),
        ('{"collection": []}', "no event type in this"),
        ('{"collection": [1, null]}', "no event type in this"),
        ('{"title": "Unauthenticated", "message": "The access token is invalid"}', "error of the other service"),
        ('{"status": "error", "error": {"message": "No key"}}', "“No key”"),
        (json.dumps([calendly(), calcom()]), "not a list of event types"),
        (json.dumps([{"title": "A film", "year": 1999}]), "not a list of event types"),
        (json.dumps([calendly()] * 201), "more than 200"),
        (json.dumps([calendly(description_plain="x" * 1_000_000)]), "larger than 1 MB"),
    ],
    ids=lambda given: str(given)[:25],
)
def test_what_cannot_be_read_is_said_and_nothing_is_made(give, rows, said):
    answer = give(text=rows)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Scheduler.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"\xff\xfe\x00PK", "no text that we can read"),
        (b" " * 1_000_001, "larger than 1 MB"),
    ],
    ids=["empty", "not text", "large"],
)
def test_a_file_that_is_none_is_refused(give, content, said):
    answer = give(file=SimpleUploadedFile("event_types.json", content))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_file_is_taken_too(give):
    sent = SimpleUploadedFile("event_types.json", file(calendly(name="Émile & <b>Zoë</b> 🎉")).encode())

    answer = give(file=sent).content.decode()

    assert "Émile &amp; Zoë 🎉" in answer
    assert "<b>Zoë" not in answer


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pooling_type": "round_robin"}, "Several hosts share it (round robin)"),
        ({"pooling_type": "collective"}, "Several hosts"),
        ({"kind": "group"}, "Several invitees"),
        ({"type": "AdhocEventType"}, "one meeting only"),
        ({"booking_method": "poll"}, "one meeting only"),
        ({"deleted_at": "2024-01-02T03:04:05Z"}, "deleted there"),
        ({"name": " \u0007 "}, "no name"),
        ({"duration": "half an hour"}, "no duration"),
        ({"duration": 1440}, "no duration"),
    ],
    ids=lambda given: str(given)[:30],
)
def test_what_has_no_counterpart_is_not_made_and_says_why(give, olga, fields, said):
    text = file(calendly(**fields))

    answer = give(text=text).content.decode()
    give(text=text, take="0", seen="yes")

    assert said in answer
    assert not Scheduler.objects.exists()


@pytest.mark.parametrize("fields", [{"schedulingType": "roundRobin"}, {"seatsPerTimeSlot": 5}, {"seats": {"value": 3}}])
def test_what_is_shared_at_cal_com_is_not_made(olga, fields):
    assert not only(olga, calcom(**fields)).can_be_made


def test_what_is_lost_is_named(give):
    questions = [{"name": "Your company?", "enabled": True}]
    row = calendly(custom_questions=questions, secret=True, color="#fff", astrology="Libra", internal_note="VIP")

    answer = give(text=file(row)).content.decode()

    for lost in ("Questions that invitees answer", "The colour", "not listed", "The internal note", "astrology"):
        assert lost in answer


def test_what_is_lost_of_cal_com_is_named_once(olga):
    fields = [{"type": "text", "slug": "company", "isDefault": False}]
    row = calcom(bookingFields=fields, price=500, confirmationPolicy={"type": "always"}, requiresConfirmation=True)

    lost = only(olga, row).entry.left_out

    assert sorted(lost) == sorted(
        ["Questions that invitees answer", "Payments", "That you confirm each booking: here it stands at once"]
    )


def test_lengths_go_on_our_grid_with_a_word(olga):
    one = only(olga, calendly(duration=22, duration_options=[22, 800], before_buffer=7, start_time_increment=1))

    assert (one.settings["durations"], one.settings["buffer_before"], one.settings["increment"]) == ([25], 10, 5)
    assert "22 minutes become 25 minutes: Bridge works in steps of five minutes." in one.changes
    assert "Buffer before: 7 minutes become 10 minutes: Bridge works in steps of five minutes." in one.changes
    assert any("at most 12 hours" in change for change in one.changes)


def test_numbers_that_cannot_be_are_as_good_as_none(olga):
    odd = {"before_buffer": -5, "after_buffer": 1e300, "start_time_increment": True, "duration_options": [None, 1.5]}
    settings = only(olga, calendly(**odd)).settings

    assert settings["durations"] == [30]
    assert not {"buffer_before", "buffer_after", "increment"} & set(settings)


@pytest.mark.parametrize(
    ("location", "place", "detail"),
    [
        ({"kind": "physical", "location": "Quay 5"}, "in_person", "Quay 5"),
        ({"kind": "inbound_call", "phone_number": "+49 30 1"}, "phone", "+49 30 1"),
        ({"kind": "custom", "location": "https://meet.example.org/olga"}, "link", "https://meet.example.org/olga"),
        ({"kind": "custom", "location": "Under the old oak"}, None, ""),
        ({"kind": "outbound_call", "location": ""}, None, ""),
        ({"kind": "zoom_conference"}, None, ""),
        ({"kind": "physical"}, None, ""),
    ],
    ids=lambda given: str(given)[:30],
)
def test_a_place_is_kept_only_if_it_can_be_had_here(olga, location, place, detail):
    one = only(olga, calendly(locations=[location]))

    assert (one.settings.get("place"), one.settings.get("place_detail", "")) == (place, detail)
    assert bool(one.changes) == (place is None)


@pytest.mark.parametrize("word", ["zoom_conference", "google_conference", "microsoft_teams_conference"])
def test_a_place_with_an_account_is_kept_where_it_is_connected(olga, word):
    provider = {"z": "zoom", "g": "google", "m": "microsoft"}[word[0]]
    if provider == "zoom":
        factories.connection(olga)
    else:
        factories.connection(olga, grant=factories.grant(provider=provider))

    one = only(olga, calendly(locations=[{"kind": "ask_invitee"}, {"kind": word}]))

    assert one.settings["place"] == provider
    assert "ask invitee" in one.changes[0]


def test_twice_is_once(give, olga):
    text = file(calendly(), calendly(name="Intro Call", slug="other-intro"))
    for _ in range(2):
        give(text=text, seen="yes", take=["0", "1"])

    assert list(Scheduler.objects.values_list("slug", flat=True)) == ["intro-call", "other-intro"]
    again = give(text=text).content.decode()
    assert "There already" in again
    assert "Take over what is ticked" not in again


def test_an_address_that_is_taken_becomes_another_and_stays_known(olga):
    factories.scheduler(olga, name="Something else", slug="intro-call")
    entries = exports.read(file(calendly(), calendly(name="Third", slug="intro-call"), calendly(slug="new"))).entries

    first, third, new = importing.plan(olga, entries)
    importing.make(olga, entries, wanted={"0"})

    assert first.settings["slug"] == "intro-call-2"
    assert "Its address becomes “intro-call-2”." in first.changes
    assert third.settings["slug"] == "intro-call-3"
    assert new.settings["slug"] == "new-2"
    assert [one.is_there for one in importing.plan(olga, entries)] == [True, False, False]


def test_what_was_made_can_be_looked_at_changed_and_booked(give, olga, sign_in):
    give(text=file(calendly()), seen="yes", take="0")
    made = Scheduler.objects.get()
    home = f"/o/{olga.organization.slug}/schedules/intro-call"

    assert "Let us meet." in sign_in(olga).get(home).content.decode()
    schedulers.switch(made, on=True)
    assert "Intro Call" in sign_in(olga).get("/olga-berg/intro-call").content.decode()


def test_nothing_ticked_is_said(give):
    answer = give(text=file(calendly()), seen="yes")

    assert "Nothing is ticked" in answer.content.decode()
    assert not Scheduler.objects.exists()


def test_it_says_that_the_list_goes_on(give):
    pages = {"pagination": {"next_page": "https://api.calendly.com/event_types?page_token=x"}}

    assert "The list goes on" in give(text=file(calendly(), **pages)).content.decode()


def test_it_asks_the_same_however_many_there_are(olga, give):
    counts = []
    for rows in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            give(text=file(*(calendly(slug=f"s{number}", name=f"N{number}") for number in range(rows))))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_html_becomes_the_text_one_reads():
    html = "<style>p{}</style><p>One &amp; <b>two</b></p><ul><li>three</li></ul><script>alert(1)</script>"

    assert values.lines(html) == "One & two\n\nthree"
    assert values.lines("2 < 3\u0000\ud800") == "2 < 3"


def test_the_overview_leads_there(olga, sign_in):
    assert "/schedules/import" in sign_in(olga).get(f"/o/{olga.organization.slug}/schedules").content.decode()


def test_an_unreadable_file_is_no_crash_from_code_either():
    with pytest.raises(Unreadable, match="not JSON"):
        exports.read('{"a": ')
