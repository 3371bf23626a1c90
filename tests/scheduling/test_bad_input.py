"""Bad input gets a clear sentence, and what was typed is kept; never a 5xx."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from scheduling import manage_links
from scheduling.models import Booking
from tests import factories
from tests.scheduling.invitee import IVAN, TEN, book, fill_in, shows, url

pytestmark = pytest.mark.each_example

FAMILY = "👨‍👩‍👧‍👦"


def text(page) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()))


def send(client, scheduler, **typed):
    address = url(scheduler, TEN)
    return client.post(address, fill_in(client, address, **typed))


# --- What people type -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Please tell your name"),
        ("   \t ", "Please tell your name"),
        ("\u200b\u200b", "Please tell your name"),
        ("...", "Please tell your name"),
        ("x" * 10_000, "Please shorten your name to 120 characters; these are 10000."),
        (FAMILY * 1_500, "Please shorten your name to 120 characters"),
        ("Ivan\u202egnp.exe", "invisible characters that turn the writing around"),
        ("Ivan\u2066hidden", "invisible characters that turn the writing around"),
        ("Ivan\x00", "characters that cannot be shown"),
        ("Ivan\x1b[31m", "characters that cannot be shown"),
        ("Ivan\r\nBcc: all@example.org", "Please write your name on one line."),
        ("<script>alert(1)</script>", "Please write your name without < and >."),
    ],
)
def test_a_name_that_cannot_be_one_is_explained_and_kept(client, scheduler, name, sentence):
    answer = send(client, scheduler, name=name)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert shows(answer, IVAN | {"name": name})
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "name", [FAMILY, "Zoë O’Neill-Łukasz", "李小龍", "محمد", "Ævar & Søn", "{{ 7*7 }} {% x %}", "%s %(a)s"]
)
def test_a_name_of_any_script_is_taken_as_it_is(client, scheduler, name):
    answer = client.get(send(client, scheduler, name=name).headers["Location"])

    assert Booking.objects.get().invitee_name == name
    assert html.escape(name, quote=True) in answer.content.decode()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ivan",
        "ivan@",
        "@example.org",
        "ivan@localhost",
        "ivan@[127.0.0.1]",
        "ivan@example",
        "ivan@@example.org",
        "ivan@exam ple.org",
        "ivan@example.org\r\nBcc: all@example.org",
        "ivan@example.org\x00",
        "іvan@example.org",
        "ivan@exаmple.org",
        "ivan@example.оrg",
        "ivan@xn--exmple-4nf.org",
        "ivan@example.org, olga@example.org",
        "Ivan <ivan@example.org>",
        f"{'i' * 300}@example.org",
        "ivan@\u202eexample.org",
        "ivan@exam\u200bple.org",
    ],
)
def test_an_email_that_cannot_be_one_is_explained_and_kept(client, scheduler, email):
    answer = send(client, scheduler, email=email)

    assert answer.status_code == 422
    said = answer.context["form"].errors["email"]
    assert said
    assert len(said) == len(set(said))
    assert 'aria-invalid="true"' in answer.content.decode()
    assert shows(answer, IVAN | {"email": email})
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "email",
    ["ivan@example.org", "ivan+meet@müller.de", "ivan@xn--mller-kva.de", "o'neill@example.co.uk", "ivan@пример.рф"],
)
def test_an_email_of_one_alphabet_is_taken(client, scheduler, email):
    assert send(client, scheduler, email=email).status_code == 302
    assert Booking.objects.get().invitee_email == email


def test_notes_are_shown_as_they_were_typed(client, scheduler):
    answer = send(client, scheduler, notes="First line\r\n<b>second</b>")

    page = client.get(answer.headers["Location"]).content.decode()
    assert "First line<br>&lt;b&gt;second&lt;/b&gt;" in page
    assert Booking.objects.get().notes == "First line\n<b>second</b>"


@pytest.mark.parametrize("notes", ["x" * 2_001, "Turn \u202e around", "Nothing \x00 here"])
def test_notes_that_cannot_be_kept_are_explained(client, scheduler, notes):
    answer = send(client, scheduler, notes=notes)

    assert answer.status_code == 422
    assert shows(answer, IVAN | {"notes": notes})


def test_several_mistakes_are_named_at_once(client, scheduler):
    answer = send(client, scheduler, name="", email="ivan", notes="x" * 3_000)

    assert set(answer.context["form"].errors) == {"name", "email", "notes"}
    assert "Not booked yet: please look at the marked fields." in text(answer)


# --- What the address says ------------------------------------------------------------------------------------------

GARBAGE = ["x", "", "0", "-1", "NaN", "\x00", "🦄", "../../etc/passwd", "%00", "' OR 1=1 --", "9" * 5_000, "２０２７"]


@pytest.mark.parametrize(
    "name", ["month", "day", "zone", "duration", "start", "find_zone", "name", "email", "unheard_of"]
)
@pytest.mark.parametrize("value", GARBAGE)
def test_an_address_with_garbage_shows_the_calendar(client, scheduler, name, value):
    page = client.get(url(scheduler, **{name: value}))

    assert page.status_code == 200
    assert page.context["times"]


@pytest.mark.parametrize(
    "zone", ["../../etc/passwd", "America", "Mars/Base", "Europe/Berlin/../../x", "Z" * 10_000, "\x00"]
)
def test_an_unknown_zone_is_named_and_replaced(client, scheduler, zone):
    page = client.get(url(scheduler, zone=zone))

    assert page.status_code == 200
    assert "We do not know the time zone" in text(page)
    assert "times are shown for Berlin" in text(page)
    assert len(page.content) < 30_000


def test_a_zone_in_small_letters_is_understood(client, scheduler):
    page = client.get(url(scheduler, zone="europe/berlin"))

    assert page.context["chosen"].zone == "Europe/Berlin"
    assert not page.context["corrections"]


@pytest.mark.parametrize(
    "month", ["9999-99", "0000-00", "2027-13", "2027-00", "2027-3", "9999-12", "0001-01", "1989-12"]
)
def test_a_month_that_does_not_exist_is_replaced(client, scheduler, month):
    page = client.get(url(scheduler, month=month))

    assert page.status_code == 200
    assert "names a month that does not exist" in text(page)


@pytest.mark.parametrize("month", ["2020-01", "2099-12", "2200-12", "1990-01"])
def test_a_month_outside_the_window_is_replaced(client, scheduler, month):
    page = client.get(url(scheduler, month=month))

    assert page.status_code == 200
    assert "That month cannot be booked here" in text(page)


@pytest.mark.parametrize("month", ["2200-12", "2150-06"])
def test_a_scheduler_without_end_has_pages_far_ahead(client, olga, month):
    endless = factories.scheduler(olga, slug="endless", window_days=None)

    assert client.get(url(endless, month=month)).status_code == 200


@pytest.mark.parametrize("day", ["2027-02-30", "2027-13-01", "2027-3-1", "9999-12-31", "0001-01-01", "yesterday"])
def test_a_day_that_does_not_exist_is_replaced(client, scheduler, day):
    page = client.get(url(scheduler, day=day))

    assert page.status_code == 200
    assert "names a day that does not exist" in text(page)


@pytest.mark.parametrize("day", ["2020-01-01", "2099-01-01"])
def test_a_day_without_times_is_replaced(client, scheduler, day):
    page = client.get(url(scheduler, day=day))

    assert page.status_code == 200
    assert "Nothing is free on the day you came for" in text(page)


DURATIONS = ["0", "-30", "31", "999999999999", "1e3", "30.0", "thirty", "٣٠", "\x00"]


@pytest.mark.parametrize("duration", DURATIONS)
def test_a_duration_that_is_not_offered_is_replaced(client, scheduler, duration):
    page = client.get(url(scheduler, duration=duration))

    assert page.status_code == 200
    assert "That length is not offered here" in text(page)


@pytest.mark.parametrize("duration", DURATIONS)
def test_a_duration_that_is_not_offered_is_not_booked(client, scheduler, duration):
    answer = send(client, scheduler, duration=duration)

    assert answer.status_code == 422
    assert "That length is not offered here" in text(answer)
    assert shows(answer)
    assert not Booking.objects.exists()


NO_INSTANTS = [
    "tomorrow",
    "2027-03-01",
    "2027-03-01T09:00",
    "2027-03-01T09:00:30Z",
    "2027-03-01T10:00+01:00",
    "2027-02-30T09:00Z",
    "2027-03-01T25:00Z",
    "0001-01-01T00:00Z",
    "9999-12-31T23:59Z",
    "９２０２７-03-01T09:00Z",
    "\x00",
    "1" * 5_000,
]
NOT_OFFERED = {
    "in the past": "2020-01-06T09:00Z",
    "long past": "1990-01-01T00:00Z",
    "off the grid": "2027-03-01T09:07Z",
    "outside the hours": "2027-03-01T03:00Z",
    "runs beyond the hours": "2027-03-01T16:00Z",
    "beyond the window": "2029-03-05T09:00Z",
    "far beyond the window": "2199-03-05T09:00Z",
}


@pytest.mark.parametrize("start", NO_INSTANTS)
def test_a_start_that_cannot_be_read_is_not_booked(client, scheduler, start):
    assert "names a time that we cannot read" in text(client.get(url(scheduler, start)))

    answer = send(client, scheduler, start=start)

    assert answer.status_code == 422
    assert "names a time that we cannot read" in text(answer)
    assert answer.context["nearest"]
    assert shows(answer)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("start", NOT_OFFERED.values(), ids=NOT_OFFERED.keys())
def test_a_start_that_is_not_offered_is_not_booked(client, scheduler, start):
    shown = client.get(url(scheduler, start))
    answer = send(client, scheduler, start=start)

    assert shown.status_code == 200
    assert shown.context["gone"]["nearest"]
    assert answer.status_code == 422
    assert "This time is not offered. What you typed is kept" in text(answer)
    assert answer.context["nearest"]
    assert shows(answer)
    assert not Booking.objects.exists()


def test_a_time_that_the_clocks_skip_is_neither_offered_nor_booked(client, olga):
    """On 28 March 2027 clocks in Berlin jump from 02:00 to 03:00, which is 01:00 UTC."""
    night = factories.scheduler(olga, slug="night", schedule=factories.schedule(olga, hours=((6, 90, 180),)))

    page = client.get(url(night, day="2027-03-28"))
    answer = send(client, night, start="2027-03-28T01:00Z")

    assert [time.clock for time in page.context["times"]] == ["01:30"]
    assert answer.status_code == 422
    assert not Booking.objects.exists()


@pytest.mark.parametrize("zone", ["../../etc/passwd", "America", "x" * 10_000])
def test_an_unknown_zone_is_not_booked(client, scheduler, zone):
    answer = send(client, scheduler, zone=zone)

    assert answer.status_code == 422
    assert "We do not know the time zone" in text(answer)
    assert shows(answer)
    assert not Booking.objects.exists()


def test_without_a_start_a_time_is_asked_for(client, scheduler):
    address = url(scheduler)

    answer = client.post(address, fill_in(client, url(scheduler, TEN)) | {"start": ""})

    assert answer.status_code == 422
    assert "Please choose a time first." in text(answer)
    assert shows(answer)


@pytest.mark.parametrize("key", ["", "x", "\x00", "0" * 400])
def test_a_submission_without_a_name_of_its_own_is_to_be_sent_again(client, scheduler, key):
    answer = send(client, scheduler, key=key)

    assert answer.status_code == 422
    assert shows(answer)
    assert uuid.UUID(str(answer.context["key"]))


def test_an_empty_form_is_explained(client, scheduler):
    assert client.post(url(scheduler, TEN)).status_code == 422


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_known_here(client, scheduler, method):
    assert getattr(client, method)(url(scheduler)).status_code == 405


# --- Forged requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "expired" * 9 + "x", "a" * 64, "\x00", "short"])
def test_a_foreign_or_expired_form_is_403_and_keeps_what_was_typed(scheduler, token):
    client = Client(enforce_csrf_checks=True)
    address = url(scheduler, TEN)

    answer = client.post(address, fill_in(client, address) | {"csrfmiddlewaretoken": token})

    assert answer.status_code == 403
    assert "Nothing is lost: please send it again." in text(answer)
    assert shows(answer)
    assert not Booking.objects.exists()
    assert client.post(address, fill_in(client, address)).status_code == 302


def test_a_form_sent_from_another_site_books_nothing(scheduler):
    client = Client(enforce_csrf_checks=True)
    address = url(scheduler, TEN)

    answer = client.post(address, fill_in(client, address), headers={"Origin": "https://mallory.example"})

    assert answer.status_code == 403
    assert not Booking.objects.exists()


def test_without_its_cookie_a_form_is_403_and_gets_a_new_one(scheduler):
    client = Client(enforce_csrf_checks=True)
    address = url(scheduler, TEN)
    sent = fill_in(client, address)
    client.cookies.clear()

    answer = client.post(address, sent)

    assert answer.status_code == 403
    assert client.post(address, fill_in(client, address)).status_code == 302


# --- Addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/nobody-here",
        "/olga-berg/nothing",
        "/оlga-berg",
        "/olga-berg/intrо",
        "/olga-berg/..%2f..%2fetc%2fpasswd",
        "/..%2f..%2fetc/passwd",
        "/olga-berg%00/intro",
        "/" + "a" * 5_000,
        "/olga-berg/" + "a" * 5_000,
        "/olga_berg",
        "/%F0%9F%A6%84",
        "/mina-sol/intro",
        "/b/..%2f..",
        "/room/..%2f..",
    ],
)
def test_an_address_that_leads_nowhere_is_404(client, mina, scheduler, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/dashboard", "/account", "/static", "/b", "/room", "/healthz/intro", "/o/intro", "/connect/intro"]
)
def test_words_of_bridge_itself_are_no_persons_page(client, scheduler, address):
    assert client.get(address).status_code in (404, 302)


SECRETS = ["x", "a" * 5_000, "%00", "{uid}", "{uid}.", "{uid}.forged", "{secret}x", "{other}", "🦄", "None"]


@pytest.mark.parametrize("part", ["", "/reschedule", "/cancel", "/booking.ics"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_forged_manage_link_is_404_with_a_sentence(client, scheduler, part, secret):
    book(client, scheduler)
    booking = Booking.objects.get()
    named = {
        "uid": booking.uid.hex,
        "secret": manage_links.secret(booking),
        "other": manage_links.room_url(booking).rpartition("/")[2],
    }

    answer = client.get(f"/b/{secret.format(**named)}{part}")

    assert answer.status_code == 404
    assert "We do not know this link" in text(answer)


@pytest.mark.parametrize("part", ["/reschedule", "/cancel"])
def test_a_forged_manage_link_changes_nothing(client, scheduler, part):
    book(client, scheduler)

    answer = client.post(f"/b/{Booking.objects.get().uid.hex}.forged{part}", {"start": "2027-03-01T10:00Z"})

    assert answer.status_code == 404
    assert Booking.objects.get().sequence == 0


@pytest.mark.parametrize("secret", SECRETS)
def test_a_forged_door_of_a_room_is_404_with_a_sentence(client, scheduler, secret):
    book(client, scheduler)
    booking = Booking.objects.get()
    named = {
        "uid": booking.uid.hex,
        "secret": manage_links.room_url(booking).rpartition("/")[2],
        "other": manage_links.secret(booking),
    }

    answer = client.get(f"/room/{secret.format(**named)}")

    assert answer.status_code == 404
    assert "We do not know this link" in text(answer)


@pytest.mark.parametrize("part", ["", "/reschedule", "/cancel", "/booking.ics"])
def test_an_expired_manage_link_is_410_with_a_sentence(client, scheduler, part):
    old = factories.booking(scheduler, start=TEN.replace(year=2020))
    factories.meeting(old)

    answer = client.get(f"/b/{manage_links.secret(old)}{part}")

    assert answer.status_code == 410
    assert "This link has expired" in text(answer)
    assert client.get(f"/room/{manage_links.room_url(old).rpartition('/')[2]}").status_code == 410


def test_the_link_of_one_booking_never_opens_another(client, scheduler, mina):
    book(client, scheduler)
    hers = factories.booking(factories.scheduler(mina), start=TEN + timedelta(days=1), invitee_name="Somebody else")
    factories.meeting(hers)

    page = text(client.get(f"/b/{manage_links.secret(Booking.objects.get(scheduler=scheduler))}"))

    assert "Ivan Invitee" in page
    assert "Somebody else" not in page
