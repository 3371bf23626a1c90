"""What closes times in calendars, and that what is not known closes them too."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from integrations import busy, calendar_news
from integrations.models import Calendar, CalendarSettings
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NINE = MONDAY + 9 * HOUR
MINUTE = int(NINE.timestamp()) // 60
WEEK = (MONDAY, MONDAY + timedelta(days=7))
ALL = (int(WEEK[0].timestamp()) // 60, int(WEEK[1].timestamp()) // 60)


def of(person, start=WEEK[0], end=WEEK[1]):
    return busy.busy([person.user_id], start, end).get(person.user_id, busy.Busy())


def test_an_event_closes_its_time(olga):
    factories.calendar_event(factories.calendar(olga), NINE)

    assert of(olga).spans == [(MINUTE, MINUTE + 60)]


def test_seconds_are_rounded_outward(olga):
    start = NINE + timedelta(seconds=30)
    factories.calendar_event(factories.calendar(olga), start, end=start + timedelta(minutes=5))

    assert of(olga).spans == [(MINUTE, MINUTE + 6)]


def test_an_event_that_does_not_block_closes_nothing(olga):
    factories.calendar_event(factories.calendar(olga), NINE, blocks=False)

    assert of(olga).spans == []


def test_only_what_meets_the_span_counts(olga):
    calendar = factories.calendar(olga)
    for start in (MONDAY - HOUR, MONDAY + timedelta(days=7)):
        factories.calendar_event(calendar, start)

    assert of(olga).spans == []


@pytest.mark.row("G-44", "ZM-39")
def test_several_calendars_of_one_person_count_in_every_organization(olga):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    factories.calendar_event(factories.calendar(olga, name="Work"), NINE)
    factories.calendar_event(factories.calendar(elsewhere, name="Home"), NINE + 2 * HOUR)

    assert sorted(of(olga).spans) == [(MINUTE, MINUTE + 60), (MINUTE + 120, MINUTE + 180)]


def test_two_queries_however_many_people_and_calendars(olga, mina, django_assert_num_queries):
    for person in (olga, mina):
        for _ in range(3):
            factories.calendar_event(factories.calendar(person), NINE)

    with django_assert_num_queries(2):
        found = busy.busy([olga.user_id, mina.user_id], *WEEK)
    assert [len(his.spans) for his in found.values()] == [3, 3]


def test_one_query_without_calendars(olga, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert busy.busy([olga.user_id], *WEEK) == {}


class TestWithoutEffect:
    @pytest.fixture
    def event(self, olga):
        return factories.calendar_event(factories.calendar(olga), NINE)

    def test_a_calendar_that_is_not_ticked(self, olga, event):
        Calendar.objects.update(is_busy=False)
        assert of(olga) == busy.Busy()

    def test_calendars_of_who_switched_sync_off(self, olga, event):
        CalendarSettings.objects.create(membership=olga, sync=False)
        assert of(olga) == busy.Busy()

    def test_calendars_where_the_organization_switched_them_off(self, olga, event):
        factories.calendar_policy(olga.organization, enabled=False)
        assert of(olga) == busy.Busy()

    def test_calendars_that_were_disconnected(self, olga, event):
        event.calendar.connection.delete()
        assert of(olga) == busy.Busy()

    def test_even_broken_ones_that_are_not_ticked_close_nothing(self, olga, event):
        Calendar.objects.update(is_busy=False, synced_at=None)
        assert of(olga) == busy.Busy()

    def test_a_saved_choice_to_go_on_changes_nothing(self, olga, event):
        CalendarSettings.objects.create(membership=olga)
        factories.calendar_policy(olga.organization)
        assert len(of(olga).spans) == 1


@pytest.mark.row("G-47")
class TestNotKnown:
    """An unreachable calendar closes all its times; it never reads as free."""

    @pytest.fixture
    def calendar(self, olga):
        return factories.calendar(olga)

    def closes(self, olga):
        found = of(olga)
        return found.standing == [] and [closed.span for closed in found.closed] == [ALL] and found.spans == [ALL]

    def test_that_was_never_read(self, olga, calendar):
        Calendar.objects.update(synced_at=None)
        assert self.closes(olga)
        assert of(olga).closed[0].since is None

    def test_that_was_last_read_more_than_a_quarter_of_an_hour_ago(self, olga, calendar):
        Calendar.objects.update(synced_at=now() - timedelta(minutes=13, seconds=59))
        assert of(olga).spans == []

        Calendar.objects.update(synced_at=now() - timedelta(minutes=16))
        assert self.closes(olga)

    def test_that_would_be_too_old_before_the_minute_ends(self, olga, calendar, monkeypatch):
        """Months that were drawn are shown again until then."""
        monkeypatch.setattr(busy, "now", lambda: NINE + timedelta(seconds=50))
        Calendar.objects.update(synced_at=NINE - timedelta(minutes=14))
        assert of(olga).spans == []

        Calendar.objects.update(synced_at=NINE - timedelta(minutes=14, seconds=1))
        assert self.closes(olga)

    def test_that_fails(self, olga, calendar):
        since = now() - timedelta(minutes=2)
        Calendar.objects.update(failing_since=since)
        assert self.closes(olga)
        assert of(olga).closed[0].since == since

    def test_that_fails_but_was_just_read_where_this_is_enough_for_its_owner(self, olga, calendar):
        CalendarSettings.objects.create(membership=olga, last_look="accept")
        Calendar.objects.update(failing_since=now())
        assert of(olga).spans == []

        Calendar.objects.update(synced_at=now() - timedelta(minutes=16))
        assert self.closes(olga)

    def test_whose_account_was_cut_off(self, olga, calendar):
        connection = calendar.connection
        connection.ended_at = now()
        connection.save()
        assert self.closes(olga)

    def test_whose_grant_ended(self, olga, calendar):
        grant = calendar.connection.grant
        grant.ended_at = now()
        grant.save()
        assert self.closes(olga)

    def test_times_beyond_what_was_read(self, olga, calendar):
        Calendar.objects.update(window_end=NINE)
        [closed] = of(olga).closed
        assert (closed.span, closed.ahead) == ((MINUTE, ALL[1]), True)

    def test_everything_where_nobody_knows_how_far_it_was_read(self, olga, calendar):
        Calendar.objects.update(window_end=None)
        assert [closed.span for closed in of(olga).closed] == [ALL]

    def test_another_calendar_of_the_same_person_is_still_looked_at(self, olga, calendar):
        Calendar.objects.update(synced_at=None)
        factories.calendar_event(factories.calendar(olga), NINE)
        assert sorted(of(olga).spans) == [ALL, (MINUTE, MINUTE + 60)]

    def test_other_people_stay_free(self, olga, mina, calendar):
        Calendar.objects.update(synced_at=None)
        factories.calendar(mina)
        assert of(mina).spans == []


def test_it_says_where_something_stands_and_no_more(olga):
    calendar = factories.calendar(olga, name="Work")
    factories.calendar_event(calendar, NINE, title="Secret")

    [(source, spans)] = of(olga).standing
    slug = olga.organization.slug
    assert source == busy.Source(calendar.uid, "Work", slug, calendar.connection.uid)
    assert spans == [(MINUTE, MINUTE + 60)]


@pytest.mark.row("G-47")
class TestTheHostIsTold:
    """In the banner, wherever he is."""

    @pytest.fixture
    def calendar(self, olga):
        return factories.calendar(olga, name="Work")

    def told(self, olga):
        return [notice.text for notice in calendar_news.name_unread(None, olga)]

    def test_that_a_calendar_cannot_be_read(self, olga, calendar):
        Calendar.objects.update(failing_since=NINE - timedelta(days=100))
        [text] = self.told(olga)
        assert text.startswith("Your calendar “Work” cannot be read since Nov. 21, 2026")
        assert text.endswith("so its times are closed.")

    def test_that_nobody_has_read_it_lately(self, olga, calendar):
        Calendar.objects.update(synced_at=now() - timedelta(minutes=20))
        assert len(self.told(olga)) == 1

    def test_that_it_was_never_read(self, olga, calendar):
        Calendar.objects.update(synced_at=None, created_at=now() - timedelta(minutes=5))
        assert self.told(olga) == ["Your calendar “Work” has not been read yet, so its times are closed."]

    def test_nothing_while_all_is_well_or_for_a_moment_not(self, olga, calendar):
        assert self.told(olga) == []
        Calendar.objects.update(failing_since=now() - timedelta(minutes=1))
        assert self.told(olga) == []
        Calendar.objects.update(failing_since=None, synced_at=None)
        assert self.told(olga) == []

    def test_nothing_where_fresh_knowledge_is_enough_for_him(self, olga, calendar):
        CalendarSettings.objects.create(membership=olga, last_look="accept")
        Calendar.objects.update(failing_since=now() - timedelta(minutes=10))
        assert self.told(olga) == []

    def test_nothing_of_an_account_that_broke_which_is_told_already(self, olga, calendar):
        calendar.connection.grant.end("expired")
        Calendar.objects.update(failing_since=now() - timedelta(minutes=10))
        assert self.told(olga) == []

    def test_nothing_of_what_does_not_count(self, olga, calendar, mina):
        Calendar.objects.update(failing_since=now() - timedelta(minutes=10))
        assert self.told(mina) == []
        Calendar.objects.update(is_busy=False)
        assert self.told(olga) == []
