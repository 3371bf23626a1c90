"""What is known of a calendar is kept in step with it, and never thrown away before what replaces it is there."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import now

from integrations import calendar_choices, calendar_sync, grants
from integrations.models import Calendar, CalendarEvent, CalendarSettings
from integrations.signals import busy_changed
from integrations.types import EndReason
from outbox.models import Intent
from tests import factories, mailboxes
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def mailbox(settings):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    with mailboxes.running() as found:
        yield found


@pytest.fixture
def calendar(mailbox, mina, after_commit):
    """Mina's, with one event, read once."""
    mailbox.add("Dentist", MONDAY)
    with after_commit():
        mailbox.connect(mina)
    return mailboxes.main(mina)


@pytest.fixture
def sync(calendar, after_commit):
    """Look at it, as if somebody had asked; the row as it is then."""

    def run():
        with after_commit():
            calendar_sync.look_now(calendar)
        calendar.refresh_from_db()
        return calendar

    return run


@pytest.fixture
def told():
    found = []

    def hear(users, **kwargs):
        found.append(users)

    busy_changed.connect(hear)
    yield found
    busy_changed.disconnect(hear)


def titles():
    return sorted(CalendarEvent.objects.values_list("title", flat=True))


@pytest.mark.row("G-44", "ZM-27", "ZM-17")
def test_what_is_made_moved_and_deleted_there_is_known_here(calendar, mailbox, sync):
    surgeon = mailbox.add("Surgeon", MONDAY + 3 * HOUR)
    sync()
    assert titles() == ["Dentist", "Surgeon"]

    mailbox.simulator.move_event(mailboxes.WHOSE, surgeon.id, HOUR)
    sync()
    assert CalendarEvent.objects.get(title="Surgeon").start == MONDAY + 4 * HOUR

    mailbox.simulator.delete_event(mailboxes.WHOSE, surgeon.id)
    sync()
    assert titles() == ["Dentist"]


def test_series_come_as_their_instances_and_go_with_it(calendar, mailbox, sync):
    series = mailbox.add("Weekly", MONDAY + HOUR, rule="FREQ=WEEKLY;COUNT=4")
    sync()
    starts = CalendarEvent.objects.filter(title="Weekly").order_by("start").values_list("start", flat=True)
    assert list(starts) == [MONDAY + HOUR + week * timedelta(days=7) for week in range(4)]

    instance = mailbox.simulator.instances(mailboxes.WHOSE, series.id, MONDAY + timedelta(days=60))[1]
    mailbox.simulator.delete_event(mailboxes.WHOSE, instance.id)
    sync()
    assert titles().count("Weekly") == 3

    mailbox.simulator.delete_event(mailboxes.WHOSE, series.id)
    sync()
    assert titles() == ["Dentist"]


def test_whole_days_are_days_of_the_calendar(calendar, mailbox, sync):
    mailbox.add("Off", MONDAY - HOUR, minutes=24 * 60, all_day=True)
    sync()

    event = CalendarEvent.objects.get(title="Off")
    assert (event.first_day, event.last_day) == (date(2027, 3, 1), date(2027, 3, 1))


def test_a_look_says_how_far_and_how_lately_it_knows(calendar, sync):
    before = now()
    calendar = sync()

    assert before <= calendar.synced_at <= now()
    assert (calendar.window_end - now()).days in (399, 400)
    assert (now() - calendar.window_start).days in (35, 36)
    assert now() + 4 * timedelta(minutes=1) < calendar.next_look_at < now() + 6 * timedelta(minutes=1)
    assert (calendar.syncing_until, calendar.changed_at) == (None, None)


def test_a_look_at_which_nothing_changed_costs_little(calendar, mailbox, sync, told, django_assert_max_num_queries):
    sync()
    asked = mailbox.requests()
    told.clear()
    with django_assert_max_num_queries(35):
        sync()

    assert mailbox.requests() - asked <= 2
    assert told == []


