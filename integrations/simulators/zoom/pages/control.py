"""The control page, and the same as JSON."""

from html import escape
from typing import Any

from integrations.simulators.faults import Fault
from integrations.simulators.http import Request, Response, answer, redirect
from integrations.simulators.zoom import control
from integrations.simulators.zoom.errors import NotAuthorized
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
JUMPS = {"One hour": 1, "One day": 24, "31 days": 31 * 24, "91 days": 91 * 24}


def show(world: World, request: Request) -> Response:
    content = "".join(
        f"<h2>{heading}</h2>{section(world, request)}"
        for heading, section in (("Faults", _faults), ("Clock", _clock), ("App approval", _accounts), ("Users", _users))
    )
    return frame.render(request, "Control", content)


def preset(world: World, request: Request) -> Response:
    chosen = PRESETS.get(request.form().get("preset", ""))
    if chosen is not None:
        control.faults(world, dict(chosen))
    return redirect(f"{request.mount}/control", 303)


def act(world: World, request: Request) -> Response:
    """JSON in, JSON out; a form leads back to the page."""
    verb = control.VERBS.get(request.arguments["verb"])
    if verb is None:
        return answer(404, {"error": "unknown verb"})
    as_json = "json" in request.headers["content-type"]
    try:
        done = verb(world, dict(request.json() or {}) if as_json else _typed(request.form()))
    except (LookupError, TypeError, ValueError, StopIteration, NotAuthorized) as error:
        return answer(400, {"error": repr(error)})
    return answer(200, done) if as_json else redirect(f"{request.mount}/control", 303)


def state(world: World, request: Request) -> Response:
    return answer(200, control.state(world))


def _typed(form: dict[str, str]) -> dict[str, Any]:
    """Numbers as numbers; an empty field is left out, and means no where a switch is asked for."""
    return {name: int(value) if value.isdecimal() else value for name, value in form.items() if value}


def _faults(world: World, request: Request) -> str:
    options = "".join(f"<option>{escape(name)}</option>" for name in PRESETS)
    choice = f'<label for="preset">What goes wrong</label> <select id="preset" name="preset">{options}</select> '
    active = "".join(f"<li>{escape(_described(fault))}</li>" for fault in world.faults.all())
    clear = frame.form(f"{request.mount}/control/faults/clear", "Clear all faults", {}, kind="plain")
    shown = f"<ul>{active}</ul>{clear}" if active else "<p>Everything works.</p>"
    return frame.form(f"{request.mount}/control/preset", "Let it happen", {}, more=choice) + shown


def _described(fault: Fault) -> str:
    return f"{fault.kind} on {fault.method} {fault.path}: hit {fault.hits} of {fault.times or 'all'}"


def _clock(world: World, request: Request) -> str:
    buttons = "".join(
        frame.form(f"{request.mount}/control/clock", f"{label} later", {"hours": str(hours)}, kind="plain")
        for label, hours in JUMPS.items()
    )
    return f'<p>It is {world.clock.now():%Y-%m-%d %H:%M} UTC here.</p><div class="row">{buttons}</div>'


def _accounts(world: World, request: Request) -> str:
    rows = []
    for account in world.accounts.values():
        approved = ", ".join(app.name for app in world.apps.values() if app.client_id in account.approved)
        needed = "An admin approves apps" if account.pre_approval else "Users add apps themselves"
        change = {"account": account.id, "required": "" if account.pre_approval else "1"}
        label = "Let users add apps" if account.pre_approval else "Require approval"
        buttons = frame.form(f"{request.mount}/control/approval", f"{label}: {account.name}", change, kind="plain")
        if account.approved:
            end = {"account": account.id}
            buttons += frame.form(
                f"{request.mount}/control/withdraw", f"Withdraw approval: {account.name}", end, kind="danger"
            )
        rows.append([escape(account.name), needed, escape(approved) or "none", f'<div class="row">{buttons}</div>'])
    return frame.table("Who decides about apps", ["Account", "Rule", "Approved", "Action"], rows)


def approval(world: World, request: Request) -> Response:
    form = request.form()
    control.pre_approval(world, {"account": form.get("account", ""), "required": form.get("required", "")})
    return redirect(f"{request.mount}/control", 303)


def _users(world: World, request: Request) -> str:
    rows = []
    for user in world.users.values():
        plan, label = ("1", "Make Basic") if user.type == 2 else ("2", "Make Licensed")
        action = f"{request.mount}/control/users/change"
        buttons = frame.form(action, f"{label}: {user.email}", {"user": user.id, "type": plan}, kind="plain")
        active = user.status == "active"
        status, label = ("inactive", "Deactivate") if active else ("active", "Activate")
        kind = "danger" if active else "plain"
        buttons += frame.form(action, f"{label}: {user.email}", {"user": user.id, "status": status}, kind=kind)
        rows.append([escape(user.email), str(user.type), escape(user.status), f'<div class="row">{buttons}</div>'])
    return frame.table("1 is Basic, 2 is Licensed", ["User", "Type", "Status", "Action"], rows)


ROUTES = (
    ("GET", "/control", show),
    ("POST", "/control/preset", preset),
    ("POST", "/control/approval", approval),
    ("GET", "/control/state", state),
    ("POST", "/control/(?P<verb>.+)", act),
)
