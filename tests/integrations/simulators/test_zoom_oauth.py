"""Behaviours 1 to 23 of section 10 in the contract: authorization, tokens, their ends."""

import base64
import hashlib
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.errors import NotAuthorized
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient, returned

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"
GERDA, WENDY = "gerda@guarded.example", "wendy@guarded.example"
INVALID_GRANT = {"reason": "Invalid Token!", "error": "invalid_grant"}
INVALID_ACCESS = {"code": 124, "message": "Invalid access token."}


def me(client: ZoomClient, token: str) -> tuple[int, object]:
    answer = client.call("GET", "/users/me", token)
    return answer.status_code, answer.json()


def works(client: ZoomClient, token: str) -> bool:
    return client.call("GET", "/users/me", token).status_code == 200


def test_01_consent_leads_back_with_a_code_and_the_same_state(client: ZoomClient) -> None:
    assert "Paula Paid" in client.authorize_page().text
    consent = client.sign_in(PAULA)
    assert "Create meetings" in consent.text
    assert "Decline" in consent.text

    back = returned(client.decide(PAULA, "authorize"))

    assert back["state"] == "s 1/ä"
    assert client.exchange(back["code"]).status_code == 200


def test_01_consent_can_be_given_without_pages(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.switches.consents_as = PAULA

    assert set(returned(client.authorize_page())) == {"code", "state"}


@pytest.mark.parametrize("wrong", [CALLBACK + "/", CALLBACK.replace("http:", "https:"), "http://evil.test/", ""])
def test_02_another_redirect_uri_is_refused_on_a_page(client: ZoomClient, wrong: str) -> None:
    page = client.authorize_page(redirect_uri=wrong)

    assert page.status_code == 400
    assert "4709" in page.text
    assert "Location" not in page.headers


@pytest.mark.parametrize(("client_id", "scope"), [("client", "user:read:user:admin"), ("admin", "user:read:user")])
def test_03_a_scope_of_the_other_level_is_refused_on_a_page(
    zoom: ZoomSimulator, client: ZoomClient, client_id: str, scope: str
) -> None:
    zoom.add_app("admin", "secret", [CALLBACK], admin_managed=True)

    page = client.authorize_page(client_id, scope=scope)

    assert page.status_code == 400
    assert "Invalid scope" in page.text
    assert "4700" in page.text


def test_04_only_an_admin_authorizes_an_admin_managed_app(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_app("admin", "secret", [CALLBACK], admin_managed=True)

    refused = client.sign_in(PEDRO, "admin")

    assert "account admin is required" in refused.text
    assert "Location" not in refused.headers
    scopes = client.connect(PAULA, "admin")["scope"].split()
    assert all(scope.endswith(":admin") for scope in scopes)


def test_05_pre_approval_is_a_page_until_an_admin_approves(client: ZoomClient) -> None:
    refused = client.sign_in(WENDY)
    assert refused.status_code == 403
    assert "Ask your Zoom admin" in refused.text
    assert "Request sent" in client.step("request", WENDY, client.query()).text
    assert "Ask your Zoom admin" in client.step("approve", WENDY, client.query()).text  # she may not

    assert "Step 1 of 2" in client.sign_in(GERDA).text
    assert "Step 2 of 2" in client.step("approve", GERDA, client.query()).text

    assert "code" in returned(client.decide(WENDY, "authorize"))


def test_05_consent_cannot_be_posted_past_the_approval(client: ZoomClient) -> None:
    assert client.decide(WENDY, "authorize").status_code == 403


def test_06_declining_leads_back_or_nowhere(zoom: ZoomSimulator, client: ZoomClient) -> None:
    assert returned(client.decide(PAULA, "decline")) == {"error": "access_denied", "state": "s 1/ä"}

    zoom.switches.decline_returns = False

    assert client.decide(PAULA, "decline").status_code == 200


def test_07_a_private_app_serves_its_own_account_only(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_app("private", "secret", [CALLBACK], published=False, account_id=zoom.account("Acme").id)

    assert client.sign_in(FRED, "private").status_code == 400
    assert client.sign_in(PEDRO, "private").status_code == 200


def test_08_who_has_the_app_is_not_asked_again(client: ZoomClient) -> None:
    client.connect(PAULA)

    assert "code" in returned(client.sign_in(PAULA))


def test_09_a_code_works_once(zoom: ZoomSimulator, client: ZoomClient) -> None:
    code = zoom.authorize(PAULA)

    assert client.exchange(code).status_code == 200
    again = client.exchange(code)

    assert again.status_code == 400
    assert again.json() == {"reason": f"Invalid authorization code {code}", "error": "invalid_grant"}


def test_09_a_code_lives_five_minutes(zoom: ZoomSimulator, client: ZoomClient) -> None:
    code = zoom.authorize(PAULA)
    zoom.advance(minutes=5, seconds=1)

    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_09_a_code_belongs_to_its_redirect_uri(zoom: ZoomSimulator, client: ZoomClient) -> None:
    assert client.exchange(zoom.authorize(PAULA), redirect_uri="http://other.test/").status_code == 400


def test_09_a_challenge_needs_its_verifier(zoom: ZoomSimulator, client: ZoomClient) -> None:
    verifier = "v" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    code = zoom.authorize(PAULA, code_challenge=challenge)

    assert client.exchange(code).json()["error"] == "invalid_grant"
    assert client.exchange(code, code_verifier="wrong").json()["error"] == "invalid_grant"
    assert client.exchange(code, code_verifier=verifier).status_code == 200


@pytest.mark.parametrize("status", [400, 401])
def test_10_wrong_credentials_are_told_apart(zoom: ZoomSimulator, client: ZoomClient, status: int) -> None:
    zoom.switches.client_error_status = status
    url, fields = f"{client.url}/oauth/token", {"grant_type": "refresh_token", "refresh_token": "x"}

    answer = client.http.post(url, data=fields, auth=("client", "wrong"), timeout=10)

    assert answer.status_code == status
    assert answer.json() == {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}


def test_11_the_answer_holds_what_zoom_sends(client: ZoomClient) -> None:
    answer = client.connect(PAULA)

    assert set(answer) == {"access_token", "token_type", "refresh_token", "expires_in", "scope", "api_url"}
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3599)
    assert len(answer["access_token"]) > 500
    assert len(answer["refresh_token"]) > 500


def test_12_a_refresh_token_works_once(client: ZoomClient) -> None:
    first = client.connect(PAULA)

    second = client.refresh(first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    again = client.refresh(first["refresh_token"])
    assert (again.status_code, again.json()) == (400, INVALID_GRANT)
    assert client.refresh(second["refresh_token"]).status_code == 200


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns so often that what is not locked goes wrong."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty")
def test_13_two_concurrent_refreshes_one_succeeds(client: ZoomClient) -> None:
    url, auth = f"{client.url}/oauth/token", client.credentials()
    together = threading.Barrier(8)

    def refresh(token: str) -> int:
        together.wait()
        fields = {"grant_type": "refresh_token", "refresh_token": token}
        return requests.post(url, data=fields, auth=auth, timeout=10).status_code

    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            token = client.connect(PAULA)["refresh_token"]
            assert sorted(threads.map(refresh, [token] * 8)) == [200, *[400] * 7]


def test_14_a_lost_refresh_answer_has_rotated(zoom: ZoomSimulator, client: ZoomClient) -> None:
    token = client.connect(PAULA)["refresh_token"]
    zoom.faults.add("drop_after", path="/oauth/token", times=1)

    with pytest.raises(requests.ConnectionError):
        client.refresh(token)

    assert client.refresh(token).json() == INVALID_GRANT


def test_15_the_old_access_token_dies_at_a_refresh(client: ZoomClient) -> None:
    first = client.connect(PAULA)
    second = client.refresh(first["refresh_token"]).json()

    assert me(client, first["access_token"]) == (401, INVALID_ACCESS)
    assert works(client, second["access_token"])


def test_15_the_old_access_token_may_live_on(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.switches.old_access_token_lives = True
    first = client.connect(PAULA)
    client.refresh(first["refresh_token"])

    assert works(client, first["access_token"])


def test_16_the_latest_authorization_of_a_user_and_app_wins(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_app("other", "secret", [CALLBACK])
    other, first = client.connect(PAULA, "other"), client.connect(PAULA)

    second = client.connect(PAULA)

    assert not works(client, first["access_token"])
    assert client.refresh(first["refresh_token"]).json() == INVALID_GRANT
    assert works(client, second["access_token"])
    assert works(client, other["access_token"])


def test_17_an_access_token_expires(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.advance(seconds=3598)
    assert works(client, paula)

    zoom.advance(seconds=2)

    assert me(client, paula) == (401, {"code": 124, "message": "Access token is expired."})


def test_18_an_unknown_token_is_refused_and_none_is_taken_from_the_url(client: ZoomClient, paula: str) -> None:
    assert me(client, "unknown") == (401, INVALID_ACCESS)

    answer = client.call("GET", "/users/me", paula, params={"access_token": paula})

    assert (answer.status_code, answer.json()["code"]) == (401, 124)
    assert "query parameter" in answer.json()["message"]


def test_19_a_refresh_token_dies_after_90_idle_days(zoom: ZoomSimulator, client: ZoomClient) -> None:
    token = client.connect(PAULA)["refresh_token"]
    zoom.advance(days=89)
    token = client.refresh(token).json()["refresh_token"]
    zoom.advance(days=89)
    token = client.refresh(token).json()["refresh_token"]

    zoom.advance(days=90)

    assert client.refresh(token).json() == INVALID_GRANT


def test_20_revoking_ends_both_tokens_and_uninstalls(zoom: ZoomSimulator, client: ZoomClient) -> None:
    tokens = client.connect(PAULA)

    answer = client.revoke(tokens["access_token"])

    assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    assert not works(client, tokens["access_token"])
    assert client.refresh(tokens["refresh_token"]).json() == INVALID_GRANT
    assert not zoom.installed(PAULA)
    assert client.sign_in(PAULA).status_code == 200  # asked for consent again


def test_21_new_scopes_need_a_new_authorization(zoom: ZoomSimulator, client: ZoomClient) -> None:
    tokens = client.connect(PAULA)
    zoom.app("client").scopes = ("user:read:user",)

    assert "meeting:write:meeting" in client.refresh(tokens["refresh_token"]).json()["scope"]
    assert client.connect(PAULA)["scope"] == "user:read:user"


def test_22_tokens_work_at_the_regional_and_the_global_origin(zoom: ZoomSimulator, client: ZoomClient) -> None:
    with SimulatorServer(zoom) as regional:
        zoom.account("Acme").api_url = regional.url
        answer = client.connect(PAULA)
        headers = {"Authorization": f"Bearer {answer['access_token']}"}

        assert answer["api_url"] == regional.url
        assert requests.get(f"{answer['api_url']}/v2/users/me", headers=headers, timeout=10).status_code == 200
        assert works(client, answer["access_token"])


def test_23_withdrawing_the_approval_kills_tokens(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.approve("Guarded Bank")
    tokens = client.connect(WENDY)

    zoom.withdraw_approval("Guarded Bank")

    assert me(client, tokens["access_token"]) == (401, INVALID_ACCESS)
    assert client.refresh(tokens["refresh_token"]).json() == INVALID_GRANT
    with pytest.raises(NotAuthorized):
        zoom.authorize(WENDY)


@pytest.mark.parametrize("fields", [{}, {"grant_type": "refresh_token"}, {"grant_type": "password"}])
def test_a_malformed_token_request_is_told(client: ZoomClient, fields: dict[str, str]) -> None:
    answer = client.token(**fields)

    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_request", "unsupported_grant_type")
