"""A meeting moved or deleted at Zoom: nothing happens by itself; the host is told, and the booking follows or not."""

import uuid
from datetime import UTC, timedelta
from threading import Thread

import pytest
from django.db import connections as databases
from django.utils.timezone import now

from accounts.models import Email
from integrations import connections, defaults
from integrations.signals import meeting_reported
from outbox import intents, outbox
from outbox.models import Intent
from scheduling import agenda, bookings, changes, decisions, leftovers, meetings
from scheduling.agenda import Show
from scheduling.exceptions import NotChangeable, SlotTaken
from scheduling.models import Booking, Change, HostCell, Meeting
from scheduling.reader import Reader
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
NOON = NINE + timedelta(hours=3)
HALF = timedelta(minutes=30)
BERLIN = Reader("Europe/Berlin")
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu")


@pytest.fixture
def connection(olga, connect_zoom):
    connection = connect_zoom(olga)
    defaults.make_default(olga, "zoom")
    return connection


def book(scheduler, start=NINE):
    booking = bookings.book(scheduler, start=start, duration=30, invitee=IVAN, key=uuid.uuid4())
    settle_all()
    age()
    return Booking.objects.get(pk=booking.pk)


@pytest.fixture
def booking(scheduler, connection):
    """Its meeting was made a while ago, and everybody told."""
    return book(scheduler)


def age():
    """As if Zoom had shown it for a while."""
    Meeting.objects.update(settled_at=now() - leftovers.CLEAR)


def put(start):
    """As if the booking had been for then."""
    Booking.objects.update(start=start, busy_start=start, end=start + HALF, busy_end=start + HALF)


def settle_all():
    """Whatever is owed, whenever it was due."""
    for _round in range(4):
        Intent.objects.filter(lease_until=None).update(due_at=now())
        intents.drain()


def report(booking, kind="changed", at=None, **other):
    about = {"provider": "zoom", "account_id": "", "external_id": booking.meeting.external_id} | other
    meeting_reported.send(sender=None, kind=kind, at=at or now(), **about)


def found(booking):
    """Reported and looked at; the meeting as it is noted then."""
    report(booking)
    intents.drain()
    booking.refresh_from_db()
    return booking.meeting


@pytest.fixture
def moved(booking, zoom):
    """At Zoom, to noon."""
    zoom.move_meeting(booking.meeting.external_id, NOON)
    assert found(booking).change == Change.MOVED
    return booking


@pytest.fixture
def deleted(booking, zoom):
    zoom.delete_meeting(booking.meeting.external_id)
    assert found(booking).change == Change.DELETED
    return booking


def mails(to):
    return [email.subject for email in Email.objects.filter(to=to).order_by("pk")]


def mark(booking):
    return Meeting.objects.get(booking=booking).change_mark


# --- What is found


def test_a_meeting_moved_at_zoom_is_noted_and_nothing_is_changed(moved, zoom):
    meeting = moved.meeting

    assert (meeting.changed_start, meeting.changed_end) == (NOON, NOON + HALF)
    assert now() - meeting.change_found_at < timedelta(minutes=1)
    assert (moved.start, moved.sequence) == (NINE, 0)
    assert [made.start for made in zoom.meetings()] == [NOON]


def test_a_meeting_that_was_only_made_longer_is_a_change_too(booking, zoom):
    zoom.move_meeting(booking.meeting.external_id, NINE, duration=45)

    meeting = found(booking)

    assert (meeting.changed_start, meeting.changed_end) == (NINE, NINE + timedelta(minutes=45))


def test_a_meeting_deleted_at_zoom_is_noted_and_not_made_anew(deleted, zoom):
    assert (deleted.meeting.changed_start, deleted.meeting.changed_end) == (None, None)
    assert zoom.meetings() == []
    assert not deleted.is_cancelled


@pytest.mark.parametrize("what", ["topic", "agenda"])
def test_another_name_or_description_is_the_hosts_own_business(booking, zoom, what):
    zoom.change_meeting(booking.meeting.external_id, **{what: "Tea"})

    assert found(booking).change == ""


