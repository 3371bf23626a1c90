"""Named hours of a person."""

from datetime import date

import pytest

from scheduling import offers, queries, schedules
from scheduling.exceptions import NotChangeable
from scheduling.models import Schedule
from tests import factories

pytestmark = pytest.mark.django_db

WEEKLY = [(0, 540, 720), (0, 780, 1020), (4, 600, 660)]
XMAS = date(2027, 12, 24)


def hours(schedule):
    return offers.hours(Schedule.objects.get(pk=schedule.pk))


@pytest.mark.row("G-7", "G-8")
def test_several_schedules_hold_their_own_hours_and_dates(olga):
    made = schedules.create(
        olga,
        name="Summer",
        time_zone="Asia/Kathmandu",
        weekly=WEEKLY,
        overrides={XMAS: [], date(2027, 12, 27): [(600, 660)]},
    )
    schedules.create(olga, name="Winter", time_zone="UTC", weekly=[])

    assert sorted(hours(made).weekly) == sorted(WEEKLY)
    assert hours(made).overrides == {XMAS: (), date(2027, 12, 27): ((600, 660),)}
    assert {schedule.name for schedule in queries.schedules(olga)} == {"Summer", "Winter"}


def test_changing_replaces_everything(olga):
    made = schedules.create(olga, name="Old", time_zone="UTC", weekly=WEEKLY, overrides={XMAS: []})

    schedules.change(made, name="New", time_zone="Europe/Berlin", weekly=[(1, 0, 1440)], overrides={})

    assert (made.name, hours(made).time_zone) == ("New", "Europe/Berlin")
    assert (hours(made).weekly, hours(made).overrides) == (((1, 0, 1440),), {})


def test_a_new_member_works_from_monday_to_friday_in_his_own_zone(olga):
    given = schedules.default_for(olga)

    assert (given.name, given.time_zone) == ("Working hours", "Europe/Berlin")
    assert hours(given).weekly == tuple((weekday, 540, 1020) for weekday in range(5))


def test_who_has_hours_keeps_them(olga, mina):
    mine = factories.schedule(olga)
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))

    assert schedules.default_for(olga) == mine
    assert schedules.default_for(elsewhere).organization == elsewhere.organization
    assert schedules.default_for(mina).owner == mina.user


def test_hours_in_use_and_the_only_ones_stay(olga):
    used, spare = factories.schedule(olga), factories.schedule(olga)
    factories.scheduler(olga, schedule=used, name="Intro call")

    with pytest.raises(NotChangeable) as refused:
        schedules.delete(used)
    assert "Intro call" in refused.value.sentence
    schedules.delete(spare)
    assert list(queries.schedules(olga)) == [used]


def test_the_last_hours_stay(olga):
    only = factories.schedule(olga)

    with pytest.raises(NotChangeable):
        schedules.delete(only)


def test_the_schedules_of_others_are_not_seen(olga, mina, mallory):
    factories.schedule(mina)
    factories.schedule(mallory)

    assert not queries.schedules(olga).exists()
