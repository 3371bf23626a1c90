"""What comparing an account with our bookings has shown, on the page that says how the account is."""

from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from integrations import grants
from integrations.types import EndReason
from scheduling import comparisons, meetings
from scheduling.models import Comparison, Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(olga, connection, sign_in):
    def text():
        answer = sign_in(olga).get(reverse("connection", args=[olga.organization.slug, connection.uid]))
        return unescape(answer.content.decode())

    return text


def test_before_the_first_the_page_says_so(read):
    assert "Not yet; it happens every hour while bookings use it" in read()


def test_where_all_is_well_the_page_says_so(booking, connection, read):
    comparisons.make(connection)

    assert "Nothing had to be mended." in read()


def test_meetings_of_no_booking_here_are_named_and_stay(booking, connection, read, zoom):
    zoom.change_meeting(booking.meeting.external_id, agenda="Booking BR-0123456789AB")

    comparisons.make(connection)

    assert f"1 meeting ({booking.meeting.external_id}). Bridge leaves it alone" in read()
    assert len(zoom.meetings()) == 1


def test_what_bridge_left_behind_and_removed_is_counted(booking, connection, read, zoom):
    held = booking.meeting.external_id
    Meeting.objects.update(external_id="", attempted_at=None, settled_sequence=-1, state="waiting")
    meetings.settle(booking.pk)

    comparisons.make(connection)

    assert "1 meeting that Bridge left behind was removed." in read()
    assert held not in {str(meeting.id) for meeting in zoom.meetings()}


def test_the_command_notes_what_it_found(booking, connection):
    call_command("reconcile", stdout=StringIO())

    assert Comparison.objects.get().connection == connection


def test_a_provider_that_is_down_is_said_so(booking, connection, read, zoom):
    zoom.faults.add("status", status=503)

    comparisons.make(connection)

    assert Comparison.objects.get().trouble in read()
    assert Comparison.objects.get().trouble


def test_there_is_one_for_each_account(booking, connection):
    comparisons.make(connection)
    comparisons.make(connection)

    assert Comparison.objects.count() == 1


@pytest.mark.row("IN-13")
def test_when_access_ends_it_is_forgotten(booking, connection, read, after_commit):
    comparisons.make(connection)

    with after_commit():
        grants.end(connection.grant, EndReason.REVOKED)

    assert not Comparison.objects.exists()
    assert "Compared with your bookings" not in read()
