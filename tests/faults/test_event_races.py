"""Many applications want one time of a person at the same moment, over HTTP; and two changes at once."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import requests
from django.db import connection
from django.test import Client

from scheduling.models import ApplicationEvent, HostCell
from tests import factories
from tests.factories import MONDAY
from tests.faults import processes

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

NINE = MONDAY + timedelta(hours=8)
CROWD = 50


def all_at_once(acts: list[Callable[[], int]]) -> Counter[int]:
    """The status codes; every act in a thread of its own."""
    barrier = Barrier(len(acts))

    def do(act: Callable[[], int]) -> int:
        barrier.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(do, acts))


def wish(start=NINE, **more):
    times = {"start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat()}
    return {"title": "Interview"} | times | more


@pytest.fixture
def headers(olga):
    token = factories.access_token(factories.consent(factories.application(olga), olga))
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.row("CR-11", "G-48")
def test_of_fifty_events_for_one_time_one_is_made_and_the_others_hear_a_clean_no(headers):
    with processes.web() as site:

        def post() -> int:
            return requests.post(f"{site}/api/v1/events", json=wish(), headers=headers, timeout=120).status_code

        codes = all_at_once([post] * CROWD)

    assert codes == {201: 1, 409: CROWD - 1}
    assert (ApplicationEvent.objects.count(), HostCell.objects.count()) == (1, 6)


def test_one_request_sent_often_at_once_is_one_event(headers):
    def post() -> int:
        sent = headers | {"Idempotency-Key": "one"}
        return Client().post("/api/v1/events", json.dumps(wish()), "application/json", headers=sent).status_code

    codes = all_at_once([post] * 10)

    assert codes[201] >= 1
    assert codes[201] + codes[409] == 10
    assert ApplicationEvent.objects.count() == 1


def test_of_two_changes_at_once_both_hold(headers):
    made = Client().post("/api/v1/events", json.dumps(wish()), "application/json", headers=headers).json()

    def change(**fields: str) -> Callable[[], int]:
        address = f"/api/v1/events/{made['id']}"
        return lambda: Client().patch(address, json.dumps(fields), "application/json", headers=headers).status_code

    later = (NINE + timedelta(hours=1)).isoformat()
    assert all_at_once([change(title="Talk"), change(start=later)] * 3) == {200: 6}

    event = ApplicationEvent.objects.get()
    assert (event.title, event.start, event.sequence) == ("Talk", NINE + timedelta(hours=1), 2)
    assert sorted(HostCell.objects.values_list("cell", flat=True)) == [
        int(event.start.timestamp()) // 300 + number for number in range(6)
    ]
