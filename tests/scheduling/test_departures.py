"""Somebody leaves an organization: his schedulers go off, what was agreed stands unless it is called off too."""

import uuid
from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts import memberships
from accounts.models import Email, Membership
from scheduling import bookings
from scheduling.exceptions import NotOffered
from scheduling.models import Booking, BookingStatus, HostCell, Scheduler
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

NINE = MONDAY + timedelta(hours=8)


@pytest.fixture
def coaching(mina: Membership) -> Scheduler:
    """Mina's."""
    return factories.scheduler(mina, name="Coaching", slug="coaching")


@pytest.fixture
def agreed(coaching: Scheduler) -> Booking:
    return _book(coaching)


def _book(scheduler: Scheduler) -> Booking:
    ivan = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="UTC")
    return bookings.book(scheduler, start=NINE, duration=30, invitee=ivan, key=uuid.uuid4())


def said(member: Membership) -> dict[str, list[str]]:
    """Each consequence with what it concerns."""
    found: dict[str, list[str]] = {}
    for loss in memberships.losses(member):
        found.setdefault(loss.consequence.split(":")[0].split(";")[0], []).append(loss.label)
    return found


@pytest.mark.row("G-56")
def test_his_schedulers_there_take_no_new_bookings(client, mina, adam, coaching):
    page = f"/{mina.user.custom_url}/coaching"
    assert "<form" in client.get(page).content.decode()

    memberships.remove(mina, by=adam)

    coaching.refresh_from_db()
    assert coaching.is_on is False
    assert client.get(page, {"start": NINE.isoformat()}).status_code in (200, 404, 410)
    with pytest.raises(NotOffered):
        _book(coaching)


@pytest.mark.row("G-68")
def test_what_he_offers_in_another_organization_goes_on(mina, adam, coaching):
    other = factories.membership(mina.user, factories.organization())
    elsewhere = factories.scheduler(other)

    memberships.remove(mina, by=adam)

    elsewhere.refresh_from_db()
    assert elsewhere.is_on
    _book(elsewhere)


def test_what_colleagues_offer_goes_on(mina, adam, scheduler):
    memberships.remove(mina, by=adam)
    scheduler.refresh_from_db()
    assert scheduler.is_on


@pytest.mark.parametrize("leaves", [True, False])
def test_coming_bookings_stand(mina, adam, agreed, leaves):
    memberships.leave(mina) if leaves else memberships.remove(mina, by=adam)

    agreed.refresh_from_db()
    assert agreed.status == BookingStatus.CONFIRMED
    assert HostCell.objects.filter(booking=agreed).exists()


@pytest.mark.parametrize("leaves", [True, False])
def test_the_tick_calls_them_off_and_tells_the_invitees(mina, adam, agreed, after_commit, leaves):
    with after_commit():
        pass
    with after_commit():
        if leaves:
            memberships.leave(mina, cancel_bookings=True)
        else:
            memberships.remove(mina, by=adam, cancel_bookings=True)

    agreed.refresh_from_db()
    assert (agreed.status, agreed.cancelled_by_host) == (BookingStatus.CANCELLED, True)
    assert "Cancelled" in Email.objects.filter(to="ivan@example.com").latest("pk").subject


def test_the_tick_leaves_the_past_and_other_organizations_alone(mina, adam, coaching):
    past = factories.booking(coaching, start=now() - timedelta(days=1))
    other = factories.membership(mina.user, factories.organization())
    elsewhere = _book(factories.scheduler(other))

    memberships.remove(mina, by=adam, cancel_bookings=True)

    assert set(Booking.objects.values_list("pk", "status")) == {(past.pk, "confirmed"), (elsewhere.pk, "confirmed")}


@pytest.mark.row("G-56")
def test_the_losses_name_schedulers_and_coming_bookings_without_the_invitee(mina, coaching, agreed, scheduler):
    factories.scheduler(mina, name="Old", is_on=False)
    factories.booking(coaching, start=now() - timedelta(days=1))

    assert said(mina) == {
        "Schedulers that are switched off": ["Coaching"],
        "Coming bookings": ["Coaching, Monday, March 1, 2027, 9:00 AM"],
    }


def test_who_offers_nothing_loses_nothing(mina):
    assert said(mina) == {}


def test_everything_or_nothing(mina, adam, agreed, coaching, monkeypatch):
    """If he cannot go, nothing of his has ended."""
    monkeypatch.setattr("accounts.letters.say_goodbye", _fail)

    with pytest.raises(RuntimeError):
        memberships.remove(mina, by=adam, cancel_bookings=True)

    coaching.refresh_from_db()
    agreed.refresh_from_db()
    assert (coaching.is_on, agreed.status) == (True, BookingStatus.CONFIRMED)


def _fail(*args: object, **kwargs: object) -> None:
    raise RuntimeError


def test_a_meeting_in_his_own_account_is_left_to_him_and_he_is_told(
    mina, adam, coaching, connect_zoom, zoom, after_commit
):
    """His account is no longer Bridge's to act in."""
    connect_zoom(mina)
    coaching.place = "zoom"
    coaching.save()
    with after_commit():
        _book(coaching)
    assert len(zoom.meetings()) == 1

    with after_commit():
        memberships.remove(mina, by=adam, cancel_bookings=True)

    told = Email.objects.filter(to="mina@example.org", subject__startswith="Cancelled").latest("pk")
    assert "please remove it at Zoom yourself" in told.text
    assert "Open the booking" not in told.text + told.html, "its page is closed to him"
    assert len(zoom.meetings()) == 1


def test_a_meeting_in_the_organizations_account_is_carried_on(seated, mina, adam, zoom, after_commit):
    """It is the organization's, so what the invitee changes later still reaches it."""
    booking = seated(mina, "pedro@acme.example")
    memberships.remove(mina, by=adam)
    bookings.reschedule(booking, start=booking.start + timedelta(hours=1), by=None)
    with after_commit():
        pass
    assert [made.start for made in zoom.meetings()] == [booking.start]

    bookings.cancel(booking, by=None)
    with after_commit():
        pass

    assert zoom.meetings() == []
