"""What a page of changes does to what is known of a calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import now

from integrations import event_rows, event_store, instants
from integrations.models import CalendarEvent
from integrations.signals import busy_changed, events_changed
from integrations.types import Event, EventPage, Response, ShowsAs
from tests import factories
from tests.factories import MONDAY

HOUR = timedelta(hours=1)
NINE = MONDAY + 9 * HOUR
PLAIN = Event("e1", NINE, NINE + HOUR, title="Dentist")


class TestPlacing:
    def place(self, start, end, zone="Europe/Berlin"):
        return instants.place(Event("e", start, end), zone)

    def test_aware_times_become_utc(self):
        tokyo = datetime.fromisoformat("2027-03-01T18:00:00+09:00")
        placed = self.place(tokyo, tokyo + HOUR)
        assert (placed.start, placed.end, placed.is_all_day) == (NINE, NINE + HOUR, False)
        assert placed.start.tzinfo == UTC

    def test_floating_times_are_those_of_the_calendar(self):
        placed = self.place(datetime(2027, 3, 1, 10), datetime(2027, 3, 1, 11))  # noqa: DTZ001 (floating)
        assert (placed.start, placed.end) == (NINE, NINE + HOUR)

    def test_days_are_those_of_the_calendar(self):
        placed = self.place(date(2027, 3, 1), date(2027, 3, 3))
        assert (placed.start, placed.end) == (MONDAY - HOUR, MONDAY + timedelta(hours=47))
        assert (placed.first_day, placed.last_day) == (date(2027, 3, 1), date(2027, 3, 2))

    def test_a_day_of_twenty_three_hours_is_shorter(self):
        placed = self.place(date(2027, 3, 28), date(2027, 3, 29))
        assert placed.end - placed.start == 23 * HOUR

    def test_a_day_without_an_end_is_one_day(self):
        placed = self.place(date(2027, 3, 1), date(2027, 3, 1))
        assert (placed.last_day, placed.end - placed.start) == (date(2027, 3, 1), 24 * HOUR)

    @pytest.mark.parametrize("minutes", [0, -1, -100_000])
    def test_what_does_not_last_takes_no_time(self, minutes):
        placed = self.place(NINE, NINE + timedelta(minutes=minutes))
        assert (placed.start, placed.end, placed.lasts) == (NINE, NINE, False)

    def test_a_reading_the_clocks_skip_is_taken_by_the_offset_before(self):
        placed = self.place(datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 4))  # noqa: DTZ001 (floating)
        assert placed.start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)

    def test_fractions_of_a_second_are_rounded_outward(self):
        bit = timedelta(microseconds=7)
        placed = self.place(NINE + bit, NINE + HOUR + bit)
        assert (placed.start, placed.end) == (NINE, NINE + HOUR + timedelta(seconds=1))

    @pytest.mark.parametrize("year", [1, 9999])
    def test_years_far_away_do_no_harm(self, year):
        day = date(year, 12, 31) if year > 2000 else date(year, 1, 1)
        assert self.place(day, day).first_day == day
        moment = datetime.combine(day, datetime.max.time(), tzinfo=UTC)
        assert self.place(moment, moment).start.year in (1900, 2200)


@pytest.mark.django_db
class TestRows:
    @pytest.fixture
    def calendar(self, olga):
        return factories.calendar(olga)

    def row(self, calendar, **fields):
        [row] = event_rows.of(calendar, [replace(PLAIN, **fields)], own=set())
        row.save()
        return CalendarEvent.objects.get(pk=row.pk)

    def test_too_long_texts_are_cut(self, calendar):
        fields = ("title", "location", "uid", "etag", "join_url", "web_url", "organizer", "reference", "description")
        row = self.row(calendar, **dict.fromkeys(fields, "x" * 30_000))
        assert (len(row.title), len(row.join_url), len(row.description)) == (500, 2000, 20_000)

    def test_long_ids_are_shortened_and_stay_apart(self, calendar):
        first, second = (event_rows.key("i" * 900 + end) for end in "ab")
        assert len(first) == len(second) == 700
        assert first != second

    def test_what_a_database_cannot_hold_is_left_out(self, calendar):
        row = self.row(calendar, title="a\0b\ud800c", attendees=("d\0@example.org",))
        assert (row.title, row.attendees) == ("abc", ["d@example.org"])

    def test_a_calendar_without_a_zone_takes_its_members(self, calendar, olga):
        calendar.time_zone, olga.user.time_zone = "", "Asia/Tokyo"
        calendar.membership = olga
        row = self.row(calendar, start=date(2027, 3, 1), end=date(2027, 3, 2))
        assert row.start == MONDAY - 9 * HOUR

    def test_of_two_with_one_id_the_last_counts(self, calendar):
        rows = event_rows.of(calendar, [PLAIN, replace(PLAIN, title="Later")], own=set())
        assert [row.title for row in rows] == ["Later"]


@pytest.mark.django_db
class TestKeeping:
    @pytest.fixture
    def calendar(self, olga):
        return factories.calendar(olga)

    @pytest.fixture
    def told(self):
        """[busy, …] or ("events", changed, removed), as they are sent."""
        found = []

        def hear_busy(users, **kwargs):
            found.append(users)

        def hear_events(changed, removed, **kwargs):
            found.append((changed, removed))

        busy_changed.connect(hear_busy)
        events_changed.connect(hear_events)
        yield found
        busy_changed.disconnect(hear_busy)
        events_changed.disconnect(hear_events)

    def keep(self, calendar, *events, removed=(), series=(), began=None):
        page = EventPage(events, removed, series)
        event_store.keep(calendar, page, began=began or now())

    def known(self):
        return sorted(CalendarEvent.objects.values_list("external_id", "title"))

    def test_new_events_come_and_known_ones_change(self, calendar):
        self.keep(calendar, PLAIN)
        uid = CalendarEvent.objects.get().uid
        self.keep(calendar, replace(PLAIN, title="Surgeon"), replace(PLAIN, external_id="e2"))

        assert self.known() == [("e1", "Surgeon"), ("e2", "Dentist")]
        assert CalendarEvent.objects.get(external_id="e1").uid == uid

    def test_removed_and_cancelled_ones_go(self, calendar):
        self.keep(calendar, PLAIN, replace(PLAIN, external_id="e2"), replace(PLAIN, external_id="e3"))
        self.keep(calendar, replace(PLAIN, external_id="e2", is_cancelled=True), removed=("e1", "never"))

        assert self.known() == [("e3", "Dentist")]

    def test_of_a_removed_series_every_instance_goes(self, calendar):
        instances = [replace(PLAIN, external_id=f"s_{number}", series_id="s") for number in range(3)]
        self.keep(calendar, *instances, PLAIN)
        self.keep(calendar, removed=("s",))

        assert self.known() == [("e1", "Dentist")]

    def test_of_a_changed_series_only_what_came_now_stays(self, calendar):
        self.keep(calendar, *[replace(PLAIN, external_id=f"s_{number}", series_id="s") for number in range(3)])
        self.keep(calendar, replace(PLAIN, external_id="s_9", series_id="s"), series=("s",))

        assert self.known() == [("s_9", "Dentist")]

    def test_an_event_that_became_a_series_is_not_there_twice(self, calendar):
        self.keep(calendar, PLAIN)
        self.keep(calendar, replace(PLAIN, external_id="e1_1", series_id="e1"), series=("e1",))

        assert self.known() == [("e1_1", "Dentist")]

    def test_another_calendars_events_stay(self, calendar, olga):
        other = factories.calendar(olga)
        self.keep(other, PLAIN)
        self.keep(calendar, PLAIN)
        self.keep(calendar, removed=("e1",))

        assert CalendarEvent.objects.get().calendar == other

    def test_the_rules_decide_what_closes_times(self, calendar):
        self.keep(calendar, PLAIN, replace(PLAIN, external_id="e2", shows_as=ShowsAs.FREE))

        assert dict(CalendarEvent.objects.values_list("external_id", "blocks")) == {"e1": True, "e2": False}

    def test_it_is_told_whose_times_changed_and_only_then(self, calendar, olga, told):
        steps = [
            ((PLAIN,), True),
            ((PLAIN,), False),
            ((replace(PLAIN, title="Other words"),), False),
            ((replace(PLAIN, end=NINE + 2 * HOUR),), True),
            ((replace(PLAIN, end=NINE + 2 * HOUR, response=Response.DECLINED),), True),
            ((replace(PLAIN, end=NINE + 2 * HOUR, is_cancelled=True),), False),
        ]
        for events, busy in steps:
            told.clear()
            self.keep(calendar, *events)
            assert told == ([[olga.user_id]] if busy else [])

    def test_what_changed_is_told_after_the_commit(self, calendar, told, after_commit):
        with after_commit():
            self.keep(calendar, replace(PLAIN, shows_as=ShowsAs.FREE), removed=("gone",), series=("s",))
            assert told == []

        assert told == [({"e1", "s"}, {"gone"})]

    def test_after_a_full_look_what_was_not_seen_goes(self, calendar, told, after_commit, olga):
        self.keep(
            calendar, PLAIN, replace(PLAIN, external_id="old", start=MONDAY - 9000 * HOUR, end=MONDAY - 8999 * HOUR)
        )
        began = now()
        self.keep(calendar, replace(PLAIN, external_id="e2"), began=began)
        told.clear()
        with after_commit():
            event_store.forget_unseen(calendar, began=began)

        assert self.known() == [("e2", "Dentist")]
        assert told == [[olga.user_id], (set(), {"e1"})]

    def test_a_large_page_is_taken_in_pieces(self):
        events = tuple(replace(PLAIN, external_id=str(number)) for number in range(1201))
        pieces = list(event_store.parts(EventPage(events, ("r",), ("s",), "token")))

        assert [len(piece.events) for piece in pieces] == [500, 500, 201]
        assert [piece.removed for piece in pieces] == [("r",), (), ()]
        assert [(piece.series, piece.sync_token) for piece in pieces] == [((), ""), ((), ""), (("s",), "token")]

    def test_an_empty_page_is_one_piece(self):
        assert len(list(event_store.parts(EventPage(sync_token="token")))) == 1


@pytest.mark.django_db
@pytest.mark.row("ZM-39")
class TestOwnBookings:
    """The event that stands for a booking, and the copy that a mail put there, close nothing."""

    def keep(self, member, **marks):
        calendar = factories.calendar(member)
        event_store.keep(calendar, EventPage((replace(PLAIN, **marks),)), began=now())
        return CalendarEvent.objects.get(calendar=calendar).blocks

    @pytest.fixture
    def booking(self, scheduler):
        return factories.booking(scheduler)

    def test_by_our_reference(self, booking, olga):
        assert not self.keep(olga, reference=booking.marker)

    def test_by_the_uid_of_the_invitation(self, booking, olga):
        assert not self.keep(olga, uid=f"{booking.uid}@testserver")

    def test_of_a_cancelled_booking_too(self, booking, olga):
        type(booking).objects.update(status="cancelled")
        assert not self.keep(olga, reference=booking.marker)

    def test_but_not_in_the_calendar_of_somebody_else(self, booking, mina):
        assert self.keep(mina, reference=booking.marker)
        assert self.keep(mina, uid=f"{booking.uid}@testserver")

    @pytest.mark.parametrize("marker", ["Booking BR-000000000000", "Booking BR-xyz", "not-a-uid", "@", "{}@testserver"])
    def test_but_not_by_marks_of_no_booking(self, booking, olga, marker):
        assert self.keep(olga, reference=marker, uid=marker)

    def test_but_not_by_a_uid_of_another_house(self, booking, olga):
        assert self.keep(olga, uid=f"{booking.uid}@elsewhere.example")
