"""Zoom: what we send, and how each of its failures is told (contracts/zoom.md, 3.11 and 4)."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import requests
import responses
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership
from integrations import conferencing
from integrations.exceptions import (
    AuthorizationLost,
    OperatorNeeded,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from integrations.models import Connection
from integrations.providers.zoom import translation, zones
from integrations.providers.zoom.provider import Zoom
from integrations.types import AppKind, MeetingRequest
from tests.integrations.conftest import PAULA, ConnectZoom

MARKER = "Booking BR-ABCDEF123456"


def request(**fields: Any) -> MeetingRequest:
    start = (now() + timedelta(days=10)).replace(second=0, microsecond=0)
    defaults: dict[str, Any] = {
        "topic": "Intro",
        "start": start,
        "duration": timedelta(minutes=30),
        "time_zone": "UTC",
        "marker": MARKER,
    }
    return MeetingRequest(**defaults | fields)


def answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    made.headers.update(headers or {})
    return made


def zoom_says(code: int, message: str = "", **more: Any) -> dict[str, Any]:
    return {"code": code, "message": message} | more


@pytest.fixture
def connection(olga: Membership, connect_zoom: ConnectZoom) -> Connection:
    return connect_zoom(olga)


# What we send


@pytest.mark.django_db
def test_a_meeting_is_asked_for_as_zoom_wants_it(connection, settings):
    with responses.RequestsMock() as wire:
        made = {"id": 89135283549, "join_url": "https://zoom.us/j/89135283549?pwd=x", "password": "4f8kQ2"}
        wire.post(settings.ZOOM_API_URL + "/users/me/meetings", json=made, status=201)
        created = conferencing.create_meeting(
            connection,
            request(
                topic="Intro call with Bo " * 20,
                start=datetime(2026, 12, 1, 10, tzinfo=UTC),
                duration=timedelta(minutes=30, seconds=1),
                time_zone="Europe/Kyiv",
                agenda="x" * 3000,
            ),
        )
        sent = json.loads(wire.calls[0].request.body)
        headers = wire.calls[0].request.headers

    assert created.external_id == "89135283549"
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"].startswith("Bearer ey")
    assert sent["start_time"] == "2026-12-01T10:00:00Z"
    assert sent["timezone"] == "Europe/Kiev"
    assert sent["duration"] == 31
    assert len(sent["topic"]) == 200
    assert sent["agenda"].startswith(f"{MARKER}\n")
    assert len(sent["agenda"]) <= 2000
    assert sent["type"] == 2
    assert sent["settings"]["use_pmi"] is False
    assert sent["settings"]["email_notification"] is False
    assert "password" not in sent
    assert "schedule_for" not in sent


@pytest.mark.django_db
def test_a_change_is_sent_and_then_read_again(connection, zoom):
    created = conferencing.create_meeting(connection, request())

    conferencing.update_meeting(connection, created.external_id, request(topic="Later"))

    assert [(call.method, call.path) for call in zoom.calls[-2:]] == [
        ("PATCH", f"/v2/meetings/{created.external_id}"),
        ("GET", f"/v2/meetings/{created.external_id}"),
    ]
    assert zoom.meeting(created.external_id).topic == "Later"


@pytest.mark.django_db
def test_a_deletion_asks_zoom_for_no_mails(connection, settings):
    with responses.RequestsMock() as wire:
        wire.delete(settings.ZOOM_API_URL + "/meetings/123", status=204)
        conferencing.delete_meeting(connection, "123")

        assert "schedule_for_reminder=false" in str(wire.calls[0].request.url)


# Looking for what an unclear answer left behind


@pytest.mark.django_db
def test_of_several_found_the_first_is_taken_and_the_others_are_removed(connection, zoom):
    first = conferencing.create_meeting(connection, request())
    for _ in range(2):
        zoom.advance(seconds=5)
        conferencing.create_meeting(connection, request())

    assert conferencing.find_meeting(connection, request(), since=now()) == first
    assert [str(meeting.id) for meeting in zoom.meetings(PAULA)] == [first.external_id]


@pytest.mark.django_db
def test_all_pages_are_looked_through(connection, zoom, settings):
    zoom.limits.enforced = False
    for number in range(310):
        conferencing.create_meeting(connection, request(marker=f"Booking BR-{number:012}"))

    found = [
        conferencing.find_meeting(connection, request(marker=f"Booking BR-{n:012}"), since=now()) for n in (0, 309)
    ]

    assert None not in found


@pytest.mark.django_db
def test_a_list_without_end_is_given_up(connection, settings):
    tokens = count()

    def page(_request: object) -> tuple[int, dict[str, str], str]:
        return 200, {}, json.dumps({"meetings": [], "next_page_token": f"t{next(tokens)}"})

    with responses.RequestsMock() as wire:
        wire.add_callback("GET", settings.ZOOM_API_URL + "/users/me/meetings", callback=page)

        with pytest.raises(ProviderUnavailable):
            conferencing.find_meeting(connection, request(), since=now())


@pytest.mark.django_db
def test_a_marker_that_only_begins_alike_is_another_booking(connection, zoom):
    conferencing.create_meeting(connection, request(marker=f"{MARKER}7"))

    assert conferencing.find_meeting(connection, request(), since=now()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 200, 400])
def test_a_meeting_is_found_however_far_ahead_it_is(connection, zoom, days):
    """Zoom's list of coming meetings ends after six months, and begins with the next to start."""
    far = request(start=(now() + timedelta(days=days)).replace(second=0, microsecond=0))
    created = conferencing.create_meeting(connection, far)

    assert conferencing.find_meeting(connection, far, since=now()) == created


