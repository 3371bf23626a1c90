"""Bridge's own video room between two browsers and more, with fake cameras: pictures and sound really arrive."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from scheduling import bookings, manage_links
from scheduling.models import Booking, Scheduler
from tests import factories
from tests.browser import caller
from tests.browser.conftest import QUIET, QUIETER, Look, Visit

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
def booking(site: str, scheduler: Scheduler, settings: Any) -> Booking:
    """It is time. Browsers ask four times as often, so that the tests wait less."""
    settings.ROOM_PACE = 0.25
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
def test_pictures_sound_and_words_arrive_on_both_sides(call, doors) -> None:
    host, guest = call(), call()
    caller.open_room(host, doors[0])
    caller.enter(guest, doors[1])
    expect(caller.status(guest)).to_have_text("Olga Berg knows that you are here and will let you in.")
    expect(guest.locator(".tile")).to_have_count(0)
    assert guest.evaluate("() => window.connections.length") == 0

    caller.let_in(host, "Ivan Invitee")
    caller.until(guest, lambda: bool(caller.arrived(guest)) and bool(caller.arrived(host)))
    expect(caller.status(guest)).to_have_text("Connected with Olga Berg.")
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.")
    host.wait_for_timeout(2000)

    for page, other in ((host, "Ivan Invitee"), (guest, "Olga Berg")):
        (found,) = caller.arrived(page)
        assert found["frames"] > 10
        assert found["width"] > 0
        assert found["packets"] > 0
        assert found["energy"] > 0
        assert caller.shown(page, other) == {"width": found["width"], "moved": True}


@pytest.fixture
def talking(call, doors) -> tuple[Page, Page]:
    """Host and guest, connected."""
    host, guest = call(), call()
    caller.open_room(host, doors[0])
    caller.enter(guest, doors[1])
    caller.let_in(host, "Ivan Invitee")
    for page, other in ((host, "Ivan Invitee"), (guest, "Olga Berg")):
        expect(caller.status(page)).to_have_text(f"Connected with {other}.")
    return host, guest


@pytest.mark.row("IN-8")
def test_mute_camera_off_and_the_chat_reach_the_other_side(talking) -> None:
    host, guest = talking
    caller.control(guest, "Mic").click()
    expect(caller.control(guest, "Mic")).to_have_attribute("aria-pressed", "false")
    expect(caller.tile(host, "Ivan Invitee")).to_contain_text("microphone off")
    caller.until(host, lambda: caller.hears_nothing(host))

    caller.control(guest, "Camera").click()
    expect(caller.tile(host, "Ivan Invitee")).to_contain_text("camera off")
    expect(caller.tile(host, "Ivan Invitee").locator("video")).to_have_css("visibility", "hidden")
    caller.control(guest, "Camera").click()
    expect(caller.tile(host, "Ivan Invitee")).not_to_contain_text("camera off")
    assert caller.shown(host, "Ivan Invitee")["moved"]

    caller.control(guest, "Chat").click()
    guest.get_by_label("Message", exact=True).fill("Hello <b>Olga</b>")
    guest.keyboard.press("Enter")
    expect(caller.status(host)).to_have_text("New message from Ivan Invitee")
    caller.control(host, "Chat New message").click()
    expect(host.get_by_role("log")).to_have_text("Ivan Invitee: Hello <b>Olga</b>")
    host.keyboard.press("Escape")
    expect(host.get_by_role("log")).to_be_hidden()
    expect(caller.control(host, "Chat")).to_be_focused()


@pytest.mark.row("IN-8")
def test_a_shared_screen_is_seen_and_goes_again(talking) -> None:
    host, guest = talking
    before = caller.shown(guest, "Olga Berg")["width"]
    caller.control(host, "Share screen").click()
    expect(caller.status(host)).to_have_text("The others see your screen.")
    expect(caller.tile(guest, "Olga Berg")).to_contain_text("shares the screen")
    caller.until(guest, lambda: caller.shown(guest, "Olga Berg")["width"] != before)

    caller.control(host, "Share screen").click()
    expect(caller.tile(guest, "Olga Berg")).not_to_contain_text("shares the screen")
    caller.until(guest, lambda: caller.shown(guest, "Olga Berg")["moved"])


@pytest.mark.row("IN-8")
def test_leaving_is_noticed_and_a_reload_leads_back(talking) -> None:
    host, guest = talking
    guest.reload()
    expect(caller.status(guest)).to_have_text("Connected with Olga Berg.")
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.")
    expect(host.locator(".tile")).to_have_count(2)
    assert caller.shown(host, "Ivan Invitee")["moved"]

    caller.control(guest, "Leave").click()
    expect(guest.get_by_role("heading", name="You have left the room.")).to_be_visible()
    expect(caller.status(host)).to_have_text("Ivan Invitee has left.")
    expect(host.locator(".tile")).to_have_count(1)

    guest.get_by_role("button", name="Come back").click()
    guest.get_by_role("button", name="Ask to come in").click()
    expect(caller.status(guest)).to_have_text("Connected with Olga Berg.")


@pytest.mark.row("IN-8")
def test_a_second_guest_sees_and_hears_both(talking, call, doors) -> None:
    host, guest = talking
    second = call()
    caller.enter(second, doors[1], name="Wanda")
    caller.let_in(host, "Wanda")
    expect(caller.status(second)).to_have_text("Connected with 2 people.")
    for page in (host, guest, second):
        expect(page.locator(".tile")).to_have_count(3)
        caller.until(page, partial(_arrives_from, page, 2))


def _arrives_from(page: Page, others: int) -> bool:
    arrived = caller.arrived(page)
    return len(arrived) == others and all(found["width"] and found["packets"] for found in arrived)


def test_a_refused_guest_is_told_and_may_ask_again(call, doors) -> None:
    host, guest = call(), call()
    caller.open_room(host, doors[0])
    caller.enter(guest, doors[1])
    host.locator(".knock").get_by_role("button", name="Refuse").click()

    expect(guest.get_by_role("heading", name="Olga Berg has not let you in.")).to_be_visible()
    expect(guest.get_by_role("link", name="olga@example.org")).to_be_visible()
    expect(host.locator(".knock")).to_have_count(0)


def test_before_the_host_comes_the_guest_is_told_and_is_let_in_later(call, doors) -> None:
    host, guest = call(), call()
    caller.enter(guest, doors[1])
    expect(caller.status(guest)).to_contain_text("Olga Berg is not here yet.")
    caller.enter(host, doors[0], button="Open the room")
    caller.let_in(host, "Ivan Invitee")
    expect(caller.status(guest)).to_have_text("Connected with Olga Berg.")


def test_without_a_camera_one_is_heard_and_sees(call, doors) -> None:
    host, guest = call(), call()
    caller.open_room(host, doors[0])
    caller.enter(guest, doors[1], button="Join without camera")
    caller.let_in(host, "Ivan Invitee")
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.")
    expect(caller.tile(host, "Ivan Invitee")).to_contain_text("camera off")
    assert caller.shown(guest, "Olga Berg")["moved"]
    caller.until(host, lambda: caller.arrived(host)[0]["packets"] > 0)

    caller.control(guest, "Camera").click()
    expect(caller.tile(host, "Ivan Invitee")).not_to_contain_text("camera off")
    assert caller.shown(host, "Ivan Invitee")["moved"]


def test_the_name_is_asked_for(call, doors) -> None:
    guest = call()
    caller.enter(guest, doors[1], name=" ")
    expect(guest.get_by_text("Please tell your name, so that the others know who comes.").last).to_be_visible()


def test_when_bridge_is_away_the_call_goes_on(talking) -> None:
    host, _guest = talking
    host.context.set_offline(True)
    expect(caller.status(host)).to_contain_text("Bridge cannot be reached", timeout=30_000)
    host.context.set_offline(False)
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.", timeout=30_000)


def test_a_cancelled_booking_closes_the_room(talking, booking) -> None:
    bookings.cancel(booking, by=None)
    for page in talking:
        expect(page.get_by_role("heading", name="This booking is cancelled. Nobody is expected here.")).to_be_visible()


def test_how_the_room_looks(call, doors, look: Look) -> None:
    host, guest = call(), call("phone")
    host.goto(doors[0])
    expect(host.get_by_text("Camera and microphone work.")).to_be_visible()
    look(host, "room-check")
    host.get_by_role("button", name="Open the room").click()
    caller.enter(guest, doors[1])
    expect(guest.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    look(guest, "room-waiting")
    expect(host.locator(".knock")).to_be_visible()
    look(host, "room-knock")
    caller.let_in(host, "Ivan Invitee")
    expect(caller.status(host)).to_have_text("Connected with Ivan Invitee.")
    caller.control(guest, "Mic").click()
    look(host, "room-call")
    caller.control(guest, "Chat").click()
    guest.get_by_label("Message", exact=True).fill("Good morning, shall we begin?")
    guest.keyboard.press("Enter")
    look(guest, "room-chat")
    caller.control(guest, "Chat").click()
    caller.control(guest, "Devices").click()
    look(guest, "room-devices")
    guest.get_by_role("button", name="Done").click()
    for button in guest.locator(".control").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    caller.control(guest, "Leave").click()
    look(guest, "room-left")


RELAY_ONLY = """
const Given = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Given {
  constructor(terms) { super({ ...terms, iceTransportPolicy: "relay" }); }
};
"""


@pytest.mark.row("IN-8")
def test_where_no_connection_is_possible_it_says_so_and_the_chat_still_works(call, doors) -> None:
    """As in a network that lets nothing through but to a relay, and there is none."""
    host, guest = call(), call()
    guest.add_init_script(RELAY_ONLY)
    caller.open_room(host, doors[0])
    caller.enter(guest, doors[1])
    caller.let_in(host, "Ivan Invitee")
    expect(caller.tile(guest, "Olga Berg")).to_contain_text("connecting …")
    for page, other in ((guest, "Olga Berg"), (host, "Ivan Invitee")):
        sentence = f"No connection with {other} is possible from this network."
        expect(caller.status(page)).to_have_text(sentence, timeout=40_000)
        expect(page.get_by_text("Try another one, such as your phone’s")).to_be_visible()
    expect(guest.get_by_role("link", name="olga@example.org")).to_be_visible()

    caller.control(guest, "Chat").click()
    guest.get_by_label("Message", exact=True).fill("I will call you")
    guest.keyboard.press("Enter")
    caller.control(host, "Chat").click()
    expect(host.get_by_role("log")).to_have_text("Ivan Invitee: I will call you")


def test_a_connection_that_breaks_is_a_sentence_and_is_made_anew_after_coming_back(talking, call, doors) -> None:
    """The guest's browser dies without a word; he comes back in another."""
    host, guest = talking
    with pytest.raises(PlaywrightError, match="crash"):
        guest.goto("chrome://crash")
    sentence = "The connection with Ivan Invitee broke. Trying again …"
    expect(caller.status(host)).to_have_text(sentence, timeout=30_000)
    expect(caller.tile(host, "Ivan Invitee")).to_contain_text("trying again")

    again = call()
    caller.enter(again, doors[1], name="Ivan again")
    caller.let_in(host, "Ivan again")
    expect(caller.status(again)).to_contain_text("Connect")
    caller.until(again, lambda: bool(caller.arrived(again)))
    assert caller.shown(host, "Ivan again")["moved"]
