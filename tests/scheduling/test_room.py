"""The built-in room, for now: who is expected when, and no more."""

import html
import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from scheduling import bookings, manage_links
from scheduling.models import Booking
from tests import factories
from tests.scheduling.invitee import book


def text(page) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()))


def door(booking: Booking, **who: bool) -> str:
    return "/room/" + manage_links.room_url(booking, **who).rpartition("/")[2]


@pytest.fixture
def booking(client, scheduler) -> Booking:
    book(client, scheduler)
    return Booking.objects.get()


def test_both_see_who_is_expected_when_in_their_own_zone(client, booking):
    booking.invitee_time_zone = "Asia/Kathmandu"
    booking.save()

    guest = text(client.get(door(booking), headers={"Accept-Language": "en-GB"}))
    host = text(client.get(door(booking, as_host=True), headers={"Accept-Language": "en-GB"}))

    assert "Guest Ivan Invitee you" in guest
    assert "Monday, 1 March 2027, 14:45 – 15:15" in guest
    assert "Host Olga Berg you" in host
    assert "Monday, 1 March 2027, 10:00 – 10:30" in host


def test_it_claims_no_more_than_it_can_do(client, booking):
    page = text(client.get(door(booking)))

    assert "does not carry sound or pictures yet" in page
    assert "<video" not in client.get(door(booking)).content.decode()


def test_it_says_when_it_is_time_and_when_it_is_over(client, scheduler):
    running = factories.booking(scheduler, start=now() - timedelta(minutes=5))
    over = factories.booking(scheduler, start=now() - timedelta(days=1))
    for booking in (running, over):
        factories.meeting(booking)

    assert "both of you are expected now" in text(client.get(door(running)))
    assert "This meeting is over." in text(client.get(door(over)))


def test_nobody_is_expected_after_a_cancellation(client, booking):
    bookings.cancel(booking, by=None)

    page = text(client.get(door(booking)))

    assert "Nobody is expected here." in page
    assert "does not carry" not in page


def test_the_door_does_not_open_the_manage_page(client, booking):
    secret = door(booking).rpartition("/")[2]

    assert client.get(f"/b/{secret}").status_code == 404
    assert client.get(f"/room/{manage_links.secret(booking)}").status_code == 404


def test_nobody_else_learns_where_the_door_is(client, booking):
    answer = client.get(door(booking))

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "private" in answer.headers["Cache-Control"]
