"""What a newcomer sees of the simulated Zoom."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient, returned

PAULA = "paula@acme.example"
PEOPLE = ("Paula Paid", "Pedro Paid", "Fred Free", "Gerda Guard", "Wendy Waits")


@pytest.mark.parametrize("path", ["/", "/user/installed", "/control", "/nowhere", "/j/1"])
def test_every_page_stands_in_the_frame(client: ZoomClient, path: str) -> None:
    page = client.http.get(client.url + path, timeout=10)

    assert "Simulated Zoom" in page.text
    assert "style=" not in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_sign_in_page_offers_all_users_and_asks_for_no_password(client: ZoomClient) -> None:
    page = client.authorize_page().text

    assert all(name in page for name in PEOPLE)
    assert 'type="password"' not in page


def test_meetings_appear_move_and_vanish(client: ZoomClient, paula: str) -> None:
    made = client.created(paula, topic="<b>Bo & co</b>")
    home = client.http.get(client.url + "/", timeout=10).text
    assert "&lt;b&gt;Bo &amp; co&lt;/b&gt;" in home
    assert "<b>Bo" not in home
    assert "Tue 01 Dec 2026, 10:00 Europe/Berlin" in home

    client.call("PATCH", f"/meetings/{made['id']}", paula, json={"start_time": "2026-12-02T09:00:00Z"})
    assert "Wed 02 Dec 2026, 10:00" in client.http.get(client.url + "/", timeout=10).text

    client.call("DELETE", f"/meetings/{made['id']}", paula)
    assert "Deleted" in client.http.get(client.url + "/", timeout=10).text


def test_the_join_link_leads_to_a_page_with_the_passcode_only(client: ZoomClient, paula: str) -> None:
    made = client.created(paula)

    assert "Intro call with Bo" in client.http.get(made["join_url"], timeout=10).text
    bare = client.http.get(made["join_url"].partition("?")[0], timeout=10)
    assert bare.status_code == 403
    client.call("DELETE", f"/meetings/{made['id']}", paula)
    assert client.http.get(made["join_url"], timeout=10).status_code == 404


def test_the_app_is_removed_on_a_page(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    url = client.url + "/user/installed"
    assert "Remove Bridge" in client.http.get(url, timeout=10).text

    page = client.http.post(url, data={"client_id": "client", "user": zoom.user(PAULA).id}, timeout=10)

    assert "No user has added an app yet" in page.text
    assert client.call("GET", "/users/me", paula).status_code == 401


def test_all_links_and_forms_stay_below_the_mount() -> None:
    zoom = ZoomSimulator("client", "secret", [CALLBACK])
    with SimulatorServer(zoom, mount="/simulators/zoom") as server, ZoomClient(zoom, server.url) as client:
        paula = client.connect(PAULA)["access_token"]
        made = client.created(paula, start_time="2099-01-01T09:00:00Z")
        for path in ("/", "/user/installed", "/control"):
            page = client.http.get(server.url + path, timeout=10).text
            links = page.replace('href="data:', "").replace('href="http://127', "").split('href="')[1:]
            actions = page.split('action="')[1:]
            assert all(link.startswith("/simulators/zoom/") for link in (*links, *actions))
        assert made["join_url"].startswith(server.url + "/j/")
        assert "code" in returned(client.sign_in(PAULA))
        assert client.http.get(server.url + "/zoom.css", timeout=10).headers["Content-Type"].startswith("text/css")


def test_outside_the_mount_somebody_else_answers() -> None:
    with SimulatorServer(ZoomSimulator(), mount="/simulators/zoom") as server:
        beside = server.url.removesuffix("/simulators/zoom")
        statuses = [requests.get(beside + path, timeout=10).status_code for path in ("/", "/simulators/zoomed")]

    assert statuses == [404, 404]


def test_a_redirect_uri_keeps_its_own_query(zoom: ZoomSimulator, client: ZoomClient) -> None:
    uri = "http://bridge.test/back?x=1"
    zoom.app().redirect_uris.add(uri)

    back = client.decide(PAULA, "authorize", redirect_uri=uri)

    assert set(parse_qs(urlsplit(back.headers["Location"]).query)) == {"x", "code", "state"}


def test_a_removed_user_has_no_apps(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    client.created(paula)
    zoom.remove_user(PAULA)

    assert "No user has added an app yet" in client.http.get(client.url + "/user/installed", timeout=10).text
    assert "a deleted user" in client.http.get(client.url + "/", timeout=10).text


def test_a_grant_of_an_app_that_is_gone_is_dead(zoom: ZoomSimulator, client: ZoomClient) -> None:
    zoom.add_app("former", "secret", [CALLBACK])
    token = client.connect(PAULA, "former")["access_token"]
    del zoom.world.apps["former"]

    assert client.call("GET", "/users/me", token).status_code == 401
    assert "No user has added an app yet" in client.http.get(client.url + "/user/installed", timeout=10).text


def test_who_is_signed_in_sees_only_his_own_apps(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    client.connect("pedro@acme.example")
    url = client.url + "/user/installed"
    everybody = client.http.get(url, timeout=10).text
    assert everybody.count("Remove Bridge") == 2

    own = client.http.post(client.url + "/user/signin", data={"user": zoom.user(PAULA).id}, timeout=10).text

    assert own.count("Remove Bridge") == 1
    assert "Added apps of Paula Paid" in own
    client.http.post(url, data={"client_id": "client", "user": zoom.user(PAULA).id}, timeout=10)
    assert "You have not added an app yet" in client.http.get(url, timeout=10).text
    assert zoom.installed("pedro@acme.example")
    out = client.http.post(client.url + "/user/signin", timeout=10).text
    assert out.count("Remove Bridge") == 1
    assert "Sign in" in out


def test_an_admin_removes_an_app_for_the_account_on_a_page(zoom: ZoomSimulator, client: ZoomClient, admin: str) -> None:
    zoom.add_user("anton@acme.example", role_name="Admin")
    zoom.app("admin-client").name = "Whole"
    signed_in = client.url + "/user/signin"
    member = client.http.post(signed_in, data={"user": zoom.user("pedro@acme.example").id}, timeout=10).text
    other_admin = client.http.post(signed_in, data={"user": zoom.user("anton@acme.example").id}, timeout=10).text
    assert ("for the account" in member, "Remove Whole for the account" in other_admin) == (False, True)

    fields = {"client_id": "admin-client", "account": zoom.account("Acme").id}
    client.http.post(client.url + "/user/installed", data=fields, timeout=10)

    assert not zoom.installed(PAULA, "admin-client")
    assert client.call("GET", "/users", admin).status_code == 401


def test_who_is_no_admin_is_told_so_and_may_come_back_as_another(
    zoom: ZoomSimulator, client: ZoomClient, admin: str
) -> None:
    refused = client.sign_in("pedro@acme.example", "admin-client")

    assert "An account admin is required to install this type of app" in refused.text
    link = refused.text.partition('href="/oauth/authorize?')[2].partition('"')[0].replace("&amp;", "&")
    again = client.http.get(f"{client.url}/oauth/authorize?{link}", timeout=10)
    assert "Sign in to Zoom" in again.text
