"""Both sides are told what changed, once, in their own zone, with a calendar file that replaces the one before."""

import uuid
from datetime import timedelta

import pytest
from icalendar import Calendar

from accounts.models import Email
from outbox.models import Intent
from scheduling import bookings, emails, manage_links, places
from scheduling.models import Booking, Meeting, MeetingState
from scheduling.reader import Reader
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin, 13:45 in Kathmandu
TEN = NINE + timedelta(hours=1)
DAY = Reader("Europe/Berlin").day(NINE.date())
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu", notes="About tea")


def book(scheduler, invitee=IVAN):
    return bookings.book(scheduler, start=NINE, duration=30, invitee=invitee, key=uuid.uuid4())


def when(zone, start=NINE):
    return Reader(zone).when(start, start + timedelta(minutes=30))


def tell(booking):
    """The mails of one telling: to the invitee, to the host."""
    before = set(Email.objects.values_list("pk", flat=True))
    emails.settle(booking.pk)
    booking.refresh_from_db()
    new = Email.objects.exclude(pk__in=before)
    return [new.filter(to=address).first() for address in (booking.invitee_email, booking.host.email)]


def event(email):
    [event] = Calendar.from_ical(email.attachments.get().content).walk("VEVENT")
    return event


def bring_link(booking, url="https://zoom.example/j/1?pwd=x"):
    """As meetings.py writes it."""
    Meeting.objects.filter(booking=booking).update(
        state=MeetingState.READY, join_url=url, external_id="1", settled_sequence=booking.sequence
    )
    booking.refresh_from_db()


@pytest.fixture
def waiting(scheduler, olga):
    """A booking whose link follows."""
    scheduler.place, scheduler.connection = "zoom", factories.connection(olga)
    scheduler.save()
    return book(scheduler)


def test_both_sides_get_a_confirmation_in_their_own_zone(scheduler):
    to_ivan, to_olga = tell(book(scheduler))

    assert to_ivan.subject == f"Confirmed: Intro call with Olga Berg, {DAY}, 13:45"
    assert to_olga.subject == f"Confirmed: Intro call with Ivan Invitee, {DAY}, 09:00"
    assert f"{when('Asia/Kathmandu')} (Asia/Kathmandu, UTC+05:45)" in to_ivan.text
    assert f"{when('Europe/Berlin')} (Europe/Berlin, UTC+01:00)" in to_olga.text
    assert "About tea" in to_olga.text
    assert "About tea" not in to_ivan.text


def test_text_and_html_say_the_same(scheduler):
    for email in tell(book(scheduler)):
        for fact in ["Intro call", "Where", "Bridge room", "UTC+"]:
            assert fact in email.text
            assert fact in email.html


@pytest.mark.row("G-34", "G-35")
def test_the_invitee_gets_his_manage_link_and_the_host_does_not(scheduler):
    booking = book(scheduler)

    to_ivan, to_olga = tell(booking)

    link = manage_links.url(booking)
    assert link in to_ivan.text
    assert link in to_ivan.html
    for everything in [to_olga.text, to_olga.html, to_olga.attachments.get().content.replace("\r\n ", "")]:
        assert manage_links.secret(booking) not in everything
        assert str(booking.uid) in everything


def test_each_side_gets_its_own_door_to_the_room(scheduler):
    booking = book(scheduler)

    to_ivan, to_olga = tell(booking)

    mine, yours = places.join_url(booking.meeting, as_host=True), places.join_url(booking.meeting)
    assert mine in to_olga.text
    assert yours in to_ivan.text
    assert mine not in to_ivan.text + to_ivan.html + to_ivan.attachments.get().content.replace("\r\n ", "")


def test_without_a_link_the_mail_says_that_it_follows(waiting):
    to_ivan, to_olga = tell(waiting)

    assert "the link follows by mail" in to_ivan.text
    assert "the link follows by mail" in to_olga.html
    assert "Join" not in to_ivan.text


def test_with_the_link_ready_in_time_there_is_only_one_mail(waiting):
    bring_link(waiting)

    to_ivan, _to_olga = tell(waiting)

    assert "https://zoom.example/j/1?pwd=x" in to_ivan.text
    assert "follows" not in to_ivan.text
    assert tell(waiting) == [None, None]
    assert waiting.sequence == 0


@pytest.mark.row("G-37")
def test_a_link_that_comes_later_is_mailed_and_replaces_the_calendar_entry(waiting):
    first, _ = tell(waiting)
    bring_link(waiting)

    second, to_olga = tell(waiting)

    assert second.subject.startswith("Where you meet: Intro call with Olga Berg")
    assert "https://zoom.example/j/1?pwd=x" in second.text
    assert "https://zoom.example/j/1?pwd=x" in to_olga.text
    assert event(first)["UID"] == event(second)["UID"]
    assert (event(first)["SEQUENCE"], event(second)["SEQUENCE"]) == (0, 1)
    assert waiting.meeting.settled_sequence == waiting.sequence == 1  # nothing new for the provider
    assert tell(waiting) == [None, None]


def test_a_link_that_changes_is_mailed_again(waiting):
    bring_link(waiting)
    tell(waiting)
    bring_link(waiting, "https://zoom.example/j/2")

    to_ivan, _ = tell(waiting)

    assert "https://zoom.example/j/2" in to_ivan.text


def test_another_place_chosen_by_the_host_is_mailed(waiting, olga):
    tell(waiting)
    phone = places.Place(places.PHONE, None, "+49 30 1234", places.Why.SCHEDULER.value)
    bookings.choose_place(waiting, phone, by=olga.user)

    to_ivan, _ = tell(waiting)

    assert to_ivan.subject.startswith("Where you meet")
    assert "Phone, +49 30 1234" in to_ivan.text


