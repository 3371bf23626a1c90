"""Bridge's own video room between two browsers and more, with fake cameras: pictures and sound really arrive."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, Page, expect

from scheduling import manage_links
from scheduling.models import Booking, Scheduler
from tests import factories
from tests.browser import caller
from tests.browser.conftest import QUIET, QUIETER, Visit

pytestmark = pytest.mark.browser

FAKES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
SCREEN = ["--auto-select-desktop-capture-source=Entire screen"]


@pytest.fixture(scope="module")
def browser(launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    """One with a camera that shows a moving pie, and a microphone that beeps."""
    made = launch_browser(args=[*QUIET.split(), *QUIETER.split(), *FAKES, *SCREEN])
    yield made
    made.close()


@pytest.fixture
def booking(site: str, scheduler: Scheduler) -> Booking:
    made = factories.booking(scheduler, start=now() - timedelta(minutes=5))
    factories.meeting(made)
    return made


@pytest.fixture
def call(booking: Booking, visit: Visit) -> Callable[..., Page]:
    """call(as_host=True): somebody's page, before it was opened; `address` is where his door is."""

    def somebody(device: str = "desktop", **options: Any) -> Page:
        return caller.listen(visit(device, **options))

    return somebody


@pytest.fixture
def doors(booking: Booking) -> tuple[str, str]:
    return manage_links.room_url(booking, as_host=True), manage_links.room_url(booking)


@pytest.mark.row("IN-8")
def test_pictures_sound_and_words_arrive_on_both_sides(call, doors, record_property) -> None:
    host, guest = call(), call()
    caller.open_room(host, doors[0])
    caller.enter(guest, doors[1])
    expect(caller.status(guest)).to_have_text("Olga Berg knows that you are here and will let you in.")
    expect(guest.locator(".tile")).to_have_count(0)
    assert guest.evaluate("() => window.connections.length") == 0

    caller.let_in(host, "Ivan Invitee")
    took = caller.until(guest, lambda: bool(caller.arrived(guest)) and bool(caller.arrived(host)))
    expect(caller.status(guest)).to_have_text("Connected with Olga Berg.")
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.")
    host.wait_for_timeout(2000)

    for page, other in ((host, "Ivan Invitee"), (guest, "Olga Berg")):
        (found,) = caller.arrived(page)
        print(f"connected after {took:.1f} s; from {other}: {found}")
        assert found["frames"] > 10
        assert found["width"] > 0
        assert found["packets"] > 0
        assert found["energy"] > 0
        assert caller.shown(page, other) == {"width": found["width"], "moved": True}
