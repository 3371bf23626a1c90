"""Behaviours 49 to 52 of section 10 in the contract: rate limits."""

from datetime import timedelta

import requests

from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"
SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."


def headers(answer: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def use_up_the_day(zoom: ZoomSimulator, client: ZoomClient, token: str) -> None:
    for _ in range(100):
        client.create(token)
        zoom.advance(seconds=1)


def test_49_every_answer_tells_the_limits_in_varying_case(client: ZoomClient, paula: str) -> None:
    answers = [client.call("GET", "/users/me", paula) for _ in range(3)]
    answers += [client.call("GET", "/users/me", "unknown"), client.call("GET", "/users/me/meetings", paula)]
    answers += [client.create(paula), client.call("GET", "/nowhere", paula)]

    for answer in answers:
        assert {"x-ratelimit-category", "x-ratelimit-limit", "x-ratelimit-remaining"} <= set(headers(answer))
    spelled = {name for answer in answers for name in answer.headers if name.lower() == "x-ratelimit-limit"}
    assert len(spelled) == 3
    assert headers(answers[4])["x-ratelimit-category"] == "Medium"


def test_50_the_101st_create_or_update_of_a_host_waits_for_midnight(
    zoom: ZoomSimulator, client: ZoomClient, paula: str
) -> None:
    made = client.created(paula)
    for number in range(99):
        path = f"/meetings/{made['id']}"
        assert client.call("PATCH", path, paula, json={"duration": 30 + number % 2}).status_code == 204
        zoom.advance(seconds=1)

    refused = client.create(paula)

    assert refused.status_code == refused.json()["code"] == 429
    assert "daily rate limit (100)" in refused.json()["message"]
    assert "this particular user" in refused.json()["message"]
    assert not {"retry-after", "x-ratelimit-type"} & set(headers(refused))
    assert client.call("GET", f"/meetings/{made['id']}", paula).status_code == 200
    assert client.call("DELETE", f"/meetings/{made['id']}", paula).status_code == 204
    assert client.create(client.connect(PEDRO)["access_token"]).status_code == 201


def test_50_the_hosts_day_ends_at_midnight_utc(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    use_up_the_day(zoom, client, paula)
    assert client.create(paula).status_code == 429

    zoom.clock.freeze(zoom.clock.now().replace(hour=23, minute=59, second=59))
    token = client.connect(PAULA)["access_token"]
    assert client.create(token).status_code == 429
    zoom.advance(seconds=1)

    assert client.create(token).status_code == 201


def test_51_too_many_in_a_second(zoom: ZoomSimulator, client: ZoomClient) -> None:
    fred = client.connect(FRED)["access_token"]  # a free account: four light calls a second

    answers = [client.call("GET", "/users/me", fred) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert answers[-1].json() == {"code": 429, "message": SECOND}
    assert headers(answers[-1])["x-ratelimit-type"] == "QPS"
    zoom.advance(seconds=1)
    assert client.call("GET", "/users/me", fred).status_code == 200


def test_51_too_many_in_a_day_names_the_instant_to_come_back(zoom: ZoomSimulator, client: ZoomClient) -> None:
    fred = client.connect(FRED)["access_token"]
    zoom.limits.use_up(zoom.account("Fred Free"), "Light", 6000)

    refused = client.call("GET", "/users/me", fred)

    assert refused.status_code == 429
    assert "maximum daily rate limit" in refused.json()["message"]
    assert headers(refused)["x-ratelimit-type"] == "Daily-limit"
    assert headers(refused)["retry-after"] == "2026-11-21T00:00:00Z"


def test_52_all_apps_of_an_account_share_its_limits(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_app("foreign", "secret", [CALLBACK])
    ours, foreign = (client.connect(FRED, app)["access_token"] for app in ("client", "foreign"))
    for _ in range(4):
        client.call("GET", "/users/me", foreign)

    assert client.call("GET", "/users/me", ours).status_code == 429


def test_52_foreign_traffic_uses_up_the_quota(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.limits.use_up(zoom.account("Acme"), "Light", 80)
    assert client.call("GET", "/users/me", paula).status_code == 429

    zoom.clock.advance(timedelta(seconds=1))

    assert client.call("GET", "/users/me", paula).status_code == 200


def test_limits_can_be_switched_off(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.limits.enforced = False
    fred = client.connect(FRED)["access_token"]

    assert {client.call("GET", "/users/me", fred).status_code for _ in range(10)} == {200}
