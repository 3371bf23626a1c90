"""Somebody's bookings by an application: the rules, the mails and the meetings are those of the pages."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import Email
from accounts.scopes import Scope
from integrations import defaults
from outbox import intents
from scheduling import bookings
from scheduling.models import AskedBefore, Booking
from scheduling.types import InviteeDetails
from tests import factories, mailboxes
from tests.factories import MONDAY
from tests.scheduling import invitee

pytestmark = [pytest.mark.django_db, pytest.mark.row("G-52")]

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
TEN = NINE + timedelta(hours=1)
IVAN = {"name": "Ivan Invitee", "email": "ivan@example.com", "time_zone": "Asia/Kathmandu", "language": "en"}


def wanted(scheduler, start=NINE, **changes):
    return {"scheduler": str(scheduler.uid), "start": start.isoformat(), "invitee": IVAN} | changes


def book(app, scheduler, start=NINE, key="", **changes):
    headers = {"Idempotency-Key": key} if key else {}
    return app.post("/bookings", wanted(scheduler, start, **changes), **headers)


@pytest.fixture
def booked(scheduler):
    """As an invitee books."""
    who = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu")
    return bookings.book(scheduler, start=NINE, duration=30, invitee=who, key=uuid.uuid4())


class TestBooking:
    def test_a_time_is_booked(self, app, scheduler):
        answer = book(app, scheduler, notes="The harbour.\r\nBoth of them.")
        made = Booking.objects.get()

        assert answer.status_code == 201
        assert answer.json()["id"] == str(made.uid)
        assert (made.start, made.end - made.start) == (NINE, timedelta(minutes=30))
        assert (made.invitee_name, made.invitee_email, made.invitee_time_zone) == (
            "Ivan Invitee",
            "ivan@example.com",
            "Asia/Kathmandu",
        )
        assert made.notes == "The harbour.\nBoth of them."
        assert answer.json() == app.get(f"/bookings/{made.uid}").json()

    def test_the_mails_are_those_that_the_page_sends(self, app, scheduler, settings):
        cache.clear()
        invitee.book(Client(), scheduler, TEN, notes="", confirm="yes", zone="Asia/Kathmandu")
        book(app, scheduler, NINE)
        intents.drain()
        by_page, by_api = [
            [
                (mail.to, mail.subject.split(",")[0], mail.attachments.count())
                for mail in Email.objects.order_by("pk")[at : at + 2]
            ]
            for at in (0, 2)
        ]

        assert by_api == by_page
        assert {to for to, _subject, _attached in by_api} == {"ivan@example.com", scheduler.host.email}

    def test_the_meeting_is_pending_then_ready(self, app, scheduler, olga, connect_zoom):
        connect_zoom(olga)
        defaults.make_default(olga, "zoom")
        made = book(app, scheduler).json()
        intents.drain()
        now_there = app.get(f"/bookings/{made['id']}").json()

        assert (made["place"]["state"], made["place"]["join_url"]) == ("pending", "")
        assert now_there["place"]["state"] == "ready"
        assert now_there["place"]["join_url"].startswith("http")

    def test_a_taken_time_is_refused_and_others_are_offered(self, app, scheduler, booked):
        answer = book(app, scheduler)

        assert (answer.status_code, answer.json()["code"]) == (409, "time_taken")
        assert "2027-03-01T08:30:00Z" in answer.json()["offers"]
        assert "2027-03-01T08:00:00Z" not in answer.json()["offers"]

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"start": "2027-03-01T09:10:00+01:00"}, "Start times are offered every 30 minutes."),
            ({"start": "2027-03-01T07:00:00+01:00"}, "This time is outside the hours of “Hours”."),
            ({"start": "2020-03-02T09:00:00+01:00"}, "This time has passed."),
            ({"start": "2100-03-01T09:00:00+01:00"}, "Bookings are taken up to 700 days ahead."),
            ({"duration": 45}, "This length is not offered."),
        ],
    )
    def test_a_time_that_is_not_offered_says_why(self, app, olga, change, sentence):
        scheduler = factories.scheduler(olga, schedule=factories.schedule(olga, name="Hours"))
        answer = app.post("/bookings", wanted(scheduler) | change)

        assert (answer.status_code, answer.json()["code"]) == (422, "not_offered")
        assert sentence in answer.json()["detail"]
        assert bool(answer.json()["offers"]) == ("duration" not in change)
        assert not Booking.objects.exists()

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"start": "2027-03-01T09:00:00"}, "body.start"),
            ({"start": "9999-12-31T23:59:59-23:59"}, "body.start"),
            ({"start": 1772000000}, "body.start"),
            ({"duration": 10**30}, "body.duration"),
            ({"scheduler": "intro"}, "body.scheduler"),
            ({"invitee": IVAN | {"name": " "}}, "body.invitee.name"),
            ({"invitee": IVAN | {"name": "I" * 121}}, "body.invitee.name"),
            ({"invitee": IVAN | {"email": "ivan"}}, "body.invitee.email"),
            ({"invitee": IVAN | {"time_zone": "Mars/Olympus"}}, "body.invitee.time_zone"),
            ({"invitee": IVAN | {"language": "tlh"}}, "body.invitee.language"),
            ({"notes": "x" * 2001}, "body.notes"),
        ],
    )
    def test_what_cannot_be_read_is_said_where_it_stands(self, app, scheduler, change, where):
        answer = app.post("/bookings", wanted(scheduler) | change)

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert [error["where"] for error in answer.json()["errors"]] == [where]

    @pytest.mark.parametrize("change", [{"notes": "a\0b"}, {"invitee": IVAN | {"name": "Iv\0an"}}])
    def test_nothing_is_made_of_a_nul(self, app, scheduler, change):
        assert app.post("/bookings", wanted(scheduler) | change).status_code == 422
        assert not Booking.objects.exists()

    def test_with_others_nobody_books(self, app, mina):
        answer = book(app, factories.scheduler(mina))

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert not Booking.objects.exists()

    def test_to_read_is_not_to_write(self, calling, olga, scheduler, booked):
        reads = calling(olga, [Scope.BOOKINGS_READ])

        assert reads.get(f"/bookings/{booked.uid}").status_code == 200
        for path in ("", f"/{booked.uid}/move", f"/{booked.uid}/cancel"):
            assert reads.post(f"/bookings{path}", wanted(scheduler)).json()["code"] == "missing_scope"

    def test_a_key_sent_twice_books_once(self, app, scheduler):
        first, second = book(app, scheduler, key="k-1"), book(app, scheduler, key="k-1")

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert Booking.objects.count() == 1

    def test_a_key_books_once_also_where_the_answer_was_never_kept(self, app, scheduler):
        first = book(app, scheduler, key="k-1")
        AskedBefore.objects.update(status=None, body="", claimed_at=now() - timedelta(hours=1))

        assert book(app, scheduler, key="k-1").json()["id"] == first.json()["id"]
        assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_want_one_time_one_gets_it(app, scheduler):
    together = threading.Barrier(20)

    def try_it(_number):
        together.wait(30)
        try:
            return book(app, scheduler).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(try_it, range(20)))

    assert sorted(outcomes) == [201] + [409] * 19
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestSilentCalendar:
    @pytest.fixture(autouse=True)
    def _silent(self, settings, olga, booked):
        settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
        with mailboxes.running() as mailbox:
            mailbox.connect(olga)
            intents.drain()
            mailbox.simulator.faults.add("drop_before")
            yield

    def test_nothing_is_booked_without_a_last_look(self, app, scheduler):
        answer = book(app, scheduler, TEN)

        assert (answer.status_code, answer.json()["code"]) == (503, "calendar_silent")
        assert Booking.objects.count() == 1

    def test_nothing_is_moved_without_one(self, app, booked):
        answer = app.post(f"/bookings/{booked.uid}/move", {"start": TEN.isoformat()})

        assert (answer.status_code, answer.json()["code"]) == (503, "calendar_silent")
        assert Booking.objects.get().start == NINE

    def test_the_same_key_may_be_sent_again(self, app, scheduler):
        assert book(app, scheduler, TEN, key="k-1").status_code == 503
        assert book(app, scheduler, TEN, key="k-1").json()["code"] == "calendar_silent"


class TestMoving:
    def test_a_booking_is_moved_and_its_invitee_is_told(self, app, booked):
        intents.drain()
        answer = app.post(f"/bookings/{booked.uid}/move", {"start": "2027-03-01T15:00:00+05:45"})
        intents.drain()
        booked.refresh_from_db()

        assert answer.status_code == 422  # 10:15 in Berlin
        assert booked.start == NINE

        answer = app.post(f"/bookings/{booked.uid}/move", {"start": "2027-03-01T14:45:00+05:45"})
        intents.drain()
        booked.refresh_from_db()
        assert (answer.status_code, answer.json()["start"], answer.json()["sequence"]) == (
            200,
            "2027-03-01T09:00:00Z",
            1,
        )
        assert (booked.start, booked.duration) == (TEN, timedelta(minutes=30))
        assert "Moved:" in Email.objects.filter(to="ivan@example.com").latest("pk").subject

    def test_a_taken_time_is_refused(self, app, booked, scheduler):
        book(app, scheduler, TEN)
        answer = app.post(f"/bookings/{booked.uid}/move", {"start": TEN.isoformat()})

        assert (answer.status_code, answer.json()["code"]) == (409, "time_taken")
        assert answer.json()["offers"]

    def test_to_where_it_is_changes_nothing(self, app, booked):
        assert app.post(f"/bookings/{booked.uid}/move", {"start": NINE.isoformat()}).json()["sequence"] == 0

    def test_a_cancelled_one_stays(self, app, booked, olga):
        bookings.cancel(booked, by=olga.user)
        answer = app.post(f"/bookings/{booked.uid}/move", {"start": TEN.isoformat()})

        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert answer.json()["detail"].startswith("This booking was cancelled")


class TestCancelling:
    def test_a_booking_is_cancelled_and_its_invitee_reads_why(self, app, booked):
        intents.drain()
        answer = app.post(f"/bookings/{booked.uid}/cancel", {"reason": "I am ill."})
        intents.drain()
        booked.refresh_from_db()

        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert answer.json()["cancellation"]["reason"] == "I am ill."
        assert (booked.is_cancelled, booked.cancelled_by_host, booked.cells.count()) == (True, True, 0)
        assert "I am ill." in Email.objects.filter(to="ivan@example.com").latest("pk").text

    def test_twice_is_once(self, app, booked):
        first = app.post(f"/bookings/{booked.uid}/cancel")
        second = app.post(f"/bookings/{booked.uid}/cancel", {"reason": "Again."})

        assert (first.status_code, second.json()) == (200, first.json())

    def test_what_is_over_stays(self, app, scheduler):
        over = factories.booking(scheduler, start=now() - timedelta(hours=2))
        factories.meeting(over)
        answer = app.post(f"/bookings/{over.uid}/cancel")

        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")

    def test_a_long_reason_is_refused(self, app, booked):
        answer = app.post(f"/bookings/{booked.uid}/cancel", {"reason": "x" * 501})

        assert answer.json()["errors"][0]["where"] == "body.reason"


def test_no_answer_names_the_accounts_behind(app, scheduler, olga, connect_zoom):
    account = connect_zoom(olga)
    defaults.make_default(olga, "zoom")
    made = book(app, scheduler).json()
    intents.drain()
    factories.calendar(olga, name="olga@private.example", synced_at=None)
    page = f"/schedulers/{scheduler.uid}"
    answers = [app.get(path) for path in ("/bookings", f"/bookings/{made['id']}", "/schedulers", page, f"{page}/times")]
    answers += [book(app, scheduler, TEN), app.get("/availability"), app.post(f"/bookings/{made['id']}/cancel")]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 422, 200, 200]
    told = "".join(answer.content.decode() for answer in answers)
    secrets = account.grant.email, account.grant.account_id, account.grant.external_id, "olga@private.example"
    assert all(secrets)
    assert [secret for secret in secrets if secret in told] == []


@pytest.mark.parametrize("change", ["", "/move", "/cancel"])
def test_what_belongs_to_others_is_not_found(app, mina, mallory, change):
    for other in (mina, mallory):
        path = f"/bookings/{factories.booking(factories.scheduler(other)).uid}{change}"
        answer = app.post(path, {"start": TEN.isoformat()}) if change else app.get(path)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Booking.objects.filter(status="cancelled").exists()


class TestListing:
    @pytest.fixture
    def three(self, scheduler, olga):
        """Monday, Tuesday and, of another scheduler, Wednesday; the second is cancelled."""
        pages = [scheduler, scheduler, factories.scheduler(olga)]
        found = [factories.booking(page, start=NINE + timedelta(days=day)) for day, page in enumerate(pages)]
        for booking in found:
            factories.meeting(booking)
        Booking.objects.filter(pk=found[1].pk).update(status="cancelled", cancelled_at=now())
        return found

    def listed(self, app, **query):
        return [item.get("id") for item in app.get("/bookings", **query).json()["items"]]

    def test_the_persons_own_come_in_the_order_of_their_starts(self, app, three, mina, olga):
        factories.booking(factories.scheduler(mina))
        factories.booking(factories.scheduler(factories.membership(olga.user, factories.organization("Elsewhere"))))

        assert self.listed(app) == [str(booking.uid) for booking in three]

    def test_filters_narrow(self, app, three):
        first, second, third = [str(booking.uid) for booking in three]
        tuesday = "2027-03-02T09:00:00+01:00"

        assert self.listed(app, status="confirmed") == [first, third]
        assert self.listed(app, status="cancelled") == [second]
        assert self.listed(app, scheduler=three[2].scheduler.uid) == [third]
        assert self.listed(app, **{"from": tuesday}) == [second, third]
        assert self.listed(app, until=tuesday) == [first]
        assert self.listed(app, scheduler=uuid.uuid4()) == []

    def test_pages_go_on_where_the_last_one_ended(self, app, three):
        one = app.get("/bookings", limit=2).json()
        two = app.get("/bookings", limit=2, cursor=one["next_cursor"]).json()

        assert [item["id"] for item in one["items"] + two["items"]] == [str(booking.uid) for booking in three]
        assert two["next_cursor"] == ""

    def test_three_cost_as_many_queries_as_one(self, app, three):
        self.listed(app)
        with CaptureQueriesContext(connection) as some:
            assert len(self.listed(app)) == 3
        with CaptureQueriesContext(connection) as one:
            assert len(self.listed(app, limit=1)) == 1

        assert len(some) == len(one)

    @pytest.mark.parametrize("query", [{"status": "lost"}, {"from": "2027-03-01"}, {"limit": 0}, {"host": "mina"}])
    def test_a_filter_that_cannot_be_read_is_refused(self, app, query):
        answer = app.get("/bookings", **query)

        assert answer.status_code == 422
        assert [error["where"] for error in answer.json()["errors"]] == [f"query.{next(iter(query))}"]


class TestColleague:
    """Mina lets Olga manage her schedule."""

    @pytest.fixture
    def hers(self, mina):
        """One that Mina's calendar marks private, then an open one."""
        page, calendar = factories.scheduler(mina), factories.calendar(mina)
        found = [factories.booking(page, start=start, notes="Quiet") for start in (NINE, TEN)]
        for booking in found:
            factories.meeting(booking)
        factories.calendar_event(calendar, NINE, reference=found[0].marker, is_private=True)
        return found

    def ask(self, app, mina, **query):
        return app.get("/bookings", host=mina.uid, **query)

    def test_of_who_has_not_handed_it_over_nothing_is_known(self, app, mina, hers):
        assert self.ask(app, mina).status_code == 404

    def test_a_private_one_is_its_time_alone(self, app, olga, mina, hers):
        factories.delegation(mina, olga)
        private, shown = self.ask(app, mina).json()["items"]

        assert private == {
            "status": "confirmed",
            "start": "2027-03-01T08:00:00Z",
            "end": "2027-03-01T08:30:00Z",
            "is_private": True,
        }
        assert (shown["id"], shown["is_private"]) == (str(hers[1].uid), False)

    def test_a_private_one_is_neither_found_nor_opened_nor_changed(self, app, olga, mina, hers):
        factories.delegation(mina, olga)
        found = self.ask(app, mina, scheduler=hers[0].scheduler.uid).json()["items"]

        assert [item["id"] for item in found] == [str(hers[1].uid)]
        assert app.get(f"/bookings/{hers[0].uid}").status_code == 404
        assert app.post(f"/bookings/{hers[0].uid}/cancel").status_code == 404
        assert app.get(f"/bookings/{hers[1].uid}").json()["notes"] == "Quiet"

    def test_who_may_see_private_ones_sees_them(self, app, olga, mina, hers):
        factories.delegation(mina, olga, private_events=True)

        assert [item["id"] for item in self.ask(app, mina).json()["items"]] == [str(booking.uid) for booking in hers]
