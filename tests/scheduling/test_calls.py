"""What the page of a room asks over HTTP: who may come in, who hears what, and what is too much."""

import base64
import hashlib
import hmac
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from scheduling import bookings, calls, manage_links
from scheduling.models import Booking, CallParticipant, CallSignal
from scheduling.tasks import forget_calls
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(scheduler) -> Booking:
    booking = factories.booking(scheduler, start=now() - timedelta(minutes=5))
    factories.meeting(booking)
    return booking


class Visitor:
    """A page in somebody's browser."""

    def __init__(self, booking, name="Ivan", *, as_host=False, before=""):
        self.client, self.numbers = Client(), 0
        self.address = "/room/" + manage_links.room_url(booking, as_host=as_host).rpartition("/")[2]
        self.came = self.post("enter", name=name, before=before)
        said = self.came.json()
        self.key, self.uid = said.get("key", ""), said.get("uid", "")

    def post(self, verb, **said):
        return self.client.post(f"{self.address}/{verb}", said, content_type="application/json")

    def exchange(self, **said):
        """As if a while had passed since the last time."""
        CallParticipant.objects.filter(uid=self.uid, seen_at__gt=now() - timedelta(seconds=1)).update(
            seen_at=now() - timedelta(seconds=1)
        )
        return self.post("exchange", key=self.key, **said)

    def hears(self, **said):
        return self.exchange(**said).json()

    def signal(self, to, data):
        self.numbers += 1
        return {"to": to.uid, "number": self.numbers, "data": data}

    def tell(self, to, *data):
        return self.exchange(signals=[self.signal(to, one) for one in data])

    def decide(self, verb, about):
        return self.post(verb, key=self.key, uid=about.uid)


@pytest.fixture
def olga_there(booking):
    return Visitor(booking, "Olga", as_host=True)


@pytest.fixture
def come(booking, olga_there):
    """come("Ivan"): somebody whom Olga has let in."""

    def admitted(name="Ivan"):
        visitor = Visitor(booking, name)
        assert olga_there.decide("admit", visitor).status_code == 200
        return visitor

    return admitted


def silent(visitor, **time_ago):
    CallParticipant.objects.filter(uid=visitor.uid).update(seen_at=now() - timedelta(**time_ago))


class TestTheDoor:
    def test_the_host_is_inside_at_once_and_a_guest_waits_for_him(self, booking, olga_there):
        ivan = Visitor(booking)

        assert olga_there.hears()["waiting"] == [{"uid": ivan.uid, "name": "Ivan", "is_host": False}]
        assert ivan.hears() == {"state": "waiting", "host_is_here": True, "is_full": False}

    def test_before_the_host_comes_it_says_so(self, booking):
        assert Visitor(booking).hears() == {"state": "waiting", "host_is_here": False, "is_full": False}

    @pytest.mark.row("IN-8")
    def test_who_is_let_in_sees_the_others_and_they_see_him(self, olga_there, come):
        ivan = come()

        said = ivan.hears()

        assert said["state"] == "inside"
        assert said["people"] == [{"uid": olga_there.uid, "name": "Olga", "is_host": True}]
        assert olga_there.hears()["people"] == [{"uid": ivan.uid, "name": "Ivan", "is_host": False}]

    def test_who_is_refused_is_told_and_waits_no_more(self, booking, olga_there):
        ivan = Visitor(booking)

        olga_there.decide("refuse", ivan)

        assert ivan.hears() == {"state": "refused"}
        assert olga_there.hears()["waiting"] == []
        assert olga_there.decide("admit", ivan).status_code == 200
        assert ivan.hears() == {"state": "refused"}

    def test_guests_do_not_see_who_waits_nor_let_anybody_in(self, booking, come):
        ivan, waiting = come(), Visitor(booking, "Wanda")

        assert ivan.hears()["waiting"] == []
        assert ivan.decide("admit", waiting).status_code == 404
        assert ivan.decide("refuse", waiting).status_code == 404
        assert waiting.hears()["state"] == "waiting"

    def test_a_host_lets_nobody_into_another_room(self, scheduler, booking, olga_there):
        other = factories.booking(scheduler, start=now())
        factories.meeting(other)
        elsewhere = Visitor(other)

        olga_there.decide("admit", elsewhere)

        assert elsewhere.hears()["state"] == "waiting"

    def test_who_was_let_in_comes_back_without_asking_again(self, booking, olga_there, come):
        ivan = come()
        again = Visitor(booking, before=ivan.key)

        assert again.hears()["state"] == "inside"
        assert [person["uid"] for person in olga_there.hears()["people"]] == [again.uid]
        assert ivan.hears() == {"state": "gone"}

    def test_who_was_refused_asks_again(self, booking, olga_there):
        ivan = Visitor(booking)
        olga_there.decide("refuse", ivan)

        assert Visitor(booking, before=ivan.key).hears()["state"] == "waiting"

    @pytest.mark.parametrize("before", ["nonsense", "a.b", "0" * 32, "\x00"])
    def test_a_key_that_is_none_lets_nobody_in(self, booking, olga_there, before):
        assert Visitor(booking, before=before).hears()["state"] == "waiting"

    def test_the_key_of_the_host_opens_nothing_at_the_guests_door(self, booking, olga_there):
        thief = Visitor(booking, before=olga_there.key)

        assert thief.hears()["state"] == "waiting"
        thief.key = olga_there.key
        assert thief.exchange().status_code == 404

    def test_who_leaves_or_falls_silent_is_no_longer_there(self, olga_there, come):
        ivan, ida = come("Ivan"), come("Ida")
        ivan.post("leave", key=ivan.key)
        silent(ida, seconds=31)

        assert olga_there.hears()["people"] == []
        assert ivan.hears() == ida.hears() == {"state": "gone"}

    def test_who_waits_in_a_page_in_the_background_is_given_longer(self, booking, olga_there):
        ivan = Visitor(booking)
        silent(ivan, seconds=80)
        assert len(olga_there.hears()["waiting"]) == 1

        silent(ivan, seconds=91)
        assert olga_there.hears()["waiting"] == []


