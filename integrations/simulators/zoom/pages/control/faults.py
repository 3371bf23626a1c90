"""What goes wrong, from a list."""

from html import escape

from integrations.simulators.faults import Fault
from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom.control import conditions
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.world import World

PRESETS = {
    "The next call gets no answer although it was carried out": {"kind": "drop_after", "path": "/v2/*", "times": 1},
    "The next call is answered with an error page (502)": {
        "kind": "status",
        "status": 502,
        "path": "/v2/*",
        "times": 1,
    },
    "Zoom is down (503) until cleared": {"kind": "status", "status": 503},
    "Every call takes five seconds until cleared": {"kind": "latency", "seconds": 5, "path": "/v2/*"},
    "One call in three fails (503) until cleared": {"kind": "status", "status": 503, "path": "/v2/*", "every": 3},
    "The next call exceeds the limit per second": {"kind": "rate_limit", "path": "/v2/*", "times": 1},
    "The next call exceeds the host's limit of the day": {
        "kind": "rate_limit",
        "limit": "user",
        "path": "/v2/*",
        "times": 1,
    },
    "The user removes the app just before the next call": {"kind": "revoke", "path": "/v2/*", "times": 1},
}


def section(world: World, request: Request) -> str:
    options = "".join(f"<option>{escape(name)}</option>" for name in PRESETS)
    choice = f'<p><label for="preset">What goes wrong</label><select id="preset" name="preset">{options}</select></p>'
    active = "".join(f"<li>{escape(_described(fault))}</li>" for fault in world.faults.all())
    clear = frame.form(f"{request.mount}/control/faults/clear", "Clear all faults", {}, kind="plain")
    shown = f"<ul>{active}</ul>{clear}" if active else "<p>Everything works.</p>"
    return frame.form(f"{request.mount}/control/preset", "Let it happen", {}, more=choice) + shown


def preset(world: World, request: Request) -> Response:
    chosen = PRESETS.get(request.form().get("preset", ""))
    if chosen is not None:
        conditions.faults(world, dict(chosen))
    return redirect(f"{request.mount}/control#faults", 303)


def _described(fault: Fault) -> str:
    return f"{fault.kind} on {fault.method} {fault.path}: hit {fault.hits} of {fault.times or 'all'}"
