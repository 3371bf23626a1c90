"""What the database itself refuses: every named constraint, broken once."""

import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from scheduling.models import (
    AskedBefore,
    BookedEvent,
    Booking,
    CallParticipant,
    CallSignal,
    DateOverride,
    Delivery,
    EventMeeting,
    HostCell,
    Meeting,
    OutsideMeeting,
    RoomPolicy,
    Schedule,
    Scheduler,
    WeeklyHours,
)
from tests import factories
from tests.factories import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.each_example]

HOUR = timedelta(hours=1)


@pytest.fixture
def booking(scheduler):
    booking = factories.booking(scheduler)
    factories.meeting(booking)
    return booking


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def weekly(schedule, **fields):
    WeeklyHours.objects.create(schedule=schedule, **{"weekday": 0, "start_minute": 0, "end_minute": 60} | fields)


def override(schedule, start, end):
    DateOverride.objects.create(schedule=schedule, date=date(2027, 1, 1), start_minute=start, end_minute=end)


def cell(booking):
    HostCell.objects.create(host=booking.host, cell=1, booking=booking)


def visitor(booking, **fields):
    return CallParticipant.objects.create(booking=booking, **{"name": "Ivan"} | fields)


def event(booking):
    return factories.application_event(booking.membership)


def event_cell(booking, taker):
    HostCell.objects.create(host=booking.host, cell=1, event=taker)


def signal(sender, receiver):
    CallSignal.objects.create(sender=sender, receiver=receiver, number=1, payload="{}")


def marked(booking, calendar):
    EventMeeting.objects.create(calendar=calendar, event_id="event", place="zoom", start=booking.start, end=booking.end)


def marked_twice(booking):
    calendar = factories.calendar(booking.membership)
    marked(booking, calendar)
    marked(booking, calendar)


def outside(booking, **fields):
    """Beside another one of the same account."""
    account = factories.connection(booking.membership)
    times = {"start": booking.start, "end": booking.end, "kind": "meeting"}
    common = {"connection": account, "host": booking.host} | times
    OutsideMeeting.objects.create(**common, external_id="1")
    OutsideMeeting.objects.create(**common | {"external_id": "2"} | fields)


def entry(booking, **fields):
    BookedEvent.objects.create(booking=booking, **fields)


def two_alike(booking):
    sender, receiver = visitor(booking), visitor(booking)
    signal(sender, receiver)
    signal(sender, receiver)


def to_himself(booking):
    somebody = visitor(booking)
    signal(somebody, somebody)


def moved(meeting, start, end):
    change(meeting, change="moved", changed_start=start, changed_end=end)


def delivery(booking):
    return factories.delivery(factories.application(booking.membership))


def delivered_twice(first):
    Delivery.objects.create(message=first.message, subscription=first.subscription)


def asked_twice(_):
    for _again in range(2):
        AskedBefore.objects.create(caller="key:1:1", key_hash="same", fingerprint="", claimed_at=MONDAY)