@pytest.mark.django_db
def test_where_the_list_has_no_agendas_time_and_topic_tell(connection, settings):
    wanted = request()
    mine = {
        "id": 1,
        "topic": "Intro",
        "start_time": f"{wanted.start:%Y-%m-%dT%H:%M:%SZ}",
        "duration": 30,
        "created_at": f"{now():%Y-%m-%dT%H:%M:%SZ}",
    }
    older = mine | {"id": 2, "created_at": "2020-01-01T00:00:00Z"}
    others = mine | {"id": 3, "agenda": "Booking BR-999999999999"}
    with responses.RequestsMock() as wire:
        wire.get(settings.ZOOM_API_URL + "/users/me/meetings", json={"meetings": [older, others, mine]})
        wire.get(settings.ZOOM_API_URL + "/meetings/1", json={"id": 1, "join_url": "https://zoom.us/j/1"})

        found = conferencing.find_meeting(connection, wanted, since=now())

    assert found is not None
    assert found.external_id == "1"


# Failures of the API


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (400, 200, "plan or your role"),
        (400, 300, "details of this meeting"),
        (400, 3000, "rule of the Zoom account"),
        (400, 3003, "Another Zoom user hosts"),
        (400, 3161, "licence for meetings is missing"),
        (400, 1120, "does not know this Zoom user"),
        (404, 1001, "does not know this Zoom user"),
        (404, 1010, "does not know this Zoom user"),
        (403, 0, "ask your Zoom admin"),
        (400, 2300, "refused"),
        (409, 1005, "refused"),
        (422, 9999999, "refused"),
    ],
)
def test_a_refusal_stops_and_says_why(status, code, words):
    problem = translation.problem(answer(status, zoom_says(code, "Zoom's own words")))

    assert isinstance(problem, RequestRejected)
    assert problem.missing is False
    assert words in problem.sentence
    assert "Zoom's own words" in problem.detail


@pytest.mark.parametrize(
    "body",
    [
        zoom_says(3001, "Meeting does not exist: 123."),
        zoom_says(300, "Meeting 123 is not found or has expired."),
        zoom_says(3007, "Meeting has ended."),
    ],
)
@pytest.mark.parametrize("status", [400, 404])
def test_a_meeting_that_is_gone_is_told_apart(status, body):
    problem = translation.problem(answer(status, body))

    assert isinstance(problem, RequestRejected)
    assert problem.missing is True


def test_a_meeting_in_progress_is_removed_later():
    problem = translation.problem(answer(400, zoom_says(3002, "Cannot delete a meeting in progress.")))

    assert isinstance(problem, RateLimited)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("code", [4711, 4700])
def test_a_missing_scope_asks_for_reconnecting_under_any_status(status, code):
    words = "Invalid access token, does not contain scopes:[meeting:write:meeting, meeting:write:meeting:admin]."
    response = answer(status, zoom_says(code, words))

    problem = translation.problem(response)

    assert not translation.refuses_token(response)
    assert isinstance(problem, AuthorizationLost)
    assert problem.missing_scopes == {"meeting:write:meeting", "meeting:write:meeting:admin"}


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (401, zoom_says(124, "Access token is expired."), True),
        (401, zoom_says(124, "Invalid access token."), True),
        (400, zoom_says(124, "Invalid access token."), True),
        (401, zoom_says(0), True),
        (401, b"<html>", False),
        (400, zoom_says(300), False),
        (200, {}, False),
    ],
)
def test_a_refused_token_is_known_by_its_code(status, body, refused):
    assert translation.refuses_token(answer(status, body)) is refused


@pytest.mark.parametrize(
    "response",
    [
        answer(500, zoom_says(1, "oops")),
        answer(502, b"<html>Bad gateway</html>"),
        answer(503),
        answer(504, b"<?xml version='1.0'?><error/>"),
        answer(400, b"<html>a proxy</html>"),
        answer(404, b""),
        answer(403, b"not json"),
        answer(302, b""),
        answer(400, b"[]"),
        answer(400, b'{"code": 300, "mess'),
    ],
    ids=lambda response: f"{response.status_code}",
)
def test_what_is_not_zooms_verdict_is_tried_again(response):
    assert isinstance(translation.problem(response), ProviderUnavailable)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"id": 1}', b'{"id": "x", "join_url": "y"}', b"<html>"])
