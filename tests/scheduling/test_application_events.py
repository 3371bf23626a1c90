"""What an application made for a member, as he and his delegates see it, and as the times on offer count it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now

from accounts.delegations import Desk
from scheduling import offers, own_events, planner, queries, slots
from scheduling.models import ConferencingState, Edition, EventStatus
from scheduling.planner import View
from scheduling.reader import Reader
from tests import factories
from tests.factories import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.row("CR-10")]

TEN = MONDAY + timedelta(hours=9)  # 10:00 in Berlin
BERLIN = Reader("Europe/Berlin")
LINK = "https://zoom.example/j/1"


@pytest.fixture
def event(olga):
    application = factories.application(olga, name="Harbour CRM")
    ready = {"place": "zoom", "state": "ready", "join_url": LINK, "external_id": "1"}
    return factories.application_event(olga, start=TEN, application=application, title="Talk with Ivan", **ready)


def shown(desk):
    page = planner.page(desk, View.WEEK, date(2027, 3, 1), BERLIN)
    return [item for day in page.with_items for item in day.items]


def address(member, **query):
    return f"/o/{member.organization.slug}/calendar?day=2027-03-01" + "".join(f"&{k}={v}" for k, v in query.items())


def test_the_calendar_page_shows_it_with_its_application_and_the_way_in(sign_in, olga, event):
    page = sign_in(olga).get(address(olga)).content.decode()

    assert [text for text in ("Talk with Ivan", "Harbour CRM", LINK) if text not in page] == []


def test_what_a_key_of_his_own_made_is_named_so(olga, event):
    event.application.delete()

    assert shown(Desk(olga, olga, sees_private=True))[0].event.calendar == "A script with your key · Zoom"


def test_a_meeting_that_is_not_ready_is_named(olga, event):
    type(event).objects.update(state=ConferencingState.FAILED)

    assert shown(Desk(olga, olga, sees_private=True))[0].event.calendar == "Harbour CRM · Zoom · Needs you"


def test_deleted_ones_and_those_of_another_organization_are_not_on_the_page(olga, event):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    assert shown(Desk(elsewhere, elsewhere, sees_private=True)) == []

    event.status = EventStatus.CANCELLED
    event.save()
    assert shown(Desk(olga, olga, sees_private=True)) == []


def test_a_delegate_sees_its_time_alone_unless_he_may_see_private_ones(sign_in, olga, mina, event):
    handed = factories.delegation(olga, mina)
    client = sign_in(mina)
    page = client.get(address(olga, of="olga-berg")).content.decode()
    assert "Private Meeting" in page
    assert [text for text in ("Talk with Ivan", "Harbour CRM", LINK) if text in page] == []

    handed.private_events = True
    handed.save()
    assert "Talk with Ivan" in client.get(address(olga, of="olga-berg")).content.decode()


def test_its_meeting_in_his_calendar_is_neither_shown_nor_counted_twice(olga, event):
    """Where meetings are events of a calendar."""
    factories.calendar_event(factories.calendar(olga), TEN, reference=event.marker, title="Talk")

    assert [item.title for item in shown(Desk(olga, olga, sees_private=True))] == ["Talk with Ivan"]
    assert own_events.among({event.marker, "Event AP-0123456789AB", "Booking BR-0"}, host=olga.user_id) == {
        event.marker
    }
    assert own_events.among({event.marker}, host=0) == set()


def test_why_a_time_is_taken_names_who_made_the_event(scheduler, olga, event):
    [reason] = slots.why_not(scheduler, TEN, 30)

    assert reason.sentence == "An event that Harbour CRM made for Olga Berg takes 10:00 to 10:30."
    assert reason.url == f"/o/{olga.organization.slug}/calendar?view=agenda&day=2027-03-01"


def test_of_an_event_in_another_organization_the_time_alone_is_told(scheduler, olga, event):
    event.organization = factories.organization("Elsewhere")
    event.save()

    [reason] = slots.why_not(scheduler, TEN, 30)
    assert "Harbour CRM" not in reason.sentence
    assert (reason.rule, reason.url) == ("busy", "")


@pytest.mark.parametrize(
    ("fields", "busy"), [({}, 1), ({"transparency": "transparent"}, 0), ({"status": "cancelled"}, 0)]
)
def test_only_opaque_events_that_stand_are_busy(olga, event, fields, busy, django_assert_num_queries):
    type(event).objects.update(**fields)
    day = int(MONDAY.timestamp()) // 60

    with django_assert_num_queries(1):
        found = offers.booked([olga.user_id], (day, day + 1440))
    assert len(found.get(olga.user_id, [])) == busy


def test_every_change_of_an_event_renews_the_edition_of_its_host(olga, event):
    def edition():
        return Edition.objects.get(host=olga.user_id).token

    tokens = [edition()]
    event.save()
    tokens.append(edition())
    type(event).objects.update(transparency="transparent")
    tokens.append(edition())
    event.delete()
    tokens.append(edition())

    assert len(set(tokens)) == 4


def test_who_disconnects_is_told_of_events_that_rely_on_it(sign_in, olga, event):
    connection = factories.connection(olga)
    type(event).objects.update(connection=connection)
    page = sign_in(olga).get(f"/account/conferencing/{connection.uid}/disconnect").content.decode()

    assert "Talk with Ivan" in page


def test_a_link_of_the_past_is_no_way_in(olga, event):
    past = (now() - timedelta(days=1)).replace(hour=9)
    times = {"start": past, "end": past + timedelta(hours=1), "busy_start": past, "busy_end": past + timedelta(hours=1)}
    type(event).objects.update(**times)

    [found] = queries.application_events(olga)
    page = planner.page(Desk(olga, olga, sees_private=True), View.WEEK, past.date(), BERLIN)
    assert found.state == ConferencingState.READY
    assert [item.join_url for day in page.with_items for item in day.items] == [""]


def test_an_event_is_one_row_in_words(event):
    assert str(event) == f"event {event.uid}"
    assert event.marker == f"Event AP-{event.meeting_key.hex[:12].upper()}"
    event.meeting_key = uuid4()
    assert (event.duration, event.is_cancelled) == (timedelta(minutes=30), False)
