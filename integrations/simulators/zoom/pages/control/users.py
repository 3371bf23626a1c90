"""People: their role, licence, address and end."""

from html import escape

from integrations.simulators.http import Request
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.pages.words import TYPES
from integrations.simulators.zoom.records import APPROVERS, User
from integrations.simulators.zoom.world import World

ROLES = {role: role for role in (*APPROVERS, "Member")}
LICENCES = {str(number): word for number, word in TYPES.items()}


def section(world: World, request: Request) -> str:
    people = sorted(world.users.values(), key=lambda user: (world.account_of(user).name, user.email))
    rows = [_row(world, request, user) for user in people]
    heads = ["User", "Account", "Role", "Licence", "Status", "Action"]
    return frame.table("What a Zoom admin can change", heads, rows) + _new(world, request)


def _row(world: World, request: Request, user: User) -> list[str]:
    return [
        escape(user.email),
        escape(world.account_of(user).name),
        escape(user.role_name),
        TYPES.get(user.type, str(user.type)),
        escape(user.status),
        frame.folded(f"Change {user.email}", _changes(request, user) + _ends(world, request, user)),
    ]


def _changes(request: Request, user: User) -> str:
    action, named = f"{request.mount}/control/users/change", {"user": user.id}
    fields = {
        "Set role": frame.choice("Role", "role_name", ROLES, user.role_name, of=user.id),
        "Set licence": frame.choice("Licence", "type", LICENCES, str(user.type), of=user.id),
        "Change e-mail": frame.entry("E-mail", "email", user.email, of=user.id, kind="email"),
    }
    return "".join(frame.form(action, label, named, kind="plain", more=field) for label, field in fields.items())


def _ends(world: World, request: Request, user: User) -> str:
    at, named = f"{request.mount}/control", {"user": user.id}
    status, label = ("inactive", "Deactivate") if user.status == "active" else ("active", "Activate")
    buttons = frame.form(f"{at}/users/change", f"{label} {user.email}", {**named, "status": status}, kind="plain")
    for app in world.added_by(user):
        label = f"Remove {app.name} for {user.email}"
        buttons += frame.form(f"{at}/uninstall", label, {**named, "client_id": app.client_id}, kind="danger")
    away = {**named, "disassociated": "1"}
    buttons += frame.form(f"{at}/users/remove", f"Disassociate {user.email}", away, kind="danger")
    buttons += frame.form(f"{at}/users/remove", f"Delete {user.email}", named, kind="danger")
    return f'<div class="row">{buttons}</div>'


def _new(world: World, request: Request) -> str:
    accounts = {account.name: account.name for account in world.accounts.values()}
    fields = (
        frame.entry("E-mail", "email", of="new", kind="email")
        + frame.entry("Name", "name", of="new")
        + frame.choice("Account", "account", accounts, "Acme", of="new")
        + frame.choice("Role", "role_name", ROLES, "Member", of="new")
        + frame.choice("Licence", "type", LICENCES, "2", of="new")
    )
    return "<h3>Add a user</h3>" + frame.form(f"{request.mount}/control/users", "Add the user", {}, more=fields)
