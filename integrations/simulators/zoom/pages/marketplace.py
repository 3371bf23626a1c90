"""Marketplace, Manage, Added apps: Zoom's own way of ending a connection. Who is signed in sees his own."""

from html import escape
from http.cookies import SimpleCookie

from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom import deauthorization
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.records import App, User
from integrations.simulators.zoom.world import World

COOKIE = "simulated_zoom_user"


def installed(world: World, request: Request) -> Response:
    user = _signed_in(world, request)
    if user is None:
        return frame.render(request, "Added apps", _sign_in(world, request) + _everybodys(world, request))
    content = _who(request, user) + _own(world, request, user)
    content += _accounts(world, request, user) if user.approves else ""
    return frame.render(request, "Added apps", content)


def uninstall(world: World, request: Request) -> Response:
    """With `account`, an admin's choice: for everybody in it."""
    form = request.form()
    app, account = world.apps.get(form.get("client_id", "")), world.accounts.get(form.get("account", ""))
    if app is not None and account is not None:
        deauthorization.uninstall_for_account(world, account, app)
    else:
        deauthorization.uninstall(world, form.get("client_id", ""), form.get("user", ""))
    return redirect(f"{request.mount}/user/installed", 303)


def sign_in(world: World, request: Request) -> Response:
    """Nobody named: sign out."""
    back = redirect(f"{request.mount}/user/installed", 303)
    user = world.users.get(request.form().get("user", ""))
    value, life = (user.id, "") if user else ("", "; Max-Age=0")
    cookie = f"{COOKIE}={value}; Path={request.mount}/; HttpOnly; SameSite=Lax{life}"
    back.headers.append(("Set-Cookie", cookie))
    return back


def _signed_in(world: World, request: Request) -> User | None:
    cookie = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    return world.users.get(cookie.value) if cookie else None


def _sign_in(world: World, request: Request) -> str:
    people = {user.id: f"{user.display_name} ({user.email})" for user in world.users.values()}
    field = frame.choice("Zoom user", "user", people, "", of="sign-in")
    told = "<p>The real Zoom shows you the apps that you added yourself. Sign in as one of its users to see it so.</p>"
    return told + frame.form(f"{request.mount}/user/signin", "Sign in", {}, more=field)


def _who(request: Request, user: User) -> str:
    told = f"<p>Marketplace, Manage, Added apps of {escape(user.display_name)} ({escape(user.email)})</p>"
    return told + frame.form(f"{request.mount}/user/signin", "Sign out", {}, kind="plain")


def _everybodys(world: World, request: Request) -> str:
    rows = [_row(world, request, user, app) for user in world.users.values() for app in world.added_by(user)]
    shown = frame.table("Apps that Zoom users have added", ["User", "App", "Added", "Action"], rows)
    return shown if rows else "<p>No user has added an app yet.</p>"


def _own(world: World, request: Request, user: User) -> str:
    rows = [_row(world, request, user, app)[1:] for app in world.added_by(user)]
    return frame.table("Yours", ["App", "Added", "Action"], rows) if rows else "<p>You have not added an app yet.</p>"


def _accounts(world: World, request: Request, user: User) -> str:
    """What an admin may remove for everybody."""
    colleagues = [other for other in world.users.values() if other.account_id == user.account_id]
    added = {app.client_id: app for other in colleagues for app in world.added_by(other) if app.admin_managed}
    rows = [[escape(app.name), _removal(request, user, app)] for app in added.values()]
    caption = f"Installed for the account {world.account_of(user).name}"
    return frame.table(caption, ["App", "Action"], rows) if rows else ""


def _removal(request: Request, user: User, app: App) -> str:
    fields = {"client_id": app.client_id, "account": user.account_id}
    return frame.form(f"{request.mount}/user/installed", f"Remove {app.name} for the account", fields, kind="danger")


def _row(world: World, request: Request, user: User, app: App) -> list[str]:
    added = world.grants[app.client_id, user.id].installed_at
    fields = {"client_id": app.client_id, "user": user.id}
    button = frame.form(f"{request.mount}/user/installed", f"Remove {app.name}", fields, kind="danger")
    return [escape(user.email), escape(app.name), f"{added:%Y-%m-%d %H:%M} UTC", button]


ROUTES = (
    ("GET", "/user/installed", installed),
    ("POST", "/user/installed", uninstall),
    ("POST", "/user/signin", sign_in),
)
