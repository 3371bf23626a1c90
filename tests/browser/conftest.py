"""Chromium, the served site with a real worker, the simulated providers on other origins, screenshots and axe."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.timezone import now
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect

from bridge import embedded
from bridge.celery import app
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from outbox.models import Intent
from tests import servers
from tests.browser import axe

SHOTS = Path(__file__).parent.parent.parent / "screenshots"
DEVICES: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIETER = "--disable-component-update --disable-sync --disable-dev-shm-usage"
HASTY = "--js-flags=--no-opt,--no-maglev"
"""No page lives long enough to be worth the time that making its scripts faster takes."""

EXPECTED = re.compile(
    r"Failed to load resource: (.* status of (400|403|404|409|410|422|429)|net::ERR_INTERNET_DISCONNECTED)"
)
"""A page refuses something politely by its status, or a test cuts the line; Chromium calls that an error."""

expect.set_options(timeout=15_000)  # all cores may be busy with other tests

Visit = Callable[..., Page]
Settled = Callable[[], None]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": servers.chromium(), "args": [*QUIET.split(), *QUIETER.split(), HASTY]}


@pytest.fixture(scope="session")
def _worker(django_db_setup: None, django_db_blocker: Any) -> None:
    """The try-out's workers and timetable, as threads of this process."""
    with django_db_blocker.unblock():
        embedded.start()


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any, _worker: None) -> Iterator[str]:
    """Bridge as it is served; its address. The workers listen only meanwhile: other tests do without them."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    for worker, (queue, _threads) in embedded.WORKERS.items():
        app.control.add_consumer(queue, destination=[worker], reply=True, limit=1)
    yield live_server.url
    for worker, (queue, _threads) in embedded.WORKERS.items():
        app.control.cancel_consumer(queue, destination=[worker], reply=True, limit=1)
    embedded.wait_for_tasks(seconds=5)
    cache.clear()


@pytest.fixture
def zoom(site: str, settings: Any) -> Iterator[ZoomSimulator]:
    """On another origin than Bridge, as the real one is."""
    callback = f"{site}/connect/zoom/callback"
    simulator = ZoomSimulator(settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET, [callback])
    with SimulatorServer(simulator) as server:
        settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = server.url, f"{server.url}/v2"
        yield simulator


@pytest.fixture
def google(site: str, settings: Any) -> Iterator[GoogleSimulator]:
    """On another origin too."""
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = "google-client", "google-secret-of-ours"
    simulator = GoogleSimulator("google-client", "google-secret-of-ours", [f"{site}/connect/google/callback"])
    simulator.push.https_only = False
    with SimulatorServer(simulator) as server:
        settings.GOOGLE_OAUTH_URL = settings.GOOGLE_TOKEN_URL = server.url
        settings.GOOGLE_API_URL = settings.GOOGLE_PEOPLE_URL = server.url
        yield simulator


@pytest.fixture
def microsoft(site: str, settings: Any) -> Iterator[MicrosoftSimulator]:
    """On another origin too."""
    callbacks = [f"{site}/connect/microsoft/{path}" for path in ("callback", "consent")]
    simulator = MicrosoftSimulator(settings.MICROSOFT_CLIENT_ID, settings.MICROSOFT_CLIENT_SECRET, callbacks)
    with SimulatorServer(simulator) as server:
        settings.MICROSOFT_OAUTH_URL, settings.MICROSOFT_GRAPH_URL = server.url, f"{server.url}/v1.0"
        yield simulator


@pytest.fixture
def settled(site: str) -> Settled:
    """settled() waits until the worker has done all that is due."""

    def waited() -> None:
        deadline = time.monotonic() + 15
        while Intent.objects.pending().filter(due_at__lte=now()).exists():
            assert time.monotonic() < deadline, list(Intent.objects.pending())
            time.sleep(0.05)

    return waited


@pytest.fixture(params=list(DEVICES))
def device(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """A new visitor: visit(device, **context options) is his page. Any error in a console fails the test."""
    errors: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            errors.append(message.text)

    def opened(device: str = "desktop", **options: Any) -> Page:
        defaults = {"base_url": site, "viewport": DEVICES[device], "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(**defaults | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def look() -> Iterator[Look]:
    """look(page, name): on each device, in light and in dark: nothing wider than the screen, nothing for axe to find.

    What is wrong is told at the end. CI, where nobody looks at pictures, makes none.
    """
    SHOTS.mkdir(exist_ok=True)
    problems: list[str] = []

    def seen(page: Page, name: str) -> None:
        given = page.viewport_size or DEVICES["desktop"]
        page.wait_for_load_state()
        page.evaluate(axe.SCRIPT)
        for device, size in DEVICES.items():
            page.set_viewport_size(size)
            problems.extend(_problems(page, f"{name}-{device}"))
        page.set_viewport_size(given)

    yield seen
    assert not problems, "\n".join(problems)


def _problems(page: Page, name: str) -> Iterator[str]:
    for scheme in axe.QUESTIONS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if not os.environ.get("CI"):
            page.screenshot(path=SHOTS / f"{name}-{scheme}.png", full_page=True)
        if complaint := axe.complaint(page, scheme):
            yield f"{name} in {scheme}:\n{complaint}"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider:
        yield f"{name} is {wider} px wider than the screen"
