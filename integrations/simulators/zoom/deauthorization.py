"""How an authorization ends from Zoom's side: the app removed, an approval withdrawn."""

from integrations.simulators.zoom import events, tokens
from integrations.simulators.zoom.records import Account, App
from integrations.simulators.zoom.world import World


def uninstall(world: World, client_id: str, user_id: str) -> bool:
    """Both tokens die, the app leaves the user's list and is told, if Zoom tells it. False: it was not installed."""
    grant = tokens.end(world, client_id, user_id)
    if grant is not None:
        events.app_deauthorized(world, grant)
    return grant is not None


def uninstall_for_account(world: World, account: Account, app: App) -> int:
    """An admin removes the app for everybody; how many authorizations ended."""
    added = [user_id for client_id, user_id in world.grants if client_id == app.client_id]
    return sum(uninstall(world, app.client_id, user) for user in added if world.users[user].account_id == account.id)


def withdraw(world: World, account: Account, app: App) -> None:
    """An admin withdraws the pre-approval: what was authorized in this account is over."""
    account.pre_approval = True
    account.approved.discard(app.client_id)
    for client_id, user_id in list(world.grants):
        if client_id == app.client_id and world.users[user_id].account_id == account.id:
            tokens.end(world, client_id, user_id)