class TestHowMany:
    def test_four_are_inside_and_the_next_one_is_told(self, booking, olga_there, come):
        inside = [come(f"Guest {number}") for number in range(3)]
        fifth = Visitor(booking, "Fifth")

        refused = olga_there.decide("admit", fifth)

        assert (refused.status_code, "it holds four people" in refused.json()["sentence"]) == (409, True)
        assert fifth.hears() == {"state": "waiting", "host_is_here": True, "is_full": True}
        assert "it holds four people" in Visitor(booking, "Olga", as_host=True).came.json()["sentence"]
        inside[0].post("leave", key=inside[0].key)
        assert olga_there.decide("admit", fifth).status_code == 200
        assert fifth.hears()["state"] == "inside"

    def test_coming_back_into_a_room_that_filled_up_is_refused_with_a_sentence(self, booking, olga_there, come):
        ivan = come()
        ivan.post("leave", key=ivan.key)
        for number in range(3):
            come(f"Guest {number}")

        again = Visitor(booking, before=ivan.key).came

        assert (again.status_code, "The room is full" in again.json()["sentence"]) == (409, True)

    def test_no_more_than_six_wait(self, booking):
        came = [Visitor(booking, f"Guest {number}").came.status_code for number in range(7)]

        assert came == [200] * 6 + [409]


