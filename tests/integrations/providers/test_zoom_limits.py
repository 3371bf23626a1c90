"""Which of Zoom's limits was hit, and how long it is waited for."""

from datetime import UTC, timedelta

import pytest
from django.utils.timezone import now

from integrations import conferencing
from integrations.exceptions import (
    RateLimited,
)
from integrations.providers.zoom import translation
from tests.integrations.conftest import PAULA
from tests.integrations.providers.zoom_answers import answer, request, zoom_says

# Rate limits
HOST_LIMIT = (
    "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular "
    "user. You may resume these requests at GMT 00:00:00."
)
DAY_LIMIT = "You have reached the maximum daily rate limit for this API. Refer to the response header for details."
SECOND_LIMIT = "You have reached the maximum per-second rate limit for this API. Try again later."


def limited(message: str, headers: dict[str, str] | None = None) -> RateLimited:
    problem = translation.problem(answer(429, zoom_says(429, message), headers))
    assert isinstance(problem, RateLimited)
    return problem


def to_midnight() -> timedelta:
    moment = now().astimezone(UTC)
    return (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) - moment


def test_the_daily_limit_of_a_host_waits_for_midnight_utc():
    problem = limited(HOST_LIMIT, {"x-ratelimit-category": "Light", "x-ratelimit-limit": "6000"})

    assert to_midnight() - timedelta(seconds=1) < problem.retry_after <= to_midnight() + timedelta(minutes=11)
    assert "100" in problem.sentence


def test_the_limit_per_second_waits_a_moment():
    assert timedelta(seconds=1) <= limited(SECOND_LIMIT).retry_after <= timedelta(seconds=3)


def test_a_daily_limit_without_a_header_waits_for_midnight():
    assert limited(DAY_LIMIT).retry_after >= to_midnight() - timedelta(seconds=1)
    assert limited("Slow down", {"X-RATELIMIT-TYPE": "Daily-limit"}).retry_after >= to_midnight() - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"), 600),
        (lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT"), 600),
        (lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"), 600),
    ],
    ids=["seconds", "iso", "http date", "naive iso"],
)
def test_retry_after_is_understood_in_every_form(header, seconds):
    value = header if isinstance(header, str) else header(now().astimezone(UTC) + timedelta(seconds=600))

    wait = limited(DAY_LIMIT, {"retry-after": value}).retry_after

    assert timedelta(seconds=seconds - 3) <= wait <= timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["99999999999999999999", "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_wait_is_capped(header):
    assert limited(DAY_LIMIT, {"Retry-After": header}).retry_after == timedelta(hours=25)


@pytest.mark.parametrize("header", ["0", "-5", "2001-01-01T00:00:00Z", "soon", "²", "\x00"])
def test_a_wait_is_never_negative(header):
    assert limited(SECOND_LIMIT, {"Retry-After": header}).retry_after >= timedelta(seconds=1)


def test_a_429_without_a_body_is_a_rate_limit_too():
    assert isinstance(translation.problem(answer(429, b"<html>slow down</html>")), RateLimited)


@pytest.mark.django_db
def test_the_hundred_and_first_meeting_of_a_day_waits_and_deleting_goes_on(connection, zoom):
    zoom.limits.per_host = 1
    created = conferencing.create_meeting(connection, request())

    with pytest.raises(RateLimited):
        conferencing.update_meeting(connection, created.external_id, request())
    conferencing.delete_meeting(connection, created.external_id)

    assert zoom.meetings(PAULA) == []
