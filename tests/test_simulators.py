"""The simulated Zoom against Zoom's published schema, where that lies beside the project."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests import contracts
from tests.integrations.simulators.zoom_client import CALLBACK, MEETING, ZoomClient

PAULA, PEDRO = "paula@acme.example", "pedro@acme.example"

if contracts.present():

    @pytest.fixture
    def simulated() -> ZoomSimulator:
        return ZoomSimulator("client", "secret", [CALLBACK])

    @pytest.fixture
    def checked(simulated: ZoomSimulator) -> Iterator[ZoomClient]:
        """Holds all that is said against the schema."""
        with SimulatorServer(simulated) as server, ZoomClient(simulated, server.url) as client:
            client.http.hooks["response"].append(check)
            yield client

    def check(answer: requests.Response, **_: Any) -> None:
        path = (answer.request.path_url or "").removeprefix("/v2")
        if answer.request.path_url.startswith("/v2"):
            body = answer.json() if answer.content else None
            contracts.check_response(answer.request.method or "", path, answer.status_code, body)

    @pytest.mark.parametrize(
        "path",
        [
            "/users/me",
            "/users/me/settings",
            "/users/me/permissions",
            "/users/me/meetings?type=upcoming&page_size=300",
            "/users/me/upcoming_meetings",
            "/users",
            f"/users/{PEDRO}",
        ],
    )
    def test_what_is_read_follows_the_schema(simulated: ZoomSimulator, checked: ZoomClient, path: str) -> None:
        simulated.add_app("admin", "s", [CALLBACK], admin_managed=True)
        token = checked.connect(PAULA, "admin")["access_token"]
        checked.created(token, start_time=f"{simulated.clock.now():%Y-%m-%dT23:59:59Z}")

        contracts.check_request("GET", path)
        assert checked.call("GET", path, token).status_code == 200

    def test_a_servers_token_reads_by_the_schema(simulated: ZoomSimulator, checked: ZoomClient) -> None:
        account = simulated.add_app("server", "s", kind="server_to_server", account="Acme").account_id
        token = checked.server_token(account).json()["access_token"]
        checked.created(token, PEDRO)

        paths = ("/users", f"/users/{PEDRO}", f"/users/{PEDRO}/meetings", "/users/me")
        assert [checked.call("GET", path, token).status_code for path in paths] == [200, 200, 200, 404]

    def test_the_life_of_a_meeting_follows_the_schema(simulated: ZoomSimulator, checked: ZoomClient) -> None:
        token = checked.connect(PAULA)["access_token"]
        contracts.check_request("POST", "/users/me/meetings", MEETING)
        made = checked.created(token)
        path = f"/meetings/{made['id']}"
        simulated.start_meeting(made["id"])
        simulated.end_meeting(made["id"])

        statuses = [
            checked.call("GET", path, token).status_code,
            checked.call("PATCH", path, token, json={"topic": "Other"}).status_code,
            checked.call("GET", f"/past_meetings/{made['id']}", token).status_code,
            checked.call("DELETE", path, token).status_code,
            checked.call("DELETE", path, token).status_code,
            checked.call("PUT", path + "/status", token, json={"action": "recover"}).status_code,
        ]

        assert statuses == [200, 204, 200, 204, 404, 204]

    def test_refusals_follow_the_schema(simulated: ZoomSimulator, checked: ZoomClient) -> None:
        token = checked.connect(PAULA)["access_token"]
        statuses = [
            checked.create(token, topic="x" * 201).status_code,
            checked.call("GET", "/users/me", "unknown").status_code,
            checked.call("GET", f"/users/{PEDRO}", token).status_code,
        ]
        simulated.limits.per_host = 0

        assert [*statuses, checked.create(token).status_code] == [400, 401, 400, 429]

    def test_events_follow_the_schema(simulated: ZoomSimulator, checked: ZoomClient) -> None:
        sent: list[dict[str, Any]] = []
        simulated.world.listeners.append(
            lambda event: sent.append({"event": event.name, "event_ts": 1, "payload": event.payload})
        )
        token = checked.connect(PAULA)["access_token"]
        path = f"/meetings/{checked.created(token)['id']}"
        checked.call("PATCH", path, token, json={"topic": "Other"})
        simulated.move_meeting(path.rpartition("/")[2], simulated.clock.now() + timedelta(days=9), duration=45)
        simulated.start_meeting(path.rpartition("/")[2])
        simulated.end_meeting(path.rpartition("/")[2])
        checked.call("DELETE", path, token)
        checked.call("PUT", path + "/status", token, json={"action": "recover"})
        simulated.change_user(PEDRO, type=1)
        simulated.change_user(PEDRO, status="inactive")
        simulated.change_user(PEDRO, status="active")
        simulated.remove_user(PEDRO)
        simulated.uninstall_for_account("Acme")

        for event in sent:
            contracts.check_event(event)
        assert len({event["event"] for event in sent}) == 11

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "/users/me/meetings", {**MEETING, "topic": "x" * 201}),
            ("POST", "/users/me/meetings", {**MEETING, "colour": "blue"}),
            ("POST", "/users/me/meetings", {**MEETING, "settings": {"waitingroom": True}}),
            ("POST", "/users/me/meetings", {**MEETING, "start_time": "2026-12-01T09:00:00.000+02:00"}),
            ("GET", "/users/me/meetings?pages=3", None),
            ("GET", "/users/me", {"a": 1}),
            ("DELETE", "/meetings", None),
        ],
    )
    def test_the_check_sees_what_is_wrong(method: str, path: str, body: object) -> None:
        with pytest.raises(contracts.ContractBroken):
            contracts.check_request(method, path, body)

    def test_the_check_sees_a_wrong_answer() -> None:
        with pytest.raises(contracts.ContractBroken):
            contracts.check_response("GET", "/users/me", 200, {"type": 2, "id": 5})
        with pytest.raises(contracts.ContractBroken):
            contracts.check_response("PATCH", "/meetings/1", 204, {"id": 5})
        with pytest.raises(contracts.ContractBroken):
            contracts.check_response("GET", "/users/me", 418, None)
