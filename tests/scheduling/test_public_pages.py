"""What an invitee sees and does, without an account and without scripts."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import profiles
from scheduling import bookings, challenges
from scheduling.models import Booking, BookingStatus
from tests import factories
from tests.scheduling import invitee
from tests.scheduling.invitee import TEN, book, fill_in, shows, url


def text(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def links(page) -> list[str]:
    return [
        unquote(link).replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="([^"]*)"', page.content.decode())
    ]


# --- A person's page -----------------------------------------------------------------------------------------------


def test_a_persons_page_lists_what_is_switched_on(client, olga, scheduler):
    factories.scheduler(olga, name="Secret plan", is_on=False)

    page = client.get("/olga-berg")

    assert "Olga Berg" in text(page)
    assert "Intro call" in text(page)
    assert "Secret plan" not in text(page)
    assert "/olga-berg/intro" in links(page)


def test_a_persons_page_without_anything_to_book_says_so(client, olga):
    assert "Nothing can be booked here at the moment" in text(client.get("/olga-berg"))


@pytest.mark.row("CB-3")
def test_the_public_address_follows_the_custom_url_at_once(client, scheduler):
    profiles.change_custom_url(scheduler.host, "olga-by-the-sea")

    assert client.get("/olga-by-the-sea/intro").status_code == 200
    assert client.get("/olga-berg/intro").status_code == 404


def test_capital_letters_in_an_address_lead_to_the_page(client, scheduler):
    assert client.get("/Olga-Berg/Intro").headers["Location"] == "/olga-berg/intro"
    assert client.get("/Olga-Berg").headers["Location"] == "/olga-berg"


def test_a_page_that_is_switched_off_says_who_switched_it_off(client, scheduler):
    scheduler.is_on = False
    scheduler.save()

    page = client.get("/olga-berg/intro")

    assert page.status_code == 404
    assert "Olga Berg has switched off “Intro call”" in text(page)


# --- The calendar ---------------------------------------------------------------------------------------------------


def test_the_first_free_day_is_open(client, scheduler):
    page = client.get(url(scheduler))

    first = page.context["openings"]
    assert first.day == min(first.free)
    assert len(first.starts) == len(page.context["times"]) > 0


def test_the_first_free_day_may_be_months_away(client, olga):
    later = factories.scheduler(
        olga, slug="later", window_days=None, window_first=TEN.date(), window_last=TEN.date() + timedelta(days=30)
    )

    page = client.get(url(later))

    assert page.context["openings"].day == TEN.date()
    assert "March 2027" in text(page)


def test_only_days_with_times_are_links(client, scheduler):
    factories.booking(scheduler, start=TEN.replace(hour=0), minutes=24 * 60)

    page = client.get(url(scheduler, month="2027-03")).content.decode()

    assert '<span class="day">1</span>' in page
    assert "day=2027-03-01" not in page
    assert "day=2027-03-02" in page


def test_a_month_without_times_leads_to_the_next_free_day(client, olga):
    few = factories.scheduler(
        olga, slug="few", window_days=None, window_first=TEN.date(), window_last=TEN.date() + timedelta(days=60)
    )
    for day in range(31):
        factories.booking(few, start=TEN.replace(hour=0) + timedelta(days=day), minutes=24 * 60)

    page = client.get(url(few, month="2027-03"))

    assert "Nothing is free in March." in text(page)
    assert any("day=2027-04-01" in link for link in links(page))


def test_the_pages_of_the_calendar_end_with_the_window(client, olga):
    short = factories.scheduler(
        olga, slug="short", window_days=None, window_first=TEN.date(), window_last=TEN.date() + timedelta(days=5)
    )

    page = client.get(url(short, month="2027-03"))

    assert not any("month=2027-04" in link for link in links(page))
    assert client.get(url(short, month="2031-01")).context["openings"].month == TEN.date().replace(day=1)


def test_every_link_keeps_month_day_zone_and_duration(client, olga):
    several = factories.scheduler(olga, slug="several", durations=[30, 60])
    address = url(several, month="2027-03", day="2027-03-03", duration=60, zone="Asia/Kathmandu")

    page = client.get(address)

    times = [link for link in links(page) if "start=" in link]
    assert times
    for link in times:
        assert "month=2027-03&day=2027-03-03&zone=Asia/Kathmandu&duration=60&start=2027-03-0" in link
    assert client.get(address).content == page.content


@pytest.mark.row("G-1")
def test_each_duration_has_its_own_times(client, olga):
    several = factories.scheduler(olga, slug="several", durations=[30, 60])

    half, full = (client.get(url(several, day="2027-03-01", duration=minutes)) for minutes in (30, 60))

    assert "30 minutes" in text(half)
    assert "1 hour" in text(half)
    assert half.context["times"][-1].clock == "16:30"
    assert full.context["times"][-1].clock == "16:00"


@pytest.mark.row("G-1")
def test_the_booking_lasts_as_long_as_was_chosen(client, olga):
    several = factories.scheduler(olga, slug="several", durations=[30, 60])
    address = url(several, TEN, duration=60)

    client.post(address, fill_in(client, address))

    assert Booking.objects.get().duration == timedelta(hours=1)


@pytest.mark.row("G-2")
def test_starts_follow_the_increment_not_the_duration(client, olga):
    quarter = factories.scheduler(olga, slug="quarter", durations=[60], increment=15)

    page = client.get(url(quarter, day="2027-03-01"))

    assert [time.clock for time in page.context["times"][:3]] == ["09:00", "09:15", "09:30"]


# --- Time zones -----------------------------------------------------------------------------------------------------


@pytest.mark.row("G-25")
def test_without_any_hint_times_are_in_the_hosts_zone_and_say_so(client, scheduler):
    page = client.get("/olga-berg/intro")

    assert 'data-time-zone-guess="Europe/Berlin"' in page.content.decode()
    assert 'data-time-zone-url="?zone="' in page.content.decode()
    assert re.search(r"Berlin UTC\+0[12]:00 · now \d", text(page))


@pytest.mark.row("G-25")
def test_the_zone_the_browser_told_is_used(client, scheduler):
    client.cookies["time_zone"] = "America%2FNew_York"

    page = client.get("/olga-berg/intro?day=2027-03-01")

    assert "New York UTC-05:00" in text(page)
    assert page.context["times"][0].start == TEN - timedelta(hours=1)


@pytest.mark.row("G-25")
def test_old_names_of_zones_are_understood_and_asked_about_once(client, scheduler):
    client.cookies["time_zone"] = "Asia%2FKatmandu"

    page = client.get("/olga-berg/intro")

    assert page.context["chosen"].zone == "Asia/Kathmandu"
    assert 'data-time-zone-guess="Asia/Katmandu"' in page.content.decode()


@pytest.mark.row("G-25")
def test_the_zone_in_the_address_wins_and_is_not_guessed_again(client, scheduler):
    client.cookies["time_zone"] = "America%2FNew_York"

    page = client.get("/olga-berg/intro?zone=Asia/Kathmandu&day=2027-03-01")

    assert "Kathmandu UTC+05:45" in text(page)
    assert [time.start.minute for time in page.context["times"]][:2] == [0, 30]
    assert "data-time-zone-guess" not in page.content.decode()


@pytest.mark.row("G-25", "G-27")
@pytest.mark.parametrize(
    ("asked", "zone"),
    [
        ("berlin", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("India", "Asia/Kolkata"),
        ("são paulo", "America/Sao_Paulo"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_city_or_country_without_scripts(client, scheduler, asked, zone):
    page = client.get(url(scheduler, day="2027-03-02", find_zone=asked))

    assert any(f"day=2027-03-02&zone={zone}" in link for link in links(page))


@pytest.mark.row("G-25")
def test_a_search_without_result_says_so(client, scheduler):
    assert "We found no time zone for “Atlantis”" in text(client.get(url(scheduler, find_zone="Atlantis")))


@pytest.mark.row("G-25")
def test_a_day_is_the_day_of_the_chosen_zone(client, olga):
    early = factories.scheduler(olga, slug="early", schedule=factories.schedule(olga, hours=((0, 0, 120),)))

    page = client.get(url(early, day="2027-02-28", zone="America/New_York"))

    assert [time.start for time in page.context["times"]] == [TEN - timedelta(minutes=600 - 30 * n) for n in range(4)]


@pytest.mark.parametrize(
    ("languages", "clock", "first_weekday"),
    [
        ("en-US,en;q=0.9", "2:30 PM", "Sunday"),
        ("en-GB,en;q=0.8", "14:30", "Monday"),
        ("de", "14:30", "Monday"),
        ("en", "2:30 PM", "Sunday"),
        ("", "14:30", "Monday"),
        ("*;;q=,,-", "14:30", "Monday"),
    ],
)
def test_the_clock_and_the_week_follow_the_readers_locale(client, scheduler, languages, clock, first_weekday):
    page = client.get(url(scheduler, day="2027-03-01"), headers={"Accept-Language": languages})

    assert clock in [time.clock for time in page.context["times"]]
    assert re.search(r'<abbr title="(\w+)">', page.content.decode()).group(1) == first_weekday


def test_times_that_the_clock_shows_twice_say_their_offsets(client, olga):
    night = factories.schedule(olga, hours=((6, 60, 240),))
    owl = factories.scheduler(olga, slug="night-owl", schedule=night)

    page = client.get(url(owl, day="2027-10-31"))

    shown = [(time.clock, time.offset) for time in page.context["times"]]
    assert shown[1:7] == [
        ("01:30", ""),
        ("02:00", "UTC+02:00"),
        ("02:30", "UTC+02:00"),
        ("02:00", "UTC+01:00"),
        ("02:30", "UTC+01:00"),
        ("03:00", ""),
    ]


# --- Booking --------------------------------------------------------------------------------------------------------


@pytest.mark.row("G-27")
def test_plain_links_and_a_form_lead_to_a_booking(scheduler):
    client = Client(enforce_csrf_checks=True)
    month = client.get("/olga-berg/intro?month=2027-03&zone=Asia/Kathmandu")
    day = next(link for link in links(month) if "day=2027-03-01" in link).partition("#")[0]
    times = client.get(f"/olga-berg/intro{day}")
    time = next(link for link in links(times) if "start=2027-03-01T09:00Z" in link).partition("#")[0]

    answer = client.post(f"/olga-berg/intro{time}", fill_in(client, f"/olga-berg/intro{time}"))

    booking = Booking.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/b/")
    assert booking.start == TEN
    assert booking.invitee_name == "Ivan Invitee"
    assert booking.invitee_email == "ivan@example.com"
    assert booking.invitee_time_zone == "Asia/Kathmandu"
    assert booking.notes == "The harbour"


def test_after_booking_the_time_stands_in_the_invitees_zone(client, scheduler):
    address = url(scheduler, TEN, zone="Asia/Kathmandu")

    answer = client.post(address, fill_in(client, address), follow=True, headers={"Accept-Language": "en-GB"})

    page = text(answer)
    assert "You are booked" in page
    assert "Monday, 1 March 2027, 14:45 – 15:15" in page
    assert "Kathmandu, UTC+05:45" in page


@pytest.mark.row("G-30")
def test_name_and_email_can_come_with_the_address(client, scheduler):
    prefilled = url(scheduler, name="Ivan & Co", email="ivan@example.com")
    time = next(link for link in links(client.get(prefilled)) if "start=" in link)

    form = client.get(f"/olga-berg/intro{time.partition('#')[0].replace('Ivan+&+Co', 'Ivan+%26+Co')}")

    assert 'value="Ivan &amp; Co"' in form.content.decode()
    assert 'value="ivan@example.com"' in form.content.decode()


def test_sending_twice_makes_one_booking(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address)

    first, second = client.post(address, sent), client.post(address, sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1


def test_going_back_after_booking_and_sending_again_makes_no_second_booking(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address)
    client.get(client.post(address, sent).headers["Location"])

    again = client.post(address, sent | {"name": "Ivan the Second"}, follow=True)

    assert "You are booked" in text(again)
    assert [booking.invitee_name for booking in Booking.objects.all()] == ["Ivan Invitee"]


def test_a_time_taken_meanwhile_offers_the_nearest_and_keeps_what_was_typed(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address)
    book(Client(), scheduler)

    answer = client.post(address, sent)

    assert answer.status_code == 409
    assert "Somebody has just booked this time" in text(answer)
    assert shows(answer)
    nearest = re.findall(r'<button class="time" name="start" value="([^"]*)"', answer.content.decode())
    assert "2027-03-01T08:30Z" in nearest
    assert "2027-03-01T09:30Z" in nearest
    assert "2027-03-01T09:00Z" not in nearest


def test_one_of_the_nearest_times_is_booked_with_one_press(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address)
    book(Client(), scheduler)
    client.post(address, sent)

    client.post(address, sent | {"start": "2027-03-01T09:30Z"})

    assert Booking.objects.filter(invitee_email="ivan@example.com").latest("pk").start == TEN + timedelta(minutes=30)


def test_pressing_enter_on_the_page_of_a_taken_time_books_nothing_by_accident(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address)
    book(Client(), scheduler)

    page = client.post(address, sent).content.decode()

    assert re.search(r"<button[^>]*>", page[page.index('class="book"') :]).group() == "<button disabled hidden>"


def test_a_link_to_a_time_that_is_gone_names_the_nearest(client, scheduler):
    book(client, scheduler)

    page = client.get(url(scheduler, TEN))

    assert page.status_code == 200
    assert "This time is not free any more." in text(page)
    assert any("start=2027-03-01T09:30Z" in link for link in links(page))


def test_a_cancelled_time_can_be_booked_again(client, scheduler):
    book(client, scheduler)
    bookings.cancel(Booking.objects.get(), by=None)

    assert book(client, scheduler).status_code == 302
    assert Booking.objects.filter(status=BookingStatus.CONFIRMED).count() == 1


# --- Bots and floods ------------------------------------------------------------------------------------------------


@pytest.mark.row("G-31")
def test_a_form_that_comes_back_at_once_is_to_be_sent_again(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address) | {"stamp": challenges.stamp()}

    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert "press “Book” once more" in text(answer)
    assert shows(answer)
    assert invitee.hidden(answer)["key"] == sent["key"]
    assert f'name="stamp" value="{sent["stamp"]}"' in answer.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.row("G-31")
@pytest.mark.parametrize("stamp", ["", "forged", challenges.SALT, "1:2:3"])
def test_a_form_that_was_never_given_out_is_to_be_sent_again(client, scheduler, stamp):
    address = url(scheduler, TEN)

    answer = client.post(address, fill_in(client, address) | {"stamp": stamp})

    assert answer.status_code == 422
    assert shows(answer)
    assert not Booking.objects.exists()


@pytest.mark.row("G-31")
def test_a_form_of_yesterday_is_to_be_sent_again(client, scheduler):
    address = url(scheduler, TEN)
    old = {"stamp": challenges.stamp(age=timedelta(days=2))}

    answer = client.post(address, fill_in(client, address) | old)

    assert answer.status_code == 422
    assert shows(answer)
    assert client.post(address, invitee.hidden(answer) | invitee.IVAN).status_code == 302


@pytest.mark.row("G-31")
def test_who_fills_in_what_nobody_sees_is_asked_for_a_tick(client, scheduler):
    address = url(scheduler, TEN)
    sent = fill_in(client, address) | {challenges.TRAP: "555-0100"}

    asked = client.post(address, sent)
    ticked = client.post(address, sent | {"confirm": "yes"})

    assert asked.status_code == 422
    assert "please tick the box below" in text(asked)
    assert 'type="checkbox" id="confirm"' in asked.content.decode()
    assert shows(asked)
    assert ticked.status_code == 302


@pytest.mark.row("G-31")
def test_after_several_bookings_from_one_address_one_more_tick_is_asked_for(client, scheduler, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"booking_unasked": "2/10m/ip"}

    answers = [book(client, scheduler, TEN + timedelta(hours=hour)).status_code for hour in range(3)]
    ticked = book(client, scheduler, TEN + timedelta(hours=2), confirm="yes")

    assert answers == [302, 302, 422]
    assert ticked.status_code == 302


@pytest.mark.row("G-31")
def test_too_many_tries_are_429_and_keep_what_was_typed(client, scheduler, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"booking": "2/m/ip"}
    address = url(scheduler, TEN)
    sent = fill_in(client, address)

    answers = [client.post(address, sent | {"email": "wrong"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "Please wait a minute" in text(answers[-1])
    assert shows(answers[-1], {"name": "Ivan Invitee", "email": "wrong", "notes": "The harbour"})


@pytest.mark.row("G-31")
def test_reading_is_never_limited(client, scheduler, settings):
    settings.ACCOUNT_RATE_LIMITS = {"booking": "1/m/ip", "manage": "1/m/ip"}

    assert {client.get(url(scheduler)).status_code for _ in range(5)} == {200}


# --- Weight ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/olga-berg/intro", "/olga-berg/intro?month=2027-03", "/olga-berg/intro?month=2028-01"]
)
def test_a_month_takes_at_most_8_queries_whatever_the_number_of_bookings(client, scheduler, address):
    counts = []
    for start in (0, 10, 200):
        for number in range(start - Booking.objects.count()):
            factories.booking(scheduler, start=TEN + timedelta(minutes=30 * number))
        with CaptureQueriesContext(
            database,
        ) as queries:
            client.get(address)
        counts.append(len(queries))

    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_a_first_visit_asks_for_at_most_six_things_and_50_kilobytes(client, scheduler):
    page = client.get("/olga-berg/intro?month=2027-03")

    files = re.findall(r'(?:href|src)="(/static/[^"]*)"', page.content.decode())
    sizes = [len(b"".join(client.get(file))) for file in files]

    assert len(files) + 1 <= 6
    assert len(page.content) + sum(sizes) < 50_000


# --- Another time --------------------------------------------------------------------------------------------------


def test_who_changes_the_time_finds_what_he_typed_again(client, scheduler):
    address = url(scheduler, TEN)

    calendar = client.post(address, fill_in(client, address) | {"change": ""})

    assert calendar.status_code == 302
    assert calendar["Location"] == url(scheduler).replace("%2F", "/") + "#times"
    assert not any(typed in unquote(calendar["Location"]) for typed in invitee.IVAN.values())
    form = client.get(url(scheduler, TEN + timedelta(hours=1))).context["form"]
    assert form.initial == invitee.IVAN
    assert not Booking.objects.exists()


def test_what_was_typed_is_forgotten_once_it_is_booked(client, scheduler):
    address = url(scheduler, TEN)
    client.post(address, fill_in(client, address) | {"change": ""})

    book(client, scheduler, TEN)

    assert client.get(url(scheduler, TEN + timedelta(hours=1))).context["form"].initial == {"name": "", "email": ""}


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", ":", "é"])
def test_a_forged_memory_of_what_was_typed_is_ignored(client, scheduler, forged):
    client.cookies["draft"] = forged

    assert client.get(url(scheduler, TEN)).context["form"].initial == {"name": "", "email": ""}
