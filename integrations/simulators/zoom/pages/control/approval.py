"""Which accounts let their users add apps."""

from html import escape

from integrations.simulators.http import Request, Response, redirect
from integrations.simulators.zoom.control import apps
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.world import World


def section(world: World, request: Request) -> str:
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


def change(world: World, request: Request) -> Response:
    form = request.form()
    apps.pre_approval(world, {"account": form.get("account", ""), "required": form.get("required", "")})
    return redirect(f"{request.mount}/control#approval", 303)
