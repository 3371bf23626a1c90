"""The page of our own room: who is expected when, the way in, and a sentence where there is none."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from scheduling import bookings, manage_links
from scheduling.models import Booking, RoomPolicy
from tests import factories
from tests.scheduling.invitee import book


def text(page) -> str:
    return html.unescape(" ".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", page.content.decode()).split()))


def door(booking: Booking, **who: bool) -> str:
    return "/room/" + manage_links.room_url(booking, **who).rpartition("/")[2]


@pytest.fixture
def booking(client, scheduler) -> Booking:
    book(client, scheduler)
    return Booking.objects.get()


def test_both_see_when_it_is_in_their_own_zone_and_who_is_expected(client, booking):
    booking.invitee_time_zone = "Asia/Kathmandu"
    booking.save()

    guest = text(client.get(door(booking), headers={"Accept-Language": "en-GB"}))
    host = text(client.get(door(booking, as_host=True), headers={"Accept-Language": "en-GB"}))

    assert "Monday, 1 March 2027, 14:45 – 15:15" in guest
    assert "Olga Berg lets you in." in guest
    assert "Monday, 1 March 2027, 10:00 – 10:30" in host
    assert "Ivan Invitee waits until you let him or her in." in host


def test_each_sees_how_to_reach_the_other(client, booking):
    assert "mailto:olga@example.org" in client.get(door(booking)).content.decode()
    assert "mailto:ivan@example.com" in client.get(door(booking, as_host=True)).content.decode()


def test_it_says_how_things_stand(client, scheduler):
    early = factories.booking(scheduler)
    running = factories.booking(scheduler, start=now() - timedelta(minutes=5))
    late = factories.booking(scheduler, start=now() - timedelta(hours=1))
    over = factories.booking(scheduler, start=now() - timedelta(hours=3))
    for booking in (early, running, late, over):
        factories.meeting(booking)

    assert "You are early." in text(client.get(door(early)))
    assert "both of you are expected now" in text(client.get(door(running)))
    assert "The time of this meeting is over." in text(client.get(door(late)))
    assert "<video" in client.get(door(late)).content.decode()
    assert "This meeting is over." in text(client.get(door(over)))
    assert "<video" not in client.get(door(over)).content.decode()


def test_nobody_is_expected_after_a_cancellation(client, booking):
    bookings.cancel(booking, by=None)

    page = client.get(door(booking))

    assert "Nobody is expected here." in text(page)
    assert "<video" not in page.content.decode()


def test_a_meeting_that_was_moved_elsewhere_says_so_and_opens_no_manage_page(client, booking):
    booking.meeting.place = "phone"
    booking.meeting.save()

    page = client.get(door(booking))

    assert "takes place somewhere else now" in text(page)
    assert "/b/" not in page.content.decode()


def test_only_pictures_and_sound_of_our_own_are_allowed_beyond_the_rest(client, booking):
    usual = dict(part.split(" ", 1) for part in client.get("/")["Content-Security-Policy"].split("; "))
    here = dict(part.split(" ", 1) for part in client.get(door(booking))["Content-Security-Policy"].split("; "))

    assert here == usual | {"media-src": "'self' blob:"}


def test_what_is_said_to_scripts_cannot_become_one(client, scheduler):
    evil = factories.booking(scheduler, invitee_name="</script><b>%(host)s")
    factories.meeting(evil)

    page = client.get(door(evil, as_host=True)).content.decode()

    data = json.loads(re.search(r'<script id="room-data"[^>]*>(.*?)</script>', page)[1])
    assert "</script><b>" not in page
    assert set(data["addresses"]) == {"enter", "exchange", "admit", "refuse", "leave"}


def test_the_operator_may_let_browsers_ask_less_often(client, booking, settings):
    settings.ROOM_PACE = 2.0
    assert '"pace": 2.0' in client.get(manage_links.room_url(booking)).content.decode()


def test_the_door_does_not_open_the_manage_page(client, booking):
    secret = door(booking).rpartition("/")[2]

    assert client.get(f"/b/{secret}").status_code == 404
    assert client.get(f"/room/{manage_links.secret(booking)}").status_code == 404


def test_nobody_else_learns_where_the_door_is(client, booking):
    answer = client.get(door(booking))

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.row("IN-8")
def test_where_the_organization_prefers_a_jitsi_server_both_are_led_to_the_same_room_there(olga, scheduler):
    RoomPolicy.objects.create(organization=olga.organization, jitsi_url="https://meet.example.com")
    first, second = factories.booking(scheduler), factories.booking(scheduler, start=now() + timedelta(days=1))
    for booking in (first, second):
        factories.meeting(booking)

    host, guest, other = (
        _led_to(Client().get(address)) for address in (door(first, as_host=True), door(first), door(second))
    )

    assert host == guest != other
    assert re.fullmatch(r"https://meet\.example\.com/bridge-[0-9a-f]{32}", host)
    assert first.uid.hex not in host


def test_the_way_to_a_jitsi_server_loads_nothing_from_there(client, olga, scheduler, settings):
    settings.JITSI_URL = "https://meet.example.com"
    booking = factories.booking(scheduler)
    factories.meeting(booking)

    page = client.get(door(booking)).content.decode()

    assert re.findall(r'(?:src|action)="https?:[^"]*', page) == []
    assert page.count("https://meet.example.com") == 1


def test_who_chose_our_own_rooms_stays_there_whatever_the_installation_says(client, olga, scheduler, settings):
    settings.JITSI_URL = "https://meet.example.com"
    RoomPolicy.objects.create(organization=olga.organization, jitsi_url="")
    booking = factories.booking(scheduler)
    factories.meeting(booking)

    assert "<video" in client.get(door(booking)).content.decode()


def _led_to(page) -> str:
    found = re.search(r'href="(https://meet[^"]+)"', page.content.decode())
    assert found, "the page leads to the other server"
    return found[1]


def test_camera_microphone_and_screen_may_be_used_on_this_page_alone(client, booking):
    here = client.get(door(booking))["Permissions-Policy"]
    bookings.cancel(booking, by=None)
    closed = client.get(door(booking))["Permissions-Policy"]

    assert here == "camera=(self), microphone=(self), display-capture=(self)"
    assert closed == client.get("/")["Permissions-Policy"] == "camera=(), microphone=(), display-capture=()"
