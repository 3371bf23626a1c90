"""Added apps, and how to remove one: Zoom's own way of ending a connection."""

from html import escape

from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom import deauthorization
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.records import Grant
from integrations.simulators.zoom.world import World


def installed(world: World, request: Request) -> Response:
    rows = [_row(world, request, grant) for grant in world.grants.values() if _added(world, grant)]
    shown = frame.table("Apps that Zoom users have added", ["User", "App", "Added", "Action"], rows)
    return frame.render(request, "Added apps", shown if rows else "<p>No user has added an app yet.</p>")


def uninstall(world: World, request: Request) -> Response:
    form = request.form()
    deauthorization.uninstall(world, form.get("client_id", ""), form.get("user", ""))
    return redirect(f"{request.mount}/user/installed", 303)


def _row(world: World, request: Request, grant: Grant) -> list[str]:
    user, app = world.users[grant.user_id], world.apps[grant.client_id]
    fields = {"client_id": app.client_id, "user": user.id}
    button = frame.form(f"{request.mount}/user/installed", f"Remove {app.name}", fields, kind="danger")
    return [escape(user.email), escape(app.name), f"{grant.installed_at:%Y-%m-%d %H:%M} UTC", button]


def _added(world: World, grant: Grant) -> bool:
    """Nobody adds a server-to-server app."""
    app = world.apps.get(grant.client_id)
    return app is not None and not app.server_to_server


ROUTES = (("GET", "/user/installed", installed), ("POST", "/user/installed", uninstall))