class TestTheTokenIsLost:
    def test_everything_is_looked_at_anew(self, calendar, mailbox, sync):
        [gone] = mailbox.simulator.events(mailboxes.WHOSE)
        mailbox.simulator.delete_event(mailboxes.WHOSE, gone.id)
        mailbox.add("New", MONDAY)
        mailbox.simulator.forget_states(mailboxes.WHOSE)
        token = calendar.sync_token

        calendar = sync()

        assert titles() == ["New"]
        assert calendar.sync_token not in ("", token)

    def test_old_events_stay_until_the_new_ones_are_all_there(self, calendar, mailbox, sync):
        mailbox.simulator.forget_states(mailboxes.WHOSE)
        for number in range(1200):
            mailbox.add(f"{number}", MONDAY + number * HOUR)
        mailbox.simulator.faults.add("drop_before", skip=3)

        calendar = sync()

        assert "Dentist" in titles()
        assert calendar.failing_since is not None

        mailbox.simulator.faults.clear()
        calendar = sync()
        assert CalendarEvent.objects.count() == 1201
        assert calendar.failing_since is None


def test_once_a_week_the_window_moves_on(calendar, sync):
    Calendar.objects.update(window_end=now() + calendar_sync.AHEAD - timedelta(days=6))
    end = sync().window_end
    assert end < now() + calendar_sync.AHEAD - timedelta(days=5)

    Calendar.objects.update(window_end=now() + calendar_sync.AHEAD - timedelta(days=8))
    assert sync().window_end > now() + calendar_sync.AHEAD - timedelta(days=2)
    assert titles() == ["Dentist"]


@pytest.mark.row("G-47")
class TestFailing:
    def test_what_is_known_stays_and_since_when_it_fails_is_noted(self, calendar, mailbox, sync, told, mina):
        read = calendar.synced_at
        mailbox.simulator.faults.add("drop_before")
        told.clear()

        first = sync()
        since = first.failing_since
        second = sync()

        assert titles() == ["Dentist"]
        assert second.failing_since == since
        assert second.synced_at == read
        assert second.problem.endswith(".")
        assert told == [[mina.user_id]]

    def test_it_tries_again_more_and_more_slowly(self, calendar, mailbox, sync):
        mailbox.simulator.faults.add("drop_before")
        soon = sync().next_look_at - now()
        Calendar.objects.update(failing_since=now() - timedelta(minutes=2))
        later = sync().next_look_at - now()
        Calendar.objects.update(failing_since=now() - timedelta(days=2))
        latest = sync().next_look_at - now()

        assert soon < timedelta(seconds=12) < timedelta(minutes=1) < later < timedelta(minutes=3)
        assert latest < timedelta(minutes=6)

    def test_whoever_rings_meanwhile_the_pause_is_kept(self, calendar, mailbox, sync, after_commit):
        mailbox.simulator.faults.add("drop_before")
        sync()
        asked = mailbox.requests()
        with after_commit():
            calendar_sync.look_soon(calendar)

        assert mailbox.requests() == asked
        assert Intent.objects.get(kind=calendar_sync.KIND).due_at > now()

    def test_when_it_works_again_that_is_told(self, calendar, mailbox, sync, told, mina):
        mailbox.simulator.faults.add("drop_before")
        sync()
        mailbox.simulator.faults.clear()
        told.clear()

        calendar = sync()

        assert (calendar.failing_since, calendar.problem) == (None, "")
        assert told == [[mina.user_id]]

    def test_an_account_that_ended_closes_its_calendars(self, calendar, told, mina, after_commit):
        told.clear()
        with after_commit():
            grants.end(calendar.connection.grant, EndReason.EXPIRED)

        calendar.refresh_from_db()
        assert calendar.failing_since is not None
        assert calendar.problem
        assert told == [[mina.user_id]]
        assert titles() == ["Dentist"]

    def test_connected_again_it_is_read_at_once(self, calendar, mailbox, mina, after_commit):
        with after_commit():
            grants.end(calendar.connection.grant, EndReason.EXPIRED)
        mailbox.add("Surgeon", MONDAY)
        with after_commit():
            mailbox.connect(mina)

        calendar.refresh_from_db()
        assert (calendar.failing_since, titles()) == (None, ["Dentist", "Surgeon"])


