"""The member's page of his calendars: ticks, the receiving one, the one switch."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from integrations import calendar_panels
from integrations.models import Calendar, CalendarSettings
from integrations.signals import busy_changed
from outbox.models import Intent
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/account/calendars"


@pytest.fixture
def hers(olga, sign_in):
    return sign_in(olga)


@pytest.fixture
def work(olga):
    return factories.calendar(olga, name="Work", receives=True, is_main=True)


@pytest.fixture
def family(olga, work):
    return factories.calendar(olga, connection=work.connection, name="Family", is_busy=False)


def again(calendar):
    return Calendar.objects.get(pk=calendar.pk)


def rules(**fields):
    return {"on_change": "ask", "last_look": "refuse", "meetings_for_marked": "on"} | fields


def test_without_a_calendar_the_page_says_how_to_add_one(hers):
    page = hers.get(PAGE).content.decode()
    assert "No calendar yet" in page
    assert 'href="/account/calendars/add"' in page


@pytest.mark.row("ZM-40")
def test_each_calendar_has_a_visible_tick(hers, work, family):
    page = hers.get(PAGE).content.decode()

    assert f'name="busy" value="{work.uid}" checked' in page
    assert f'name="busy" value="{family.uid}">' in page


@pytest.mark.row("ZM-40", "G-44", "G-45")
def test_ticks_and_the_receiving_calendar_are_saved(hers, work, family):
    answer = hers.post(PAGE, rules(busy=[str(family.uid)], receiving=str(family.uid)))

    assert answer["Location"] == PAGE
    assert (again(work).is_busy, again(work).receives) == (False, False)
    assert (again(family).is_busy, again(family).receives) == (True, True)


def test_a_calendar_that_is_ticked_is_read_at_once_and_its_times_count(hers, olga, work, family):
    heard = []

    def hear(sender, users, **more):
        heard.extend(users)

    busy_changed.connect(hear)
    hers.post(PAGE, rules(busy=[str(work.uid), str(family.uid)], receiving=str(work.uid)))
    busy_changed.disconnect(hear)

    assert heard == [olga.user_id]
    assert list(Intent.objects.filter(kind="calendar_sync").values_list("subject", flat=True)) == [family.pk]


def test_what_stays_as_it_was_is_left_alone(hers, work, family):
    hers.post(PAGE, rules(busy=[str(work.uid)], receiving=str(work.uid)))
    assert not Intent.objects.filter(kind="calendar_sync").exists()


def test_bookings_can_be_written_into_no_calendar(hers, work):
    hers.post(PAGE, rules(busy=[str(work.uid)], receiving=""))
    assert not again(work).receives


@pytest.mark.parametrize("uid", ["", "nonsense", "9b0b4f2e-4c6b-4f0a-9c39-4f2f6f3a0a51"])
def test_what_is_nobodys_calendar_changes_nothing_of_others(hers, work, mallory, uid):
    foreign = factories.calendar(mallory, is_busy=True, receives=True)
    hers.post(PAGE, rules(busy=[uid, str(foreign.uid)], receiving=str(foreign.uid)))

    assert (again(foreign).is_busy, again(foreign).receives) == (True, True)
    assert (again(work).is_busy, again(work).receives) == (False, False)


def test_a_calendar_that_can_only_be_read_receives_nothing(hers, work, olga):
    shared = factories.calendar(olga, connection=work.connection, can_write=False)
    hers.post(PAGE, rules(busy=[], receiving=str(shared.uid)))
    assert not again(shared).receives


@pytest.mark.row("ZM-40")
def test_the_one_switch(hers, olga, work):
    assert "Switch sync off" in hers.get(PAGE).content.decode()
    hers.post(f"{PAGE}/switch")
    assert CalendarSettings.objects.get(membership=olga).sync is False
    assert "Switch sync on" in hers.get(PAGE).content.decode()
    hers.post(f"{PAGE}/switch", {"sync": "on"})
    assert CalendarSettings.objects.get(membership=olga).sync is True


def test_the_rules_are_kept(hers, olga, work):
    hers.post(PAGE, {"busy": [str(work.uid)], "on_change": "follow", "last_look": "accept"})

    settings = CalendarSettings.objects.get(membership=olga)
    assert (settings.on_change, settings.last_look, settings.meetings_for_marked) == ("follow", "accept", False)


def test_a_rule_that_is_none_is_refused_and_nothing_is_saved(hers, work):
    answer = hers.post(PAGE, rules(on_change="perhaps", receiving=""))
    assert answer.status_code == 422
    assert again(work).receives


@pytest.mark.row("G-47")
def test_a_calendar_that_cannot_be_read_says_since_when_and_what_follows(hers, work):
    Calendar.objects.update(
        problem="The server cannot be reached.", failing_since=now(), synced_at=now() - timedelta(hours=2)
    )
    page = hers.get(PAGE).content.decode()

    assert "Cannot be read" in page
    assert "<span>Connected</span>" not in page
    assert "Last read 2\xa0hours ago" in page
    assert "The server cannot be reached. Until it can be read again, its times are closed." in page


def test_sync_now_reads_every_calendar_that_counts(hers, work, family):
    hers.post(f"{PAGE}/sync")
    assert list(Intent.objects.filter(kind="calendar_sync").values_list("subject", flat=True)) == [work.pk]


@pytest.mark.row("ZM-43")
def test_where_the_organization_has_switched_it_off_the_page_says_so(hers, olga, work):
    factories.calendar_policy(olga.organization, enabled=False)
    page = hers.get(PAGE).content.decode()
    assert "Your organization has switched calendars and contacts off" in page
    assert 'name="busy"' not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_panel_asks_as_often_for_one_account_as_for_three(olga, number, django_assert_num_queries):
    for _each in range(number):
        calendar = factories.calendar(olga)
        factories.calendar(olga, connection=calendar.connection)
    with django_assert_num_queries(3):
        panel = calendar_panels.panel(olga)
        assert [len(account.lines) for account in panel.accounts] == [2] * number
        assert all(line.age and account.account.state for account in panel.accounts for line in account.lines)
