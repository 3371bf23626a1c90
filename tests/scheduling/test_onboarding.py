"""The three steps of a newcomer."""

import pytest

from integrations.models import ConferencingPreference
from scheduling import onboarding, schedules
from tests import factories


@pytest.fixture
def done(olga):
    """done(session): which of the three steps are."""
    return lambda session: [step.done for step in onboarding.steps(olga, session)]


def test_a_newcomer_is_led_through_three_steps(olga, sign_in):
    text = sign_in(olga).get("/dashboard/", follow=True).content.decode()

    assert text.index("Connect a place") < text.index("Set your hours") < text.index("Share the link")
    assert "step--now" in text
    assert "step--done" not in text


def test_the_dashboard_leads_to_the_organization_used_last(olga, sign_in):
    browser = sign_in(olga)
    second = factories.membership(olga.user)
    browser.get(f"/o/{second.organization.slug}/schedules")

    assert browser.get("/dashboard/").url == f"/o/{second.organization.slug}/schedules"
    assert browser.get("/dashboard/schedules").url == f"/o/{second.organization.slug}/schedules"


def test_connecting_an_account_is_the_first_step(olga, done):
    factories.connection(olga)

    assert done({}) == [True, False, False]


def test_so_is_choosing_the_room(olga, done):
    ConferencingPreference.objects.create(membership=olga, place="builtin")

    assert done({}) == [True, False, False]


def test_hours_that_came_by_themselves_are_not_a_step_done(olga, done):
    schedules.default_for(olga)

    assert done({}) == [False, False, False]


def test_hours_that_were_saved_are(olga, sign_in):
    browser, schedule = sign_in(olga), schedules.default_for(olga)
    typed = {"name": "Working hours", "time_zone": "Europe/Berlin"}
    browser.post(f"/o/{olga.organization.slug}/availability/{schedule.uid}", typed)

    assert [step.done for step in onboarding.steps(olga, browser.session)] == [False, True, False]
    assert "step--done" in browser.get("/dashboard/", follow=True).content.decode()


def test_a_scheduler_is_a_link_to_share(olga, scheduler, done):
    assert done({}) == [False, True, True]


def test_who_is_done_is_not_led_any_more(olga, scheduler, sign_in):
    factories.connection(olga)

    assert "Three steps" not in sign_in(olga).get("/dashboard/", follow=True).content.decode()


def test_strangers_are_asked_to_sign_in(client, db):
    assert client.get("/dashboard/").url.startswith("/account/login/")
