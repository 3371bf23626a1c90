"""Google Meet: made with an event, at once or a while later."""

from typing import Any

from integrations.simulators.google.errors import invalid
from integrations.simulators.google.records import Calendar, Event
from integrations.simulators.google.world import World

SOLUTION = {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"}


def apply(world: World, calendar: Calendar, event: Event, wanted: dict[str, Any] | None) -> None:
    """What a write with conferenceDataVersion=1 says; None takes the conference away."""
    if wanted is None:
        event.fields.pop("conferenceData", None)
        event.fields.pop("hangoutLink", None)
    elif "createRequest" in wanted:
        _request(world, calendar, event, wanted["createRequest"])


def settle(world: World, event: Event) -> None:
    """What was pending may be ready by now."""
    if event.meet_ready_at and world.clock.now() >= event.meet_ready_at:
        event.meet_ready_at = None
        _succeed(world, event)
        event.version = world.next_version()


def _request(world: World, calendar: Calendar, event: Event, asked: dict[str, Any]) -> None:
    known = event.fields.get("conferenceData", {}).get("createRequest", {})
    if known.get("requestId") == asked.get("requestId"):
        return
    if not calendar.meets or asked.get("conferenceSolutionKey", {}).get("type") != "hangoutsMeet":
        raise invalid("Invalid conference type value.")
    state = world.switches.meet
    event.fields["conferenceData"] = {"createRequest": {**asked, "status": {"statusCode": state}}}
    if state == "success":
        _succeed(world, event)
    elif state == "pending":
        event.meet_ready_at = world.clock.now() + world.switches.meet_delay


def _succeed(world: World, event: Event) -> None:
    letters = "".join(world.chance.choices("abcdefghijkmnopqrstuvwxyz", k=10))
    conference = f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
    link, data = f"https://meet.google.com/{conference}", event.fields["conferenceData"]
    data["createRequest"]["status"] = {"statusCode": "success"}
    data |= {"conferenceSolution": SOLUTION, "conferenceId": conference}
    data["entryPoints"] = [{"entryPointType": "video", "uri": link, "label": link.removeprefix("https://")}]
    event.fields["hangoutLink"] = link
