"""The control page, and the same as JSON."""

from html import escape
from typing import Any

from integrations.simulators.http import Request, Response, answer, redirect
from integrations.simulators.zoom.control import verbs
from integrations.simulators.zoom.errors import NotAuthorized, Refused
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.pages.control import approval, apps, clock, faults, meetings, users, webhooks
from integrations.simulators.zoom.world import World

SECTIONS = {
    "faults": ("Faults", faults.section),
    "clock": ("Clock", clock.section),
    "webhooks": ("Webhooks", webhooks.section),
    "meetings": ("Meetings", meetings.section),
    "users": ("Users", users.section),
    "apps": ("Apps", apps.section),
    "approval": ("App approval", approval.section),
}
ELSEWHERE = {"uninstall": "users", "withdraw": "approval"}
"""The section of a verb that is not named after one."""


def show(world: World, request: Request) -> Response:
    links = "".join(f'<li><a href="{request.mount}/control#{name}">{SECTIONS[name][0]}</a></li>' for name in SECTIONS)
    content = "".join(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{heading}</h2>{section(world, request)}</section>'
        for name, (heading, section) in SECTIONS.items()
    )
    return frame.render(request, "Control", f'<ul class="row contents">{links}</ul>{content}')


def act(world: World, request: Request) -> Response:
    """JSON in, JSON out; a form leads back to the page."""
    verb = verbs.VERBS.get(request.arguments["verb"])
    if verb is None:
        return answer(404, {"error": "unknown verb"})
    as_json = "json" in request.headers["content-type"]
    try:
        done = verb(world, dict(request.json() or {}) if as_json else _typed(request.form()))
    except (LookupError, TypeError, ValueError, Refused, NotAuthorized) as error:
        return answer(400, {"error": repr(error)}) if as_json else _refused(request, error)
    return answer(200, done) if as_json else redirect(_section(request), 303)


def state(world: World, request: Request) -> Response:
    return answer(200, verbs.state(world))


def _typed(form: dict[str, str]) -> dict[str, Any]:
    """Numbers as numbers; an empty field is left out, and means no where a switch is asked for."""
    return {name: int(value) if value.isdecimal() else value for name, value in form.items() if value}


def _section(request: Request) -> str:
    first = request.arguments["verb"].partition("/")[0]
    return f"{request.mount}/control#{ELSEWHERE.get(first, first)}"


def _refused(request: Request, error: Exception) -> Response:
    back = f'<p><a href="{escape(_section(request))}">Back to the control page</a></p>'
    told = str(error) if isinstance(error, ValueError) else f"It is not there any more, or not in order: {error}"
    return frame.render(request, "Nothing was changed", f"<p>{escape(told)}</p>{back}", 400)


ROUTES = (
    ("GET", "/control", show),
    ("POST", "/control/preset", faults.preset),
    ("POST", "/control/approval", approval.change),
    ("GET", "/control/state", state),
    ("POST", "/control/(?P<verb>.+)", act),
)
