"""All that an application ever sees, from connecting to the end of the account, searched for what is not for it."""

import logging
from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import Application
from integrations import defaults, grants
from integrations.models import Grant
from integrations.types import EndReason
from outbox import intents
from outbox.models import Intent
from scheduling.models import ApplicationEvent, Message
from tests import factories, leaks
from tests.factories import MONDAY
from tests.scheduling.api.conftest import Caller

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)
PAULA = "paula@acme.example"
ROUTES = [
    "/me",
    "/conferencing/services",
    "/events",
    "/bookings",
    "/schedulers",
    "/availability",
    "/organization/members",
]


class Listener(Caller):
    """Keeps every answer, headers too."""

    def __init__(self, member):
        super().__init__(member)
        self.heard = []
        self.words_of_the_provider = set()

    def ask(self, method, path, *sent):
        answer = getattr(super(), method)(path, *sent)
        self.heard.append(f"{answer.headers}\n{answer.content.decode()}")
        return answer

    def look_round(self):
        times = {"from": NINE.isoformat(), "until": (NINE + timedelta(days=2)).isoformat(), "duration": "30"}
        for route in ROUTES:
            self.heard.append(self.get(route, **times if route == "/availability" else {}).content.decode())
        for event in ApplicationEvent.objects.all():
            self.words_of_the_provider.add(event.error_detail)
            self.heard.append(self.get(f"/events/{event.uid}").content.decode())


@pytest.fixture
def listener(olga):
    listener = Listener(olga)
    factories.subscription(Application.objects.get())
    return listener


def event(listener, hours):
    start = NINE + timedelta(hours=hours)
    times = {"start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat()}
    return listener.ask("post", "/events", {"title": "Interview", "conferencing": {"service": "zoom"}} | times)


def settle():
    for _try in range(3):
        Intent.objects.filter(lease_until=None).exclude(kind="deliveries").update(due_at=now())
        due = Intent.objects.due(now()).exclude(kind="deliveries")
        for pk in list(due.values_list("pk", flat=True)):
            intents.settle(pk)


@pytest.mark.row("CR-2", "CR-16")
def test_no_answer_message_or_log_line_tells_of_the_account(
    listener, olga, scheduler, zoom, connect_zoom, after_commit, caplog
):
    caplog.set_level(logging.DEBUG)
    with after_commit():
        connection = connect_zoom(olga, PAULA)
    defaults.make_default(olga, "zoom")
    grant = Grant.objects.get()
    for fault in ({"kind": "status", "status": 503}, {"kind": "rate_limit", "limit": "day"}, {}):
        zoom.faults.clear()
        if fault:
            zoom.faults.add(**fault, path="*/users/me/meetings")
        made = event(listener, len(listener.heard)).json()["id"]
        settle()
        listener.look_round()
    invitee = {"name": "Ivan", "email": "ivan@example.com", "time_zone": "UTC"}
    booked = {"scheduler": str(scheduler.uid), "start": (NINE + timedelta(days=1)).isoformat(), "invitee": invitee}
    listener.ask("post", "/bookings", booked)
    settle()
    listener.ask("patch", f"/events/{made}", {"title": "Second interview"})
    listener.ask("patch", f"/events/{made}", {"start": "soon"})
    with after_commit():
        grants.end(Grant.objects.get(), EndReason.REVOKED)
    event(listener, 30)
    settle()
    listener.look_round()
    listener.ask("delete", f"/events/{made}")
    settle()

    heard = [*listener.heard, *Message.objects.values_list("body", flat=True)]
    for state in ("pending", "ready", "failed", "detached"):
        assert any(f'"state": "{state}"' in text for text in heard), state
    assert {"meeting.ready", "booking.ready", "connection.ended"} <= set(Message.objects.values_list("type", flat=True))
    paula = zoom.user(PAULA)
    ours = [PAULA, paula.id, grant.account_id, str(connection.uid), *listener.words_of_the_provider]
    assert any(listener.words_of_the_provider)
    for text in heard:
        leaks.assert_none_in(text, "what the application hears")
        assert not [part for part in ours if part and part in text]
    leaks.assert_none_in(caplog.text, "the log")
