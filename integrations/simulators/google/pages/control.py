"""A page to look at what the simulated Google remembers, and to make it misbehave."""

from collections.abc import Callable
from datetime import timedelta
from html import escape

from integrations.simulators.google import trouble
from integrations.simulators.google.pages import frame
from integrations.simulators.google.records import Event
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom.pages.frame import form

MOST = 20
API = "/calendar/v3/*"
PRESETS: dict[str, dict[str, object]] = {
    "The next call gets no answer although it was carried out": {"kind": "drop_after", "path": API, "times": 1},
    "The next answer breaks off half way": {"kind": "truncated", "path": API, "times": 1},
    "Google is down (503) until cleared": {"kind": "status", "status": 503, "path": API},
    "Every call takes five seconds until cleared": {"kind": "latency", "seconds": 5, "path": API},
    "The next call exceeds the limit (403)": {"kind": "rate_limit", "limit": "user", "path": API, "times": 1},
    "The next call exceeds the limit (429)": {"kind": "rate_limit", "limit": "429", "path": API, "times": 1},
    "The person removes the app just before the next call": {"kind": "revoke", "path": API, "times": 1},
}
Verb = Callable[[World], object]
VERBS: dict[str, tuple[str, Verb]] = {
    "clear": ("Clear all faults", lambda world: world.faults.clear()),
    "expire-tokens": ("Expire all sync tokens", trouble.expire_sync_tokens),
    "expire-channels": ("Expire all watch channels", lambda world: world.push.expire()),
    "drop-pushes": ("Drop or deliver messages", trouble.toggle_pushes),
    "revoke": ("Everybody removes the app", trouble.revoke_everybody),
    "hour": ("One hour later", lambda world: world.clock.advance(timedelta(hours=1))),
    "week": ("One week later", lambda world: world.clock.advance(timedelta(days=7))),
}


def show(world: World, request: Request) -> Response:
    options = "".join(f"<option>{escape(name)}</option>" for name in PRESETS)
    choice = f'<p><label for="preset">What goes wrong</label><select id="preset" name="preset">{options}</select></p>'
    active = "".join(f"<li>{escape(fault.kind)}: {escape(fault.path)}</li>" for fault in world.faults.all())
    faults = form(f"{request.mount}/control/preset", "Let it happen", {}, more=choice)
    faults += f"<ul>{active}</ul>" if active else "<p>Everything works.</p>"
    verbs = "".join(
        form(f"{request.mount}/control/{verb}", label, {}, kind="plain") for verb, (label, _) in VERBS.items()
    )
    pushes = "are dropped" if world.push.dropped else "are delivered"
    state = f"<p>It is {world.clock.now():%Y-%m-%d %H:%M} UTC. Messages to {_open(world)} channels {pushes}.</p>"
    content = f'<section><h2>Faults</h2>{faults}<div class="row">{verbs}</div>{state}</section>'
    return frame.render(request, "Control", content + _calendars(world, request))


def preset(world: World, request: Request) -> Response:
    wanted = dict(PRESETS[request.form()["preset"]])
    world.faults.add(str(wanted.pop("kind")), **wanted)
    return _back(request)


def act(world: World, request: Request) -> Response:
    VERBS[request.arguments["verb"]][1](world)
    return _back(request)


def change(world: World, request: Request) -> Response:
    """What a person does with an event in his calendar."""
    fields = request.form()
    calendar = world.calendars[fields["calendar"]]
    event = calendar.events[fields["event"]]
    if fields["do"] == "delete":
        trouble.delete(world, calendar, event)
    else:
        trouble.move(world, calendar, event, timedelta(hours=1))
    return _back(request)


def style(world: World, request: Request) -> Response:
    return frame.style(request)


def _open(world: World) -> int:
    now = world.clock.now()
    return sum(not one.stopped and one.expires_at > now for one in world.push.channels.values())


def _calendars(world: World, request: Request) -> str:
    told = ""
    for calendar in world.calendars.values():
        events = [event for event in calendar.events.values() if not event.deleted][-MOST:]
        rows = "".join(f"<li>{_event(request, event)}</li>" for event in events)
        told += f"<section><h2>{escape(calendar.summary)}</h2><ul>{rows}</ul></section>"
    return told


def _event(request: Request, event: Event) -> str:
    start = event.fields.get("start", {})
    told = f"{escape(event.fields.get('summary', ''))} · {escape(start.get('dateTime') or start.get('date', ''))}"
    fields = {"calendar": event.calendar_id, "event": event.id}
    action = f"{request.mount}/control/event"
    return (
        told
        + form(action, "An hour later", {**fields, "do": "move"}, kind="plain")
        + form(action, "Delete", {**fields, "do": "delete"}, kind="plain")
    )


def _back(request: Request) -> Response:
    return redirect(f"{request.mount}/control", 303)


ROUTES = (
    ("GET", "/(?:control)?", show),
    ("GET", "/google.css", style),
    ("POST", "/control/preset", preset),
    ("POST", "/control/event", change),
    ("POST", "/control/(?P<verb>[a-z-]+)", act),
)