def test_what_is_put_back_at_zoom_is_forgotten(moved, zoom):
    zoom.move_meeting(moved.meeting.external_id, NINE)

    assert found(moved).change == ""


def test_the_host_is_told_once_and_the_invitee_not_at_all(moved):
    before = mails("ivan@example.com")
    for _time in range(3):
        found(moved)

    to_olga = mails(moved.host.email)
    assert [subject for subject in to_olga if subject.startswith("Changed elsewhere")] == to_olga[-1:]
    assert mails("ivan@example.com") == before
    mail = Email.objects.filter(to=moved.host.email).latest("pk")
    here, there = (BERLIN.when(start, start + HALF) for start in (NINE, NOON))
    for text in (mail.text, mail.html):
        assert "was moved at Zoom" in text
        assert here in text
        assert there in text
        assert str(moved.uid) in text
    assert not mail.attachments.exists()


def test_a_second_move_is_told_again_because_the_first_mail_is_wrong_now(moved, zoom):
    zoom.move_meeting(moved.meeting.external_id, NOON + HALF)

    assert found(moved).changed_start == NOON + HALF
    assert len([subject for subject in mails(moved.host.email) if subject.startswith("Changed")]) == 2


def test_it_needs_attention_until_it_is_decided(moved, olga):
    def needy():
        return list(agenda.select(Booking.objects.all(), Show.ATTENTION, reader=olga.user))

    assert needy() == [moved]
    decisions.restore(moved, mark=mark(moved), by=olga.user)
    settle_all()
    assert needy() == []


# --- What is not a change


def test_our_own_move_is_no_change_also_when_zoom_reports_it_before_it_answers(booking, zoom):
    bookings.reschedule(booking, start=NOON, by=None)
    zoom.move_meeting(booking.meeting.external_id, NOON)  # our call has arrived; its answer has not

    assert found(booking).change == ""
    settle_all()
    assert found(booking).change == ""
    assert not any(subject.startswith("Changed") for subject in mails(booking.host.email))


def test_our_own_removal_is_no_change(booking, zoom):
    bookings.cancel(booking, by=None)
    zoom.delete_meeting(booking.meeting.external_id)

    assert found(booking).change == ""


def test_a_provider_that_still_shows_what_was_before_our_move_is_asked_again(booking, zoom):
    bookings.reschedule(booking, start=NOON, by=None)
    settle_all()
    zoom.move_meeting(booking.meeting.external_id, NINE)

    assert found(booking).change == ""
    look = Intent.objects.get(kind="look", subject=booking.pk)
    assert look.due_at > now() + leftovers.CLEAR / 2
    age()
    settle_all()
    assert Meeting.objects.get().change == Change.MOVED


def test_a_booking_that_is_moved_while_we_look_is_not_marked(booking, zoom, monkeypatch):
    """Zoom says what it showed before."""
    zoom.move_meeting(booking.meeting.external_id, NOON)
    read = changes._read

    def move_meanwhile(meeting):
        shown = read(meeting)
        bookings.reschedule(Booking.objects.get(), start=NINE + HALF, by=None)
        return shown

    monkeypatch.setattr(changes, "_read", move_meanwhile)
    with pytest.raises(intents.Later):
        changes.look(booking.pk)

    assert Meeting.objects.get().change == ""


@pytest.mark.parametrize("change", ["cancelled", "over", "cut off"])
def test_what_does_not_matter_any_more_is_not_looked_at(booking, zoom, olga, change):
    zoom.delete_meeting(booking.meeting.external_id)
    if change == "cancelled":
        bookings.cancel(booking, by=None)
    elif change == "over":
        put(now() - HALF)
    else:
        connections.disconnect(booking.meeting.connection, by=olga.user)
    before = len(zoom.calls)

    changes.look(booking.pk)

    assert len(zoom.calls) == before
    assert Meeting.objects.get().change == ""


