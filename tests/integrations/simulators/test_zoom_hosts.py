"""What people do in Zoom itself, and what Zoom tells of it."""

from datetime import UTC, datetime

import pytest

from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient
from tests.integrations.simulators.zoom_endpoint import SECRET, Endpoint

PAULA, PEDRO = "paula@acme.example", "pedro@acme.example"
LATER = datetime(2026, 12, 3, 15, 30, tzinfo=UTC)


def told(zoom: ZoomSimulator, endpoint: Endpoint) -> list[dict[str, object]]:
    zoom.webhooks.run()
    return [got.content["payload"]["object"] for got in endpoint.received if got.content["event"] == "meeting.updated"]


def test_a_host_moves_a_meeting(subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str) -> None:
    made = client.created(paula)

    subscribed.move_meeting(made["id"], LATER, duration=45)

    shown = client.call("GET", f"/meetings/{made['id']}", paula).json()
    assert (shown["start_time"], shown["duration"]) == ("2026-12-03T15:30:00Z", 45)
    assert told(subscribed, endpoint) == [{"id": made["id"], "start_time": "2026-12-03T15:30:00Z", "duration": 45}]


def test_a_host_renames_a_meeting(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    made = client.created(paula)

    subscribed.change_meeting(made["id"], topic="Another topic")

    assert told(subscribed, endpoint) == [{"id": made["id"], "topic": "Another topic"}]


def test_what_stays_as_it_was_is_not_told(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    made = client.created(paula)

    subscribed.change_meeting(made["id"], topic=made["topic"])

    assert told(subscribed, endpoint) == []


@pytest.mark.parametrize("published", [True, False])
def test_an_admin_removes_an_app_for_the_whole_account(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str, published: bool
) -> None:
    subscribed.add_user("anton@acme.example", role_name="Admin")
    subscribed.add_app("admin", "s", [CALLBACK], kind="admin_managed", webhook_secret=SECRET, published=published)
    subscribed.app("admin").account_id = subscribed.account("Acme").id
    subscribed.subscribe(url, "admin")
    tokens = [client.connect(email, "admin")["access_token"] for email in (PAULA, "anton@acme.example")]
    other = client.connect(PAULA)["access_token"]

    assert subscribed.uninstall_for_account("Acme", "admin") == 2

    assert [client.call("GET", "/users", token).status_code for token in tokens] == [401, 401]
    assert client.call("GET", "/users/me", other).status_code == 200
    subscribed.webhooks.run()
    assert endpoint.events == ["app_deauthorized"] * (2 if published else 0)


def test_other_accounts_keep_the_app(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_app("admin", "s", [CALLBACK], kind="admin_managed")
    for email in (PAULA, "fred@free.example"):
        client.connect(email, "admin")

    assert zoom.uninstall_for_account("Acme", "admin") == 1

    assert zoom.installed("fred@free.example", "admin")
