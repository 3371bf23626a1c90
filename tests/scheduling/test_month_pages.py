"""A month that was drawn once is shown again to whoever would see the same; what it costs then."""

from datetime import timedelta

import pytest
from django.contrib.messages import constants
from django.core.cache import caches
from django.test import Client

from scheduling import schedulers
from tests import factories
from tests.factories import MONDAY
from tests.scheduling.conftest import NINE
from tests.scheduling.months import PAGE, asked, read

pytestmark = pytest.mark.usefixtures("one_minute")

# --- What it costs --------------------------------------------------------------------------------------------------


def test_a_month_that_was_drawn_is_checked_by_one_query(scheduler):
    assert 1 < asked() <= 8
    assert asked() == 1
    assert asked(PAGE + "&utm_source=mail") == 1


def test_what_is_shown_again_is_what_was_drawn(scheduler):
    first, second = Client().get(PAGE), Client().get(PAGE)

    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert "Cookie" in first.headers["Vary"]


# --- Who shares it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "theme=dark"},
        {"cookie": "time_zone=Asia/Kathmandu"},
        {"accept-language": "en-US"},
    ],
    ids=str,
)
def test_readers_who_see_another_page_do_not_share_one(scheduler, headers):
    mine = read()

    theirs = read(**headers)

    assert theirs != mine
    assert read() == mine
    assert read(**headers) == theirs
    assert asked(**headers) == 1


@pytest.mark.parametrize("more", ["&zone=Asia/Kathmandu", "&duration=60", "&duration=7", "&zone=Atlantis"])
def test_another_choice_is_another_page(scheduler, more):
    schedulers.change(scheduler, durations=[30, 60])
    mine = read()

    assert read(PAGE + more) != mine
    assert read() == mine


def test_a_page_that_may_hold_something_of_ones_own_is_never_kept(scheduler, olga, sign_in):
    told = f'[["__json_message",0,{constants.INFO},"Only for you"]]'
    warned = Client()
    warned.cookies["messages"] = told
    caches["months"].clear()

    for client, address in [
        (sign_in(olga), PAGE),
        (warned, PAGE),
        (Client(), PAGE + "&name=Ivan&email=ivan@example.com"),
        (Client(), PAGE + "&find_zone=Ivanovo"),
    ]:
        assert asked(address, client=client) > 1
        assert asked(address, client=client) > 1
    assert not caches["months"]._cache


def test_a_time_that_is_asked_for_is_always_looked_up(scheduler):
    factories.booking(scheduler, start=NINE)

    for address in (PAGE + "&start=2027-03-01T08:00Z", PAGE + "&start=2027-03-01T10:00Z"):
        assert asked(address) > 1
        assert asked(address) > 1


def test_another_minute_is_drawn_anew(scheduler, monkeypatch):
    read()
    assert asked() == 1
    later = MONDAY - timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    assert asked() > 1


def test_the_memory_is_small(scheduler, settings, monkeypatch):
    months = caches["months"]
    months.clear()
    assert months._max_entries == settings.CACHES["months"]["OPTIONS"]["MAX_ENTRIES"]
    monkeypatch.setattr(months, "_max_entries", 20)

    for number in range(25):
        read(cookie=f"time_zone=nowhere-{number}")

    assert 0 < len(months._cache) <= 20