class TestOneAtATime:
    def test_while_a_worker_is_at_it_another_comes_later(self, calendar, mailbox, sync):
        Calendar.objects.update(syncing_until=now() + HOUR)
        asked = mailbox.requests()
        sync()

        assert mailbox.requests() == asked
        assert Intent.objects.get(kind=calendar_sync.KIND).due_at > now()

    def test_a_worker_that_died_holds_it_no_longer_than_its_lease(self, calendar, sync):
        Calendar.objects.update(syncing_until=now() - timedelta(seconds=1))
        read = calendar.synced_at

        assert sync().synced_at > read

    def test_a_worker_that_lost_it_writes_nothing(self, calendar):
        stale = calendar_sync._found(calendar.pk)
        calendar_sync._claim(stale)
        Calendar.objects.update(syncing_until=now() + HOUR)

        with pytest.raises(calendar_sync.LeaseLost):
            calendar_sync._finish(stale, "other", None, now())
        calendar.refresh_from_db()
        assert calendar.sync_token != "other"


class TestWhatIsRead:
    def due(self):
        Calendar.objects.update(next_look_at=now() - HOUR)
        Intent.objects.all().delete()
        calendar_sync.begin_due()
        return Intent.objects.filter(kind=calendar_sync.KIND).count()

    def test_those_whose_time_has_come(self, mina):
        factories.calendar(mina)
        factories.calendar(mina, is_busy=False, receives=True)

        assert self.due() == 2
        Intent.objects.all().delete()
        calendar_sync.begin_due()
        assert not Intent.objects.exists()

    def test_not_those_that_nobody_needs(self, mina):
        factories.calendar(mina, is_busy=False)
        assert self.due() == 0

    def test_not_those_of_who_wants_no_sync(self, mina):
        factories.calendar(mina)
        CalendarSettings.objects.create(membership=mina, sync=False)
        assert self.due() == 0

    def test_not_where_the_organization_wants_none(self, mina):
        factories.calendar(mina)
        factories.calendar_policy(mina.organization, enabled=False)
        assert self.due() == 0

    def test_not_those_whose_account_ended(self, mina):
        connection = factories.calendar(mina).connection
        connection.ended_at = now()
        connection.save()
        assert self.due() == 0


class TestChoices:
    def choose(self, mina, calendar, *, busy):
        calendar_choices.choose(mina, busy={calendar.uid} if busy else set(), receiving=None)

    def test_a_ticked_calendar_is_read_and_an_unticked_one_forgotten(self, calendar, mina, told, after_commit):
        told.clear()
        with after_commit():
            self.choose(mina, calendar, busy=False)
        calendar.refresh_from_db()
        assert (calendar.synced_at, calendar.sync_token, titles()) == (None, "", [])
        assert told == [[mina.user_id]]

        with after_commit():
            self.choose(mina, calendar, busy=True)
        calendar.refresh_from_db()
        assert (calendar.is_trusted, titles()) == (True, ["Dentist"])

    def test_who_reads_it_while_it_is_unticked_gives_up(self, calendar, mina):
        at_it = calendar_sync._found(calendar.pk)
        calendar_sync._claim(at_it)
        self.choose(mina, calendar, busy=False)

        with pytest.raises(calendar_sync.LeaseLost):
            calendar_sync._finish(at_it, "token", None, now())

    def test_without_sync_nothing_is_kept(self, calendar, mina, after_commit):
        with after_commit():
            calendar_choices.decide(mina, sync=False)
        assert titles() == []

        with after_commit():
            calendar_choices.decide(mina, sync=True)
        assert titles() == ["Dentist"]
