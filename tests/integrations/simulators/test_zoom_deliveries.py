"""How webhooks are held back, sent again, and survive a restart."""

import time
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from integrations.simulators.zoom.memory import Remembering
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient
from tests.integrations.simulators.zoom_endpoint import SECRET, Endpoint


def test_an_announced_address_is_asked_until_it_proves_itself(
    zoom: ZoomSimulator, endpoint: Endpoint, url: str
) -> None:
    endpoint.status = 503
    subscription = zoom.announce(url, secret=SECRET)
    assert endpoint.challenges == 0

    for _ in range(3):
        zoom.webhooks.run()
        zoom.advance(minutes=1)
    endpoint.status = 200
    zoom.webhooks.run()

    assert endpoint.challenges == 4
    assert subscription.active
    zoom.advance(hours=71)
    zoom.webhooks.run()
    assert endpoint.challenges == 4


def test_a_new_address_hears_nothing_before_it_proves_itself(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str, paula: str
) -> None:
    subscribed.announce(url + "&newer")

    client.created(paula)
    subscribed.webhooks.run()

    assert endpoint.events == []


def test_an_app_has_one_announced_address(zoom: ZoomSimulator, endpoint: Endpoint, url: str) -> None:
    zoom.announce("http://127.0.0.1:9/former", secret=SECRET)
    zoom.webhooks.run()

    zoom.announce(url)
    zoom.webhooks.run()

    assert [(known.url, known.active) for known in zoom.webhooks.subscriptions] == [(url, True)]


@pytest.mark.parametrize("url", ["", "nonsense", "http://[", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_proves_nothing(zoom: ZoomSimulator, url: str) -> None:
    assert not zoom.subscribe(url).active


@pytest.mark.parametrize("newest_first", [False, True])
def test_what_is_held_back_is_sent_later(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str, newest_first: bool
) -> None:
    subscribed.webhooks.stopped = True
    made = client.created(paula)
    client.call("DELETE", f"/meetings/{made['id']}", paula)
    subscribed.webhooks.run()
    assert endpoint.events == []

    subscribed.webhooks.go_on(newest_first=newest_first)
    subscribed.advance(minutes=10)
    subscribed.webhooks.run()

    made_then_deleted = ["meeting.created", "meeting.deleted"]
    assert endpoint.events == (made_then_deleted[::-1] if newest_first else made_then_deleted)
    sent = {got.headers["X_ZM_REQUEST_TIMESTAMP"] for got in endpoint.received}
    assert sent == {str(int(subscribed.clock.now().timestamp()))}


def test_a_delivery_is_sent_again(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, paula: str
) -> None:
    client.created(paula)
    (delivery,) = subscribed.webhooks.run()

    assert subscribed.webhooks.again(delivery) == 200

    first, second = endpoint.received
    assert first.body == second.body
    assert delivery.statuses == [200, 200]


def test_a_clock_that_is_ahead_leaves_the_signature_in_time(
    subscribed: ZoomSimulator, client: ZoomClient, endpoint: Endpoint
) -> None:
    subscribed.webhooks.signs_in_real_time = True
    subscribed.advance(days=400)
    client.created(client.connect("paula@acme.example")["access_token"], start_time="2099-01-01T09:00:00Z")
    subscribed.webhooks.run()

    assert abs(int(endpoint.received[0].headers["X_ZM_REQUEST_TIMESTAMP"]) - time.time()) < 60
    assert endpoint.received[0].signed


def test_a_thread_validates_and_delivers(zoom: ZoomSimulator, client: ZoomClient, endpoint: Endpoint, url: str) -> None:
    paula = client.connect("paula@acme.example")["access_token"]
    subscription = zoom.announce(url, secret=SECRET)
    stop = zoom.webhooks.run_always(every=0.01)
    eventually(lambda: subscription.active)

    client.created(paula)

    eventually(lambda: endpoint.events == ["meeting.created"])
    stop.set()


def test_what_is_on_the_way_survives_a_restart(tmp_path: Path, endpoint: Endpoint, url: str) -> None:
    def started() -> tuple[ZoomSimulator, Remembering]:
        zoom = ZoomSimulator("client", "secret", [CALLBACK])
        remembering = Remembering(zoom, tmp_path / "zoom.pickle")
        zoom.announce(url, secret=SECRET)
        return zoom, remembering

    zoom, remembering = started()
    zoom.disable_app(disabled=True)
    zoom.webhooks.run()
    zoom.webhooks.owe(zoom.app(), "meeting.started", {"account_id": "x"})
    save(remembering)

    again, _ = started()
    again.webhooks.run()

    assert endpoint.challenges == 1
    assert endpoint.events == ["meeting.started"]
    assert again.world.disabled == {"client"}


def test_what_was_sent_by_itself_is_kept(tmp_path: Path, endpoint: Endpoint, url: str) -> None:
    zoom = ZoomSimulator("client", "secret", [CALLBACK])
    Remembering(zoom, tmp_path / "zoom.pickle")
    zoom.announce(url, secret=SECRET)
    zoom.webhooks.run()

    again = ZoomSimulator("client", "secret", [CALLBACK])
    Remembering(again, tmp_path / "zoom.pickle")

    assert [known.active for known in again.webhooks.subscriptions] == [True]


def eventually(true: Any) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def save(remembering: Remembering) -> None:
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/oauth/token"}
    setup_testing_defaults(environ)
    list(remembering(environ, lambda *_: print))
