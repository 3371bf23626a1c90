"""What a delegate sees of what is private: its time, and nothing else, wherever he looks."""

import logging

import pytest
from django.urls import reverse

from accounts.delegations import Desk
from accounts.models import Email
from integrations.models import CalendarEvent
from scheduling import private_events
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

SECRETS = ["Ivan Secret", "ivan.secret@example.com", "Operation", "meet.example/secret", "Ward 7"]


@pytest.fixture
def dora(olga):
    return factories.membership(factories.user("dora@example.org", name="Dora Delegate"), olga.organization)


@pytest.fixture
def booking(scheduler):
    made = factories.booking(
        scheduler,
        start=MONDAY,
        invitee_name="Ivan Secret",
        invitee_email="ivan.secret@example.com",
        notes="Operation, Ward 7",
    )
    factories.meeting(made, place="link", join_url="https://meet.example/secret", detail="https://meet.example/secret")
    return made


@pytest.fixture
def event(olga, booking):
    """The booking's event in Olga's calendar, marked private there."""
    calendar = factories.calendar(olga)
    return factories.calendar_event(
        calendar,
        booking.start,
        title="Intro: Ivan Secret",
        location="Ward 7",
        description="Operation",
        join_url="https://meet.example/secret",
        attendees=["ivan.secret@example.com"],
        is_private=True,
        reference=booking.marker,
    )


def outputs(client, slug, booking):
    """Every page, export and search that shows bookings of a colleague."""
    of = f"/o/{slug}/bookings"
    yield from (client.get(f"{of}?of=olga-berg&show={show}") for show in ("upcoming", "today", "past", "cancelled"))
    yield client.get(f"{of}?of=olga-berg&show=attention")
    yield from (client.get(f"{of}?of=olga-berg&q={text}") for text in ("Ivan", "ivan.secret"))
    table = reverse("bookings_export", args=[slug])
    yield client.get(f"{table}?of=olga-berg")
    yield client.get(f"{table}?of=olga-berg&q=Ivan")
    for page in ("", "/reschedule", "/cancel", "/place"):
        yield client.get(f"{of}/{booking.uid}{page}")
    for page in ("/retry", "/cancel", "/follow", "/restore"):
        yield client.post(f"{of}/{booking.uid}{page}")
    yield client.get("/account/delegates")
    here = f"/o/{slug}/calendar"
    yield from (client.get(f"{here}?of=olga-berg&day=2027-03-01&view={view}") for view in ("week", "month", "agenda"))
    for event in CalendarEvent.objects.all():
        yield client.get(f"{here}/{event.uid}")
        yield client.post(f"{here}/{event.uid}", {"title": "Mine now"})
        yield client.post(f"{here}/{event.uid}/delete")
    yield client.get(f"/o/{slug}/schedules")
    yield client.get(f"/o/{slug}/audit")


@pytest.mark.row("ZM-37", "ZM-38")
def test_without_the_right_only_private_meeting_and_its_time_come_out(sign_in, olga, dora, booking, event, caplog):
    factories.calendar_event(event.calendar, MONDAY, title="Operation", location="Ward 7", is_private=True)
    factories.delegation(olga, dora)
    client = sign_in(dora)
    caplog.set_level(logging.DEBUG)

    seen = [answer.getvalue().decode() for answer in outputs(client, olga.organization.slug, booking)]

    assert [secret for secret in SECRETS for page in seen if secret in page] == []
    assert [secret for secret in SECRETS if secret in caplog.text] == []
    assert not Email.objects.filter(to=dora.user.email).exists()
    assert str(booking.uid) not in "".join(seen)
    assert CalendarEvent.objects.filter(is_private=True).count() == 2
    assert "Private Meeting" in seen[0]
    assert "Private Meeting" in seen[7]  # the table for a spreadsheet
    assert "Private Meeting" not in seen[5]  # the search tells nothing, not even that there is something


@pytest.mark.row("ZM-36")
def test_with_the_right_he_sees_and_opens_it(sign_in, olga, dora, booking, event):
    factories.delegation(olga, dora, private_events=True)
    client, of = sign_in(dora), f"/o/{olga.organization.slug}/bookings"

    assert "Ivan Secret" in client.get(f"{of}?of=olga-berg").content.decode()
    assert "Ivan Secret" in client.get(f"{of}/{booking.uid}").content.decode()


def test_what_is_not_private_he_manages(sign_in, olga, dora, booking):
    factories.delegation(olga, dora)
    client, of = sign_in(dora), f"/o/{olga.organization.slug}/bookings"

    assert "Ivan Secret" in client.get(f"{of}?of=olga-berg").content.decode()
    client.post(f"{of}/{booking.uid}/cancel", {"reason": "Olga is ill"})
    booking.refresh_from_db()
    assert booking.is_cancelled


def test_what_is_private_he_cannot_change(sign_in, olga, dora, booking, event):
    factories.delegation(olga, dora)

    answer = sign_in(dora).post(f"/o/{olga.organization.slug}/bookings/{booking.uid}/cancel", {"reason": ""})

    assert answer.status_code == 404
    booking.refresh_from_db()
    assert not booking.is_cancelled


def test_nobody_but_a_delegate_sees_a_colleagues_bookings(sign_in, olga, dora, booking):
    client, of = sign_in(dora), f"/o/{olga.organization.slug}/bookings"

    assert client.get(f"{of}?of=olga-berg").status_code == 404
    assert client.get(f"{reverse('bookings_export', args=[olga.organization.slug])}?of=olga-berg").status_code == 404
    assert client.get(f"{of}/{booking.uid}").status_code == 404


@pytest.mark.row("ZM-37")
@pytest.mark.parametrize(("sees_private", "title"), [(True, "Intro: Ivan Secret"), (False, "Private Meeting")])
def test_an_event_is_seen_by_the_same_rule(olga, dora, event, sees_private, title):
    sight = private_events.sight(event, Desk(olga, dora, sees_private))

    assert (sight.title, sight.start, sight.end) == (title, event.start, event.end)
    assert any(secret in repr(sight) for secret in SECRETS) == sees_private


def test_he_himself_sees_all_of_it(sign_in, olga, booking, event):
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/bookings").content.decode()
    assert "Ivan Secret" in page
