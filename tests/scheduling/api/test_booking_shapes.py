"""What applications are shown of a booking and of a scheduler."""

import uuid
from datetime import timedelta

import pytest
from django.utils.timezone import now

from integrations import defaults
from outbox import intents
from scheduling import bookings
from scheduling.models import Booking, BookingStatus, Meeting, MeetingState, Scheduler
from scheduling.shapes import bookings as shapes
from scheduling.shapes import schedulers as scheduler_shapes
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.row("G-52")]

NINE = MONDAY + timedelta(hours=8)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu", notes="The harbour.")


@pytest.fixture
def booked(scheduler):
    return bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())


def test_a_booking_is_shown_with_all_that_its_page_says(booked, olga, settings):
    settings.BASE_URL = "https://bridge.example.org"
    shown = shapes.shape_of(booked).model_dump(mode="json")

    place = shown.pop("place")
    assert shown == {
        "id": str(booked.uid),
        "ical_uid": f"{booked.uid}@bridge.example.org",
        "sequence": 0,
        "status": "confirmed",
        "start": "2027-03-01T08:00:00Z",
        "end": "2027-03-01T08:30:00Z",
        "duration": 30,
        "scheduler": {"id": str(booked.scheduler.uid), "name": "Intro call"},
        "host": {"id": str(olga.uid), "name": "Olga Berg"},
        "invitee": {
            "name": "Ivan Invitee",
            "email": "ivan@example.com",
            "time_zone": "Asia/Kathmandu",
            "language": "en",
        },
        "notes": "The harbour.",
        "created_at": booked.created_at.isoformat().replace("+00:00", "Z"),
        "cancellation": None,
        "url": f"https://bridge.example.org/o/{olga.organization.slug}/bookings/{booked.uid}",
        "is_private": False,
    }
    assert (place["service"], place["name"], place["state"]) == ("builtin", "Bridge room", "ready")
    assert "/room/" in place["join_url"]
    assert "/room/" in place["invitee_join_url"]
    assert place["join_url"] != place["invitee_join_url"]


def test_a_cancelled_booking_says_by_whom_and_why_and_leads_nowhere(booked, olga):
    bookings.cancel(booked, by=olga.user, reason="I am ill.")
    intents.drain()
    shown = shapes.shape_of(booked)

    assert (shown.status, shown.sequence) == (BookingStatus.CANCELLED, 1)
    assert (shown.cancellation.by, shown.cancellation.reason) == ("host", "I am ill.")
    assert (shown.place.state, shown.place.join_url, shown.place.invitee_join_url) == ("removed", "", "")


def test_an_invitee_who_cancels_is_named_as_the_one(booked):
    bookings.cancel(booked, by=None)

    assert shapes.shape_of(booked).cancellation.by == "invitee"


def test_a_link_is_pending_until_it_is_there_and_no_account_is_told(scheduler, olga, connect_zoom):
    account = connect_zoom(olga).grant.email
    defaults.make_default(olga, "zoom")
    booked = bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())
    before = shapes.shape_of(booked).place
    intents.drain()
    after = shapes.shape_of(booked)

    assert (before.service, before.state, before.join_url) == ("zoom", "pending", "")
    assert (after.place.state, after.place.join_url) == ("ready", Meeting.objects.get().join_url)
    assert account
    assert account not in after.model_dump_json()


@pytest.mark.parametrize(
    ("state", "shown"),
    [(MeetingState.FAILED, "failed"), (MeetingState.DETACHED, "detached"), (MeetingState.REMOVED, "removed")],
)
def test_the_states_of_a_place_have_words_of_their_own(booked, state, shown):
    booked.meeting.state = state
    booked.meeting.save()

    assert shapes.shape_of(booked).place.state == shown


def test_a_meeting_that_is_over_has_nothing_to_join(booked):
    start, end = now() - timedelta(hours=2), now() - timedelta(hours=1)
    Booking.objects.update(start=start, end=end, busy_start=start, busy_end=end)

    assert shapes.shape_of(booked).place.join_url == ""


def test_a_booking_costs_one_query_and_none_if_it_was_read_whole(booked, django_assert_num_queries):
    with django_assert_num_queries(1):
        shapes.shape_of(booked)
    whole = shapes.complete(Booking.objects.all()).get()
    with django_assert_num_queries(0):
        shapes.shape_of(whole)


def test_of_somebody_who_left_the_name_stays(booked, olga):
    olga.delete()
    shown = shapes.shape_of(booked).host

    assert (shown.id, shown.name) == (None, "Olga Berg")


def test_a_scheduler_is_shown_without_the_account_that_hosts(olga, connect_zoom, settings, django_assert_num_queries):
    account = connect_zoom(olga)
    settings.BASE_URL = "https://bridge.example.org"
    factories.scheduler(olga, slug="intro", connection=account, place="zoom", durations=[30, 60])
    found = scheduler_shapes.complete(Scheduler.objects.all()).get()
    with django_assert_num_queries(0):
        shown = scheduler_shapes.shape_of(found)

    assert shown.url == "https://bridge.example.org/olga-berg/intro"
    assert (shown.place.service, shown.place.name) == ("zoom", "Zoom")
    assert (shown.durations, shown.time_zone, shown.is_active) == ([30, 60], "Europe/Berlin", True)
    assert account.grant.email not in shown.model_dump_json()
