"""The control page, and the same as JSON."""

from html import escape
from typing import Any

from integrations.simulators.http import Request, Response, answer, redirect
from integrations.simulators.microsoft.control import verbs
from integrations.simulators.microsoft.errors import Refused
from integrations.simulators.microsoft.pages import frame, words
from integrations.simulators.microsoft.records import Policy, Tenant, User
from integrations.simulators.microsoft.world import World

PRESETS: dict[str, dict[str, Any]] = {
    "The next call gets no answer although it was carried out": {"kind": "drop_after", "path": "/v1.0/*", "times": 1},
    "Microsoft is down (503) until cleared": {"kind": "status", "status": 503},
    "Every call takes five seconds until cleared": {"kind": "latency", "seconds": 5, "path": "/v1.0/*"},
    "The next call is throttled (429)": {"kind": "rate_limit", "path": "/v1.0/*", "times": 1},
    "The user revokes access just before the next call": {"kind": "revoke", "path": "/v1.0/*", "times": 1},
}
JUMPS = {"One hour": 1, "One day": 24, "A week": 7 * 24, "91 days": 91 * 24}


def show(world: World, request: Request) -> Response:
    content = _faults(world, request) + _clock(world, request) + _pushes(world, request)
    content += _tenants(world, request) + _people(world, request)
    return frame.render(request, "Control", content)


def act(world: World, request: Request) -> Response:
    """JSON in, JSON out; a form leads back to the page."""
    as_json = "json" in request.headers["content-type"]
    try:
        given = dict(request.json() or {}) if as_json else {k: v for k, v in request.form().items() if v}
        given = PRESETS[given["preset"]] if "preset" in given else given
        done = verbs.act(world, request.arguments["verb"], given)
    except (LookupError, TypeError, ValueError, Refused) as error:
        return answer(400, {"error": repr(error)}) if as_json else _refused(request, error)
    return answer(200, done) if as_json else redirect(f"{request.mount}/control", 303)


def state(world: World, request: Request) -> Response:
    return answer(200, verbs.state(world))


def _refused(request: Request, error: Exception) -> Response:
    back = f'<p><a href="{escape(request.mount)}/control">Back to the control page</a></p>'
    return frame.render(request, "Nothing was changed", f"<p>{escape(str(error))}</p>{back}", 400)


def _faults(world: World, request: Request) -> str:
    field = frame.choice("What goes wrong", "preset", {name: name for name in PRESETS}, "", of="faults")
    active = "".join(f"<li>{escape(f'{one.kind} on {one.path}, hit {one.hits}')}</li>" for one in world.faults.all())
    clear = frame.form(f"{request.mount}/control/faults/clear", "Clear all faults", {}, kind="plain")
    shown = f"<ul>{active}</ul>{clear}" if active else "<p>Everything works.</p>"
    return f"<h2>Faults</h2>{frame.form(f'{request.mount}/control/faults', 'Let it happen', {}, more=field)}{shown}"


def _clock(world: World, request: Request) -> str:
    at = f"{request.mount}/control/clock"
    buttons = [frame.form(at, f"{label} later", {"hours": str(n)}, kind="plain") for label, n in JUMPS.items()]
    now = f"{world.clock.now():%Y-%m-%d %H:%M} UTC"
    return f'<h2>Clock</h2><p>It is {now} here.</p><div class="row">{"".join(buttons)}</div>'


def _pushes(world: World, request: Request) -> str:
    at, forms = f"{request.mount}/control", []
    for label, verb, fields in (
        ("Drop pushes", "pushes", {"dropped": "1"}),
        ("Deliver pushes again", "pushes", {}),
        ("Forget delta tokens", "delta/forget", {}),
        ("Expire subscriptions", "subscriptions/expire", {}),
        ("Ask to reauthorize", "subscriptions/lifecycle", {"event": "reauthorizationRequired"}),
        ("Remove subscriptions", "subscriptions/lifecycle", {"event": "subscriptionRemoved"}),
        ("Say that pushes were missed", "subscriptions/lifecycle", {"event": "missed"}),
    ):
        forms.append(frame.form(f"{at}/{verb}", label, dict(fields), kind="plain"))
    told = f"<p>{len(world.subscriptions)} subscriptions.</p>"
    return f'<h2>Notifications</h2>{told}<div class="row">{"".join(forms)}</div>'


def _tenants(world: World, request: Request) -> str:
    rows = [_tenant(request, tenant) for tenant in world.tenants.values() if not tenant.personal]
    return "<h2>Tenants</h2>" + frame.table("Who may consent", ["Tenant", "Approved", "Action"], rows)


def _tenant(request: Request, tenant: Tenant) -> list[str]:
    at, named = f"{request.mount}/control/tenants", {"tenant": tenant.id}
    options = {policy.value: policy.value for policy in Policy}
    field = frame.choice("Policy", "policy", options, tenant.policy.value, of=tenant.id)
    change = frame.form(f"{at}/policy", "Set the policy", named, kind="plain", more=field)
    change += frame.form(f"{at}/withdraw", f"Remove the app from {tenant.name}", named, kind="danger")
    approved = ", ".join(sorted(name for names in tenant.scopes.values() for name in names))
    return [escape(tenant.name), escape(approved or "Nothing"), change]


def _people(world: World, request: Request) -> str:
    rows = [_person(world, request, user) for user in world.users.values()]
    return "<h2>People</h2>" + frame.table("What can happen to them", ["User", "Account", "Action"], rows)


def _person(world: World, request: Request, user: User) -> list[str]:
    at, named = f"{request.mount}/control", {"user": user.id}
    revoke = frame.form(f"{at}/users/revoke", f"Revoke access of {user.email}", named, kind="danger")
    fields = frame.entry("Subject", "subject", "Dentist", of=user.id)
    fields += frame.entry("Start (UTC)", "start", f"{world.clock.now():%Y-%m-%dT%H:00}", of=user.id)
    event = frame.form(f"{at}/events", "Add the event", named, kind="plain", more=fields)
    return [escape(user.email), escape(words.kind(world, user)), frame.folded(f"Change {user.email}", event + revoke)]


ROUTES = (
    ("GET", "/control", show),
    ("GET", "/control/state", state),
    ("POST", "/control/(?P<verb>.+)", act),
)
