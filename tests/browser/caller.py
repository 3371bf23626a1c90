"""What people do in a video room, and what a browser says about what arrives."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

LISTENING = """
window.connections = [];
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...terms) { super(...terms); window.connections.push(this); }
};
"""
ARRIVED = """async () => {
  const found = [];
  for (const connection of window.connections.filter((one) => one.connectionState === "connected")) {
    const arrived = { frames: 0, width: 0, packets: 0, energy: 0 };
    for (const report of (await connection.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      if (report.kind === "video") { arrived.frames += report.framesDecoded; arrived.width = report.frameWidth ?? 0; }
      else { arrived.packets += report.packetsReceived; arrived.energy += report.totalAudioEnergy ?? 0; }
    }
    found.push(arrived);
  }
  return found;
}"""
SHOWN = """(video) => new Promise((resolve) => {
  const before = video.currentTime;
  video.requestVideoFrameCallback(() => video.requestVideoFrameCallback(
    () => resolve({ width: video.videoWidth, moved: video.currentTime > before })));
})"""


def listen(page: Page) -> Page:
    """From before the first page: remember every connection, so that it can be asked."""
    page.add_init_script(LISTENING)
    return page


def enter(page: Page, address: str, *, name: str = "", button: str = "Ask to come in") -> None:
    page.goto(address)
    expect(page.get_by_text("Camera and microphone work.")).to_be_visible()
    if name:
        page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name=button).click()


def open_room(page: Page, address: str) -> None:
    enter(page, address, button="Open the room")
    expect(status(page)).to_have_text("You are in the room. Nobody else is here yet.")


def let_in(page: Page, name: str) -> None:
    page.locator(".knock", has_text=name).get_by_role("button", name="Let in").click()


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def control(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Controls").get_by_role("button", name=name)


def tile(page: Page, name: str) -> Locator:
    return page.locator(".tile", has_text=name)


def arrived(page: Page) -> list[dict[str, Any]]:
    """Of each living connection: video frames decoded, their width, sound packets, sound energy."""
    found: list[dict[str, Any]] = page.evaluate(ARRIVED)
    return found


def shown(page: Page, name: str) -> dict[str, Any]:
    """Two frames of his picture from now."""
    found: dict[str, Any] = tile(page, name).locator("video").evaluate(SHOWN)
    return found


def until(page: Page, fulfilled: Callable[[], bool], *, seconds: float = 20) -> float:
    """How long it took."""
    began = time.monotonic()
    while not fulfilled():
        assert time.monotonic() - began < seconds, "it did not happen"
        page.wait_for_timeout(100)
    return time.monotonic() - began


def hears_nothing(page: Page) -> bool:
    """For a second and a half, in which a microphone that is on beeps."""
    before = arrived(page)[0]["energy"]
    page.wait_for_timeout(1500)
    return bool(arrived(page)[0]["energy"] - before < 0.001)
