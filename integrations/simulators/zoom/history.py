"""What happened, in sentences for the page with the meetings."""

from integrations.simulators.zoom.records import Event
from integrations.simulators.zoom.world import World

SENTENCES = {
    "meeting.created": "was created",
    "meeting.updated": "was changed",
    "meeting.deleted": "was deleted",
    "meeting.recovered": "was brought back",
    "meeting.started": "began",
    "meeting.ended": "ended",
}


def follow(world: World) -> None:
    world.listeners.append(lambda event: _note(world, event))


def _note(world: World, event: Event) -> None:
    told = SENTENCES.get(event.name)
    if told is not None:
        meeting = world.meetings[int(event.payload["object"]["id"])]
        start = f"{meeting.start:%Y-%m-%d %H:%M} UTC"
        world.history.append(f"{world.clock.now():%H:%M:%S} {meeting.topic} ({start}) {told}.")
