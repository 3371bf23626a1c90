"""Where webhooks go, and how they travel."""

from integrations.simulators.zoom.control import named
from integrations.simulators.zoom.control.named import Arguments
from integrations.simulators.zoom.world import World


def address(world: World, arguments: Arguments) -> object:
    """The app's one address from now on, asked to prove itself at once. Without `url` it has none any more."""
    app, url = named.app(world, arguments), str(arguments.get("url", ""))
    if not url:
        kept = [known for known in world.webhooks.subscriptions if known.client_id != app.client_id]
        world.webhooks.subscriptions[:] = kept
        return {"active": False}
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url} is no web address.")
    return {"active": world.webhooks.validate(world.webhooks.announce(app, url))}


def validate(world: World, arguments: Arguments) -> object:
    return {"active": world.webhooks.validate(named.subscription(world, arguments))}


def again(world: World, arguments: Arguments) -> object:
    return {"status": world.webhooks.again(named.delivery(world, arguments))}


def stop(world: World, arguments: Arguments) -> object:
    world.webhooks.stopped = True
    return {}


def go_on(world: World, arguments: Arguments) -> object:
    """With `newest_first` what waits is sent the other way round."""
    world.webhooks.go_on(newest_first=bool(arguments.get("newest_first")))
    return {}


def double(world: World, arguments: Arguments) -> object:
    """With `on` everything is sent twice."""
    world.webhooks.duplicated = bool(arguments.get("on"))
    return {}