def test_a_good_status_with_a_bad_body_may_have_made_a_meeting(connection, settings, body):
    with responses.RequestsMock() as wire:
        wire.post(settings.ZOOM_API_URL + "/users/me/meetings", body=body, status=201)

        with pytest.raises(ProviderUnavailable) as caught:
            conferencing.create_meeting(connection, request())

    assert caught.value.reached is True


@given(st.integers(200, 599), st.one_of(st.binary(max_size=60), st.dictionaries(st.text(max_size=8), st.integers())))
def test_no_answer_whatever_is_more_than_one_of_the_four(status, body):
    problem = translation.problem(answer(status, body))

    assert problem is None or isinstance(problem, ProviderError)
    assert (problem is None) == (status < 300)


def test_details_hold_no_links_and_no_tokens():
    words = "See https://zoom.us/j/1?pwd=secret and eyJhbGciOi.secret-token.sig or Invalid authorization code abc123"

    detail = translation.problem(answer(400, zoom_says(300, words))).detail

    assert "secret" not in detail
    assert "abc123" not in detail


def test_fields_that_were_wrong_are_named():
    body = zoom_says(300, "Validation Failed.", errors=[{"field": "start_time", "message": "Invalid field."}, "odd"])

    assert "start_time" in translation.problem(answer(400, body)).detail


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


# Failures of the token endpoint


def token_problem(status: int, body: object) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        Zoom().read_token(answer(status, body))
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "Invalid Token!", "error": "invalid_grant"},
        {"reason": "Invalid Token!", "error": "invalid_request"},
        {"error": "invalid_grant"},
        {"reason": "Invalid authorization code abc", "error": "invalid_request"},
    ],
)
def test_a_dead_grant_is_known_in_old_and_new_words(body):
    assert type(token_problem(400, body)) is AuthorizationLost


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize(
    "body",
    [
        {"reason": "Invalid client_id or client_secret", "error": "invalid_client"},
        {"reason": "Redirect URI mismatch.", "error": "invalid_request"},
        {"reason": "Bad Request", "error": "invalid_request"},
        {"error": "unsupported_grant_type"},
    ],
)
def test_our_own_faults_are_the_operators_and_never_the_end(status, body):
    assert isinstance(token_problem(status, body), OperatorNeeded)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"<html>"),
        (503, {"error": "invalid_grant"}),
        (200, b""),
        (200, b"<xml/>"),
        (200, {}),
        (400, b""),
        (401, {}),
    ],
)
def test_an_unreadable_token_answer_is_tried_again(status, body):
    assert type(token_problem(status, body)) is ProviderUnavailable


def test_too_many_token_requests_wait():
    assert isinstance(token_problem(429, b""), RateLimited)


@pytest.mark.parametrize(
    ("expires_in", "seconds"), [(3599, 3599), ("3600", 3600), (None, 3600), (-1, 3600), (10**12, 3600)]
)
def test_the_life_of_a_token_is_relative_and_sane(expires_in, seconds):
    body = {"access_token": "a", "refresh_token": "r", "expires_in": expires_in}

    assert Zoom().read_token(answer(200, body)).expires_in == timedelta(seconds=seconds)


# Time zones


@pytest.mark.parametrize(
    ("zone", "spelled"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Europe/Kyiv", "Europe/Kiev"),
        ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
        ("America/Nuuk", "America/Godthab"),
        ("America/Indiana/Indianapolis", "America/Indianapolis"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Australia/Lord_Howe", "UTC"),
        ("Pacific/Kiritimati", "UTC"),
        ("America", "UTC"),
        ("../../etc/passwd", "UTC"),
    ],
)
def test_zones_are_spelled_as_zoom_knows_them(zone, spelled):
    assert zones.spelled(zone) == spelled


# Who authorized


@pytest.mark.parametrize(
    ("type_", "paid"), [(1, False), (2, True), (4, False), (99, False), (3, None), ("2", None), (None, None)]
)
def test_the_plan_is_read_from_the_type(settings, type_, paid):
    user = {"id": "abc", "account_id": "x", "email": "a@b.example", "type": type_, "first_name": "A", "last_name": "B"}
    with responses.RequestsMock() as wire, requests.Session() as http:
        wire.get("https://api.example/users/me", json=user)
        http.get = lambda path: requests.get("https://api.example" + path, timeout=1)

        identity = Zoom().identify(http, Zoom().installed_app(AppKind.PERSONAL))

    assert (identity.paid, identity.name, identity.email) == (paid, "A B", "a@b.example")
