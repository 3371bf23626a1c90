"""Apps, with what somebody needs who connects one: a private one's credentials, and where its webhooks go."""

from html import escape

from integrations.simulators.http import Request
from integrations.simulators.zoom.deliveries import Subscription
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.pages.words import KINDS
from integrations.simulators.zoom.records import Account, App
from integrations.simulators.zoom.world import World


def section(world: World, request: Request) -> str:
    introduction = (
        "<p>A private app serves one Zoom account: enter its credentials where your organization brings its own.</p>"
    )
    sheets = "".join(_app(world, request, app) for app in world.apps.values())
    return f'{introduction}<div class="sheets">{sheets}</div>'


def _app(world: World, request: Request, app: App) -> str:
    disabled = app.client_id in world.disabled
    change = {"client_id": app.client_id, "active": "1" if disabled else ""}
    label = f"Activate {app.name}" if disabled else f"Deactivate {app.name}"
    kind = "plain" if disabled else "danger"
    button = frame.form(f"{request.mount}/control/apps/activate", label, change, kind=kind)
    return (
        f'<div class="sheet"><h3>{escape(app.name)}</h3>{frame.facts(_facts(world, app))}'
        f'{_address(world, request, app)}<div class="row">{_removal(world, request, app)}{button}</div></div>'
    )


def _facts(world: World, app: App) -> dict[str, str]:
    facts = {"Kind": KINDS[app.kind], "State": "Deactivated" if app.client_id in world.disabled else "Active"}
    facts["Client ID"] = app.client_id
    if app.account_id:
        facts |= {"Client secret": app.client_secret, "Webhook secret token": app.webhook_secret}
        facts["Account ID"] = f"{app.account_id} ({world.accounts[app.account_id].name})"
    facts["Redirect addresses"] = " ".join(sorted(app.redirect_uris))
    facts["Webhooks"] = _subscribed(_subscription(world, app))
    return {name: value for name, value in facts.items() if value}


def _subscription(world: World, app: App) -> Subscription | None:
    return next((known for known in world.webhooks.subscriptions if known.client_id == app.client_id), None)


def _subscribed(known: Subscription | None) -> str:
    if known is None:
        return "No address is named."
    if known.active:
        return f"Validated: events go to {known.url}"
    told = f"it answered {known.answered}" if known.answered else "no answer in time"
    return f"Not validated, nothing is sent: {told}"


def _address(world: World, request: Request, app: App) -> str:
    known = _subscription(world, app)
    field = frame.entry("Webhook address", "url", known.url if known else "", of=app.client_id, kind="url")
    named = {"client_id": app.client_id}
    return frame.form(f"{request.mount}/control/webhooks/address", "Save and validate", named, kind="plain", more=field)


def _removal(world: World, request: Request, app: App) -> str:
    """For admin-managed ones: an admin removes it for everybody."""
    if not app.admin_managed:
        return ""
    added = {world.users[user_id].account_id for client_id, user_id in world.grants if client_id == app.client_id}
    return "".join(_remove_for(request, app, world.accounts[account_id]) for account_id in sorted(added))


def _remove_for(request: Request, app: App, account: Account) -> str:
    named = {"client_id": app.client_id, "account": account.id}
    return frame.form(
        f"{request.mount}/control/uninstall", f"Remove {app.name} for all of {account.name}", named, kind="danger"
    )
