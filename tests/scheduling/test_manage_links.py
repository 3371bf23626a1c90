"""Links that act for their holder: nobody can make one up, and they do not live for ever."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils.timezone import now

from scheduling import manage_links
from scheduling.exceptions import LinkExpired
from scheduling.models import Booking
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(scheduler):
    return factories.booking(scheduler)


@pytest.mark.row("G-34", "G-35")
def test_the_link_leads_back_to_its_booking(booking):
    assert manage_links.find(manage_links.secret(booking)) == booking
    assert manage_links.url(booking).startswith("http://testserver/")
    assert manage_links.url(booking).endswith(manage_links.secret(booking))


def test_each_role_has_its_own_door_to_the_room(booking):
    doors = [manage_links.room_url(booking, as_host=as_host).rpartition("/")[2] for as_host in (True, False)]

    assert [manage_links.find_room(door) for door in doors] == [(booking, True), (booking, False)]


@pytest.mark.parametrize(
    "secret", ["", ".", "x.y", "\x00.\x00", "a" * 5000, "ü.é", "00000000000000000000000000000000."]
)
def test_what_was_made_up_leads_nowhere(booking, secret):
    for find in (manage_links.find, manage_links.find_room):
        with pytest.raises(Booking.DoesNotExist):
            find(secret)


def test_a_changed_link_leads_nowhere(booking, scheduler):
    other = factories.booking(scheduler, start=booking.start + timedelta(hours=1))
    signature = manage_links.secret(booking).partition(".")[2]

    for secret in [f"{other.uid.hex}.{signature}", booking.uid.hex, manage_links.secret(booking)[:-1]]:
        with pytest.raises(Booking.DoesNotExist):
            manage_links.find(secret)


def test_a_link_of_one_purpose_opens_nothing_else(booking):
    door = manage_links.room_url(booking).rpartition("/")[2]

    with pytest.raises(Booking.DoesNotExist):
        manage_links.find(door)
    with pytest.raises(Booking.DoesNotExist):
        manage_links.find_room(manage_links.secret(booking))
    with pytest.raises(Booking.DoesNotExist):
        manage_links.find(signing.Signer(sep=".").sign(booking.uid.hex))


def test_an_invitee_cannot_make_himself_the_host(booking):
    door = manage_links.room_url(booking).rpartition("/")[2]

    with pytest.raises(Booking.DoesNotExist):
        manage_links.find_room(door.replace("i.", "h."))


def test_a_link_expires_thirty_days_after_the_end_and_still_knows_its_booking(scheduler):
    end = now() - timedelta(days=30, minutes=1)
    booking = factories.booking(scheduler, start=end - timedelta(minutes=30))

    for find, secret in [
        (manage_links.find, manage_links.secret(booking)),
        (manage_links.find_room, manage_links.room_url(booking).rpartition("/")[2]),
    ]:
        with pytest.raises(LinkExpired) as expired:
            find(secret)
        assert expired.value.booking == booking


def test_a_link_lives_until_thirty_days_after_the_end(scheduler):
    booking = factories.booking(scheduler, start=now() - timedelta(days=29))

    assert manage_links.find(manage_links.secret(booking)) == booking


def test_a_booking_that_is_gone_is_not_found(booking):
    secret = manage_links.secret(booking)
    booking.delete()

    with pytest.raises(Booking.DoesNotExist):
        manage_links.find(secret)


def test_no_secret_stands_in_the_database(booking):
    signatures = [manage_links.secret(booking).partition(".")[2], manage_links.room_url(booking).rpartition(".")[2]]

    row = str(Booking.objects.filter(pk=booking.pk).values().get())
    assert not any(signature in row for signature in signatures)
