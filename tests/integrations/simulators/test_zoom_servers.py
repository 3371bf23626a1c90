"""Server-to-server apps: their own credentials are enough, for the one account they belong to."""

import pytest

from integrations.simulators.zoom.errors import NotAuthorized
from integrations.simulators.zoom.records import ADMIN_SCOPES
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import ZoomClient
from tests.integrations.simulators.zoom_endpoint import SECRET, Endpoint

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"


@pytest.fixture
def acme(zoom: ZoomSimulator) -> str:
    """The account id of Acme, which has the server-to-server app `server`."""
    return zoom.add_app("server", "server-secret", kind="server_to_server", account="Acme").account_id


@pytest.fixture
def token(client: ZoomClient, acme: str) -> str:
    return str(client.server_token(acme).json()["access_token"])


def test_its_credentials_are_worth_an_access_token_and_no_refresh_token(client: ZoomClient, acme: str) -> None:
    answer = client.server_token(acme).json()

    assert set(answer) == {"access_token", "token_type", "expires_in", "scope", "api_url"}
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3599)
    assert answer["scope"].split() == list(ADMIN_SCOPES)


def test_another_account_is_refused(zoom: ZoomSimulator, client: ZoomClient, acme: str) -> None:
    refused = client.server_token(zoom.user(FRED).account_id)

    assert (refused.status_code, refused.json()) == (400, {"reason": "Bad Request", "error": "invalid_grant"})


def test_a_wrong_secret_is_refused(zoom: ZoomSimulator, client: ZoomClient, acme: str) -> None:
    fields = {"grant_type": "account_credentials", "account_id": acme}
    refused = client.http.post(f"{client.url}/oauth/token", data=fields, auth=("server", "wrong"), timeout=10)

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")


def test_other_apps_get_no_token_that_way(client: ZoomClient, acme: str) -> None:
    refused = client.token("client", grant_type="account_credentials", account_id=acme)

    assert (refused.status_code, refused.json()["error"]) == (400, "unsupported_grant_type")


def test_nobody_authorizes_it(zoom: ZoomSimulator, client: ZoomClient, token: str) -> None:
    zoom.app("server").redirect_uris.add("http://bridge.test/")

    with pytest.raises(NotAuthorized):
        zoom.authorize(PAULA, "server")
    assert "No user has added an app yet" in client.http.get(client.url + "/user/installed", timeout=10).text


def test_it_serves_every_user_of_the_account_by_id_and_email_and_knows_no_me(
    zoom: ZoomSimulator, client: ZoomClient, token: str
) -> None:
    pedro = zoom.user(PEDRO)

    assert client.call("GET", f"/users/{pedro.id}", token).json()["email"] == PEDRO
    assert client.call("GET", f"/users/{PEDRO}", token).json()["id"] == pedro.id
    assert len(client.call("GET", "/users", token).json()["users"]) == 2
    me = client.call("GET", "/users/me", token)
    assert (me.status_code, me.json()["code"]) == (404, 1001)
    assert client.call("GET", f"/users/{FRED}", token).status_code == 404


def test_it_makes_and_deletes_meetings_for_users(zoom: ZoomSimulator, client: ZoomClient, token: str) -> None:
    made = client.created(token, PEDRO)

    assert made["host_id"] == zoom.user(PEDRO).id
    assert client.call("DELETE", f"/meetings/{made['id']}", token).status_code == 204


def test_a_new_token_ends_the_one_before(zoom: ZoomSimulator, client: ZoomClient, acme: str, token: str) -> None:
    newer = client.server_token(acme).json()["access_token"]

    assert client.call("GET", "/users", token).status_code == 401
    assert client.call("GET", "/users", newer).status_code == 200
    zoom.switches.old_access_token_lives = True
    client.server_token(acme)
    assert client.call("GET", "/users", newer).status_code == 200


def test_its_token_expires_and_a_new_one_works(zoom: ZoomSimulator, client: ZoomClient, acme: str, token: str) -> None:
    zoom.advance(hours=1)

    assert client.call("GET", "/users", token).json()["message"] == "Access token is expired."
    assert client.call("GET", "/users", client.server_token(acme).json()["access_token"]).status_code == 200


def test_deactivating_it_ends_its_tokens(zoom: ZoomSimulator, client: ZoomClient, acme: str, token: str) -> None:
    zoom.disable_app("server")

    assert client.call("GET", "/users", token).status_code == 401
    refused = client.server_token(acme)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")
    zoom.disable_app("server", disabled=False)
    assert client.server_token(acme).status_code == 200


def test_its_token_can_be_revoked_and_asked_for_again(client: ZoomClient, acme: str, token: str) -> None:
    assert client.revoke(token, "server").json() == {"status": "success"}

    assert client.call("GET", "/users", token).status_code == 401
    assert client.server_token(acme).status_code == 200


def test_its_token_stands_on_an_admin_of_the_account(
    zoom: ZoomSimulator, client: ZoomClient, acme: str, token: str
) -> None:
    zoom.add_user("anton@acme.example", role_name="Admin")
    zoom.change_user(PAULA, role_name="Member")
    assert client.call("GET", "/users", token).status_code == 401
    assert client.call("GET", "/users", client.server_token(acme).json()["access_token"]).status_code == 200

    zoom.change_user("anton@acme.example", status="inactive")

    assert client.server_token(acme).status_code == 400


def test_it_hears_of_its_account_and_of_no_other(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str, token: str
) -> None:
    subscribed.subscribe(url, "server", secret=SECRET)

    client.created(client.connect(FRED)["access_token"])
    client.created(token, PEDRO)
    subscribed.change_user(PEDRO, status="inactive")
    subscribed.webhooks.run()

    heard = [got.content["event"] for got in endpoint.received if got.headers["CLIENTID"] == "server"]
    assert heard == ["meeting.created", "user.deactivated"]


def test_revoking_its_token_is_no_deauthorization(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str, token: str
) -> None:
    subscribed.subscribe(url, "server", secret=SECRET)
    subscribed.webhooks.tells_private_apps = True

    client.revoke(token, "server")
    subscribed.webhooks.run()

    assert endpoint.events == []