@pytest.mark.row("G-34")
def test_a_move_is_mailed_with_the_new_time_and_a_higher_sequence(scheduler):
    booking = book(scheduler)
    tell(booking)
    bookings.reschedule(booking, start=TEN, by=None)

    to_ivan, to_olga = tell(booking)

    assert to_ivan.subject == f"Moved: Intro call with Olga Berg, now {DAY}, 14:45"
    assert when("Europe/Berlin", TEN) in to_olga.text
    assert event(to_ivan)["SEQUENCE"] == 1
    assert event(to_ivan).start == TEN


@pytest.mark.row("G-35")
@pytest.mark.parametrize("by_host", [True, False])
def test_a_cancellation_is_mailed_to_both_and_removes_the_calendar_entry(scheduler, by_host):
    booking = book(scheduler)
    tell(booking)
    bookings.cancel(booking, by=booking.host if by_host else None, reason="Ill in bed")

    to_ivan, to_olga = tell(booking)

    assert to_ivan.subject == f"Cancelled: Intro call with Olga Berg, {DAY}, 13:45"
    assert "Ill in bed" in to_ivan.text
    assert "Ill in bed" in to_olga.html
    told = (
        ("Olga Berg has cancelled", "Your meeting with Ivan Invitee is cancelled")
        if by_host
        else ("You have", "Ivan Invitee has cancelled")
    )
    assert told[0] in to_ivan.text
    assert told[1] in to_olga.text
    calendar = Calendar.from_ical(to_ivan.attachments.get().content)
    assert calendar["METHOD"] == "CANCEL"
    assert event(to_ivan)["STATUS"] == "CANCELLED"
    assert "Join" not in to_ivan.text


def test_several_changes_before_the_mails_go_out_are_told_once(scheduler):
    booking = book(scheduler)
    bookings.reschedule(booking, start=TEN, by=None)
    bookings.reschedule(booking, start=TEN + timedelta(hours=1), by=None)

    to_ivan, _ = tell(booking)

    assert to_ivan.subject == f"Confirmed: Intro call with Olga Berg, {DAY}, 15:45"
    assert tell(booking) == [None, None]


def test_telling_twice_is_telling_once(scheduler):
    booking = book(scheduler)
    tell(booking)

    assert tell(booking) == [None, None]


def test_a_failure_while_writing_the_mails_leaves_them_owed(scheduler, monkeypatch):
    booking = book(scheduler)

    with monkeypatch.context() as patch:
        patch.setattr(emails, "_where", lambda meeting: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            emails.settle(booking.pk)

    assert not Email.objects.exists()
    assert all(tell(booking))


@pytest.mark.row("IN-10")
def test_the_host_reads_in_the_mail_what_needs_him_and_the_invitee_does_not(waiting):
    Meeting.objects.update(state=MeetingState.FAILED, error="Zoom is not connected any more.")
    waiting.refresh_from_db()

    to_ivan, to_olga = tell(waiting)

    assert "Zoom is not connected any more." in to_olga.text
    assert "Zoom is not connected any more." in to_olga.html
    assert "not connected" not in to_ivan.text + to_ivan.html


def test_trouble_that_passes_by_itself_does_not_call_for_the_host(waiting):
    Meeting.objects.update(error="Zoom does not answer. Bridge keeps trying.")
    waiting.refresh_from_db()

    _to_ivan, to_olga = tell(waiting)

    assert "For you to know: Zoom does not answer." in to_olga.text
    assert "Needs you" not in to_olga.text + to_olga.html


def test_trouble_after_the_mails_is_mailed_to_the_host_alone(waiting):
    tell(waiting)
    Meeting.objects.update(state=MeetingState.FAILED, error="Zoom says no.")
    Email.objects.all().delete()

    emails.tell_trouble(waiting.pk)

    [email] = Email.objects.all()
    assert email.to == "olga@example.org"
    assert email.subject.startswith("Needs you: Intro call with Ivan Invitee")
    assert "Zoom says no." in email.text
    assert not email.attachments.exists()


def test_trouble_with_the_meeting_of_a_cancelled_booking_does_not_say_that_it_stands(waiting):
    bookings.cancel(waiting, by=None)
    tell(waiting)
    Email.objects.all().delete()

    emails.tell_trouble(waiting.pk)

    [email] = Email.objects.all()
    assert "is cancelled, but its place needs you" in email.text
    assert "stands" not in email.text + email.html


def test_trouble_before_the_mails_brings_them_forward_instead(waiting):
    Intent.objects.all().delete()

    emails.tell_trouble(waiting.pk)

    assert not Email.objects.exists()
    assert Intent.objects.get().kind == "booking_mails"


def test_names_cannot_break_out_of_their_line(scheduler):
    scheduler.name = "Tea\r\nBcc: all@example.com"
    scheduler.save()
    evil = InviteeDetails(
        name="Eve\r\nBcc: x@example.com\u202e<script>",
        email="eve@example.com",
        time_zone="UTC",
        notes="<b>bold</b>\r\n",
    )

    to_eve, to_olga = tell(book(scheduler, evil))

    for email in (to_eve, to_olga):
        assert "\n" not in email.subject
        assert "\r" not in email.subject
    assert "\u202e" not in to_olga.subject + to_olga.text
    assert "<script>" not in to_olga.html
    assert "<b>bold" not in to_olga.html
    assert "<b>bold</b>" in to_olga.text


def test_a_booking_that_is_gone_is_no_error():
    emails.settle(424242)
    emails.tell_trouble(424242)


def test_the_mails_wait_for_the_link_and_not_without_end(waiting):
    intent = Intent.objects.get(kind="booking_mails")

    assert timedelta(seconds=10) < intent.due_at - Booking.objects.get().created_at < timedelta(seconds=20)
