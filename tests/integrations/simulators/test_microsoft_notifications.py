"""The simulated Graph: subscriptions and what is told to them (behaviours 56 to 66 of the contract)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from integrations.simulators.microsoft import postman
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from tests.integrations.simulators.microsoft_client import MicrosoftClient
from tests.integrations.simulators.microsoft_endpoint import GraphEndpoint
from tests.integrations.simulators.test_microsoft_calendars import DECEMBER, refusal
from tests.integrations.simulators.test_microsoft_sign_in import CARLA, CONRAD


@pytest.fixture
def endpoint() -> GraphEndpoint:
    return GraphEndpoint()


@pytest.fixture
def hook(endpoint: GraphEndpoint) -> Iterator[str]:
    with SimulatorServer(endpoint) as server:
        yield server.url + "/hooks/ms?x=1"


@pytest.fixture
def subscribe(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, hook: str) -> Any:
    def ask(*prefer: str, token: str = carla, **changes: Any) -> requests.Response:
        expires = microsoft.clock.now() + timedelta(days=3)
        body = {
            "changeType": "created,updated,deleted",
            "notificationUrl": hook,
            "lifecycleNotificationUrl": hook,
            "resource": "/me/events",
            "expirationDateTime": expires.isoformat(),
            "clientState": "secret-state",
        }
        given = {name: value for name, value in {**body, **changes}.items() if value is not None}
        return graph.call("POST", "/subscriptions", token, *prefer, json=given)

    return ask


def test_56_both_addresses_prove_themselves(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any, hook: str
) -> None:
    made = subscribe(lifecycleNotificationUrl=hook + "&life=1")

    assert made.status_code == 201
    assert len(endpoint.tokens) == 2
    assert all({"+", "%", " "} <= set(token) for token in endpoint.tokens)
    assert made.json()["clientState"] is None


@pytest.mark.parametrize("how", [{"proves": False}, {"content_type": "text/html"}])
def test_56_who_does_not_prove_himself_gets_none(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any, how: dict[str, object]
) -> None:
    vars(endpoint).update(how)
    assert refusal(subscribe()) == (400, "ValidationError")
    assert microsoft.subscriptions == []


def test_56_who_is_too_slow_gets_none(endpoint: GraphEndpoint, subscribe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postman, "SECONDS_TO_VALIDATE", 0.1)
    endpoint.seconds = 0.5
    assert refusal(subscribe()) == (400, "InvalidRequest")


def test_57_lives_and_states_have_limits(microsoft: MicrosoftSimulator, subscribe: Any) -> None:
    now = microsoft.clock.now()
    short = subscribe(expirationDateTime=(now + timedelta(minutes=5)).isoformat()).json()
    microsoft.switches.most_subscription_minutes = 4230

    assert short["expirationDateTime"] == f"{now + timedelta(minutes=45):%Y-%m-%dT%H:%M:%SZ}"
    assert subscribe(expirationDateTime=(now + timedelta(days=3)).isoformat()).status_code == 400
    assert subscribe(expirationDateTime=None).status_code == 400
    assert subscribe(clientState="x" * 129).status_code == 400
    assert subscribe(resource="/me/messages").status_code == 400


def test_58_a_mailbox_has_so_many(microsoft: MicrosoftSimulator, subscribe: Any) -> None:
    microsoft.switches.most_subscriptions = 2
    assert [subscribe().status_code for _ in range(3)] == [201, 201, 403]


def test_59_a_shared_calendar_cannot_be_watched(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, subscribe: Any
) -> None:
    token = graph.connect(CARLA, "User.Read Calendars.Read.Shared Calendars.Read")["access_token"]
    microsoft.share(microsoft.calendar(CONRAD), CARLA, "read")
    assert subscribe(token=token, resource=f"/users/{CONRAD}/events").status_code == 403


def test_60_changes_are_told_with_the_state(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    subscription = subscribe().json()
    event = microsoft.add_event(CARLA, DECEMBER)
    microsoft.change_event(event, subject="Other")
    microsoft.add_event(CONRAD, DECEMBER)
    microsoft.notifications.run()

    assert [one["changeType"] for one in endpoint.received] == ["created", "updated"]
    told, user = endpoint.received[0], microsoft.user(CARLA)
    assert (told["subscriptionId"], told["clientState"]) == (subscription["id"], "secret-state")
    assert told["resource"] == f"Users/{user.id}@{user.tenant_id}/Events/{event.id}"


def test_60_late_twice_together_and_the_other_way_round(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    subscribe()
    sender = microsoft.notifications
    sender.duplicated, sender.reversed, sender.together, sender.delay = True, True, True, timedelta(minutes=3)
    event = microsoft.add_event(CARLA, DECEMBER)
    microsoft.delete_event(event)

    assert sender.run() == []
    microsoft.advance(minutes=3)
    sender.run()
    assert [one["changeType"] for one in endpoint.received] == ["deleted", "deleted", "created", "created"]
    assert endpoint.requests == 1


def test_60_the_word_may_come_before_the_change_is_seen(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    subscribe()
    microsoft.switches.visible_after = timedelta(seconds=30)
    microsoft.add_event(CARLA, DECEMBER)
    microsoft.notifications.run()

    assert (len(endpoint.received), graph.get("/me/events", carla)["value"]) == (1, [])
    microsoft.advance(seconds=30)
    assert len(graph.get("/me/events", carla)["value"]) == 1


def test_61_what_is_not_taken_is_told_again_for_four_hours(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    subscribe()
    endpoint.status = 500
    microsoft.add_event(CARLA, DECEMBER)
    microsoft.notifications.run()
    endpoint.status = 202
    microsoft.advance(minutes=1)
    microsoft.notifications.run()
    assert len(endpoint.received) == 2
    endpoint.status = 500
    microsoft.add_event(CARLA, DECEMBER)
    for _ in range(9):
        microsoft.notifications.run()
        microsoft.advance(minutes=30)
    assert microsoft.notifications.deliveries[-1].dropped


def test_62_dropped_pushes_are_told_nobody(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    subscribe()
    microsoft.notifications.dropped = True
    microsoft.add_event(CARLA, DECEMBER)
    microsoft.notifications.run()
    assert endpoint.received == []


def test_63_a_subscription_that_must_be_confirmed_pauses(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    at = f"/subscriptions/{subscribe().json()['id']}"
    microsoft.lifecycle("reauthorizationRequired")
    microsoft.add_event(CARLA, DECEMBER)
    microsoft.notifications.run()
    assert [one.get("lifecycleEvent") for one in endpoint.received] == ["reauthorizationRequired"]
    assert graph.call("POST", f"{at}/reauthorize", carla).status_code == 204
    microsoft.add_event(CARLA, DECEMBER)
    microsoft.notifications.run()
    assert endpoint.received[1]["changeType"] == "created"


@pytest.mark.parametrize(("event", "left"), [("missed", 1), ("subscriptionRemoved", 0)])
def test_63_what_was_missed_and_what_is_over(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any, event: str, left: int
) -> None:
    subscribe()
    microsoft.lifecycle(event)
    microsoft.notifications.run()
    told = [(one["lifecycleEvent"], one["clientState"]) for one in endpoint.received]
    assert (told, len(microsoft.subscriptions)) == ([(event, "secret-state")], left)


def test_64_an_expired_subscription_is_unknown(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, subscribe: Any
) -> None:
    at = f"/subscriptions/{subscribe().json()['id']}"
    later = {"expirationDateTime": (microsoft.clock.now() + timedelta(days=6)).isoformat()}
    renewed = graph.call("PATCH", at, carla, json=later)
    assert renewed.json()["expirationDateTime"] == "2026-11-26T10:00:00Z"
    assert len(graph.get("/subscriptions", carla)["value"]) == 1
    microsoft.expire_subscriptions()
    assert refusal(graph.call("PATCH", at, carla, json=later)) == (404, "ResourceNotFound")
    assert refusal(graph.call("DELETE", at, carla)) == (404, "ResourceNotFound")


def test_65_the_lifecycle_address_cannot_be_added(graph: MicrosoftClient, carla: str, subscribe: Any) -> None:
    at = f"/subscriptions/{subscribe(lifecycleNotificationUrl=None).json()['id']}"
    assert graph.call("PATCH", at, carla, json={"lifecycleNotificationUrl": "https://x.test"}).status_code == 400


def test_66_immutable_ids_are_told_to_who_asked_for_them(
    microsoft: MicrosoftSimulator, endpoint: GraphEndpoint, subscribe: Any
) -> None:
    subscribe('IdType="ImmutableId"')
    event = microsoft.add_event(CARLA, DECEMBER)
    microsoft.notifications.run()
    assert endpoint.received[0]["resourceData"]["id"] == event.immutable_id
