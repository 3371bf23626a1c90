"""What the try-out finds at the simulated Zoom."""

from pathlib import Path

import pytest

from bridge import simulated
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom import tryout
from integrations.simulators.zoom.memory import Remembering
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient

ORGANIZATION = "http://bridge.test/connect/zoom/organization/callback"
ADMIN, MEMBER = "anton@acme.example", "mona@acme.example"


@pytest.fixture
def furnished(zoom: ZoomSimulator) -> ZoomSimulator:
    tryout.furnish(zoom, [CALLBACK, ORGANIZATION])
    return zoom


def test_acme_has_somebody_of_every_kind(furnished: ZoomSimulator) -> None:
    acme = furnished.account("Acme").id
    people = [user for user in furnished.world.users.values() if user.account_id == acme]

    assert {user.role_name for user in people} == {"Owner", "Admin", "Member"}
    assert {user.type for user in people} == {1, 2}
    assert [user.email for user in people if user.status == "pending"] == ["ines@acme.example"]


def test_harbour_has_the_people_of_the_demo(furnished: ZoomSimulator) -> None:
    accounts = {furnished.user(f"{name}@example.org").account_id for name in ("olga", "mina", "harald")}

    assert accounts == {furnished.account("Harbour").id}
    assert furnished.user("harald@example.org").approves


def test_twice_is_once(furnished: ZoomSimulator) -> None:
    before = len(furnished.world.users)

    tryout.furnish(furnished, [CALLBACK, ORGANIZATION])

    assert len(furnished.world.users) == before
    assert len(furnished.world.apps) == 4


def test_acmes_own_apps_serve_acme_alone(furnished: ZoomSimulator, client: ZoomClient) -> None:
    assert client.connect(MEMBER, "acme-users")["refresh_token"]
    assert furnished.authorize(ADMIN, "acme-account", redirect_uri=ORGANIZATION)
    assert client.server_token(furnished.account("Acme").id, "acme-server").status_code == 200

    page = client.sign_in("fred@free.example", "acme-users")
    assert page.status_code == 400
    assert "private to another Zoom account" in page.text


def test_bridge_mounts_it_with_its_own_two_apps(settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path

    application = simulated.zoom()

    with SimulatorServer(application) as server:
        client = ZoomClient(ZoomSimulator(), server.url)
        page = client.authorize_page(
            settings.ZOOM_ADMIN_CLIENT_ID, redirect_uri="http://testserver/connect/zoom/organization/callback"
        )
        client.http.close()
    assert page.status_code == 200
    assert "Bridge for organizations" in page.text
    assert "harald@example.org" in page.text


def test_what_an_earlier_try_out_remembered_gets_the_new_people(tmp_path: Path) -> None:
    file = tmp_path / "zoom.pickle"
    earlier = ZoomSimulator("client", "secret", [CALLBACK])
    Remembering(earlier, file)
    earlier.application.remember()

    later = ZoomSimulator("client", "secret", [CALLBACK])
    Remembering(later, file)
    tryout.furnish(later, [CALLBACK])

    assert later.user("harald@example.org")
    assert later.user("paula@acme.example").account_id == later.app("acme-server").account_id
