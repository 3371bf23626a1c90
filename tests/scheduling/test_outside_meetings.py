"""Webinars, and meetings that a member made at the provider himself: listed regularly, shown in his calendar."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from accounts.delegations import Desk
from integrations import calendar_choices, connections, grants
from integrations.models import Grant
from integrations.signals import meeting_reported
from integrations.types import EndReason
from outbox import intents
from outbox.models import Intent
from scheduling import bookings, outside_meetings, planner, private_events
from scheduling.exceptions import SlotTaken
from scheduling.models import OutsideMeeting
from scheduling.planner import View
from scheduling.reader import Reader
from scheduling.tasks import reconcile
from tests import factories
from tests.factories import MONDAY
from tests.scheduling.conftest import IVAN

pytestmark = pytest.mark.django_db

PAULA = "paula@acme.example"
TEN = MONDAY + timedelta(hours=9)  # 10:00 in Berlin
BERLIN = Reader("Europe/Berlin")
WEBINARS = "webinar:read:list_webinars"


@pytest.fixture
def allowing(zoom):
    """Bridge's app has the scope for webinars."""
    zoom.app("").scopes += (WEBINARS,)
    zoom.user(PAULA).webinar_plan = True
    return zoom


def look():
    outside_meetings.want_all()
    Intent.objects.filter(kind="outside_meetings", stopped=False).update(due_at=now())
    intents.drain()


def known():
    return list(OutsideMeeting.objects.values_list("kind", "title"))


def items(member, reader=None):
    desk = Desk(member, reader or member, sees_private=reader is None)
    page = planner.page(desk, View.WEEK, TEN.date(), BERLIN)
    return [item for day in page.with_items for item in day.items]


@pytest.mark.row("ZM-44")
def test_webinars_are_synced_as_well_as_meetings(allowing, connection):
    allowing.make_webinar(PAULA, "Open day", TEN)
    allowing.make_meeting(PAULA, "Team", TEN + timedelta(hours=2))
    look()
    assert known() == [("webinar", "Open day"), ("meeting", "Team")]
    assert OutsideMeeting.objects.first().end == TEN + timedelta(hours=1)


@pytest.mark.row("ZM-44", "ZM-27", "ZM-41")
def test_they_show_in_the_calendar_with_their_link(allowing, connection, olga, sign_in):
    webinar = allowing.make_webinar(PAULA, "Open day", TEN)
    allowing.make_meeting(PAULA, "Team", TEN + timedelta(hours=2))
    look()
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/calendar?day=2027-03-01").content.decode()

    assert "Open day" in page
    assert "Webinar · Zoom" in page
    assert "Team" in page
    assert allowing.join_url(webinar) in page.replace("&amp;", "&")


@pytest.mark.row("ZM-44")
def test_a_webinar_closes_its_time_and_a_meeting_does_not(allowing, connection, scheduler):
    allowing.make_webinar(PAULA, "Open day", TEN)
    allowing.make_meeting(PAULA, "Team", TEN + timedelta(hours=2))
    look()

    with pytest.raises(SlotTaken):
        bookings.book(scheduler, start=TEN, duration=30, invitee=IVAN, key=uuid.uuid4())
    assert bookings.book(scheduler, start=TEN + timedelta(hours=2), duration=30, invitee=IVAN, key=uuid.uuid4())


def test_meetings_close_their_times_for_who_wants_it(allowing, connection, scheduler, olga):
    allowing.make_meeting(PAULA, "Team", TEN)
    look()
    assert [item.event.blocks for item in items(olga)] == [False]
    before = OutsideMeeting.objects.get().host.edition.token
    calendar_choices.decide(olga, meetings_close=True)

    assert OutsideMeeting.objects.get().host.edition.token != before
    assert [item.event.blocks for item in items(olga)] == [True]
    with pytest.raises(SlotTaken):
        bookings.book(scheduler, start=TEN, duration=30, invitee=IVAN, key=uuid.uuid4())


@pytest.mark.row("ZM-44")
def test_without_the_scope_nothing_is_missing_but_webinars_and_the_page_says_what_to_tick(
    zoom, connection, olga, sign_in
):
    zoom.make_webinar(PAULA, "Open day", TEN)
    zoom.make_meeting(PAULA, "Team", TEN)
    look()
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/connections/{connection.uid}").content.decode()

    assert known() == [("meeting", "Team")]
    assert WEBINARS in page
    assert not [call for call in zoom.calls if call.path.endswith("/webinars")]


def test_who_has_no_plan_for_webinars_has_none(allowing, connection):
    allowing.user(PAULA).webinar_plan = False
    allowing.make_meeting(PAULA, "Team", TEN)
    look()
    assert known() == [("meeting", "Team")]
    assert not Intent.objects.filter(kind="outside_meetings", stopped=True).exists()


