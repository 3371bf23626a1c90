"""A month that was drawn once is shown again while nothing on it has changed, and not one moment longer."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db import transaction

from accounts import profiles
from accounts.models import Membership
from integrations import defaults
from integrations.models import CalendarEvent, Connection, GrantStatus, Seat
from integrations.signals import busy_changed
from scheduling import bookings, schedulers, schedules
from scheduling.models import Booking, BookingStatus, DateOverride, Edition, WeeklyHours
from tests import factories
from tests.factories import MONDAY
from tests.scheduling.conftest import IVAN, NINE
from tests.scheduling.months import anew, asked, read

pytestmark = pytest.mark.usefixtures("one_minute")

HALF_PAST_NINE = NINE + timedelta(minutes=30)
ALL_DAY = tuple((day, 0, 1440) for day in range(7))


@pytest.fixture
def booked(scheduler):
    return bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())


# --- What changes it ------------------------------------------------------------------------------------------------


def book(scheduler, olga):
    bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())


def book_in_another_organization(scheduler, olga):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    book(factories.scheduler(elsewhere), elsewhere)


def write_a_booking(scheduler, olga):
    factories.booking(scheduler, start=NINE)


def write_many_bookings(scheduler, olga):
    times = {"start": NINE, "end": HALF_PAST_NINE, "busy_start": NINE, "busy_end": HALF_PAST_NINE}
    Booking.objects.bulk_create([Booking(organization=olga.organization, scheduler=scheduler, host=olga.user, **times)])


def change_hours(scheduler, olga):
    hours = scheduler.schedule
    schedules.change(hours, name=hours.name, time_zone=hours.time_zone, weekly=ALL_DAY, overrides={})


def close_a_date(scheduler, olga):
    hours = scheduler.schedule
    schedules.change(hours, name=hours.name, time_zone=hours.time_zone, weekly=(), overrides={MONDAY.date(): []})


def move_hours_to_another_zone(scheduler, olga):
    type(scheduler.schedule).objects.update(time_zone="Asia/Kathmandu")


def write_a_date(scheduler, olga):
    DateOverride.objects.create(schedule=scheduler.schedule, date=MONDAY.date())


def write_hours(scheduler, olga):
    WeeklyHours.objects.create(schedule=scheduler.schedule, weekday=0, start_minute=1080, end_minute=1200)


def update_hours(scheduler, olga):
    WeeklyHours.objects.filter(weekday=0).update(end_minute=720)


def delete_hours(scheduler, olga):
    WeeklyHours.objects.filter(weekday=0).get().delete()


def delete_many_hours(scheduler, olga):
    scheduler.schedule.weekly_hours.all().delete()


def use_other_hours(scheduler, olga):
    schedulers.change(scheduler, schedule=factories.schedule(olga, hours=ALL_DAY))


def rename(scheduler, olga):
    schedulers.change(scheduler, name="A walk")


def lengthen(scheduler, olga):
    schedulers.change(scheduler, durations=[45, 60])


def keep_distance(scheduler, olga):
    type(scheduler).objects.update(buffer_before=60, minimum_notice=10_000_000)


def switch_off(scheduler, olga):
    schedulers.switch(scheduler, on=False)


def choose_a_place(scheduler, olga):
    schedulers.change(scheduler, place="phone")


def prefer_another_place(scheduler, olga):
    factories.connection(olga)
    defaults.make_default(olga, "zoom")


def connect_the_organization(scheduler, olga):
    factories.connection(olga)
    Connection.objects.update(membership=None)


def change_the_name(scheduler, olga):
    type(olga.user).objects.update(name="Olga Sea")


def change_the_custom_url(scheduler, olga):
    profiles.change_custom_url(olga.user, "olga-by-the-sea")


def leave_bridge(scheduler, olga):
    type(olga.user).objects.update(is_active=False)


@pytest.mark.parametrize(
    "change",
    [
        book, book_in_another_organization, write_a_booking, write_many_bookings, change_hours, close_a_date,
        move_hours_to_another_zone, write_a_date, write_hours, update_hours, delete_hours, delete_many_hours,
        use_other_hours, rename, lengthen, keep_distance, switch_off, choose_a_place, prefer_another_place,
        connect_the_organization, change_the_name, change_the_custom_url, leave_bridge,
    ],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_the_next_visitor_sees_every_change(scheduler, olga, change):
    before = read()

    change(scheduler, olga)

    after = read()
    assert after != before
    assert after == anew()


def move(booking):
    bookings.reschedule(booking, start=NINE + timedelta(hours=2), by=None)


def cancel(booking):
    bookings.cancel(booking, by=None)


def move_by_hand(booking):
    later = timedelta(hours=2)
    Booking.objects.update(
        **{name: getattr(booking, name) + later for name in ("start", "end", "busy_start", "busy_end")}
    )


def cancel_by_hand(booking):
    booking.status = BookingStatus.CANCELLED
    booking.save(update_fields=["status"])


def delete(booking):
    booking.delete()


def delete_many(booking):
    Booking.objects.all().delete()


@pytest.mark.parametrize(
    "change", [move, cancel, move_by_hand, cancel_by_hand, delete, delete_many], ids=lambda change: change.__name__
)
def test_a_time_that_is_free_again_is_offered_at_once(booked, change):
    assert "T08:00Z#" not in read()

    change(booked)

    assert "T08:00Z#" in read()


@pytest.mark.parametrize("end", ["connection", "grant", "seat"])
def test_a_place_that_the_organization_loses_is_not_announced_any_more(scheduler, olga, end):
    shared = factories.connection(olga)
    Connection.objects.update(membership=None)
    assert "Zoom" in read()

    if end == "connection":
        Connection.objects.update(ended_status=GrantStatus.REVOKED)
    elif end == "grant":
        type(shared.grant).objects.update(status=GrantStatus.REVOKED)
    else:
        Seat.objects.create(connection=shared, membership=olga, state="not_found")

    assert "Zoom" not in read()


def test_news_of_busy_calendars_renew_the_edition_of_those_they_are_about(olga, mina):
    Edition.objects.renew([olga.user_id, mina.user_id])
    before = dict(Edition.objects.values_list("host", "token"))

    busy_changed.send(sender=CalendarEvent, users=[olga.user_id])

    after = dict(Edition.objects.values_list("host", "token"))
    assert after[olga.user_id] != before[olga.user_id]
    assert after[mina.user_id] == before[mina.user_id]


def test_a_mail_that_was_told_renews_nothing(booked):
    read()
    booked.told_sequence = 0
    booked.save(update_fields=["sequence", "told_sequence", "told_join_url"])

    assert asked() == 1


def test_what_stood_there_before_a_rollback_stands_there_after_it(scheduler, olga):
    before = read()

    with transaction.atomic():
        book(scheduler, olga)
        within = read()
        transaction.set_rollback(True)

    assert within != before
    assert read() == before


# --- Two at once ----------------------------------------------------------------------------------------------------


class _Slow:
    """Stops a reader, once, before the query with this number."""

    def __init__(self, number: int) -> None:
        self.left, self.arrived, self.go_on = number, threading.Event(), threading.Event()

    def __call__(self, execute, *args):
        self.left -= 1
        if self.left == 0:
            self.arrived.set()
            assert self.go_on.wait(20)
        return execute(*args)

    def read(self) -> None:
        try:
            with database.execute_wrapper(self):
                read()
        finally:
            self.arrived.set()
            database.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_page_drawn_while_somebody_books_is_not_kept_for_those_who_come_after(number):
    olga: Membership = factories.membership(factories.user("olga@example.org", name="Olga", custom_url="olga-berg"))
    scheduler = factories.scheduler(olga, slug="intro")
    slow = _Slow(number)
    reader = threading.Thread(target=slow.read)
    reader.start()
    assert slow.arrived.wait(20)

    book(scheduler, olga)
    slow.go_on.set()
    reader.join(20)

    assert slow.left <= 0
    assert "T08:00Z#" not in read()
    assert read() == anew()


@pytest.mark.django_db(transaction=True)
def test_a_page_drawn_before_a_booking_is_committed_is_not_kept_for_those_who_come_after():
    olga: Membership = factories.membership(factories.user("olga@example.org", name="Olga", custom_url="olga-berg"))
    scheduler = factories.scheduler(olga, slug="intro")
    slow = _Slow(0)

    with transaction.atomic():
        book(scheduler, olga)
        reader = threading.Thread(target=slow.read)
        reader.start()
        reader.join(20)

    assert slow.left < 0
    assert "T08:00Z#" not in read()
