"""Microsoft's failures in our words, and what becomes of the access."""

from datetime import timedelta

import pytest

from integrations import sessions
from integrations.exceptions import (
    AuthorizationLost,
    OperatorNeeded,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from integrations.providers.microsoft import translation
from integrations.providers.microsoft.provider import Microsoft
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.integrations.conftest import CARLA
from tests.integrations.providers.microsoft_answers import answer, refusal, token_refusal

PROVIDER = Microsoft()


@pytest.fixture
def connection(olga, connect_microsoft):
    return connect_microsoft(olga)


def me(connection):
    with sessions.of(connection) as http:
        return http.get("/me").json()["mail"]


# --- The token endpoint is judged by `error`, never by its number -----------------------------------------------------


@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required", "login_required", "consent_required"])
@pytest.mark.parametrize("number", [700082, 7000215, 0])
def test_a_dead_grant_is_lost(error, number):
    assert isinstance(translation.token_problem(token_refusal(400, error, number)), AuthorizationLost)


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "invalid_scope", "invalid_request", "odd"])
@pytest.mark.parametrize("status", [400, 401])
def test_what_is_wrong_with_our_settings_is_the_operators(error, status):
    problem = translation.token_problem(token_refusal(status, error, 700082))

    assert isinstance(problem, OperatorNeeded)
    assert problem.about == ("client" if error == "invalid_client" else "")


@pytest.mark.parametrize(
    "response",
    [
        answer(503, "<h1>503</h1>"),
        answer(400, "<h1>400</h1>"),
        token_refusal(400, "temporarily_unavailable", 90033),
        token_refusal(500, "server_error"),
        token_refusal(503, "invalid_grant"),
    ],
)
def test_what_passes_ends_nothing(response):
    problem = translation.token_problem(response)
    assert isinstance(problem, ProviderUnavailable)
    assert not isinstance(problem, OperatorNeeded)


def test_a_loop_is_left_for_an_hour():
    problem = translation.token_problem(token_refusal(400, "invalid_grant", 50196))
    assert isinstance(problem, RateLimited)
    assert problem.retry_after == timedelta(hours=1)


@pytest.mark.parametrize(
    ("number", "words"),
    [(90094, "approve Bridge first"), (65001, "consent again"), (53003, "keeps Bridge out"), (50057, "switched off")],
)
def test_numbers_choose_the_words(number, words):
    problem = translation.token_problem(token_refusal(400, "invalid_grant", number))
    assert problem is not None
    assert words in problem.sentence


@pytest.mark.parametrize("body", [{}, {"access_token": "a"}, {"refresh_token": "r"}, "nonsense", ["list"]])
def test_an_answer_without_tokens_cannot_be_read(body):
    with pytest.raises(ProviderUnavailable):
        PROVIDER.read_token(answer(200, body))


@pytest.mark.parametrize(("told", "seconds"), [(3599, 3599), ("5400", 5400), (None, 3600), (10**9, 3600), (-5, 3600)])
def test_the_life_of_a_token_is_as_told_unless_absurd(told, seconds):
    body = {"access_token": "a", "refresh_token": "r", "expires_in": told, "scope": "Calendars.Read"}
    assert PROVIDER.read_token(answer(200, body)).expires_in == timedelta(seconds=seconds)


# --- Graph ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "2.128"}, 2.128),
        ({}, 30),
        ({"Retry_After": "soon"}, 30),
        ({"Retry_After": "1e12"}, 3600),
        ({"Retry_After": "-3"}, 0.1),
        ({"Retry_After": "nan"}, 30),
    ],
)
def test_graph_says_when_to_come_back(headers, after):
    problem = translation.problem(refusal(429, "TooManyRequests", **headers))
    assert isinstance(problem, RateLimited)
    assert problem.retry_after == timedelta(seconds=after)


@pytest.mark.parametrize("code", ["ErrorItemNotFound", "ResourceNotFound", "Request_ResourceNotFound"])
def test_what_is_gone_is_missing(code):
    problem = translation.problem(refusal(404, code))
    assert isinstance(problem, RequestRejected)
    assert problem.missing


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "MailboxNotEnabledForRESTAPI", "no mailbox in the Microsoft cloud"),
        (403, "ErrorAccessDenied", "does not let this account"),
        (400, "TimeZoneNotSupportedException", "time zone"),
        (412, "ErrorIrresolvableConflict", "same moment"),
        (410, "SyncStateNotFound", "forgotten"),
        (400, "Odd", "refused"),
    ],
)
def test_other_refusals_stop_and_say_why(status, code, words):
    problem = translation.problem(refusal(status, code))
    assert isinstance(problem, RequestRejected)
    assert (problem.missing, problem.code, words in problem.sentence) == (False, status, True)


@pytest.mark.parametrize("response", [answer(502, "<html>"), refusal(503, "x"), answer(404, "<html>"), answer(301, "")])
def test_what_is_not_graphs_is_tried_again(response):
    assert isinstance(translation.problem(response), ProviderUnavailable)


def test_details_hold_no_links_and_no_tokens():
    message = "See https://x.test/?t=1 with eyJ0eXAi.abc.def and 0.ARwA6WgJJ9X2qkuBBBJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ"
    problem = translation.problem(refusal(400, "Odd", message))
    assert problem is not None
    assert problem.detail == "HTTP 400 Odd See … with … and …"


# --- What becomes of the access ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"blocked": True}, {"enabled": False}, {"assigned": False}])
def test_who_may_not_any_more_is_asked_to_connect_again(connection, microsoft: MicrosoftSimulator, change):
    microsoft.change_user(CARLA, **change)
    microsoft.world.access_tokens.clear()

    with pytest.raises(AuthorizationLost):
        me(connection)
    connection.refresh_from_db()
    assert connection.ended_at


def test_a_second_factor_is_a_matter_of_signing_in_again(olga, connection, microsoft, connect_microsoft):
    microsoft.advance(seconds=1)
    microsoft.require_mfa(CARLA)
    microsoft.world.access_tokens.clear()
    with pytest.raises(AuthorizationLost):
        me(connection)

    assert me(connect_microsoft(olga)) == CARLA


def test_revoked_access_is_lost(connection, microsoft: MicrosoftSimulator):
    microsoft.faults.add("revoke", path="/v1.0/*", times=1)
    with pytest.raises(AuthorizationLost):
        me(connection)


@pytest.mark.parametrize("wrong", [{"secret_expired": True}, {"client_secret": "another"}])
def test_an_expired_secret_is_the_operators_and_ends_nothing(connection, microsoft: MicrosoftSimulator, wrong):
    vars(microsoft.app()).update(wrong)
    microsoft.world.access_tokens.clear()
    with pytest.raises(OperatorNeeded):
        me(connection)

    connection.refresh_from_db()
    assert connection.ended_at is None


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "rate_limit"}, {"kind": "drop_after"}])
def test_a_token_endpoint_in_trouble_ends_nothing(connection, microsoft: MicrosoftSimulator, fault):
    microsoft.world.access_tokens.clear()
    microsoft.faults.add(**fault, path="*/token", times=1)
    with pytest.raises((ProviderUnavailable, RateLimited)):
        me(connection)

    assert me(connection) == CARLA


def test_a_token_of_another_resource_is_exchanged_once(connection, microsoft: MicrosoftSimulator):
    for token in microsoft.world.access_tokens.values():
        token.audience = "https://outlook.office365.com"

    assert me(connection) == CARLA
    assert [call.path for call in microsoft.calls][-3:] == ["/v1.0/me", "/common/oauth2/v2.0/token", "/v1.0/me"]
