"""The demo: an organization full of what Bridge can show, loaded by a click or a command, as often as one likes."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Delegation, Invitation, Team, User
from integrations import rehearsal
from integrations.models import Calendar, CalendarEvent, Connection
from integrations.simulators.google import tryout as google_tryout
from integrations.simulators.microsoft import tryout as microsoft_tryout
from integrations.simulators.zoom import tryout
from outbox.models import Intent
from scheduling import demo, demo_cast
from scheduling.models import BookedEvent, Booking, Meeting, Schedule, Scheduler

pytestmark = pytest.mark.usefixtures("google", "microsoft")

TOLD = {person.email for person in demo_cast.PEOPLE}


def everything():
    return [model.objects.count() for model in (User, Schedule, Scheduler, Booking, Meeting, Connection)]


@pytest.mark.row("G-69")
def test_one_click_fills_the_newcomers_own_organization(olga, sign_in, zoom, after_commit):
    with after_commit():
        answer = sign_in(olga).post("/tryout/demo")

    assert answer.url == f"/o/{olga.organization.slug}/schedules"
    assert {scheduler.host for scheduler in Scheduler.objects.all()} == {olga.user}
    assert Scheduler.objects.count() == len(demo_cast.OFFERS)
    accounts = {*demo_cast.ACCOUNTS, "olga@harbour.example"}
    assert set(Connection.objects.values_list("grant__email", flat=True)) == accounts


@pytest.mark.row("G-69")
def test_its_coming_bookings_are_meetings_at_the_simulated_zoom(olga, zoom, after_commit):
    with after_commit():
        demo.fill(olga)

    ready = Meeting.objects.filter(place="zoom", state="ready")
    assert ready.count() == 4
    assert {meeting.join_url for meeting in ready} == {zoom.join_url(meeting) for meeting in zoom.meetings()}
    assert Meeting.objects.filter(state="failed").count() == 1
    assert Booking.objects.filter(status="cancelled").count() == 1


def test_an_account_that_is_named_hosts(olga, zoom, after_commit):
    with after_commit():
        demo.fill(olga)

    named = Scheduler.objects.get(slug=demo_cast.TALK)
    assert named.connection.grant.email == demo_cast.ACCOUNTS[1]


def test_twice_is_once(olga, zoom, after_commit):
    counted = []
    for _ in range(2):
        with after_commit():
            demo.fill(olga)
        counted.append([*everything(), len(zoom.meetings())])

    assert counted[0] == counted[1]


def test_while_the_simulated_zoom_is_away_the_rest_is_there(olga, zoom, settings, after_commit):
    settings.ZOOM_OAUTH_URL = "http://127.0.0.1:9"
    with after_commit():
        demo.fill(olga)

    assert Booking.objects.exists()
    assert not Connection.objects.exists()
    assert Intent.objects.pending().filter(kind="demo").exists()


def test_the_try_now_of_its_failed_booking_works(olga, sign_in, zoom, after_commit):
    with after_commit():
        demo.fill(olga)
    failed = Meeting.objects.get(state="failed")
    with after_commit():
        sign_in(olga).post(f"/o/{olga.organization.slug}/bookings/{failed.booking.uid}/retry")

    failed.refresh_from_db()
    assert failed.state == "ready"


def test_the_command_makes_people_who_can_sign_in_and_prints_how(client, db):
    told = []
    for _ in range(2):
        out = io.StringIO()
        call_command("load_demo", stdout=out)
        told.append(out.getvalue())

    assert all(email in text for email in TOLD for text in told)
    assert set(User.objects.values_list("email", flat=True)) == TOLD
    assert (Team.objects.count(), Invitation.objects.count()) == (1, 1)
    credentials = {"login": "olga@example.org", "password": demo_cast.PASSWORD}
    assert client.post("/account/login/", credentials).status_code == 302
    assert demo_cast.PASSWORD in told[0]


def test_the_command_connects_the_simulated_zoom_for_everybody(settings, zoom, db, after_commit):
    whole = f"{settings.BASE_URL}/connect/zoom/organization/callback"
    zoom.add_app(settings.ZOOM_ADMIN_CLIENT_ID, settings.ZOOM_ADMIN_CLIENT_SECRET, [whole], kind="admin_managed")
    tryout.furnish(zoom, [whole])
    for _ in range(2):
        with after_commit():
            call_command("load_demo", stdout=io.StringIO())

    shared = Connection.objects.get(membership=None)
    seats = {seat.membership.user.email: (seat.state, seat.licensed) for seat in shared.seats.all()}
    assert shared.grant.email == demo_cast.CONNECTED_BY
    assert seats["rosa@example.org"] == ("found", True)
    assert seats["bruno@example.org"] == ("found", False)
    assert seats["adam@example.org"][0] == "not_found"


def test_every_page_of_the_demo_can_be_seen(olga, sign_in, zoom, after_commit):
    with after_commit():
        demo.fill(olga)
    browser, base = sign_in(olga), f"/o/{olga.organization.slug}"
    shown = [f"{base}/bookings?show={show}" for show in ("today", "upcoming", "past", "cancelled", "attention")]
    pages = [f"{base}/schedules", f"{base}/availability", *shown]
    pages += [f"{base}/bookings/{booking.uid}" for booking in Booking.objects.all()]
    pages += [f"{base}/schedules/{offer.slug}/preview" for offer in demo_cast.OFFERS]

    assert {browser.get(page).status_code for page in pages} == {200}


def is_met(booking):
    """By something else that closes its time."""
    events = CalendarEvent.objects.filter(calendar__is_busy=True, blocks=True)
    found = events.filter(start__lt=booking.busy_end, end__gt=booking.busy_start)
    return found.exclude(external_id=booking.booked_event.external_id).exists()


@pytest.mark.row("G-69")
def test_its_calendar_is_full_and_bookings_stand_in_it_beside_what_closes_times(olga, zoom, google, after_commit):
    google_tryout.furnish(google)
    with after_commit():
        demo.fill(olga)

    calendars = Calendar.objects.filter(membership=olga)
    assert {calendar.name: (calendar.is_busy, calendar.receives) for calendar in calendars} == {
        "olga@harbour.example": (True, True),
        "Family": (True, False),
        "Holidays in Germany": (False, False),
    }
    events = CalendarEvent.objects.filter(calendar__membership=olga)
    assert events.filter(is_private=True).count() == 2
    assert events.exclude(join_url="").exists()
    assert events.filter(is_tentative=True).exists()
    assert events.filter(response="declined", blocks=False).exists()
    assert events.exclude(first_day=None).exists()
    standing = {event.fields["summary"]: event for event in google.events("olga@harbour.example")}
    assert {"Intro call: Ivan Petrov", "Consultation: Kofi Mensah"} <= standing.keys()
    assert [booking for booking in Booking.objects.filter(meeting__place="zoom") if is_met(booking)] == []


@pytest.mark.row("G-69")
def test_the_command_fills_the_calendars_of_both_who_work_and_names_a_delegate(
    db, zoom, google, microsoft, after_commit
):
    google_tryout.furnish(google)
    microsoft_tryout.furnish(microsoft)
    counted = []
    for _ in range(2):
        with after_commit():
            call_command("load_demo", stdout=io.StringIO())
        counted.append([*everything(), Calendar.objects.count(), BookedEvent.objects.count()])

    busy = Calendar.objects.filter(is_busy=True)
    assert {*busy.values_list("membership__user__email", "connection__grant__provider")} == {
        ("olga@example.org", "google"),
        ("mina@example.org", "microsoft"),
    }
    delegation = Delegation.objects.get()
    assert (delegation.owner.user.name, delegation.delegate.user.name) == ("Olga Berg", "Mina Sol")
    assert not delegation.private_events
    assert counted[0] == counted[1]


def test_it_never_meets_a_provider_that_nobody_plays(olga, zoom, settings, after_commit):
    settings.GOOGLE_OAUTH_URL = settings.GOOGLE_TOKEN_URL = "https://accounts.google.com"
    with after_commit():
        demo.fill(olga)

    assert not rehearsal.is_played("google")
    assert set(Connection.objects.values_list("grant__provider", flat=True)) == {"zoom"}
    with pytest.raises(RuntimeError):
        rehearsal.connect(olga, "google", "olga@harbour.example")


def test_production_has_no_demo(settings, db):
    settings.SIMULATORS = False

    with pytest.raises(CommandError):
        call_command("load_demo")


def test_a_look_loads_nothing(olga, sign_in):
    assert sign_in(olga).get(reverse("load_demo")).status_code == 405
    assert not Scheduler.objects.exists()
