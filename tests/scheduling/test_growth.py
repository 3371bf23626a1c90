"""How cost grows with a host's bookings: by processor time, each size beside the other in one run, never in seconds."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from bridge.bench import stage
from integrations.models import CalendarEvent
from scheduling import availability, clocks, intervals
from scheduling.availability import Hours, Terms
from tests import factories
from tests.factories import MONDAY

ROUNDS = 7
AT_MOST = 8
"""From 100 to 10,000 busy times, a hundred times as many."""


def _cost(work: Callable[[], object]) -> float:
    """The least of several rounds: what else the machine does can only add."""
    costs = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        costs.append(time.process_time() - began)
    return min(costs)


@pytest.mark.django_db
def test_the_month_view_grows_at_most_eightfold_from_a_hundred_bookings_to_ten_thousand():
    client = Client()
    few, many = (
        f"/{page.host.custom_url}/{page.slug}" for page in (stage.host(bookings=100), stage.host(bookings=10_000))
    )
    assert client.get(few).status_code == client.get(many).status_code == 200

    def drawn(address: str) -> None:
        caches["months"].clear()
        client.get(address)

    assert _cost(lambda: drawn(many)) < AT_MOST * _cost(lambda: drawn(few))


@pytest.mark.django_db
def test_the_month_view_grows_at_most_eightfold_from_a_hundred_events_in_calendars_to_ten_thousand():
    """All of them in that month, where they overlap, last no time, or are as long as a day."""

    def full(number: int) -> str:
        host = factories.membership(factories.user(custom_url=f"busy-{number}"))
        calendar, page = factories.calendar(host), factories.scheduler(host)
        apart = timedelta(days=28) / number
        CalendarEvent.objects.bulk_create(
            CalendarEvent(calendar=calendar, external_id=f"{one}", start=start, end=start + timedelta(minutes=one % 50))
            for one, start in enumerate(MONDAY + one * apart for one in range(number))
        )
        return f"/{host.user.custom_url}/{page.slug}?month=2027-03"

    def drawn(address: str) -> None:
        caches["months"].clear()
        assert client.get(address).status_code == 200

    client = Client()
    few, many = full(100), full(10_000)
    assert _cost(lambda: drawn(many)) < AT_MOST * _cost(lambda: drawn(few))


def test_pure_computation_grows_no_faster_than_what_it_reads():
    window = clocks.days(date(2027, 3, 1), date(2027, 3, 31), "Europe/Berlin")
    hours = Hours("Europe/Berlin", tuple((day, 540, 1020) for day in range(7)))
    terms = Terms(duration=30, increment=15, earliest=window[0], latest=window[1])
    chance = random.Random(7)

    def busy(count: int) -> list[intervals.Span]:
        starts = sorted(chance.randrange(*window) for _ in range(count))
        return [(start, start + 5) for start in starts]

    thousand, ten_thousand = busy(1_000), busy(10_000)
    slow = _cost(lambda: availability.starts(hours, terms, ten_thousand, window))
    assert slow < 20 * _cost(lambda: availability.starts(hours, terms, thousand, window))
