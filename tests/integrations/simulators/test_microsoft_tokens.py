"""The simulated identity platform: renewing and losing access (behaviours 8 to 14, 27 and 28 of the contract)."""

import json

import pytest

from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.integrations.simulators.microsoft_client import MicrosoftClient
from tests.integrations.simulators.test_microsoft_sign_in import CARLA, CONRAD, error


@pytest.fixture
def refresh_token(graph: MicrosoftClient) -> str:
    return str(graph.connect(CONRAD)["refresh_token"])


def test_8_a_refresh_brings_a_new_token_and_leaves_the_old_one(graph: MicrosoftClient, refresh_token: str) -> None:
    newer = graph.refresh(refresh_token).json()["refresh_token"]

    assert newer != refresh_token
    assert [graph.refresh(known).status_code for known in (refresh_token, newer)] == [200, 200]


def test_8_a_refresh_may_bring_none(microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str) -> None:
    microsoft.switches.refresh_brings_refresh_token = False
    assert "refresh_token" not in graph.refresh(refresh_token).json()


def test_9_an_unused_token_dies_after_ninety_days(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str
) -> None:
    microsoft.advance(days=89)
    assert graph.refresh(refresh_token).status_code == 200
    microsoft.advance(days=89)
    assert graph.refresh(refresh_token).status_code == 200
    microsoft.advance(days=90)
    assert error(graph.refresh(refresh_token)) == (400, "invalid_grant", 700082)


def test_10_revoked_sessions_end_refreshing_not_the_hour(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    token = graph.connect(CONRAD)
    microsoft.revoke(CONRAD)

    assert error(graph.refresh(token["refresh_token"])) == (400, "invalid_grant", 50173)
    assert graph.call("GET", "/me", token["access_token"]).status_code == 200
    assert graph.refresh(graph.connect(CONRAD)["refresh_token"]).status_code == 200


def test_11_a_new_password_of_ones_own_ends_nothing(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str
) -> None:
    microsoft.change_password(CONRAD)
    assert graph.refresh(refresh_token).status_code == 200


def test_12_a_second_factor_is_asked_for_and_signing_in_again_repairs(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str
) -> None:
    microsoft.advance(seconds=1)
    microsoft.require_mfa(CONRAD)
    refused = graph.refresh(refresh_token)

    assert error(refused) == (400, "interaction_required", 50076)
    assert "access_token" in json.loads(refused.json()["claims"])
    assert graph.refresh(graph.connect(CONRAD)["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "number"), [({"blocked": True}, 53003), ({"enabled": False}, 50057), ({"assigned": False}, 50105)]
)
def test_13_people_who_may_not_any_more(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str, change: dict[str, bool], number: int
) -> None:
    microsoft.change_user(CONRAD, **change)

    assert error(graph.refresh(refresh_token)) == (400, "invalid_grant", number)
    assert f"AADSTS{number}" in graph.step("user", CONRAD, graph.authorize_page()).text


def test_13_an_app_that_was_removed_and_a_person_who_was(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str
) -> None:
    microsoft.withdraw("Contoso")
    assert error(graph.refresh(refresh_token)) == (400, "unauthorized_client", 700016)
    microsoft.grant_for_tenant("Contoso", "User.Read")
    refused = graph.refresh(refresh_token)
    assert (error(refused), refused.json()["suberror"]) == ((400, "invalid_grant", 65001), "consent_required")
    microsoft.remove_user(CONRAD)
    assert error(graph.refresh(refresh_token)) == (400, "invalid_grant", 500342)


def test_14_wrong_and_expired_secrets(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str
) -> None:
    wrong = graph.refresh(refresh_token, client_secret="the-id-of-the-secret")
    missing = graph.refresh(refresh_token, client_secret="")
    microsoft.app().secret_expired = True

    assert error(wrong) == (401, "invalid_client", 7000215)
    assert error(missing) == (401, "invalid_client", 7000218)
    assert error(graph.refresh(refresh_token)) == (401, "invalid_client", 7000222)
    microsoft.switches.client_error_status = 400
    assert graph.refresh(refresh_token).status_code == 400


def test_27_a_loop_is_stopped(graph: MicrosoftClient, refresh_token: str) -> None:
    answers = [graph.refresh(refresh_token) for _ in range(16)]
    assert error(answers[-1]) == (400, "invalid_grant", 50196)
    assert {answer.status_code for answer in answers[:-1]} == {200}


def test_28_a_token_endpoint_that_is_down_changes_nothing(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, refresh_token: str
) -> None:
    microsoft.faults.add("status", status=503, path="*/token", times=1)
    microsoft.faults.add("rate_limit", path="*/token", times=1)

    statuses = [graph.refresh(refresh_token).status_code for _ in range(3)]

    assert sorted(statuses) == [200, 429, 503]


def test_a_revocation_just_before_a_call_ends_it(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    token = graph.connect(CARLA)
    microsoft.faults.add("revoke", path="/v1.0/*", times=1)

    assert graph.call("GET", "/me", token["access_token"]).status_code == 401
    assert error(graph.refresh(token["refresh_token"])) == (400, "invalid_grant", 50173)
