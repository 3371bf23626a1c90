"""Behaviours 53 to 63 of section 10 in the contract: webhooks."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations.simulators.zoom import signatures
from integrations.simulators.zoom.forgeries import Flaw
from integrations.simulators.zoom.records import ADMIN_SCOPES
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient
from tests.integrations.simulators.zoom_endpoint import SECRET, Endpoint

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"


@pytest.fixture
def administrated(subscribed: ZoomSimulator, url: str, client: ZoomClient) -> str:
    """Paula's token for an admin-managed app that listens to the same address."""
    subscribed.add_app("admin-client", "s", [CALLBACK], admin_managed=True, webhook_secret=SECRET)
    subscribed.subscribe(url, "admin-client")
    return str(client.connect(PAULA, "admin-client")["access_token"])


def test_53_an_endpoint_is_validated_when_saved_and_every_72_hours(
    subscribed: ZoomSimulator, endpoint: Endpoint
) -> None:
    assert endpoint.challenges == 1

    subscribed.advance(hours=71)
    subscribed.webhooks.run()
    assert endpoint.challenges == 1
    subscribed.advance(hours=1)
    endpoint.proves = False
    subscribed.webhooks.run()

    assert endpoint.challenges == 2
    assert not subscribed.webhooks.subscriptions[0].active


@pytest.mark.parametrize("flaw", [{"proves": False}, {"seconds": 0.3}, {"status": 204}, {"status": 500}])
def test_53_an_endpoint_that_does_not_prove_itself_hears_nothing(
    zoom: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str, paula: str, flaw: dict[str, Any]
) -> None:
    zoom.webhooks.seconds_to_answer = 0.1
    vars(endpoint).update(flaw)

    assert not zoom.subscribe(url, secret=SECRET).active

    client.created(paula)
    zoom.webhooks.run()
    assert endpoint.received == []


