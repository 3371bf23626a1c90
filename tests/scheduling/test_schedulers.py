"""Bookable pages: made, changed, switched, removed, and marked when their place has gone."""

import pytest
from django.utils.timezone import now

from accounts.signals import attention_asked, member_joined
from integrations import connections
from integrations.models import ConferencingPreference, GrantStatus
from integrations.signals import connection_ended, connection_restored
from integrations.types import EndReason
from scheduling import places, queries, schedulers
from scheduling.exceptions import NotChangeable
from scheduling.models import Scheduler
from tests import factories

pytestmark = pytest.mark.django_db


def create(member, name="Intro call", **settings):
    return schedulers.create(member, name=name, durations=[30], schedule=factories.schedule(member), **settings)


def notices(member):
    answers = attention_asked.send(sender=None, membership=member)
    return [notice for _receiver, found in answers for notice in found]


def marked():
    return set(Scheduler.objects.exclude(disrupted_at=None))


@pytest.mark.row("G-1")
def test_a_scheduler_belongs_to_the_member_who_made_it(olga):
    made = create(olga, increment=15)

    assert (made.organization, made.host, made.increment) == (olga.organization, olga.user, 15)
    assert list(queries.schedulers(olga)) == [made]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Intro call", "intro-call"),
        ("Größe & Café", "groe-cafe"),
        ("👩‍👩‍👧", "meeting"),
        ("new", "new-2"),
        ("../../etc/passwd", "etcpasswd"),
        ("x" * 120, "x" * 55),
    ],
)
def test_the_address_comes_from_the_name(olga, name, slug):
    assert create(olga, name).slug == slug


def test_addresses_of_one_host_differ(olga, mina):
    assert [create(olga).slug for _ in range(3)] == ["intro-call", "intro-call-2", "intro-call-3"]
    assert create(mina).slug == "intro-call"


def test_off_and_on_again(scheduler):
    schedulers.switch(scheduler, on=False)
    assert not Scheduler.objects.get().is_on
    schedulers.switch(scheduler, on=True)
    assert Scheduler.objects.get().is_on


def test_one_that_was_never_booked_can_be_deleted(scheduler):
    schedulers.delete(scheduler)

    assert not Scheduler.objects.exists()


def test_one_with_bookings_is_kept_with_its_history(scheduler):
    factories.booking(scheduler, status="cancelled")

    with pytest.raises(NotChangeable) as refused:
        schedulers.delete(scheduler)
    assert "Switch it off" in refused.value.sentence
    assert Scheduler.objects.exists()


def test_the_schedulers_and_bookings_of_others_are_not_seen(olga, mina, scheduler):
    factories.booking(scheduler)
    theirs = factories.scheduler(mina)
    factories.booking(theirs)
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))

    assert list(queries.schedulers(olga)) == [scheduler]
    assert [booking.scheduler for booking in queries.bookings(olga)] == [scheduler]
    assert not queries.schedulers(elsewhere).exists()
    assert not queries.bookings(elsewhere).exists()


@pytest.fixture
def connection(olga):
    """Olga's default."""
    connection = factories.connection(olga)
    ConferencingPreference.objects.create(membership=olga, place="zoom", connection=connection)
    return connection


@pytest.fixture
def family(olga, connection):
    """By default, by name, and one that does not care."""
    by_default = factories.scheduler(olga, name="By default")
    by_name = factories.scheduler(olga, name="By name", place="zoom", connection=connection)
    by_phone = factories.scheduler(olga, name="By phone", place="phone", place_detail="1")
    return by_default, by_name, by_phone


def test_before_a_disconnect_all_that_relies_on_it_is_named(family, connection):
    _by_default, by_name, by_phone = family
    booking = factories.booking(by_name)
    factories.meeting(booking, place="zoom", connection=connection)
    factories.meeting(factories.booking(by_phone), place="phone")

    uses = connections.uses_of(connection)

    assert [(use.kind, use.label) for use in uses[:2]] == [("scheduler", "By default"), ("scheduler", "By name")]
    [use] = uses[2:]
    assert use.kind == "booking"
    assert "Ivan Invitee, Monday, March 1, 2027, 10:00 AM" in use.label
    assert str(booking.uid) in use.url


@pytest.mark.parametrize("end", ["disconnect", "ended at the provider"])
def test_after_an_end_the_schedulers_that_relied_on_it_are_marked(family, connection, olga, end):
    if end == "disconnect":
        connections.disconnect(connection, by=olga.user)
    else:
        connection.grant.status = GrantStatus.REVOKED
        connection.grant.save()
        connection_ended.send(sender=None, connection=connection, reason=EndReason.REVOKED)

    by_default, by_name, _by_phone = family
    assert marked() == {by_default, by_name}


def test_the_mark_goes_when_the_account_works_again(family, connection):
    Scheduler.objects.update(disrupted_at=now())

    connection_restored.send(sender=None, connection=connection)

    assert marked() == set()


def test_the_mark_goes_when_another_account_is_connected(olga):
    scheduler = factories.scheduler(olga, place="zoom", disrupted_at=now())

    factories.connection(olga)

    assert marked() == set()
    assert places.resolve(scheduler).is_usable


def test_the_mark_stays_where_the_account_of_somebody_else_is_connected(olga, mina):
    scheduler = factories.scheduler(olga, place="zoom", disrupted_at=now())

    factories.connection(mina)

    assert marked() == {scheduler}


def test_the_mark_goes_when_the_host_chooses_a_place_that_works(olga):
    scheduler = factories.scheduler(olga, place="zoom", disrupted_at=now())

    schedulers.change(scheduler, name="Other name")
    assert marked() == {scheduler}
    schedulers.change(scheduler, place="phone", place_detail="1", connection=None)
    assert marked() == set()


def test_the_banner_names_bookings_and_schedulers_that_need_their_host(scheduler, olga, mina):
    assert notices(olga) == []
    factories.meeting(factories.booking(scheduler), place="zoom", state="failed", error="No.")
    Scheduler.objects.update(disrupted_at=now())

    bookings, place = notices(olga)

    assert bookings.text.startswith("1 coming booking needs you")
    assert bookings.url == f"/o/{olga.organization.slug}/bookings?show=attention"
    assert "“Intro call”" in place.text
    assert notices(mina) == []


def test_a_new_member_is_given_hours(olga):
    member_joined.send(sender=None, membership=olga)

    assert queries.schedules(olga).get().name == "Working hours"
