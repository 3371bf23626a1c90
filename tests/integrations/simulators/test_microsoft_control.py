"""The pages of the simulated Microsoft, its control, its memory, and the check against the schema."""

from pathlib import Path

import pytest
import requests

from integrations.simulators.microsoft import tryout
from integrations.simulators.microsoft.memory import Remembering
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from tests.integrations.simulators import microsoft_contract
from tests.integrations.simulators.microsoft_client import CALLBACK, EVENT, MicrosoftClient
from tests.integrations.simulators.test_microsoft_calendars import DECEMBER
from tests.integrations.simulators.test_microsoft_sign_in import CARLA, FELIX


def act(graph: MicrosoftClient, verb: str, **arguments: object) -> requests.Response:
    return graph.http.post(f"{graph.url}/control/{verb}", json=arguments, timeout=5)


@pytest.mark.parametrize("page", ["/", "/control"])
def test_pages_show_what_people_named(microsoft: MicrosoftSimulator, graph: MicrosoftClient, page: str) -> None:
    microsoft.add_event(CARLA, microsoft.clock.now(), subject="<script>")
    microsoft.add_series(CARLA, DECEMBER, {"type": "daily", "interval": 1}, sensitivity="private")
    answer = graph.http.get(graph.url + page, timeout=5)

    assert (answer.status_code, "<script>" in answer.text) == (200, False)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_what_is_not_there_and_the_style(graph: MicrosoftClient) -> None:
    assert graph.http.get(f"{graph.url}/nowhere", timeout=5).status_code == 404
    assert "text/css" in graph.http.get(f"{graph.url}/microsoft.css", timeout=5).headers["Content-Type"]


def test_verbs_change_what_is_there(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    made = act(graph, "events", user=CARLA, subject="Dentist", start="2026-12-01T09:00", location="Zoom").json()
    moved = act(graph, "events/move", event=made["id"], start="2026-12-02T09:00")
    state = graph.http.get(f"{graph.url}/control/state", timeout=5).json()

    assert moved.status_code == 200
    assert [(one["subject"], one["start"][:10]) for one in state["events"]] == [("Dentist", "2026-12-02")]
    assert act(graph, "events/delete", event=made["id"]).status_code == 200
    assert microsoft.events(CARLA) == []


def test_verbs_about_people_and_tenants(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    answers = [
        act(graph, "tenants/policy", tenant="Fabrikam", policy="users"),
        act(graph, "tenants/approve", tenant="Fabrikam", scopes="Calendars.Read"),
        act(graph, "users", email="new@fabrikam.example", tenant="Fabrikam"),
        act(graph, "users/change", user=FELIX, enabled="false", mailbox="none"),
        act(graph, "users/revoke", user=FELIX),
        act(graph, "clock", days=1),
        act(graph, "throttle", user=FELIX),
        act(graph, "pushes", dropped=1),
        act(graph, "subscriptions/lifecycle", event="missed"),
        act(graph, "subscriptions/expire"),
        act(graph, "delta/forget"),
        act(graph, "faults", kind="status", status=503, path="/v1.0/*"),
        act(graph, "faults/clear"),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert microsoft.consented(FELIX) == {"Calendars.Read"}
    assert microsoft.user("new@fabrikam.example").tenant_id == microsoft.tenant("Fabrikam").id
    assert (microsoft.user(FELIX).enabled, microsoft.notifications.dropped) == (False, True)
    assert act(graph, "tenants/withdraw", tenant="Fabrikam").status_code == 200
    assert microsoft.consented(FELIX) == set()


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [("nothing", {}), ("users/revoke", {"user": "nobody"}), ("users/change", {"user": CARLA, "colour": "red"})],
)
def test_what_is_not_in_order_changes_nothing(graph: MicrosoftClient, verb: str, arguments: dict[str, object]) -> None:
    assert act(graph, verb, **arguments).status_code == 400
    form = graph.http.post(f"{graph.url}/control/{verb}", data=arguments, timeout=5)
    assert (form.status_code, "Nothing was changed" in form.text) == (400, True)


def test_a_preset_is_chosen_by_form(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    preset = {"preset": "The next call is throttled (429)"}
    answer = graph.http.post(f"{graph.url}/control/faults", data=preset, allow_redirects=False, timeout=5)

    assert answer.status_code == 303
    assert graph.call("GET", "/me", carla).status_code == 429


def test_a_restart_forgets_nothing_but_delta_links(tmp_path: Path) -> None:
    file = tmp_path / "microsoft.pickle"
    first = MicrosoftSimulator("client", "secret", [CALLBACK])
    with SimulatorServer(Remembering(first, file)) as server, MicrosoftClient(first, server.url) as client:
        token = client.connect(CARLA)["access_token"]
        client.created(token)
    second = MicrosoftSimulator("client", "secret", [CALLBACK])
    with SimulatorServer(Remembering(second, file)) as server, MicrosoftClient(second, server.url) as client:
        found = client.get("/me/events", token)["value"]

    assert [event["subject"] for event in found] == [EVENT["subject"]]


def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    file = tmp_path / "microsoft.pickle"
    file.write_bytes(b"nonsense")
    Remembering(MicrosoftSimulator(), file)
    assert file.with_suffix(".unreadable").exists()


def test_the_try_out_has_the_people_of_the_demo() -> None:
    microsoft = MicrosoftSimulator()
    for _time in range(2):
        tryout.furnish(microsoft)
    harbour = microsoft.tenant("Harbour")
    assert len([user for user in microsoft.world.users.values() if user.tenant_id == harbour.id]) == 3


if microsoft_contract.present():

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "/me/events", {**EVENT, "colour": "blue"}),
            ("POST", "/me/events", {**EVENT, "showAs": "away"}),
            ("POST", "/me/meetings", EVENT),
        ],
    )
    def test_the_check_sees_what_is_wrong(method: str, path: str, body: object) -> None:
        with pytest.raises(microsoft_contract.ContractBroken):
            microsoft_contract.check_request(method, path, body)

    def test_the_check_sees_a_wrong_answer() -> None:
        for status, body in ((200, {"value": [{"colour": "blue"}]}), (201, {}), (400, {"code": "x"})):
            with pytest.raises(microsoft_contract.ContractBroken):
                microsoft_contract.check_answer("GET", "/me/events", status, body)