class TestSignals:
    @pytest.mark.row("IN-8")
    def test_they_arrive_in_the_order_they_were_sent(self, olga_there, come):
        ivan = come()
        ivan.tell(olga_there, {"description": "first"})
        ivan.tell(olga_there, {"candidate": "second"}, {"candidate": "third"})

        heard = olga_there.hears()["signals"]

        assert [signal["data"] for signal in heard] == [
            {"description": "first"},
            {"candidate": "second"},
            {"candidate": "third"},
        ]
        assert {signal["from"] for signal in heard} == {ivan.uid}

    def test_they_come_again_until_they_are_acknowledged(self, olga_there, come):
        ivan = come()
        ivan.tell(olga_there, "one", "two")

        assert len(olga_there.hears()["signals"]) == 2
        assert [signal["data"] for signal in olga_there.hears(got={ivan.uid: 1})["signals"]] == ["two"]
        assert olga_there.hears(got={ivan.uid: 2})["signals"] == []
        assert not CallSignal.objects.exists()

    def test_what_is_sent_twice_arrives_once(self, olga_there, come):
        ivan = come()
        signal = ivan.signal(olga_there, "hello")

        for _time in range(2):
            assert ivan.exchange(signals=[signal]).status_code == 200

        assert len(olga_there.hears()["signals"]) == 1

    def test_nobody_hears_what_is_for_another_nor_takes_it_away(self, olga_there, come):
        ivan, ida = come("Ivan"), come("Ida")
        ivan.tell(olga_there, "for Olga")

        assert ida.hears(got={ivan.uid: 99})["signals"] == []
        assert [signal["data"] for signal in olga_there.hears()["signals"]] == ["for Olga"]

    def test_who_waits_neither_speaks_nor_hears_nor_learns_who_is_inside(self, booking, olga_there, come):
        ivan, waiting = come(), Visitor(booking, "Wanda")
        waiting.tell(olga_there, "let me in")
        ivan.tell(waiting, "hello")

        assert waiting.hears() == {"state": "waiting", "host_is_here": True, "is_full": False}
        assert not CallSignal.objects.exists()

    def test_nothing_crosses_from_room_to_room(self, scheduler, olga_there, come):
        other = factories.booking(scheduler, start=now())
        factories.meeting(other)
        elsewhere = Visitor(other, "Olga", as_host=True)

        come().tell(elsewhere, "hello")

        assert elsewhere.hears()["signals"] == []

    def test_one_that_is_too_large_is_refused_with_a_sentence(self, olga_there, come):
        refused = come().tell(olga_there, "x" * calls.SIGNAL_BYTES)

        assert (refused.status_code, "reload the page" in refused.json()["sentence"]) == (409, True)
        assert not CallSignal.objects.exists()

    def test_so_is_a_request_that_is_too_large(self, olga_there):
        assert olga_there.exchange(more="x" * 300_000).status_code == 400

    def test_no_more_are_kept_than_can_be_fetched_in_a_while(self, olga_there, come):
        ivan = come()
        answers = [ivan.tell(olga_there, *range(50)).status_code for _time in range(5)]

        assert answers == [200, 200, 200, 200, 409]
        assert CallSignal.objects.count() == calls.SIGNALS_PENDING
        assert len(olga_there.hears()["signals"]) == 50

    def test_asking_without_a_pause_is_refused(self, olga_there):
        olga_there.hears()

        assert olga_there.post("exchange", key=olga_there.key).status_code == 429


class TestBadInput:
    @pytest.mark.parametrize(
        "said",
        [
            {"signals": 1},
            {"signals": [1]},
            {"signals": [{"to": "x", "number": 1}]},
            {"signals": [{"to": "0" * 32, "number": -1}]},
            {"signals": [{"to": "0" * 32, "number": 2**31}]},
            {"signals": [{"to": "0" * 32, "number": "1"}]},
            {"got": []},
            {"got": {"x": 1}},
            {"got": {"0" * 32: 2**63}},
        ],
    )
    def test_what_no_page_of_ours_says_is_refused(self, olga_there, said):
        assert olga_there.exchange(**said).status_code == 400

    @pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "[" * 100_000, '{"key": 1}', "\xff"])
    @pytest.mark.parametrize("verb", ["exchange", "admit", "refuse", "leave"])
    def test_nonsense_is_refused_everywhere(self, olga_there, verb, body):
        answer = olga_there.client.post(f"{olga_there.address}/{verb}", body, content_type="application/json")

        assert answer.status_code in {400, 404}
        assert answer.json()["sentence"]

    @pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb", "a\x00b", "\u202eabc", "<b>", 1, None, ["x"]])
    def test_a_name_that_cannot_stand_is_refused_with_a_sentence(self, booking, name):
        came = Visitor(booking, name).came

        assert (came.status_code, bool(came.json()["sentence"])) == (422, True)

    @pytest.mark.parametrize("verb", ["enter", "exchange", "admit", "refuse", "leave"])
    def test_without_the_pages_own_token_nothing_is_done(self, olga_there, verb):
        strict = Client(enforce_csrf_checks=True)
        said = {"key": olga_there.key, "name": "Mallory", "uid": olga_there.uid}

        answer = strict.post(f"{olga_there.address}/{verb}", said, content_type="application/json")

        assert (answer.status_code, "reload" in answer.json()["sentence"]) == (403, True)
        assert CallParticipant.objects.get().left_at is None

    def test_with_the_token_it_is_done(self, booking):
        strict = Client(enforce_csrf_checks=True)
        address = "/room/" + manage_links.room_url(booking).rpartition("/")[2]
        strict.get(address)
        token = {"X-CSRFToken": strict.cookies["csrftoken"].value}

        answer = strict.post(f"{address}/enter", {"name": "Ivan"}, content_type="application/json", headers=token)

        assert answer.status_code == 200

    @pytest.mark.parametrize("verb", ["enter", "exchange", "admit", "refuse", "leave"])
    def test_a_forged_door_does_not_open(self, client, booking, verb):
        secret = manage_links.room_url(booking).rpartition("/")[2]

        assert client.post(f"/room/x{secret}/{verb}").status_code == 404
        assert client.get(f"/room/{secret}/{verb}").status_code == 405

    def test_so_many_tries_and_no_more(self, booking, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"room": "2/m/ip"}
        cache.clear()

        came = [Visitor(booking).came for _time in range(3)]

        assert [answer.status_code for answer in came] == [200, 200, 429]
        assert "Please wait a minute" in came[-1].json()["sentence"]
        cache.clear()


