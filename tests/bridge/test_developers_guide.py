"""The examples of the guide run as they stand on the page: curl in one terminal, Python as files."""

import base64
import hashlib
import hmac
import html
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from bridge import snippets
from scheduling import subscriptions
from scheduling.models import ApplicationEvent, Delivery, DeliveryState, EventStatus, Message, Subscription
from tests import factories, servers
from tests.bridge.conftest import CALLBACK, connect_at_zoom

pytestmark = pytest.mark.django_db(transaction=True)

RUN = set(snippets.names()) - {"settings", "tokens", "listen"}
"""The others are for the reader to fill in."""


def shown(site, name, language):
    """As the page's button copies it."""
    page = "/developers/webhooks" if name == "verify" else "/developers"
    text = requests.get(f"{site}{page}?in={language}", timeout=20).text
    block = text.split(f'id="example-{name}"')[1]
    return html.unescape(re.search(r'data-copy="([^"]*)"', block)[1])


@dataclass
class Terminal:
    """What one example sets stays for the next."""

    site: str
    knows: dict[str, str] = field(default_factory=dict)

    def run(self, name, **told):
        """What it prints."""
        script = f"set -eu\n{shown(self.site, name, 'curl')}\nprintf '\\0'; env -0"
        done = subprocess.run(
            ["bash", "-ac", script], env=os.environ | self.knows | told, capture_output=True, check=True, text=True
        )
        printed, *left = done.stdout.split("\0")
        self.knows = dict(pair.split("=", 1) for pair in left if "=" in pair)
        return printed


def python(site, name, typed="", **told):
    """What it prints."""
    command = [sys.executable, "-c", shown(site, name, "python")]
    run = {"capture_output": True, "check": True, "text": True, "timeout": 60}
    return subprocess.run(command, env=os.environ | told, input=typed, **run).stdout


@pytest.fixture
def own(crm):
    return {"CLIENT_ID": crm.client_id, "CLIENT_SECRET": "application-secret", "REDIRECT_URI": CALLBACK}


@pytest.mark.row("CR-17")
def test_the_guide_in_curl(site, own, browser_of_olga, zoom_there, work):
    terminal = Terminal(site, own)
    browser_of_olga.open(terminal.run("authorize").strip())
    code = re.search("code=([^&]+)", browser_of_olga.press("Allow"))[1]
    assert json.loads(terminal.run("exchange", CODE=code))["access_token"] == terminal.knows["TOKEN"]

    browser_of_olga.open(terminal.run("connect").strip())
    connect_at_zoom(browser_of_olga, zoom_there, "Continue to Zoom")
    assert "zoom" in [service["id"] for service in json.loads(terminal.run("services"))["items"]]

    made = json.loads(terminal.run("event"))
    assert (made["id"], made["conferencing"]["state"]) == (terminal.knows["EVENT_ID"], "pending")
    work()
    (meeting,) = zoom_there.meetings()
    assert json.loads(terminal.run("read"))["conferencing"]["join_url"] == zoom_there.join_url(meeting)
    assert json.loads(terminal.run("move"))["start"] > made["start"]
    assert terminal.run("delete") == ""
    work()
    assert zoom_there.meetings() == []

    former = dict(terminal.knows)
    terminal.run("refresh")
    assert terminal.knows["TOKEN"] != former["TOKEN"]
    assert terminal.knows["REFRESH_TOKEN"] != former["REFRESH_TOKEN"]
    assert json.loads(terminal.run("services"))["items"]


@pytest.mark.row("CR-17")
def test_the_guide_in_python(site, own, browser_of_olga, zoom_there, work):
    with subprocess.Popen(
        [sys.executable, "-uc", shown(site, "authorize", "python")],
        env=os.environ | own,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as asking:
        browser_of_olga.open(asking.stdout.readline().strip())
        printed, _ = asking.communicate(browser_of_olga.press("Allow") + "\n", timeout=60)
    tokens = json.loads(printed[printed.index("{") :])
    mine = {"TOKEN": tokens["access_token"], "REFRESH_TOKEN": tokens["refresh_token"]}

    browser_of_olga.open(python(site, "connect", **own).strip())
    connect_at_zoom(browser_of_olga, zoom_there, "Continue to Zoom")
    assert "zoom" in [service["id"] for service in json.loads(python(site, "services", **mine))["items"]]

    made = json.loads(python(site, "event", **mine))
    mine["EVENT_ID"] = made["id"]
    work()
    (meeting,) = zoom_there.meetings()
    assert json.loads(python(site, "read", **mine))["conferencing"]["join_url"] == zoom_there.join_url(meeting)
    assert json.loads(python(site, "move", **mine))["start"] > made["start"]
    python(site, "delete", **mine)
    assert ApplicationEvent.objects.get().status == EventStatus.CANCELLED

    assert json.loads(python(site, "refresh", **own, **mine))["access_token"] != mine["TOKEN"]


@pytest.fixture
def receiver(site):
    """The address of the guide's receiver; start(secret) runs it, and stop() tells what it has printed."""
    port, running = servers.free_port(), []

    def start(secret):
        told = {"WEBHOOK_SECRET": secret, "PORT": str(port)}
        command = [sys.executable, "-uc", shown(site, "receive", "python")]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        running.append(subprocess.Popen(command, env=os.environ | told, **quiet))
        servers.wait_for(port)

    def stop():
        running[0].terminate()
        return running[0].communicate(timeout=20)[0]

    yield f"http://127.0.0.1:{port}/webhooks", start, stop
    stop()


@pytest.mark.parametrize("language", ["curl", "python"])
def test_the_guide_receives_what_it_subscribed_to(site, own, receiver, work, language):
    address, start, stop = receiver
    told = own | {"WEBHOOK_URL": address}
    answer = Terminal(site, told).run("subscribe") if language == "curl" else python(site, "subscribe", **told)
    start(json.loads(answer)["secret"])
    subscriptions.send_test(Subscription.objects.get())
    work()

    forged = {"webhook-id": "msg_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,bm8="}
    assert requests.post(address, data=b"{}", headers=forged, timeout=10).status_code == 401
    assert stop().split()[:2] == [Message.objects.get().uid, "webhook.test"]
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_the_check_by_hand_believes_what_is_signed_and_nothing_else(site):
    named: dict[str, object] = {}
    exec(shown(site, "verify", "python"), named)
    is_from_bridge, secret, body = named["is_from_bridge"], "whsec_" + base64.b64encode(b"k" * 32).decode(), b"{}"

    def signed(moment, key=b"k" * 32):
        digest = hmac.digest(key, f"msg_1.{moment}.".encode() + body, hashlib.sha256)
        signature = f"v1,bm8= v1,{base64.b64encode(digest).decode()}"
        return {"webhook-id": "msg_1", "webhook-timestamp": str(moment), "webhook-signature": signature}

    now = int(time.time())
    assert is_from_bridge(secret, signed(now), body)
    assert not is_from_bridge(secret, signed(now), b"[]")
    assert not is_from_bridge(secret, signed(now - 600), body)
    assert not is_from_bridge(secret, signed(now, key=b"x" * 32), body)


@pytest.mark.parametrize("language", ["curl", "python"])
def test_a_key_of_ones_own_is_the_short_way(site, olga_there, language):
    key = {"API_KEY": factories.api_key(olga_there)}
    said = Terminal(site, key).run("key") if language == "curl" else python(site, "key", **key)

    assert json.loads(said)["id"] == str(olga_there.uid)


def test_every_example_is_run_here():
    source = Path(__file__).read_text(encoding="utf-8")

    assert [name for name in RUN if f'"{name}"' not in source] == []
