"""Faults, clock and people from another process."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from integrations.simulators.zoom.pages.control.faults import PRESETS
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import ZoomClient

PAULA = "paula@acme.example"


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a simulator that runs in a process of its own."""
    command = [sys.executable, "-m", "integrations.simulators.zoom", "--redirect-uri", "http://bridge.test/"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def control(client: ZoomClient, verb: str, **arguments: object) -> requests.Response:
    return client.http.post(f"{client.url}/control/{verb}", json=arguments, timeout=10)


def test_it_runs_by_itself(elsewhere: str) -> None:
    user = requests.post(f"{elsewhere}/control/users", json={"email": "new@acme.example"}, timeout=10).json()

    code = requests.post(f"{elsewhere}/control/authorize", json={"user": user["id"]}, timeout=10).json()["code"]

    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://bridge.test/"}
    tokens = requests.post(f"{elsewhere}/oauth/token", data=fields, auth=("zoom-client", "zoom-secret"), timeout=10)
    assert tokens.status_code == 200
    state = requests.get(f"{elsewhere}/control/state", timeout=10).json()
    assert [installed["user"] for installed in state["installed"]] == [user["id"]]
    assert tokens.json()["access_token"] not in str(state)


def test_it_needs_neither_django_nor_bridge() -> None:
    program = (
        "import sys, integrations.simulators.zoom.simulator\n"
        "ours = {'django', 'accounts', 'scheduling', 'outbox', 'bridge', 'requests'}\n"
        "print(sorted(ours & {name.partition('.')[0] for name in sys.modules}))\n"
        "print(sorted(name for name in sys.modules if name.startswith('integrations.') and 'simul' not in name))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["[]", "[]"]


def test_faults_come_and_go(client: ZoomClient, paula: str) -> None:
    control(client, "faults", kind="status", status=503, path="/v2/*")
    assert client.call("GET", "/users/me", paula).status_code == 503

    control(client, "faults/clear")

    assert client.call("GET", "/users/me", paula).status_code == 200


def test_the_clock_goes_on(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    assert control(client, "clock", hours=2).json() == {"now": "2026-11-20T12:00:00+00:00"}

    assert client.call("GET", "/users/me", paula).status_code == 401


def test_a_user_removes_the_app(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    assert control(client, "uninstall", user=PAULA).json() == {"uninstalled": True}

    assert not zoom.installed(PAULA)


def test_users_change_and_go(zoom: ZoomSimulator, client: ZoomClient) -> None:
    control(client, "users/change", user=PAULA, type=1)
    assert zoom.user(PAULA).type == 1

    control(client, "users/remove", user=PAULA)

    assert zoom.world.user_of(PAULA) is None


def test_approvals_change(zoom: ZoomSimulator, client: ZoomClient) -> None:
    control(client, "pre-approval", account="Acme", required=True)
    refused = control(client, "authorize", user=PAULA)
    assert refused.status_code == 400

    control(client, "approve", account="Acme")

    assert "code" in control(client, "authorize", user=PAULA).json()
    control(client, "withdraw", account="Acme")
    assert control(client, "authorize", user=PAULA).status_code == 400


def test_limits_are_lifted(zoom: ZoomSimulator, client: ZoomClient) -> None:
    control(client, "limits", enforced=False, per_host=500)

    assert (zoom.limits.enforced, zoom.limits.per_host) == (False, 500)


def test_meetings_begin_and_end(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    made = client.created(paula)["id"]
    control(client, "meetings/start", meeting=made)
    control(client, "meetings/end", meeting=made)

    assert zoom.meeting(made).ended_at == zoom.clock.now()


@pytest.mark.parametrize(("verb", "arguments"), [("faults", {"kind": "nonsense"}), ("uninstall", {"user": "nobody"})])
def test_nonsense_is_told(client: ZoomClient, verb: str, arguments: dict[str, str]) -> None:
    assert control(client, verb, **arguments).status_code == 400
    assert control(client, "nothing/like/that").status_code == 404


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_offers_faults(zoom: ZoomSimulator, client: ZoomClient, preset: str) -> None:
    page = client.http.post(f"{client.url}/control/preset", data={"preset": preset}, timeout=10)

    (fault,) = zoom.faults.all()
    assert f"{fault.kind} on" in page.text


def test_the_page_has_a_clock_and_the_accounts(zoom: ZoomSimulator, client: ZoomClient) -> None:
    page = client.http.post(f"{client.url}/control/clock", data={"hours": "24"}, timeout=10)
    assert "2026-11-21 10:00 UTC" in page.text

    account = zoom.account("Acme").id
    client.http.post(f"{client.url}/control/approval", data={"account": account, "required": "1"}, timeout=10)
    assert zoom.account("Acme").pre_approval
    client.http.post(f"{client.url}/control/approval", data={"account": account, "required": ""}, timeout=10)
    assert not zoom.account("Acme").pre_approval


def test_a_fault_strikes_as_often_as_it_was_told(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.faults.add("status", status=500, every=3, skip=1, times=2, path="/v2/users/me")

    statuses = [client.call("GET", "/users/me", paula).status_code for _ in range(12)]

    assert [number for number, status in enumerate(statuses) if status == 500] == [3, 6]


def test_a_chance_is_the_same_for_the_same_seed(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    def run() -> list[int]:
        zoom.faults.clear()
        zoom.faults.add("status", status=500, probability=0.5, seed=7)
        return [client.call("GET", "/users/me", paula).status_code for _ in range(20)]

    first = run()

    assert run() == first
    assert {200, 500} == set(first)


@pytest.mark.parametrize(("limit", "words"), [("second", "per-second"), ("day", "daily"), ("user", "particular user")])
def test_rate_limits_come_on_request(
    zoom: ZoomSimulator, client: ZoomClient, paula: str, limit: str, words: str
) -> None:
    zoom.faults.add("rate_limit", limit=limit, method="POST", times=1)

    refused = client.create(paula)

    assert (refused.status_code, words in refused.json()["message"]) == (429, True)
    assert zoom.meetings() == []
    assert client.create(paula).status_code == 201


@pytest.mark.parametrize("where", ["/v2/*", "/oauth/token"])
def test_the_app_is_removed_just_before_a_call(zoom: ZoomSimulator, client: ZoomClient, where: str) -> None:
    tokens = client.connect(PAULA)
    zoom.faults.add("revoke", path=where, times=1)

    refreshed = client.refresh(tokens["refresh_token"])
    answer = client.call("GET", "/users/me", refreshed.json().get("access_token", "none"))

    assert answer.status_code == 401
    assert not zoom.installed(PAULA)


def test_calls_are_kept(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    client.create(paula)

    kept = [(call.method, call.path, call.status) for call in zoom.calls]
    assert kept == [("POST", "/oauth/token", 200), ("POST", "/v2/users/me/meetings", 201)]
