"""The sections of the control page, pressed as a person presses them, and the same verbs as JSON."""

import re
from html import unescape

import pytest
import requests

from integrations.simulators.zoom import tryout
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient
from tests.integrations.simulators.zoom_endpoint import SECRET, Endpoint

PAULA, PEDRO = "paula@acme.example", "pedro@acme.example"


def press(client: ZoomClient, verb: str, **fields: object) -> requests.Response:
    return client.http.post(f"{client.url}/control/{verb}", data=fields, timeout=10)


def tell(client: ZoomClient, verb: str, **arguments: object) -> requests.Response:
    return client.http.post(f"{client.url}/control/{verb}", json=arguments, timeout=10)


def page(client: ZoomClient) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", client.http.get(f"{client.url}/control", timeout=10).text))


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"role_name": "Admin"}, "role_name", "Admin"),
        ({"type": "1"}, "type", 1),
        ({"status": "inactive"}, "status", "inactive"),
        ({"email": "pedro@new.example"}, "email", "pedro@new.example"),
    ],
)
def test_users_are_changed(
    zoom: ZoomSimulator, client: ZoomClient, changes: dict[str, str], name: str, value: object
) -> None:
    pedro = zoom.user(PEDRO)

    press(client, "users/change", user=pedro.id, **changes)

    assert getattr(pedro, name) == value


@pytest.mark.parametrize("disassociated", ["", "1"])
def test_users_go(zoom: ZoomSimulator, client: ZoomClient, disassociated: str) -> None:
    pedro = zoom.user(PEDRO)

    press(client, "users/remove", user=pedro.id, disassociated=disassociated)

    assert pedro.id not in zoom.world.users
    assert (zoom.world.user_of(PEDRO) is not None) == bool(disassociated)


def test_a_user_comes(zoom: ZoomSimulator, client: ZoomClient) -> None:
    press(client, "users", email="new@acme.example", name="New Here", account="Acme", role_name="Admin", type="1")

    new = zoom.user("new@acme.example")
    assert (new.display_name, new.role_name, new.type) == ("New Here", "Admin", 1)
    assert new.account_id == zoom.user(PAULA).account_id


@pytest.mark.parametrize("email", ["nonsense", PEDRO])
def test_an_address_that_cannot_be_is_told_on_a_page(zoom: ZoomSimulator, client: ZoomClient, email: str) -> None:
    before = len(zoom.world.users)

    refused = press(client, "users", email=email)

    assert (refused.status_code, len(zoom.world.users)) == (400, before)
    assert "Nothing was changed" in refused.text
    assert f"{email} " in refused.text


def test_a_user_keeps_his_address_when_only_its_case_changes(zoom: ZoomSimulator, client: ZoomClient) -> None:
    press(client, "users/change", user=zoom.user(PEDRO).id, email=PEDRO)

    assert zoom.user(PEDRO).email == PEDRO


def test_an_app_is_removed_for_one_and_for_all(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_user("anton@acme.example", role_name="Admin")
    zoom.add_app("admin", "s", [CALLBACK], name="Whole", kind="admin_managed")
    for email in (PAULA, "anton@acme.example"):
        client.connect(email, "admin")
    assert f"Remove Whole for {PAULA}" in page(client)

    assert tell(client, "uninstall", user=PAULA, client_id="admin").json() == {"uninstalled": True}
    assert not zoom.installed(PAULA, "admin")
    assert "Remove Whole for all of Acme" in page(client)
    assert tell(client, "uninstall", account="Acme", client_id="admin").json() == {"uninstalled": 1}
    assert not zoom.installed("anton@acme.example", "admin")


def test_an_app_is_deactivated_and_activated(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    press(client, "apps/activate", client_id="client", active="")
    assert client.call("GET", "/users/me", paula).status_code == 401
    assert "Activate Bridge" in page(client)

    press(client, "apps/activate", client_id="client", active="1")

    assert client.call("GET", "/users/me", paula).status_code == 200


def test_a_private_apps_credentials_stand_there_and_no_others(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.app().client_secret, zoom.app().webhook_secret = "the-installations-secret", "the-installations-token"
    tryout.furnish(zoom, [CALLBACK])

    shown = page(client)

    acme = zoom.account("Acme").id
    for client_id in tryout.PRIVATE:
        app = zoom.app(client_id)
        assert all(f" {text} " in shown for text in (client_id, app.client_secret, app.webhook_secret))
    assert f"{acme} (Acme)" in shown
    assert "the-installations" not in shown


def test_a_host_moves_starts_ends_and_deletes(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    made = client.created(paula)["id"]
    assert "Start (Europe/Berlin)" in page(client)

    press(client, "meetings/change", meeting=made, start_time="2026-12-03T15:30", duration="45")
    moved = zoom.meeting(made)
    assert (f"{moved.start:%F %H:%M}", moved.duration) == ("2026-12-03 14:30", 45)

    press(client, "meetings/start", meeting=made)
    assert "End the meeting" in page(client)
    press(client, "meetings/end", meeting=made)
    press(client, "meetings/delete", meeting=made)
    assert zoom.meetings() == []
    assert press(client, "meetings/delete", meeting=made).status_code == 400


@pytest.mark.parametrize("wrong", [{"duration": "0"}, {"start_time": "tomorrow"}, {"duration": "long"}])
def test_a_move_that_cannot_be_changes_nothing(
    zoom: ZoomSimulator, client: ZoomClient, paula: str, wrong: dict[str, str]
) -> None:
    made = client.created(paula)

    assert press(client, "meetings/change", meeting=made["id"], **wrong).status_code == 400

    assert zoom.meeting(made["id"]).duration == made["duration"]


def test_a_webhook_address_is_saved_and_validated(
    zoom: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str
) -> None:
    endpoint.status = 404
    zoom.app().webhook_secret = SECRET
    assert tell(client, "webhooks/address", url=url).json() == {"active": False}
    assert "Not validated, nothing is sent: it answered 404" in page(client)

    endpoint.status = 200
    assert tell(client, "webhooks/validate").json() == {"active": True}

    assert f"Validated: events go to {url}" in page(client)
    press(client, "webhooks/address", client_id="client", url="")
    assert "No address is named." in page(client)


def test_what_was_sent_is_listed_and_sent_again(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    endpoint.status = 500
    client.created(paula)
    assert "not sent yet" in page(client)
    (delivery,) = subscribed.webhooks.run()
    assert "Waits, due 2026-11-20 10:05 UTC" in page(client)

    endpoint.status = 200
    press(client, "webhooks/again", delivery=delivery.id)

    assert "500, 200" in page(client)
    assert "Delivered after 2 tries" in page(client)


def test_delivering_stops_and_goes_on_out_of_order(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    press(client, "webhooks/stop")
    press(client, "webhooks/double", on="1")
    made = client.created(paula)["id"]
    client.call("DELETE", f"/meetings/{made}", paula)
    subscribed.webhooks.run()
    assert endpoint.events == []
    assert "Stopped: what happens waits here." in page(client)

    press(client, "webhooks/go", newest_first="1")
    subscribed.webhooks.run()

    assert endpoint.events == ["meeting.deleted"] * 2 + ["meeting.created"] * 2
    press(client, "webhooks/double", on="")
    assert not subscribed.webhooks.duplicated
