"""Redis stops answering without hanging up; people go on booking."""

import os
import signal
import time

import pytest
import redis

from outbox import intents
from outbox.models import Intent
from scheduling.models import Booking
from tests import factories, servers
from tests.faults import processes
from tests.faults.invitees import Invitee, form_url

pytestmark = [pytest.mark.faults, pytest.mark.redis, pytest.mark.django_db(transaction=True)]

PATIENCE = 2.0
"""Seconds that one ring may wait for the broker: the socket's time-out."""


def _freeze(url: str) -> int:
    client = redis.Redis.from_url(url)
    pid = int(client.info("server")["process_id"])
    client.close()
    os.kill(pid, signal.SIGSTOP)
    return pid


def _book(site: str, scheduler, hour: int) -> float:
    """How long the answer took, in seconds."""
    invitee = Invitee(form_url(site, scheduler, factories.MONDAY.replace(hour=hour)), hour)
    invitee.open()
    time.sleep(1.1)  # nobody fills in a form in less
    began = time.monotonic()
    assert invitee.book().status_code == 302
    return time.monotonic() - began


def test_bookings_go_on_while_the_broker_is_frozen(scheduler):
    program = servers.redis_program()
    assert program
    with servers.redis(program) as url, processes.web(workers=1, REDIS_URL=url, TRUSTED_PROXIES="1") as site:
        pid = _freeze(url)
        try:
            waits = [_book(site, scheduler, hour) for hour in (9, 10, 11)]
        finally:
            os.kill(pid, signal.SIGCONT)

    assert waits[0] < PATIENCE + 3, "the first ring waits for its time-out"
    assert max(waits[1:]) < 1.5, "the next ones do not even try"
    assert Booking.objects.count() == 3
    assert Intent.objects.pending().count() == 6
    intents.drain()
    assert not Intent.objects.pending().filter(kind="meeting").exists(), "settled without a bell"
