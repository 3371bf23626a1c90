"""Which applications hear of what: those that a person lets act for him, as far as his consent goes."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations import connections, grants
from integrations.types import EndReason
from scheduling import announcements, bookings
from scheduling.models import Delivery, EventType, Message
from tests import factories
from tests.scheduling.conftest import IVAN, NINE
from tests.scheduling.webhook_receivers import Happened, happen
from tests.scheduling.webhook_receivers import application as application

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(application):
    return factories.subscription(application)


def _told() -> list[str]:
    return [message.type for message in Message.objects.order_by("pk")]


def _data(number: int = -1) -> Any:
    return json.loads(list(Message.objects.order_by("pk"))[number].body)["data"]


def _book(scheduler, start=NINE):
    return bookings.book(scheduler, start=start, duration=30, invitee=IVAN, key=uuid.uuid4())


@pytest.mark.row("G-53")
def test_a_booking_is_told_from_beginning_to_end(olga, scheduler, subscription):
    booking = _book(scheduler)
    bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)
    bookings.cancel(booking, by=None, reason="Ill")

    assert _told() == ["booking.created", "booking.moved", "booking.cancelled"]
    assert (_data(0)["status"], _data(0)["invitee"]["name"]) == ("confirmed", "Ivan Invitee")
    assert _data(1)["start"] == "2027-03-01T09:00:00Z"
    assert (_data(2)["status"], _data(2)["cancellation"]["reason"]) == ("cancelled", "Ill")


@pytest.mark.row("G-53")
def test_the_link_to_join_is_told_once_it_is_there(booking, application, after_commit):
    factories.subscription(application)
    bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)
    with after_commit():
        pass
    assert _told() == ["booking.moved"]

    with after_commit():
        _book(booking.scheduler, NINE + timedelta(hours=3))
    assert _told()[1:] == ["booking.created", "booking.ready"]
    assert (_data(1)["place"]["state"], _data()["place"]["state"]) == ("pending", "ready")
    assert "/j/" in _data()["place"]["join_url"]


@pytest.mark.row("G-53")
def test_a_message_shows_a_booking_as_the_api_does(client, olga, scheduler, subscription):
    booking = _book(scheduler)
    bookings.cancel(booking, by=None, reason="Ill")

    key = {"Authorization": f"Bearer {factories.api_key(olga)}"}
    assert _data() == client.get(f"/api/v1/bookings/{booking.uid}", headers=key).json()


def test_a_booking_that_fails_tells_nothing(olga, scheduler, subscription):
    _book(scheduler)
    with pytest.raises(bookings.SlotTaken):
        _book(scheduler)

    assert _told() == ["booking.created"]


@pytest.mark.row("G-53", "CR-16")
def test_connecting_and_the_end_of_it_are_told_without_the_account(olga, application, zoom, connect_zoom, after_commit):
    factories.subscription(application)
    with after_commit():
        account = connect_zoom(olga)
    with after_commit():
        grants.end(account.grant, EndReason.EXPIRED)
    with after_commit():
        connect_zoom(olga)
    with after_commit():
        connections.disconnect(type(account).objects.get(), by=olga.user)

    assert _told() == ["connection.connected", "connection.ended", "connection.restored", "connection.ended"]
    assert [_data(number)["state"] for number in range(4)] == ["active", "expired", "active", "not_connected"]
    for message in Message.objects.all():
        assert "paula@acme.example" not in message.body
        assert account.grant.account_id not in message.body


@pytest.mark.row("G-53")
def test_an_account_of_the_organization_is_told_to_all_who_let_somebody_listen(
    olga, mina, adam, application, subscription, django_capture_on_commit_callbacks
):
    factories.consent(application, mina)
    with django_capture_on_commit_callbacks(execute=True):
        factories.shared_connection(olga)

    assert _told() == ["connection.connected"] * 2
    assert {message.consent.user_id for message in Message.objects.all()} == {olga.user_id, mina.user_id}
    assert [_data(number)["level"] for number in range(2)] == ["organization"] * 2


# --- Whose news ------------------------------------------------------------------------------------------------------


def test_only_what_was_consented_to_is_told(olga, application, subscription):
    application.consents.update(scopes=["conferencing:read"])
    for kind in EventType:
        if kind != EventType.TEST:
            happen(olga, kind)

    assert _told() == ["connection.connected", "connection.ended", "connection.restored"]


def test_only_what_is_listened_to_is_told(olga, application):
    factories.subscription(application, types=["booking.moved"])
    happen(olga, EventType.BOOKING_CREATED)
    happen(olga, EventType.BOOKING_MOVED)

    assert _told() == ["booking.moved"]


def test_several_webhooks_of_one_application_get_one_message(olga, application, subscription):
    factories.subscription(application)
    happen(olga)

    assert (Message.objects.count(), Delivery.objects.count()) == (1, 2)


def test_nobody_hears_of_others(olga, mina, mallory, application, subscription):
    stranger = factories.application(mallory)
    factories.subscription(stranger)
    factories.consent(stranger, mallory)
    happen(mina)
    assert _told() == []

    happen(olga)
    assert [message.application_id for message in Message.objects.all()] == [application.pk]


def test_what_somebody_does_in_another_organization_is_not_told(olga, application, subscription):
    elsewhere = factories.membership(olga.user)
    happen(elsewhere)

    assert _told() == []


def test_a_blocked_application_hears_nothing(olga, application, subscription):
    type(application).objects.update(state="blocked")
    happen(olga)

    assert _told() == []


def test_what_concerns_one_application_is_told_to_it_alone(olga, application, subscription):
    other = factories.application(olga)
    factories.consent(other, olga)
    factories.subscription(other)
    happen(olga, application_id=other.pk)

    assert [message.application_id for message in Message.objects.all()] == [other.pk]


def test_whoever_has_nobody_listening_pays_one_query(olga, application):
    with CaptureQueriesContext(connection) as captured:
        happen(olga)

    assert len(captured) == 1


def test_members_without_a_listener_cost_nothing_more(olga, application, subscription):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            announcements.announce_to_each(
                EventType.CONNECTION_ENDED,
                lambda consent: Happened(),
                organization_id=olga.organization_id,
                host_id=None,
            )
        return len(captured)

    cost()
    before = cost()
    for _number in range(3):
        factories.consent(factories.application(olga), factories.membership(organization_=olga.organization))
    assert cost() == before
