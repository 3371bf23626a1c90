"""An organization may prefer a Jitsi server to our own rooms: its admins choose, and see first whom it concerns."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import Act, AuditEntry
from scheduling import rooms
from scheduling.models import RoomPolicy
from tests import factories
from tests.scheduling.test_room import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in, olga):
    client = sign_in(olga)
    client.address = f"/o/{olga.organization.slug}/integrations/room"
    return client


def test_until_somebody_chooses_it_is_our_own_room(admin):
    page = text(admin.get(admin.address))

    assert "Now: in Bridge’s own room." in page
    assert "Nobody at the moment" in page


@pytest.mark.row("IN-8")
def test_whom_it_concerns_stands_there_before_it_is_saved(admin, olga, scheduler):
    factories.scheduler(olga, name="By phone", place="phone")
    for start in (now() + timedelta(days=1), now() + timedelta(days=2), now() - timedelta(days=1)):
        factories.meeting(factories.booking(scheduler, start=start))
    factories.meeting(factories.booking(scheduler, start=now() + timedelta(days=3)), place="phone")

    page = text(admin.get(admin.address))

    assert "2 coming bookings are held in a Bridge room." in page
    assert "Intro call Olga Berg" in page
    assert "By phone" not in page


def test_what_is_chosen_is_kept_shown_and_written_down(admin, olga):
    page = admin.post(admin.address, {"where": "jitsi", "jitsi_url": "https://meet.example.com/"}, follow=True)

    assert "Saved." in text(page)
    assert "Now: on the Jitsi server https://meet.example.com ." in text(page)
    assert rooms.jitsi_url(olga.organization) == "https://meet.example.com"
    entry = AuditEntry.objects.get(act=Act.ROOM_CHANGED)
    assert (entry.by, entry.subject) == (olga.user, "https://meet.example.com")


@pytest.mark.row("IN-8")
def test_the_built_in_room_can_be_chosen_again(admin, olga):
    for chosen in ({"where": "jitsi", "jitsi_url": "https://meet.example.com"}, {"where": "here"}):
        admin.post(admin.address, chosen)

    assert RoomPolicy.objects.get().jitsi_url == ""
    assert rooms.jitsi_url(olga.organization) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "meet.example.com",
        "http://meet.example.com",
        "javascript:alert(1)",
        "https://",
        "https://user:word@meet.example.com",
        "https://meet.example.com/?room=1",
        "https://meet.example.com/#x",
        "https://meet.example.com:99999",
        "https://[meet",
        'https://meet.example.com/"onclick',
        "https://münchen.example",
        "https://meet.example.com/" + "x" * 200,
        "https://meet\x00.example.com",
    ],
)
def test_what_is_no_https_address_is_refused_and_stays_in_the_form(admin, typed):
    answer = admin.post(admin.address, {"where": "jitsi", "jitsi_url": typed})

    assert answer.status_code == 422
    assert "Nothing was saved yet." in text(answer)
    assert not RoomPolicy.objects.exists()


def test_nothing_chosen_is_refused(admin):
    assert admin.post(admin.address, {}).status_code == 422


def test_a_member_may_not_choose(sign_in, mina, admin):
    client = sign_in(mina)

    assert client.get(admin.address).status_code == 403
    assert client.post(admin.address, {"where": "here"}).status_code == 403
    assert not RoomPolicy.objects.exists()


def test_the_list_costs_the_same_with_one_scheduler_and_three(admin, olga, scheduler):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(admin.address).status_code == 200
        return len(captured)

    queries()
    one = queries()
    factories.scheduler(olga)
    factories.scheduler(olga)

    assert queries() == one
