"""Chromium, the served site with a real worker, the simulated Zoom on another origin, screenshots and axe."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, ConsoleMessage, Page

from bridge import embedded
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator

SHOTS = Path(__file__).parent.parent.parent / "screenshots"
DEVICES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIETER = "--disable-component-update --disable-sync --disable-dev-shm-usage"
EXPECTED = re.compile(r"Failed to load resource: .* status of (404|409|410|422|429)")
"""A page that refuses something politely says so with its status; Chromium calls that an error."""

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": shutil.which("chromium"), "args": [*QUIET.split(), *QUIETER.split()]}


@pytest.fixture(scope="session")
def _worker(django_db_setup: None) -> None:
    """The try-out's worker and timetable, as threads of this process."""
    embedded.start()


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any, _worker: None) -> Iterator[str]:
    """Bridge as it is served; its address."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    yield live_server.url
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
def look() -> Callable[[Page, str], None]:
    """look(page, name): a screenshot in light and in dark, and in both nothing for axe to complain about."""
    axe = Axe()

    def seen(page: Page, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=SHOTS / f"{name}-{scheme}.png", full_page=True)
            found = axe.run(page)
            assert found.violations_count == 0, f"{name} in {scheme}:\n{found.generate_report()}"
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    return seen
