"""Many people want one time at the same moment, over HTTP, from the server that production has."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
import requests
from django.db import connection

from scheduling.models import Booking, HostCell
from tests import factories
from tests.faults import processes
from tests.faults.invitees import Invitee, form_url

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

START = factories.MONDAY.replace(hour=10)
CROWD = {"postgresql": 200, "sqlite": 50}


def _all_at_once(invitees: list[Invitee]) -> list[requests.Response]:
    barrier = Barrier(len(invitees))

    def go(invitee: Invitee) -> requests.Response:
        barrier.wait()
        return invitee.book()

    with ThreadPoolExecutor(len(invitees)) as pool:
        return list(pool.map(go, invitees))


@pytest.mark.row("G-48")
def test_of_many_bookings_of_one_slot_one_is_made_and_the_others_are_shown_other_times(scheduler):
    with processes.web(TRUSTED_PROXIES="1") as site:
        url = form_url(site, scheduler, START)
        crowd = [Invitee(url, number) for number in range(CROWD[connection.vendor])]
        crowd[0].open()
        for invitee in crowd:
            invitee.session.cookies.update(crowd[0].session.cookies)
            invitee.fields = crowd[0].fields | {"key": str(uuid4())}
        time.sleep(1.1)  # nobody fills in a form in less
        answers = _all_at_once(crowd)

    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: len(crowd) - 1}
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Somebody has just booked this time" in refused.text
    assert "Kept" in refused.text
    assert re.search(r"start=2027-03-01T\d\d%3A\d\d|start=2027-03-01T\d\d:\d\d", refused.text)
    assert Booking.objects.count() == 1
    assert HostCell.objects.count() == 6


@pytest.mark.row("G-48")
def test_a_double_click_is_one_booking(scheduler):
    with processes.web(TRUSTED_PROXIES="1") as site:
        invitee = Invitee(form_url(site, scheduler, START), 1)
        invitee.open()
        time.sleep(1.1)
        answers = _all_at_once([invitee] * 4)

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Booking.objects.count() == 1
