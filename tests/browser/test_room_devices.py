"""The device check where there is nothing to check: no devices, refused ones, and a browser without video calls."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, Page, expect

from scheduling import manage_links
from scheduling.models import Scheduler
from tests import factories
from tests.browser import caller
from tests.browser.conftest import QUIET, QUIETER, Look, Visit

pytestmark = pytest.mark.browser

NONE: list[str] = []
REFUSING = ["--use-fake-device-for-media-stream"]
"""Devices are there, but nobody says yes when the browser asks."""

ALLOWING = [*REFUSING, "--use-fake-ui-for-media-stream"]
NO_AT_FIRST = """
const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
window.no = new DOMException("Permission denied", "NotAllowedError");
devices.getUserMedia = (wanted) => (window.no ? Promise.reject(window.no) : ask(wanted));
"""


@pytest.fixture
def browser(request: pytest.FixtureRequest, launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    made = launch_browser(args=[*QUIET.split(), *QUIETER.split(), *request.param])
    yield made
    made.close()


@pytest.fixture
def doors(site: str, scheduler: Scheduler, settings: Any) -> tuple[str, str]:
    settings.ROOM_PACE = 0.25
    booking = factories.booking(scheduler, start=now() - timedelta(minutes=5))
    factories.meeting(booking)
    return manage_links.room_url(booking, as_host=True), manage_links.room_url(booking)


@pytest.mark.parametrize("browser", [NONE], indirect=True)
def test_without_any_device_one_sees_writes_and_is_let_in(visit: Visit, look: Look, doors) -> None:
    host, guest = visit(), visit("phone")
    for page, door in ((host, doors[0]), (guest, doors[1])):
        page.goto(door)
        expect(page.get_by_text("No camera and no microphone were found.")).to_be_visible()
        expect(page.get_by_label("Camera", exact=True)).to_be_disabled()
    look(guest, "room-no-devices")
    host.get_by_role("button", name="Open the room").click()
    guest.get_by_role("button", name="Ask to come in").click()
    caller.let_in(host, "Ivan Invitee")
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.")
    caller.control(guest, "Chat").click()
    guest.get_by_label("Message", exact=True).fill("I only read today")
    guest.keyboard.press("Enter")
    expect(caller.status(host)).to_have_text("New message from Ivan Invitee")
    caller.control(host, "Camera").click()
    expect(caller.status(host)).to_have_text("The camera could not be switched on.")


@pytest.mark.parametrize("browser", [REFUSING], indirect=True)
def test_refused_devices_are_a_sentence_with_what_to_do(visit: Visit, look: Look, doors) -> None:
    page = visit()
    page.goto(doors[1])
    expect(page.get_by_text("Camera and microphone are not allowed here.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask to come in")).to_be_enabled()
    look(page, "room-refused")


@pytest.mark.parametrize("browser", [ALLOWING], indirect=True)
def test_who_allows_them_after_all_tries_again(visit: Visit, doors) -> None:
    page = visit()
    page.add_init_script(NO_AT_FIRST)
    page.goto(doors[1])
    expect(page.get_by_text("Camera and microphone are not allowed here.")).to_be_visible()
    page.evaluate("() => { window.no = null; }")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Camera and microphone work.")).to_be_visible()


@pytest.mark.parametrize("browser", [NONE], indirect=True)
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("delete window.RTCPeerConnection", "This browser cannot make video calls."),
        (
            "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})",
            "This browser cannot make video calls.",
        ),
    ],
)
def test_a_browser_without_video_calls_is_told(visit: Visit, doors, missing: str, said: str) -> None:
    page = visit()
    page.add_init_script(missing)
    page.goto(doors[1])
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("button", name="Ask to come in")).to_be_disabled()


@pytest.mark.parametrize("browser", [NONE], indirect=True)
def test_without_scripts_the_page_says_what_it_needs(visit: Visit, doors) -> None:
    page: Page = visit(java_script_enabled=False)
    page.goto(doors[1])
    expect(page.get_by_text("A video call needs scripts.")).to_be_visible()
