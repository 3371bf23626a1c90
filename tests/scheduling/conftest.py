"""What the stories of bookings share."""

import uuid
from datetime import timedelta

import pytest
import requests
from django.utils.timezone import now

from integrations import defaults, password_connections, registry
from integrations.models import Calendar, Connection, Seat
from integrations.types import Login
from outbox import intents
from scheduling import bookings, leftovers
from scheduling.models import Meeting
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY
from tests.integrations.providers import caldav_server
from tests.integrations.providers.conftest import caldav_servers as caldav_servers

NINE = MONDAY + timedelta(hours=8)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="UTC")


@pytest.fixture
def one_minute(monkeypatch):
    """No test is cut in two by a minute that ends."""
    moment = now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


@pytest.fixture
def connection(olga, connect_zoom):
    """Olga's own, and her default."""
    connection = connect_zoom(olga)
    defaults.make_default(olga, "zoom")
    return connection


@pytest.fixture
def booking(scheduler, connection):
    """Its meeting was made a while ago."""
    booking = bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())
    intents.drain()
    Meeting.objects.update(settled_at=now() - leftovers.CLEAR)
    booking.refresh_from_db()
    return booking


@pytest.fixture
def shared(olga, zoom, settings):
    """Harbour's own connection: Paula, who owns the account at Zoom, added the app for everybody."""
    credentials = settings.ZOOM_ADMIN_CLIENT_ID, settings.ZOOM_ADMIN_CLIENT_SECRET = "admin-client", "admin-secret"
    zoom.add_app(*credentials, ["http://testserver/back"], admin_managed=True)
    code = zoom.authorize("paula@acme.example", "admin-client", "http://testserver/back")
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://testserver/back"}
    answer = requests.post(f"{settings.ZOOM_OAUTH_URL}/oauth/token", auth=credentials, data=sent, timeout=10).json()
    paula = zoom.user("paula@acme.example")
    grant = factories.grant(client_id="admin-client", kind="organization", account_id=paula.account_id)
    grant.set_token(factories.token(**{name: answer[name] for name in ("access_token", "refresh_token")}))
    grant.save()
    return Connection.objects.create(organization=olga.organization, grant=grant)


@pytest.fixture
def seated(shared, olga, mina):
    """seated(member, email): a booking with him, held by this user of the account."""

    def book(member, email):
        Seat.objects.create(connection=shared, membership=member, wanted=email)
        scheduler = factories.scheduler(member, place="zoom", connection=shared)
        booking = bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())
        intents.drain()
        Meeting.objects.update(settled_at=now() - leftovers.CLEAR)
        booking.refresh_from_db()
        assert booking.meeting.state == "ready", booking.meeting.error
        return booking

    return book


@pytest.fixture
def person(caldav_servers, settings):
    """Olga at her calendar, on a real server."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    return caldav_servers.person()


@pytest.fixture
def calendar(olga, person):
    """Her work calendar: it receives her bookings, and closes no times."""
    path = person.calendar()
    login = Login(person.server.url + person.home, person.name, caldav_server.PASSWORD)
    connection = password_connections.connect(olga, registry.password("caldav"), login)
    Calendar.objects.filter(membership=olga).update(receives=False, is_busy=False)
    made, _new = Calendar.objects.update_or_create(
        connection=connection,
        membership=olga,
        external_id=path,
        defaults={"name": "Work", "time_zone": "Europe/Berlin", "is_busy": False, "receives": True},
    )
    return made
