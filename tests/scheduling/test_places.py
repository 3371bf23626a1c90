"""Where a meeting happens, with which account, and why."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from integrations.models import ConferencingPreference, GrantStatus
from scheduling import places
from scheduling.models import Scheduler
from scheduling.places import Why
from tests import factories

pytestmark = pytest.mark.django_db


def prefer(member, place="zoom", connection=None):
    return ConferencingPreference.objects.create(membership=member, place=place, connection=connection)


def resolved(scheduler):
    place = places.resolve(scheduler)
    return place.key, place.connection, place.why


def broken(member):
    return factories.connection(member, grant=factories.grant(status=GrantStatus.REVOKED), ended_at=now())


def test_without_any_choice_it_is_the_built_in_room(scheduler):
    assert resolved(scheduler) == ("builtin", None, "builtin")
    assert places.resolve(scheduler).is_usable


@pytest.mark.row("IN-3", "IN-5")
def test_the_hosts_default_comes_before_the_built_in_room(scheduler, olga):
    connection = factories.connection(olga)
    prefer(olga, "zoom", connection)

    assert resolved(scheduler) == ("zoom", connection, "default")


def test_what_the_scheduler_names_comes_before_the_default(scheduler, olga):
    prefer(olga, "zoom", factories.connection(olga))
    scheduler.place, scheduler.place_detail = "phone", "+49 30 1"

    place = places.resolve(scheduler)

    assert (place.key, place.detail, place.why) == ("phone", "+49 30 1", "scheduler")


@pytest.mark.row("CB-11")
def test_a_scheduler_can_name_one_of_several_accounts(scheduler, olga):
    factories.connection(olga)
    second = factories.connection(olga)
    scheduler.place, scheduler.connection = "zoom", second

    assert resolved(scheduler) == ("zoom", second, "scheduler")


def test_a_provider_without_a_named_account_takes_the_default_then_the_first_that_works(scheduler, olga):
    scheduler.place = "zoom"
    broken(olga)
    working, chosen = factories.connection(olga), factories.connection(olga)

    assert resolved(scheduler) == ("zoom", working, "scheduler")
    prefer(olga, "zoom", chosen)
    assert resolved(scheduler) == ("zoom", chosen, "scheduler")


def test_an_account_that_is_gone_or_broken_is_not_swapped_for_another_place(scheduler, olga):
    scheduler.place = "zoom"
    assert resolved(scheduler) == ("zoom", None, "scheduler")
    assert not places.resolve(scheduler).is_usable

    connection = broken(olga)
    assert resolved(scheduler) == ("zoom", connection, "scheduler")
    assert not places.resolve(scheduler).is_usable


def test_a_named_account_that_broke_is_not_swapped_for_another_account(scheduler, olga):
    named = broken(olga)
    factories.connection(olga)
    scheduler.place, scheduler.connection = "zoom", named

    assert resolved(scheduler) == ("zoom", named, "scheduler")


def test_accounts_of_others_and_of_other_organizations_are_never_used(scheduler, olga, mina):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    factories.connection(elsewhere)
    factories.connection(mina)
    prefer(elsewhere, "zoom")
    scheduler.place = "zoom"

    assert resolved(scheduler) == ("zoom", None, "scheduler")
    scheduler.place = ""
    assert resolved(scheduler) == ("builtin", None, "builtin")


def test_accounts_of_one_organization_are_not_used_in_another_even_side_by_side(olga):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    connection = factories.connection(olga)
    here, there = (factories.scheduler(member, place="zoom") for member in (olga, elsewhere))

    found = places.resolve_each([here, there])

    assert (found[here.pk].connection, found[there.pk].connection) == (connection, None)


def test_an_account_of_the_organization_serves_its_members_after_their_own(scheduler, olga):
    shared = factories.connection(olga)
    type(shared).objects.filter(pk=shared.pk).update(membership=None)
    scheduler.place = "zoom"
    assert resolved(scheduler)[1] == shared

    own = factories.connection(olga)
    assert resolved(scheduler)[1] == own


def test_many_schedulers_are_resolved_as_quickly_as_one(olga, django_assert_num_queries):
    prefer(olga, "zoom", factories.connection(olga))
    schedulers = [factories.scheduler(olga) for _ in range(3)]

    for some in (schedulers[:1], schedulers):
        with django_assert_num_queries(2):
            found = places.resolve_each(some)
        assert {place.key for place in found.values()} == {"zoom"}


@pytest.mark.parametrize(("place", "default"), [("zoom", ""), ("", "zoom"), ("", "")])
def test_an_invitee_hears_of_the_place_that_is_resolved(olga, place, default, django_assert_num_queries):
    scheduler = factories.scheduler(olga, place=place)
    if default:
        prefer(olga, default, factories.connection(olga))

    with django_assert_num_queries(1):
        announced = places.announced(places.announcing(Scheduler.objects).get(pk=scheduler.pk))

    resolved = places.resolve(scheduler)
    assert (announced.key, announced.detail, announced.why) == (resolved.key, resolved.detail, resolved.why)


def test_the_choices_are_the_providers_one_has_and_our_own_places(olga, mina):
    first = factories.connection(olga, grant=factories.grant(email="one@example.org"))
    factories.connection(mina)

    assert [choice.value for choice in places.choices(olga)] == [
        "", "zoom", "builtin", "phone", "in_person", "link",
    ]  # fmt: skip
    second = factories.connection(olga, grant=factories.grant(email="two@example.org"))
    values = {choice.value: choice for choice in places.choices(olga)}
    assert values[f"zoom:{first.uid}"].connection == first
    assert values[f"zoom:{second.uid}"].label == "Zoom with two@example.org"
    assert [choice.value for choice in values.values() if choice.needs_detail] == ["phone", "in_person", "link"]


def test_only_what_is_offered_can_be_chosen(olga, mina):
    foreign = factories.connection(mina)

    assert places.chosen(olga, "builtin").place == "builtin"
    for value in [f"zoom:{foreign.uid}", "zoom", "zoom:", "nonsense", "\x00"]:
        assert places.chosen(olga, value) is None


def test_a_scheduler_shows_what_it_has_chosen(scheduler, olga):
    assert places.value_of(scheduler) == ""
    scheduler.place, scheduler.connection = "zoom", factories.connection(olga)
    assert places.value_of(scheduler) == f"zoom:{scheduler.connection.uid}"


def test_why_is_said_in_words(scheduler):
    for why in Why:
        assert places.Place("builtin", None, "", why.value).sentence


def test_the_doors_of_our_rooms_differ_for_host_and_invitee(scheduler):
    booking = factories.booking(scheduler)
    ours = factories.meeting(booking)
    theirs = factories.meeting(
        factories.booking(scheduler, start=booking.start + timedelta(hours=1)),
        place="zoom",
        join_url="https://zoom.example/j/1",
    )

    assert places.join_url(ours) != places.join_url(ours, as_host=True)
    assert places.join_url(theirs) == places.join_url(theirs, as_host=True) == "https://zoom.example/j/1"