def test_while_zoom_is_down_nothing_is_found_and_it_is_looked_at_later(booking, zoom):
    zoom.delete_meeting(booking.meeting.external_id)
    zoom.faults.add("status", status=503, path="/v2/meetings/*", times=1)

    assert found(booking).change == ""
    settle_all()
    assert Meeting.objects.get().change == Change.DELETED


def test_news_about_somebody_elses_meeting_change_nothing(booking, zoom):
    zoom.delete_meeting(booking.meeting.external_id)
    report(booking, external_id="1")
    report(booking, provider="other")
    report(booking, account_id="elsewhere")
    report(booking, external_id="")

    assert not Intent.objects.filter(kind="look").exists()


def test_news_that_name_our_account_are_heard(booking, zoom):
    zoom.delete_meeting(booking.meeting.external_id)
    report(booking, account_id=booking.meeting.connection.grant.account_id)
    intents.drain()

    assert Meeting.objects.get().change == Change.DELETED


def at_once(deed):
    """In three threads, each of which closes its connection to the database."""

    def do():
        try:
            deed()
        finally:
            databases.close_all()

    threads = [Thread(target=do) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_three_reports_at_once_are_one_look_and_one_mail(booking, zoom):
    zoom.move_meeting(booking.meeting.external_id, NOON)
    at_once(lambda: report(booking))
    at_once(intents.drain)
    settle_all()

    assert Meeting.objects.get().change == Change.MOVED
    assert len([subject for subject in mails(booking.host.email) if subject.startswith("Changed")]) == 1


# --- The booking follows


def test_the_booking_follows_and_the_invitee_is_told(moved, zoom, olga):
    assert decisions.follow(moved, mark=mark(moved), by=olga.user)
    settle_all()

    moved.refresh_from_db()
    assert (moved.start, moved.end, moved.sequence) == (NOON, NOON + HALF, 1)
    assert (moved.meeting.change, moved.meeting.state, moved.meeting.settled_sequence) == ("", "ready", 1)
    assert mails("ivan@example.com")[-1].startswith("Moved: Intro call")
    mail = Email.objects.filter(to="ivan@example.com").latest("pk")
    assert "SEQUENCE:1" in mail.attachments.get().content
    assert [made.start for made in zoom.meetings()] == [NOON]


def test_the_hosts_time_follows_too(moved, olga):
    decisions.follow(moved, mark=mark(moved), by=olga.user)

    minutes = sorted(cell * 5 for cell in HostCell.objects.filter(booking=moved).values_list("cell", flat=True))
    assert minutes[0] * 60 == NOON.timestamp()
    assert len(minutes) == 6


def test_the_booking_follows_to_any_time_and_length_the_host_has_chosen(booking, zoom, olga):
    """At night, off the grid, for longer than is offered."""
    night = NINE + timedelta(hours=14, minutes=7)
    zoom.move_meeting(booking.meeting.external_id, night, duration=50)
    found(booking)

    decisions.follow(booking, mark=mark(booking), by=olga.user)
    settle_all()

    booking.refresh_from_db()
    assert (booking.start, booking.end) == (night, night + timedelta(minutes=50))
    assert found(booking).change == ""


def test_a_booking_does_not_follow_to_where_something_else_is_booked(moved, scheduler, olga, zoom):
    book(scheduler, start=NOON)

    assert "something else is booked" in decisions.why_not_follow(moved)
    with pytest.raises(SlotTaken):
        decisions.follow(moved, mark=mark(moved), by=olga.user)

    moved.refresh_from_db()
    assert (moved.start, moved.meeting.change) == (NINE, Change.MOVED)
    assert decisions.why_not_restore(moved) == ""


def test_a_booking_does_not_follow_into_the_past(booking, olga, zoom):
    Meeting.objects.update(change="moved", changed_start=now() - HALF, changed_end=now() + HALF, change_found_at=now())
    booking.refresh_from_db()

    assert "has passed" in decisions.why_not_follow(booking)
    with pytest.raises(NotChangeable):
        decisions.follow(booking, mark=mark(booking), by=olga.user)
    assert Booking.objects.get().start == NINE


def test_a_booking_cannot_follow_a_meeting_that_is_gone(deleted, olga):
    with pytest.raises(NotChangeable):
        decisions.follow(deleted, mark=mark(deleted), by=olga.user)


def test_a_booking_follows_also_where_zoom_is_not_connected_any_more(moved, olga, connection):
    connections.disconnect(connection, by=olga.user)
    moved.refresh_from_db()

    assert "not connected" in decisions.why_not_restore(moved)
    with pytest.raises(NotChangeable):
        decisions.restore(moved, mark=mark(moved), by=olga.user)
    assert decisions.follow(moved, mark=mark(moved), by=olga.user)
    settle_all()

    moved.refresh_from_db()
    assert (moved.start, moved.meeting.settled_sequence, moved.sequence) == (NOON, 1, 1)


# --- The meeting is put back


def test_a_moved_meeting_is_put_back_and_the_invitee_hears_nothing(moved, zoom, olga):
    before = mails("ivan@example.com")

    assert decisions.restore(moved, mark=mark(moved), by=olga.user)
    settle_all()

    assert [(str(made.id), made.start) for made in zoom.meetings()] == [(moved.meeting.external_id, NINE)]
    moved.refresh_from_db()
    assert (moved.start, moved.sequence, moved.meeting.change) == (NINE, 0, "")
    assert mails("ivan@example.com") == before


def test_for_a_deleted_meeting_a_new_one_is_made_and_the_invitee_gets_its_link(deleted, zoom, olga):
    old = deleted.meeting.join_url

    assert decisions.restore(deleted, mark=mark(deleted), by=olga.user)
    settle_all()

    [made] = zoom.meetings()
    deleted.refresh_from_db()
    assert (deleted.meeting.external_id, deleted.meeting.join_url) == (str(made.id), zoom.join_url(made))
    assert deleted.meeting.join_url != old
    assert mails("ivan@example.com")[-1].startswith("Where you meet")
    assert zoom.join_url(made) in Email.objects.filter(to="ivan@example.com").latest("pk").text


def test_cancelling_a_booking_whose_meeting_was_deleted_tells_the_invitee(deleted, zoom, olga):
    bookings.cancel(deleted, by=olga.user)
    settle_all()

    deleted.refresh_from_db()
    assert (deleted.meeting.state, deleted.meeting.change) == ("removed", "")
    assert mails("ivan@example.com")[-1].startswith("Cancelled")


def test_a_meeting_whose_agreed_time_has_begun_cannot_be_put_back(moved, olga):
    put(now() - HALF / 2)
    moved.refresh_from_db()

    with pytest.raises(NotChangeable, match="has begun"):
        decisions.restore(moved, mark=mark(moved), by=olga.user)


@pytest.mark.parametrize("decide", [decisions.follow, decisions.restore])
def test_what_is_over_is_not_decided(moved, olga, decide):
    put(now() - timedelta(days=1))

    with pytest.raises(NotChangeable):
        decide(moved, mark=mark(moved), by=olga.user)


# --- Somebody was quicker


@pytest.mark.parametrize("decide", [decisions.follow, decisions.restore])
def test_deciding_twice_is_once(moved, zoom, olga, decide):
    seen = mark(moved)

    assert decide(moved, mark=seen, by=olga.user) is True
    settle_all()
    told = mails("ivan@example.com")
    assert decide(moved, mark=seen, by=olga.user) is False
    settle_all()

    assert mails("ivan@example.com") == told


@pytest.mark.parametrize("decide", [decisions.follow, decisions.restore])
def test_nobody_decides_about_a_change_he_has_not_seen(moved, zoom, olga, decide):
    seen = mark(moved)
    zoom.move_meeting(moved.meeting.external_id, NOON + HALF)
    found(moved)

    with pytest.raises(NotChangeable, match="once more"):
        decide(moved, mark=seen, by=olga.user)
    assert Booking.objects.get().start == NINE


@pytest.mark.parametrize("decide", [decisions.follow, decisions.restore])
def test_an_invitee_who_moves_or_cancels_meanwhile_wins(moved, zoom, olga, decide):
    seen = mark(moved)
    bookings.reschedule(moved, start=NINE + HALF, by=None)
    assert Meeting.objects.get().change == ""
    settle_all()

    assert decide(moved, mark=seen, by=olga.user) is False
    assert [made.start for made in zoom.meetings()] == [Booking.objects.get().start] == [NINE + HALF]


def test_an_invitee_who_moves_a_booking_whose_meeting_is_gone_gets_a_new_one(deleted, zoom):
    bookings.reschedule(deleted, start=NOON, by=None)
    settle_all()

    deleted.refresh_from_db()
    assert [(str(made.id), made.start) for made in zoom.meetings()] == [(deleted.meeting.external_id, NOON)]
    assert deleted.meeting.change == ""


def test_a_meeting_brought_in_step_by_us_has_no_change_any_more(moved, zoom):
    Meeting.objects.update(settled_sequence=-1)
    meetings.settle(moved.pk)

    assert Meeting.objects.get().change == ""
    assert [made.start for made in zoom.meetings()] == [NINE]


# --- Begun and over


def hours(number, minute=0):
    return (now() - timedelta(days=1)).replace(hour=number, minute=minute, second=0, microsecond=0).astimezone(UTC)


BEGAN, OVER, AGAIN, OVER_AGAIN = ("started", 10), ("ended", 11), ("started", 12), ("ended", 13)


@pytest.mark.parametrize(
    ("news", "started", "ended"),
    [
        ([BEGAN], 10, None),
        ([BEGAN, OVER], 10, 11),
        ([OVER, BEGAN], 10, 11),
        ([BEGAN, OVER, AGAIN], 12, None),
        ([AGAIN, OVER, BEGAN], 12, None),
        ([BEGAN, AGAIN, OVER, OVER], 12, None),
        ([BEGAN, OVER_AGAIN, AGAIN, OVER], 12, 13),
        ([OVER_AGAIN, AGAIN, OVER, BEGAN], 12, 13),
    ],
)
def test_when_a_meeting_began_and_was_over_is_known_whatever_order_the_news_come_in(booking, news, started, ended):
    for kind, hour in news:
        report(booking, kind, hours(hour))

    meeting = Meeting.objects.get()
    assert meeting.started_at == hours(started)
    assert meeting.ended_at == (hours(ended) if ended else None)


def test_a_call_that_lasts_longer_than_agreed_is_over_when_it_is(booking):
    put(now() - timedelta(hours=2))

    report(booking, "ended", now())

    assert Meeting.objects.get().ended_at is not None


# --- On the pages


@pytest.fixture
def dashboard(olga, sign_in):
    client = sign_in(olga)
    client.base = f"/o/{olga.organization.slug}/bookings"
    return client


def page(dashboard, booking):
    return dashboard.get(f"{dashboard.base}/{booking.uid}").content.decode().replace("\xa0", " ")


def test_the_booking_page_says_what_was_found_and_offers_the_choice(dashboard, moved):
    text = page(dashboard, moved)

    assert "This meeting was moved at Zoom." in text
    assert BERLIN.when(NOON, NOON + HALF) in text
    assert "Found on" in text
    assert f'action="{dashboard.base}/{moved.uid}/follow"' in text
    assert f'action="{dashboard.base}/{moved.uid}/restore"' in text


def test_for_a_deleted_meeting_the_page_offers_a_new_one_or_to_cancel(dashboard, deleted):
    text = page(dashboard, deleted)

    assert "This meeting was deleted at Zoom." in text
    assert "Make a new meeting" in text
    assert f'href="{dashboard.base}/{deleted.uid}/cancel"' in text
    assert "/follow" not in text
    assert "Copy the invitee" not in text


def test_the_page_says_why_a_booking_cannot_follow(dashboard, moved, scheduler):
    book(scheduler, start=NOON)
    text = page(dashboard, moved)

    assert "something else is booked then" in text
    assert "/follow" not in text
    assert "/restore" in text


def test_the_list_and_the_banner_say_it(dashboard, moved):
    text = dashboard.get(dashboard.base, {"show": "attention"}).content.decode()

    assert "Moved at Zoom to" in text
    assert "Needs you" in text
    assert "1 coming booking needs you" in dashboard.get("/account/profile").content.decode()


def test_following_and_restoring_from_the_page(dashboard, moved, zoom):
    answer = dashboard.post(f"{dashboard.base}/{moved.uid}/follow", {"mark": mark(moved)}, follow=True)

    assert "Ivan Invitee is told by mail" in answer.content.decode()
    assert Booking.objects.get().start == NOON
    settle_all()
    again = dashboard.post(f"{dashboard.base}/{moved.uid}/restore", {"mark": "x"}, follow=True)
    assert "nothing to decide any more" in again.content.decode()
    age()
    zoom.move_meeting(moved.meeting.external_id, NINE)
    found(moved)
    answer = dashboard.post(f"{dashboard.base}/{moved.uid}/restore", {"mark": mark(moved)}, follow=True)
    assert "being put back" in answer.content.decode()


@pytest.mark.parametrize("verb", ["follow", "restore"])
@pytest.mark.parametrize("sent", [{}, {"mark": ""}, {"mark": "\x00"}, {"mark": "2026-01-01T00:00:00+00:00"}])
def test_a_decision_about_something_else_is_refused_on_the_same_page(dashboard, moved, verb, sent):
    answer = dashboard.post(f"{dashboard.base}/{moved.uid}/{verb}", sent)

    assert answer.status_code == 409
    assert "changed there once more" in answer.content.decode()
    assert (Booking.objects.get().start, Meeting.objects.get().change) == (NINE, Change.MOVED)


def test_a_time_that_was_taken_meanwhile_is_refused_on_the_same_page(dashboard, moved, scheduler):
    seen = mark(moved)
    book(scheduler, start=NOON)
    answer = dashboard.post(f"{dashboard.base}/{moved.uid}/follow", {"mark": seen})

    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.parametrize("verb", ["follow", "restore"])
def test_only_the_host_decides_and_only_by_post(dashboard, moved, mina, sign_in, verb):
    seen = {"mark": mark(moved)}
    hers = f"/o/{mina.organization.slug}/bookings/{moved.uid}/{verb}"

    assert sign_in(mina).post(hers, seen).status_code == 404
    assert dashboard.post(f"{dashboard.base}/{uuid.uuid4()}/{verb}", seen).status_code == 404
    assert dashboard.get(f"{dashboard.base}/{moved.uid}/{verb}").status_code == 405
    assert Meeting.objects.get().change == Change.MOVED


def test_the_pages_say_that_a_meeting_runs_and_that_it_is_over(dashboard, booking):
    start = NINE + timedelta(minutes=2)
    report(booking, "started", start)
    assert "Running since 09:02" in page(dashboard, booking)
    assert "Running since 09:02" in dashboard.get(dashboard.base).content.decode()

    report(booking, "ended", start + timedelta(days=1))
    assert "Ended Tue, 2 Mar, 09:02" in page(dashboard, booking)


def test_three_changed_bookings_cost_as_many_queries_as_one(dashboard, scheduler, django_assert_num_queries):
    def changed(hour):
        made = factories.booking(scheduler, start=MONDAY + timedelta(hours=hour))
        times = {"changed_start": NOON, "changed_end": NOON + HALF, "change_found_at": now()}
        factories.meeting(made, place="zoom", change="moved", settled_sequence=0, started_at=now(), **times)

    changed(9)
    dashboard.get(dashboard.base)
    with django_assert_num_queries(30, exact=False) as one:
        dashboard.get(dashboard.base)
    changed(11)
    changed(13)
    with django_assert_num_queries(len(one)):
        dashboard.get(dashboard.base)


def test_the_want_of_a_look_is_one_row(booking):
    for _time in range(3):
        outbox.want("look", booking.pk)

    assert Intent.objects.filter(kind="look").count() == 1
