"""What Zoom's failures become: one of our four errors, whatever it says."""

from datetime import timedelta

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from integrations import conferencing
from integrations.exceptions import (
    AuthorizationLost,
    OperatorNeeded,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from integrations.providers.zoom import translation
from integrations.providers.zoom.provider import Zoom
from tests.integrations.providers.zoom_answers import answer, request, zoom_says

# --- Failures of the API ----------------------------------------------------------------------------------------------


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


# --- Failures of the token endpoint -----------------------------------------------------------------------------------


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