def test_54_the_bytes_are_signed_and_cannot_be_written_again(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    for topic in ("Grüße / Paris", "日本", "naïve"):
        client.created(paula, topic=topic)

    subscribed.webhooks.run()

    assert len(endpoint.received) == 3
    for got in endpoint.received:
        assert got.signed
        rewritten = json.dumps(got.content), json.dumps(got.content, separators=(",", ":"), ensure_ascii=False)
        assert got.body.decode() not in rewritten
        assert b"\\/" in got.body
    assert sum(not got.body.isascii() for got in endpoint.received) == 2


def test_54_the_contracts_vectors_hold() -> None:
    body = (
        b'{"event":"app_deauthorized","event_ts":1700000000123,"payload":{"account_id":"ACC123","user_id":"USR456",'
        b'"signature":"sig-1","deauthorization_time":"2023-11-14T22:13:20.000Z","client_id":"CLIENT1"}}'
    )
    signed = "v0=e8cd88b5bba9e0bc92ec38e9cd2e00776de2206130f4f2e5935c1eaccfecc780"
    encrypted = "983718a7d3bd9ed426e2a5c00c53bff77fb3788571760fa46e9c766493a68f94"

    assert signatures.signature(body, secret=SECRET, timestamp=1700000000) == signed
    assert signatures.proof("qgg8vlvZRS6UYooatFL8Aw", secret=SECRET)["encryptedToken"] == encrypted


@pytest.mark.parametrize("flaw", list(Flaw))
def test_55_bad_actors_are_played(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str, flaw: Flaw
) -> None:
    client.created(paula)
    (delivery,) = subscribed.webhooks.run()

    assert subscribed.forge(delivery, flaw) == 200

    genuine, forged = endpoint.received
    age = int(genuine.headers["X_ZM_REQUEST_TIMESTAMP"]) - int(forged.headers.get("X_ZM_REQUEST_TIMESTAMP", 0))
    seen = {
        Flaw.WRONG_SECRET: not forged.signed,
        Flaw.STALE: forged.signed and age == 3600,
        Flaw.REPLAYED: forged.signed and forged.body == genuine.body and age == 0,
        Flaw.MISSING_HEADERS: "X_ZM_SIGNATURE" not in forged.headers,
        Flaw.UPPER_CASE: forged.headers.get("X_ZM_SIGNATURE", "")[3:].isupper() and not forged.signed,
        Flaw.CHANGED_BODY: not forged.signed and forged.body != genuine.body,
    }
    assert seen[flaw]


def test_56_what_is_not_answered_is_tried_again_and_then_lost(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    endpoint.status = 500
    client.created(paula)
    attempts = []

    for minutes in (0, 4, 1, 19, 1, 59, 1, 600):
        subscribed.advance(minutes=minutes)
        subscribed.webhooks.run()
        attempts.append(len(endpoint.received))

    assert attempts == [1, 1, 2, 2, 3, 3, 4, 4]
    assert len({got.body for got in endpoint.received}) == 1
    assert all(got.signed for got in endpoint.received)
    assert subscribed.webhooks.deliveries[0].lost


def test_56_too_slow_an_answer_counts_as_none(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    subscribed.webhooks.seconds_to_answer, endpoint.seconds = 0.1, 0.3
    client.created(paula)
    (delivery,) = subscribed.webhooks.run()
    assert delivery.statuses == [0]

    endpoint.seconds = 0
    subscribed.advance(minutes=5)
    subscribed.webhooks.run()

    assert delivery.statuses == [0, 200]


def test_57_deliveries_double_and_overtake_each_other(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    subscribed.webhooks.duplicated = subscribed.webhooks.reversed = True
    made = client.created(paula)
    client.call("DELETE", f"/meetings/{made['id']}", paula)

    subscribed.webhooks.run()

    assert endpoint.events == ["meeting.deleted"] * 2 + ["meeting.created"] * 2
    assert len({got.body for got in endpoint.received}) == 2


def test_58_the_id_is_a_string_when_it_is_live(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    made = client.created(paula)
    path = f"/meetings/{made['id']}"
    client.call("PATCH", path, paula, json={"topic": "Other"})
    subscribed.start_meeting(made["id"])
    subscribed.end_meeting(made["id"])
    client.call("DELETE", path, paula)

    subscribed.webhooks.run()

    ids = {got.content["event"]: got.content["payload"]["object"]["id"] for got in endpoint.received}
    numbers = {f"meeting.{name}": made["id"] for name in ("created", "updated", "deleted")}
    assert ids == numbers | {f"meeting.{name}": str(made["id"]) for name in ("started", "ended")}


def test_59_an_update_tells_what_changed_and_what_it_was(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    made = client.created(paula, topic="Old")
    client.call("PATCH", f"/meetings/{made['id']}", paula, json={"topic": "New", "duration": made["duration"]})

    subscribed.webhooks.run()

    payload = endpoint.received[-1].content["payload"]
    assert payload["object"] == {"id": made["id"], "topic": "New"}
    assert payload["old_object"] == {"id": made["id"], "topic": "Old"}
    assert payload["operator_id"] == subscribed.user(PAULA).id


def test_38_the_operator_of_an_organisations_meeting_is_the_admin(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, administrated: str
) -> None:
    client.created(administrated, PEDRO)

    subscribed.webhooks.run()

    (payload,) = (got.content["payload"] for got in endpoint.received)
    assert payload["operator_id"] == subscribed.user(PAULA).id
    assert payload["object"]["host_id"] == subscribed.user(PEDRO).id


@pytest.mark.parametrize("form", ["payload_text", "payload_number", "top"])
def test_60_a_deauthorization_has_no_object_and_varies(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str, form: str
) -> None:
    subscribed.webhooks.deauthorization_ts = form
    subscribed.uninstall(PAULA)

    subscribed.webhooks.run()

    (content,) = (got.content for got in endpoint.received)
    user, payload = subscribed.user(PAULA), content["payload"]
    assert content["event"] == "app_deauthorized"
    assert "object" not in payload
    named = (payload["user_id"], payload["account_id"], payload["client_id"], payload["deauthorization_time"])
    assert named == (user.id, user.account_id, "client", "2026-11-20T10:00:00.000Z")
    told = content["event_ts"] if form == "top" else payload["event_ts"]
    assert told == ("2026-11-20 10:00:00" if form == "payload_text" else 1795168800000)


def test_60_private_apps_are_not_told(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    app = subscribed.app()
    app.published, app.account_id = False, subscribed.account("Acme").id
    subscribed.uninstall(PAULA)
    subscribed.webhooks.run()
    assert endpoint.received == []

    subscribed.webhooks.tells_private_apps = True
    client.connect(PAULA)
    subscribed.uninstall(PAULA)
    subscribed.webhooks.run()

    assert endpoint.events == ["app_deauthorized"]


def test_60_a_deauthorization_can_arrive_after_a_reconnect(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    subscribed.webhooks.deauthorization_delay = timedelta(minutes=30)
    subscribed.uninstall(PAULA)
    subscribed.advance(minutes=10)
    client.connect(PAULA)
    subscribed.webhooks.run()
    assert endpoint.received == []

    subscribed.advance(minutes=20)
    subscribed.webhooks.run()

    assert endpoint.events == ["app_deauthorized"]
    assert subscribed.installed(PAULA)


@pytest.mark.parametrize(
    ("act", "event", "refused"),
    [
        (lambda zoom: zoom.change_user(PEDRO, status="inactive"), "user.deactivated", (400, 3161)),
        (lambda zoom: zoom.remove_user(PEDRO), "user.deleted", (404, 1001)),
        (lambda zoom: zoom.remove_user(PEDRO, disassociated=True), "user.disassociated", (404, 1001)),
    ],
)
def test_61_a_removed_user_is_told_to_admin_managed_apps_and_cannot_host(
    subscribed: ZoomSimulator,
    client: ZoomClient,
    endpoint: Endpoint,
    administrated: str,
    act: Callable[[ZoomSimulator], None],
    event: str,
    refused: tuple[int, int],
) -> None:
    client.connect(PEDRO)
    act(subscribed)
    subscribed.webhooks.run()

    assert [(got.content["event"], got.headers["CLIENTID"]) for got in endpoint.received] == [(event, "admin-client")]
    answer = client.create(administrated, PEDRO)
    assert (answer.status_code, answer.json()["code"]) == refused
    assert set(ADMIN_SCOPES) >= {"user:read:list_users:admin"}


def test_62_an_uninstall_at_zoom_is_seen_at_the_next_call(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint
) -> None:
    tokens = client.connect(PAULA)

    assert subscribed.uninstall(PAULA)

    answer = client.create(tokens["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, 124)
    refreshed = client.refresh(tokens["refresh_token"])
    assert (refreshed.status_code, refreshed.json()["error"]) == (400, "invalid_grant")
    subscribed.webhooks.run()
    assert endpoint.events == ["app_deauthorized"]


def test_20_revoking_is_told_as_a_deauthorization(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    client.revoke(paula)

    subscribed.webhooks.run()

    assert endpoint.events == ["app_deauthorized"]


def test_63_events_of_strangers_are_delivered_too(subscribed: ZoomSimulator, endpoint: Endpoint) -> None:
    payload = {"account_id": "nobody", "object": {"id": "1", "host_id": "stranger"}}

    subscribed.webhooks.owe(subscribed.app(), "meeting.started", payload)
    subscribed.webhooks.run()

    assert [got.content["payload"] for got in endpoint.received] == [payload]
    assert endpoint.received[0].signed


def test_a_meeting_of_someone_without_the_app_is_not_told(
    subscribed: ZoomSimulator, endpoint: Endpoint, client: ZoomClient
) -> None:
    subscribed.add_app("other", "s", [CALLBACK])
    client.created(client.connect(FRED, "other")["access_token"])

    subscribed.webhooks.run()

    assert endpoint.received == []