BREAKS = [
    ("a_key_is_asked_once", asked_twice),
    ("message_type_is_known", lambda b: change(delivery(b).message, type="booking.dreamt")),
    ("a_message_goes_once_to_each", lambda b: delivered_twice(delivery(b))),
    ("delivery_state_is_known", lambda b: change(delivery(b), state="lost")),
    ("call_participant_is_admitted_or_refused", lambda b: visitor(b, admitted_at=b.start, refused_at=b.start)),
    ("call_host_needs_no_admission", lambda b: visitor(b, is_host=True)),
    ("call_participant_has_a_name", lambda b: visitor(b, name="")),
    ("call_participant_is_in_one_room", lambda b: visitor(None)),
    ("call_participant_is_in_one_room", lambda b: visitor(b, event=event(b))),
    ("one_call_signal_per_sender_and_number", two_alike),
    ("call_signal_goes_to_another", to_himself),
    (
        "room_policy_leads_to_https",
        lambda b: RoomPolicy.objects.create(organization=b.organization, jitsi_url="http://meet.example.com"),
    ),
    ("booking_ends_after_it_starts", lambda b: change(b, end=b.start, busy_end=b.end)),
    ("booking_is_busy_while_it_lasts", lambda b: change(b, busy_start=b.start + HOUR)),
    ("booking_is_busy_while_it_lasts", lambda b: change(b, busy_end=b.start)),
    ("booking_status_is_known", lambda b: change(b, status="maybe")),
    ("one_booking_per_submission", lambda b: factories.booking(b.scheduler, submission_key=b.submission_key)),
    ("one_booking_per_host_and_cell", lambda b: (cell(b), cell(b))),
    ("one_booking_per_host_and_cell", lambda b: (cell(b), event_cell(b, event(b)))),
    ("a_cell_is_taken_by_one", lambda b: event_cell(b, None)),
    ("a_cell_is_taken_by_one", lambda b: HostCell.objects.create(host=b.host, cell=1, booking=b, event=event(b))),
    ("event_ends_after_it_starts", lambda b: change(event(b), end=MONDAY, busy_end=MONDAY + HOUR)),
    ("event_is_busy_while_it_lasts", lambda b: change(event(b), busy_start=MONDAY + HOUR)),
    ("event_is_busy_while_it_lasts", lambda b: change(event(b), busy_end=MONDAY)),
    ("event_status_is_known", lambda b: change(event(b), status="maybe")),
    ("event_is_busy_or_free", lambda b: change(event(b), transparency="opal")),
    ("event_state_is_known", lambda b: change(event(b), state="lost")),
    ("meeting_state_is_known", lambda b: change(b.meeting, state="perhaps")),
    ("meeting_change_is_known", lambda b: change(b.meeting, change="perhaps")),
    ("moved_meeting_says_where_to", lambda b: change(b.meeting, change="moved")),
    ("moved_meeting_says_where_to", lambda b: moved(b.meeting, start=b.start, end=b.start)),
    ("scheduler_addresses_differ", lambda b: change(factories.scheduler(b.membership), slug=b.scheduler.slug)),
    ("scheduler_increment_is_positive", lambda b: change(b.scheduler, increment=0)),
    ("scheduler_window_is_rolling_or_between_dates", lambda b: change(b.scheduler, window_first=date(2027, 1, 1))),
    (
        "scheduler_window_is_rolling_or_between_dates",
        lambda b: change(b.scheduler, window_days=None, window_first=date(2027, 1, 2), window_last=date(2027, 1, 1)),
    ),
    (
        "scheduler_window_is_rolling_or_between_dates",
        lambda b: change(b.scheduler, window_days=None, window_first=date(2027, 1, 1)),
    ),
    ("schedule_names_differ", lambda b: change(factories.schedule(b.membership), name=b.scheduler.schedule.name)),
    ("booked_event_state_is_known", lambda b: entry(b, state="lost")),
    ("booked_event_change_is_known", lambda b: entry(b, change="painted")),
    ("moved_event_says_where_to", lambda b: entry(b, change="moved", changed_start=b.end, changed_end=b.start)),
    ("moved_event_says_where_to", lambda b: entry(b, change="moved")),
    ("one_meeting_per_marked_event", marked_twice),
    ("one_row_per_outside_meeting", lambda b: outside(b, external_id="1")),
    ("outside_meeting_kind_is_known", lambda b: outside(b, kind="seance")),
    ("outside_meeting_ends_after_it_starts", lambda b: outside(b, end=b.start - HOUR)),
    ("weekly_hours_weekday_is_known", lambda b: weekly(b.scheduler.schedule, weekday=7)),
    ("weekly_hours_end_after_start", lambda b: weekly(b.scheduler.schedule, start_minute=60)),
    ("weekly_hours_end_after_start", lambda b: weekly(b.scheduler.schedule, end_minute=1441)),
    ("override_is_closed_or_ends_after_start", lambda b: override(b.scheduler.schedule, 60, 60)),
    ("override_is_closed_or_ends_after_start", lambda b: override(b.scheduler.schedule, 60, None)),
    ("override_is_closed_or_ends_after_start", lambda b: override(b.scheduler.schedule, None, 60)),
]


@pytest.mark.row("G-48")
@pytest.mark.parametrize(("name", "breaking"), BREAKS)
def test_the_database_refuses(booking, olga, name, breaking):
    booking.membership = olga

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        breaking(booking)
    fields = {
        "a_key_is_asked_once": "key_hash",
        "one_booking_per_submission": "submission_key",
        "a_message_goes_once_to_each": "message_id",
        "one_booking_per_host_and_cell": "cell",
        "one_call_signal_per_sender_and_number": "number",
    } | {
        "scheduler_addresses_differ": "slug",
        "schedule_names_differ": "name",
        "one_meeting_per_marked_event": "event_id",
        "one_row_per_outside_meeting": "external_id",
    }
    assert name in str(refused.value) or fields.get(name, name) in str(refused.value)


def test_every_named_constraint_of_ours_is_broken_here():
    named = {
        constraint.name
        for model in apps.get_app_config("scheduling").get_models()
        for constraint in model._meta.constraints
    }

    assert named == {name for name, _breaking in BREAKS}


def test_two_bookings_without_a_submission_key_may_stand_side_by_side(scheduler):
    factories.booking(scheduler, submission_key=None)
    factories.booking(scheduler, submission_key=None)


def test_the_same_submission_key_at_another_scheduler_is_another_submission(olga, booking):
    factories.booking(factories.scheduler(olga), submission_key=booking.submission_key)


def test_a_booking_is_one_row_in_words(booking):
    assert str(booking) == str(booking.uid)
    assert (booking.duration, booking.is_cancelled) == (HOUR / 2, False)
    assert booking.meeting.marker == f"Booking BR-{booking.uid.hex[:12].upper()}"
    for row in [booking.scheduler, booking.scheduler.schedule, booking.meeting]:
        assert str(row)
    assert {Booking, Meeting, Schedule, Scheduler} <= set(apps.get_app_config("scheduling").get_models())
    assert uuid.UUID(str(booking))
