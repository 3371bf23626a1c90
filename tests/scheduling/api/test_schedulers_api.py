"""Somebody's schedulers as an application sees them, and the times they offer."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from scheduling import slots
from tests import factories
from tests.factories import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.row("G-52")]

DAY = {"from": "2027-03-01T00:00:00+01:00", "until": "2027-03-02T00:00:00+01:00"}
NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin


def times(app, scheduler, **query):
    return app.get(f"/schedulers/{scheduler.uid}/times", **DAY | query)


def test_the_persons_own_are_listed_and_nobody_elses(app, scheduler, olga, mina, mallory):
    second = factories.scheduler(olga, name="Review", is_on=False)
    factories.scheduler(mina)
    factories.scheduler(mallory)
    factories.scheduler(factories.membership(olga.user, factories.organization("Elsewhere")))

    found = app.get("/schedulers").json()
    assert [item["id"] for item in found["items"]] == [str(scheduler.uid), str(second.uid)]
    assert [item["is_active"] for item in found["items"]] == [True, False]
    assert found["next_cursor"] == ""


def test_a_list_comes_in_pages(app, scheduler, olga):
    second = factories.scheduler(olga)
    first_page = app.get("/schedulers", limit=1).json()
    second_page = app.get("/schedulers", limit=1, cursor=first_page["next_cursor"]).json()

    assert [item["id"] for item in first_page["items"]] == [str(scheduler.uid)]
    assert [item["id"] for item in second_page["items"]] == [str(second.uid)]


def test_three_cost_as_many_queries_as_one(app, scheduler, olga):
    app.get("/schedulers")
    with CaptureQueriesContext(
        connection,
    ) as one:
        app.get("/schedulers")
    factories.scheduler(olga), factories.scheduler(olga, place="zoom")
    with CaptureQueriesContext(connection) as three:
        assert len(app.get("/schedulers").json()["items"]) == 3

    assert len(three) == len(one)


def test_one_is_read_by_its_id(app, scheduler):
    assert app.get(f"/schedulers/{scheduler.uid}").json()["slug"] == "intro"


@pytest.mark.parametrize("path", ["", "/times"])
def test_what_belongs_to_others_is_not_found(app, mina, path):
    answer = app.get(f"/schedulers/{factories.scheduler(mina).uid}{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_without_the_scope_nothing_is_shown(calling, scheduler, olga):
    other = calling(olga, [Scope.BOOKINGS_READ])

    for path in ("", f"/{scheduler.uid}", f"/{scheduler.uid}/times"):
        assert other.get(f"/schedulers{path}").json()["code"] == "missing_scope"


def test_the_times_are_those_of_the_booking_page(app, scheduler):
    answer = times(app, scheduler).json()
    page = slots.by_day(scheduler, duration=30, first=MONDAY.date(), last=MONDAY.date(), time_zone="Europe/Berlin")

    assert answer["times"] == [start.isoformat() for start in page[MONDAY.date()]]
    assert (answer["times"][0], len(answer["times"])) == ("2027-03-01T09:00:00+01:00", 16)
    assert (answer["duration"], answer["time_zone"], answer["reasons"]) == (30, "Europe/Berlin", [])


def test_times_are_told_in_the_zone_that_was_asked_for(app, scheduler):
    answer = times(app, scheduler, time_zone="asia/kathmandu").json()

    assert (answer["time_zone"], answer["times"][0]) == ("Asia/Kathmandu", "2027-03-01T13:45:00+05:45")


def test_only_starts_within_the_window_are_told(app, scheduler):
    asked = {"from": "2027-03-01T10:00:00+01:00", "until": "2027-03-01T11:00:00+01:00"}

    assert times(app, scheduler, **asked).json()["times"] == ["2027-03-01T10:00:00+01:00", "2027-03-01T10:30:00+01:00"]


def test_a_plus_that_nobody_escaped_is_read_as_one(app, scheduler):
    assert times(app, scheduler, until="2027-03-01T10:00:00 01:00").json()["times"][-1] == "2027-03-01T09:30:00+01:00"


def test_without_a_window_the_next_two_weeks_are_told(app, scheduler):
    answer = app.get(f"/schedulers/{scheduler.uid}/times").json()

    assert answer["times"] == [
        start.astimezone(scheduler.host.zone).isoformat()
        for start in slots.nearest(scheduler, MONDAY - timedelta(days=900), 30, count=len(answer["times"]))
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_on": False}, "This scheduler is switched off."),
        ({"minimum_notice": 60 * 24 * 900}, "This is less than 900 days ahead, the minimum notice."),
        ({"window_days": 3}, "Bookings are taken up to 3 days ahead."),
    ],
)
def test_an_empty_window_says_why(app, scheduler, change, sentence):
    type(scheduler).objects.update(**change)
    answer = times(app, scheduler).json()

    assert answer["times"] == []
    assert sentence in answer["reasons"]


def test_a_full_day_says_so_once_and_offers_others(app, scheduler):
    for hour in range(8):
        factories.booking(scheduler, start=NINE + timedelta(hours=hour), minutes=60)
    answer = times(app, scheduler).json()

    assert (answer["times"], answer["reasons"]) == ([], ["The times are taken."])
    assert answer["nearest"][0] > "2027-02"
    assert not {start[:10] for start in answer["nearest"]} & {"2027-03-01"}


def test_a_calendar_that_cannot_be_read_is_told_without_its_name(app, scheduler, olga):
    factories.calendar(olga, name="olga@private.example", synced_at=None)
    answer = times(app, scheduler)

    assert answer.json()["times"] == []
    assert "cannot be read" in answer.json()["reasons"][0]
    assert "olga@private.example" not in answer.content.decode()


def test_a_length_that_is_not_offered_says_so(app, scheduler):
    assert times(app, scheduler, duration=45).json()["reasons"] == ["This length is not offered."]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"from": "2027-03-01T09:00:00"}, "query.from"),
        ({"from": "tomorrow"}, "query.from"),
        ({"from": "1772000000"}, "query.from"),
        ({"from": "2027-02-30T09:00:00Z"}, "query.from"),
        ({"from": "0001-01-01T00:00:00+14:00"}, "query.from"),
        ({"until": "9999-12-31T23:59:59-14:00"}, "query.until"),
        ({"until": "2027-03-01T00:00:00+01:00"}, "query.until"),
        ({"until": "2027-05-03T00:00:01+01:00"}, "query.until"),
        ({"time_zone": "Mars/Olympus"}, "query.time_zone"),
        ({"duration": "0"}, "query.duration"),
        ({"duration": "9" * 30}, "query.duration"),
    ],
)
def test_what_cannot_be_read_is_said_where_it_stands(app, scheduler, query, where):
    answer = times(app, scheduler, **query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["where"] for error in answer.json()["errors"]] == [where]
    assert not answer.json()["errors"][0]["message"].startswith("Value error")


@pytest.mark.parametrize("id_", [str(uuid.UUID(int=1)), "intro", "intro%00", "%F0%9F%8C%8A"])
def test_an_id_of_nothing_is_refused(app, scheduler, id_):
    assert app.get(f"/schedulers/{id_}").status_code in (404, 422)
    assert times(app, scheduler, time_zone="Europe/Berlin\0").status_code == 422
