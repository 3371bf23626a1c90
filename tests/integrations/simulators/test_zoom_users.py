"""Behaviours 24 to 29 of section 10 in the contract: users."""

import pytest

from integrations.simulators.zoom.records import App
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"


def test_24_me_tells_who_connected(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    shown = client.call("GET", "/users/me", paula).json()

    user = zoom.user(PAULA)
    expected = {"id": user.id, "account_id": user.account_id, "email": PAULA, "type": 2, "role_name": "Owner"}
    expected |= {"role_id": "0", "status": "active", "timezone": "Europe/Berlin"}
    assert {name: shown[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("user:read:user", 200),
        ("user:read:user:admin", 200),
        ("user:read", 200),
        ("user_info:read", 200),
        ("meeting:read:meeting", 400),
    ],
)
def test_24_me_needs_a_scope(zoom: ZoomSimulator, client: ZoomClient, scope: str, status: int) -> None:
    zoom.app().scopes = (scope,)
    token = client.connect(PAULA)["access_token"]

    assert client.call("GET", "/users/me", token).status_code == status


@pytest.mark.parametrize("named", [PEDRO, PAULA])
def test_25_a_users_own_token_says_me_and_nobody_else(client: ZoomClient, paula: str, named: str) -> None:
    answer = client.call("GET", f"/users/{named}", paula)

    assert (answer.status_code, answer.json()["code"]) == (400, 4711)


def test_26_an_admin_token_serves_the_account_by_id_and_email(
    zoom: ZoomSimulator, client: ZoomClient, admin: str
) -> None:
    pedro = zoom.user(PEDRO)

    assert client.call("GET", f"/users/{pedro.id}", admin).json()["email"] == PEDRO
    assert client.call("GET", "/users/Pedro%40acme.example", admin).json()["id"] == pedro.id
    stranger = client.call("GET", f"/users/{FRED}", admin)
    assert (stranger.status_code, stranger.json()) == (404, {"code": 1001, "message": f"User does not exist: {FRED}."})


def test_27_the_list_of_users_is_for_admins_and_in_pages(
    zoom: ZoomSimulator, client: ZoomClient, paula: str, admin: str
) -> None:
    assert client.call("GET", "/users", paula).json()["code"] == 4711

    first = client.call("GET", "/users", admin, params={"page_size": 1}).json()
    token = first["next_page_token"]
    second = client.call("GET", "/users", admin, params={"page_size": 1, "next_page_token": token}).json()

    assert (first["total_records"], first["page_count"]) == (2, 2)
    assert [first["users"][0]["email"], second["users"][0]["email"]] == [PAULA, PEDRO]
    assert second["next_page_token"] == ""
    zoom.advance(minutes=16)
    late = client.call("GET", "/users", admin, params={"page_size": 1, "next_page_token": token})
    assert (late.status_code, late.json()["code"]) == (400, 300)


def test_27_pending_users_have_no_id(zoom: ZoomSimulator, client: ZoomClient, admin: str) -> None:
    zoom.add_user("new@acme.example", status="pending")

    pending = client.call("GET", "/users", admin, params={"status": "pending"}).json()["users"]

    assert [user["email"] for user in pending] == ["new@acme.example"]
    assert "id" not in pending[0]
    invited = client.call("GET", "/users/new@acme.example", admin)
    assert (invited.status_code, invited.json()["code"]) == (400, 1120)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_28_missing_scopes_are_listed(zoom: ZoomSimulator, client: ZoomClient, status: int) -> None:
    zoom.switches.scope_error_status = status
    zoom.app().scopes = ("user:read:user",)
    token = client.connect(PAULA)["access_token"]

    answer = client.create(token)

    scopes = "[meeting:write:meeting, meeting:write:meeting:admin]"
    assert answer.status_code == status
    assert answer.json() == {"code": 4711, "message": f"Invalid access token, does not contain scopes:{scopes}."}


@pytest.mark.parametrize("changes", [{"role_name": "Member"}, {"status": "inactive"}, None])
def test_29_an_organisations_token_stands_on_its_admin(
    zoom: ZoomSimulator, client: ZoomClient, changes: dict[str, str] | None
) -> None:
    admin_app: App = zoom.add_app("admin-client", "secret", [CALLBACK], admin_managed=True)
    tokens = client.connect(PAULA, admin_app.client_id)

    if changes:
        zoom.change_user(PAULA, **changes)
    else:
        zoom.remove_user(PAULA)

    answer = client.call("GET", "/users/me", tokens["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, 124)
    assert client.refresh(tokens["refresh_token"], "admin-client").json()["error"] == "invalid_grant"


def test_settings_and_permissions_are_shown(client: ZoomClient, paula: str) -> None:
    settings = client.call("GET", "/users/me/settings", paula).json()

    assert settings["schedule_meeting"]["embed_password_in_join_link"] is True
    assert "User:Edit" in client.call("GET", "/users/me/permissions", paula).json()["permissions"]
