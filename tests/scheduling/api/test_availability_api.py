"""Times that work for one person, or for all of several, by an application."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from scheduling import slots
from scheduling.models import OutsideMeeting
from tests import factories
from tests.factories import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.row("CR-15", "G-52")]

DAY = {"from": "2027-03-01T00:00:00+01:00", "until": "2027-03-02T00:00:00+01:00"}
NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin


def ask(app, *members, **query):
    return app.get("/availability", **DAY | {"member": [str(member) for member in members]} | query)


def clocks(app, *members, **query):
    return [start[11:16] for start in ask(app, *members, **query).json()["times"]]


@pytest.fixture
def both(olga, mina):
    """Olga from 9 to 12, Mina from 10 to 17, both in Berlin."""
    for member, opens, closes in ((olga, 540, 720), (mina, 600, 1020)):
        factories.schedule(member, hours=((0, opens, closes),))
    return olga.uid, mina.uid


def test_without_members_it_is_about_the_person(app, olga, scheduler):
    answer = ask(app).json()
    page = slots.by_day(scheduler, duration=30, first=MONDAY.date(), last=MONDAY.date(), time_zone="Europe/Berlin")

    assert answer["times"] == [start.isoformat() for start in page[MONDAY.date()]]
    assert (answer["members"], answer["time_zone"], answer["unknown"]) == ([str(olga.uid)], "Europe/Berlin", [])


def test_of_two_only_what_suits_both_is_told(app, both):
    assert clocks(app, *both) == ["10:00", "10:30", "11:00", "11:30"]
    assert clocks(app, *both, duration=60) == ["10:00", "10:30", "11:00"]
    assert clocks(app, *both, increment=60) == ["10:00", "11:00"]


def test_what_is_busy_for_one_is_told_to_nobody(app, both, olga, mina):
    page, other = factories.scheduler(olga), factories.scheduler(mina)
    factories.booking(page, start=NINE + timedelta(hours=1))
    factories.booking(other, start=NINE + timedelta(hours=2, minutes=30))
    factories.calendar_event(factories.calendar(mina), NINE + timedelta(hours=1, minutes=30), minutes=30)

    assert clocks(app, *both) == ["11:00"]


def test_webinars_that_close_times_do_so_here_too(app, both, olga):
    start = NINE + timedelta(hours=1)
    account = factories.connection(olga)
    OutsideMeeting.objects.create(
        host=olga.user, connection=account, kind="webinar", external_id="1", start=start, end=start + timedelta(hours=1)
    )

    assert clocks(app, *both) == ["11:00", "11:30"]


def test_what_somebody_holds_in_another_organization_is_busy_too(app, both, olga):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    factories.booking(factories.scheduler(elsewhere), start=NINE + timedelta(hours=1), minutes=60)

    assert clocks(app, *both) == ["11:00", "11:30"]


def test_hours_are_each_ones_own_first_ones_in_his_own_zone(app, olga, mina):
    factories.schedule(olga, hours=((0, 540, 1020),))
    factories.schedule(olga, hours=((0, 1140, 1200),), name="Evenings")
    factories.schedule(mina, hours=((0, 540, 1020),), time_zone="America/New_York")

    assert clocks(app, olga.uid, mina.uid) == ["15:00", "15:30", "16:00", "16:30"]


def test_who_has_no_hours_yet_works_from_nine_to_five_where_he_is(app, olga, mina):
    mina.user.time_zone = "Asia/Kathmandu"
    mina.user.save()

    assert clocks(app, mina.uid)[0] == "04:15"
    assert clocks(app, mina.uid, time_zone="Asia/Kathmandu") == [
        f"{h:02}:{m:02}" for h in range(9, 17) for m in (0, 30)
    ]
    assert clocks(app, mina.uid, **{"from": "2027-03-06T00:00:00Z", "until": "2027-03-07T00:00:00Z"}) == []
    assert not mina.user.schedules.exists()


def test_members_go_by_address_in_any_case_and_count_once(app, both, olga, mina):
    answer = ask(app, "Olga@Example.ORG", mina.uid, "mina@example.org", str(mina.uid).upper()).json()

    assert answer["members"] == [str(olga.uid), str(mina.uid)]
    assert len(answer["times"]) == 4


def test_who_is_not_here_is_nobody_whether_or_not_he_exists_elsewhere(app, both, mallory):
    nobody, uid = "nobody@example.com", str(uuid4())
    answers = [ask(app, both[0], name) for name in (mallory.user.email, mallory.uid, nobody, uid, "x'\"%_", "")]

    assert {answer.status_code for answer in answers} == {422}
    told = [answer.json()["errors"][0]["message"].replace(str(mallory.uid), uid) for answer in answers]
    assert told[0].replace("mallory", "nobody") == told[2]
    assert told[1] == told[3]


def test_who_was_switched_off_is_nobody(app, both, mina):
    mina.user.is_active = False
    mina.user.save()

    assert ask(app, mina.uid).status_code == 422


def test_what_is_not_known_is_not_free_and_whose_it_is_is_told(app, both, mina):
    factories.calendar(mina, synced_at=None, name="private")
    answer = ask(app, *both)

    assert (answer.json()["times"], answer.json()["unknown"]) == ([], [str(mina.uid)])
    assert "private" not in answer.content.decode()


def test_the_past_is_over(app, both):
    assert clocks(app, *both, **{"from": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"}) == []


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2027-03-01T09:00:00"},
        {"until": "2027-03-01T00:00:00+01:00"},
        {"until": "2027-05-02T00:00:01+01:00"},
        {"until": "9999-12-31T23:59:59-23:59"},
        {"time_zone": "Mars"},
        {"duration": 0},
        {"duration": 1441},
        {"increment": 4},
        {"increment": "9" * 40},
        {"member": ["a@example.org"] * 21},
        {"member": "x" * 300},
        {"member": "a\0@example.org"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_what_cannot_be_read_is_refused(app, query):
    answer = app.get("/availability", **DAY | query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"]


def test_without_the_scope_nothing_is_told(calling, olga):
    answer = ask(calling(olga, [Scope.SCHEDULERS_READ]))

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


def test_twenty_cost_as_many_queries_as_one(app, olga):
    def member():
        one = factories.membership(organization_=olga.organization, role="member")
        factories.booking(factories.scheduler(one))
        factories.calendar_event(factories.calendar(one), NINE)
        return one.uid

    def queries(*members):
        with CaptureQueriesContext(connection) as made:
            assert ask(app, *members).status_code == 200
        return len(made)

    people = [member() for _ in range(20)]
    queries(people[0])

    assert queries(people[0]) == queries(*people)
