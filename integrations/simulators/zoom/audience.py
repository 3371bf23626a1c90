"""Which apps hear of an event."""

from integrations.simulators.zoom.records import App, Event
from integrations.simulators.zoom.world import World


def follow(world: World) -> None:
    world.listeners.append(lambda event: tell(world, event))


def tell(world: World, event: Event) -> None:
    for app in of(world, event):
        if event.name != "app_deauthorized" or app.published or world.webhooks.tells_private_apps:
            world.webhooks.owe(app, event.name, event.payload)


def of(world: World, event: Event) -> list[App]:
    if event.client_id:
        return [world.apps[event.client_id]]
    return [app for app in world.apps.values() if _hears(world, app, event)]


def _hears(world: World, app: App, event: Event) -> bool:
    """A user-managed app hears of the meetings of those who added it, the others all of an account."""
    if app.server_to_server:
        return app.account_id == event.account_id and app.client_id not in world.disabled
    if app.admin_managed:
        return any(_account(world, user_id) == event.account_id for user_id in _added(world, app))
    return event.name.startswith("meeting.") and event.user_id in _added(world, app)


def _added(world: World, app: App) -> list[str]:
    return [user_id for client_id, user_id in world.grants if client_id == app.client_id]


def _account(world: World, user_id: str) -> str:
    user = world.users.get(user_id)
    return user.account_id if user else ""