class TestClosedRooms:
    def test_nobody_enters_a_meeting_that_is_over_but_who_is_inside_stays(self, booking, olga_there):
        began = now() - timedelta(hours=4)
        Booking.objects.update(start=began, end=began + timedelta(hours=1), busy_start=began)

        came = Visitor(booking).came

        assert (came.status_code, came.json()) == (410, {"sentence": "This meeting is over."})
        assert olga_there.hears()["state"] == "inside"

    def test_a_cancellation_closes_the_room_at_once(self, booking, olga_there):
        bookings.cancel(booking, by=None)

        for answer in (olga_there.exchange(), Visitor(booking).came):
            assert answer.status_code == 410
            assert "cancelled" in answer.json()["sentence"]

    def test_after_a_month_the_door_is_gone(self, booking, olga_there):
        old = now() - timedelta(days=40)
        Booking.objects.update(start=old, end=old + timedelta(hours=1), busy_start=old)

        assert olga_there.exchange().status_code == 410


class TestWhatStays:
    def test_the_timetable_forgets_calls_and_what_nobody_fetched(self, booking, olga_there, come):
        ivan = come()
        ivan.tell(olga_there, "old")
        CallSignal.objects.update(sent_at=now() - timedelta(minutes=6))
        silent(ivan, days=2)

        forget_calls()

        assert [found.name for found in CallParticipant.objects.all()] == ["Olga"]
        assert not CallSignal.objects.exists()

    def test_what_was_said_is_not_kept_longer_than_it_is_needed(self, olga_there, come):
        ivan = come()
        ivan.tell(olga_there, {"chat": "a secret"})
        olga_there.hears()
        olga_there.hears(got={ivan.uid: 1})

        assert not CallSignal.objects.exists()


class TestIce:
    def test_without_settings_browsers_use_what_they_find_themselves(self, olga_there):
        assert olga_there.hears()["ice_servers"] == []

    def test_stun_and_turn_are_told_with_a_password_that_holds_for_hours(self, olga_there, settings):
        settings.STUN_URLS, settings.TURN_URLS = ["stun:turn.example.com"], ["turn:turn.example.com"]
        settings.TURN_SECRET = "coturn-secret"

        stun, turn = olga_there.hears()["ice_servers"]

        assert stun == {"urls": ["stun:turn.example.com"]}
        until, who = turn["username"].split(":")
        assert 11 * 3600 < int(until) - time.time() <= 12 * 3600
        assert who == CallParticipant.objects.get().uid.hex
        digest = hmac.new(b"coturn-secret", turn["username"].encode(), hashlib.sha1).digest()
        assert base64.b64decode(turn["credential"]) == digest

    def test_who_waits_gets_no_password(self, booking, settings):
        settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example.com"], "coturn-secret"

        assert "ice_servers" not in Visitor(booking).hears()


def test_asking_costs_the_same_however_many_are_there_and_however_much_is_said(booking, olga_there, come):
    ivan = come()
    ivan.tell(olga_there, "one")
    with CaptureQueriesContext(connection) as few:
        olga_there.exchange(got={ivan.uid: 0})
    ida, iris = come("Ida"), come("Iris")
    for guest in (ivan, ida, iris):
        guest.tell(olga_there, *range(20))
    Visitor(booking, "Wanda")
    with CaptureQueriesContext(connection) as many:
        answer = olga_there.hears(got={ivan.uid: 0})

    assert len(answer["signals"]) == 50
    assert len(many) == len(few)
    assert len([query for query in many if "SAVEPOINT" not in query["sql"]]) <= 8