def test_a_bookings_meeting_is_not_outside(allowing, booking):
    look()
    assert known() == []
    assert len(allowing.meetings(PAULA)) == 1


@pytest.mark.row("ZM-27")
def test_what_changes_or_goes_there_does_so_here(allowing, connection):
    webinar, team = allowing.make_webinar(PAULA, "Open day", TEN), allowing.make_meeting(PAULA, "Team", TEN)
    look()
    allowing.move_meeting(webinar.id, TEN + timedelta(days=1), 90)
    allowing.delete_meeting(team.id)
    look()

    only = OutsideMeeting.objects.get()
    assert (only.title, only.start, only.end) == (
        "Open day",
        TEN + timedelta(days=1),
        TEN + timedelta(days=1, minutes=90),
    )


@pytest.mark.row("ZM-27")
def test_when_the_provider_says_so_it_is_looked_at_at_once(allowing, connection):
    webinar = allowing.make_webinar(PAULA, "Open day", TEN)
    look()
    allowing.move_meeting(webinar.id, TEN + timedelta(days=1))
    news = {"provider": "zoom", "account_id": connection.grant.account_id, "kind": "changed", "at": now()}
    meeting_reported.send(sender=None, external_id=str(webinar.id), **news)
    meeting_reported.send(sender=None, external_id="nobody's", **news)
    intents.drain()

    assert OutsideMeeting.objects.get().start == TEN + timedelta(days=1)


def test_what_has_not_changed_is_not_written_again(allowing, connection, django_assert_max_num_queries):
    allowing.make_webinar(PAULA, "Open day", TEN)
    look()
    before = OutsideMeeting.objects.get().host.edition.token
    look()
    assert OutsideMeeting.objects.get().host.edition.token == before


def test_one_that_stands_in_a_calendar_shows_once(allowing, connection, olga):
    work = factories.calendar(olga)
    team = allowing.make_meeting(PAULA, "Team", TEN)
    allowing.make_meeting(PAULA, "Alone", TEN)
    spaced = f"Meeting ID: {str(team.id)[:3]} {str(team.id)[3:7]} {str(team.id)[7:]}"
    factories.calendar_event(work, TEN, title="Team, in the calendar", description=spaced)
    look()
    assert sorted(item.title for item in items(olga)) == ["Alone", "Team, in the calendar"]


@pytest.mark.row("ZM-37")
def test_a_delegate_without_private_events_sees_the_time_alone(allowing, connection, olga, mina):
    allowing.make_webinar(PAULA, "Layoffs", TEN)
    look()
    (item,) = items(olga, reader=mina)
    assert (item.title, item.join_url, item.start) == (private_events.title(), "", TEN)


@pytest.mark.parametrize("ended", ["disconnected", "revoked"])
def test_they_go_with_their_account_and_open_their_times(allowing, connection, olga, scheduler, after_commit, ended):
    allowing.make_webinar(PAULA, "Open day", TEN)
    look()
    before = OutsideMeeting.objects.get().host.edition.token
    with after_commit():
        if ended == "disconnected":
            connections.disconnect(connection, by=olga.user)
        else:
            grants.end(connection.grant, EndReason.REVOKED)

    assert not OutsideMeeting.objects.exists()
    olga.user.refresh_from_db()
    assert type(olga.user.edition).objects.get(host=olga.user).token != before


def test_an_account_that_does_not_answer_keeps_what_is_known(allowing, connection, settings):
    allowing.make_webinar(PAULA, "Open day", TEN)
    look()
    settings.ZOOM_API_URL = "http://127.0.0.1:9/v2"
    Grant.objects.update(api_url="")
    look()
    assert known() == [("webinar", "Open day")]


def test_bad_values_are_held_off(allowing, connection):
    webinar = allowing.make_webinar(PAULA, "A\0B\u202e" + "x" * 5000, TEN)
    webinar.base_url = "javascript:alert(1)//"
    look()
    found = OutsideMeeting.objects.get()
    assert (found.title[:4], len(found.title), found.join_url) == ("ABxx", 300, "")


def test_the_regular_comparison_looks_too(allowing, connection):
    allowing.make_webinar(PAULA, "Open day", TEN)
    reconcile()
    intents.drain()
    assert known() == [("webinar", "Open day")]


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "party"}, {"end": TEN - timedelta(hours=1)}, {"external_id": "1"}],
    ids=["kind", "times", "twice"],
)
def test_the_database_holds_its_promises(olga, wrong):
    account = factories.connection(olga)
    row = {"connection": account, "host": olga.user, "kind": "webinar", "start": TEN, "end": TEN}
    OutsideMeeting.objects.create(**row, external_id="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideMeeting.objects.create(**{**row, "external_id": "2", **wrong})
