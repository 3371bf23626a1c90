"""Webhooks: where they go, and what others might send there."""

from collections.abc import Sequence

from integrations.simulators.zoom import forgeries
from integrations.simulators.zoom.deliveries import Delivery, Subscription
from integrations.simulators.zoom.handles.named import Named
from integrations.simulators.zoom.webhooks import Webhooks


class Hooks(Named):
    @property
    def webhooks(self) -> Webhooks:
        return self.world.webhooks

    def subscribe(self, url: str, client_id: str = "", *, secret: str = "", events: Sequence[str] = ()) -> Subscription:
        """Name a webhook address; Zoom validates it at once. webhooks.run() sends what is due from then on."""
        app = self.app(client_id)
        app.webhook_secret = secret or app.webhook_secret
        return self.webhooks.subscribe(app, url, tuple(events))

    def announce(self, url: str, client_id: str = "", *, secret: str = "") -> Subscription:
        """The app's one webhook address from now on; it is validated by webhooks.run(), as often as that takes."""
        app = self.app(client_id)
        app.webhook_secret = secret or app.webhook_secret
        return self.webhooks.announce(app, url)

    def forge(self, delivery: Delivery, flaw: str) -> int:
        """Somebody else sends a delivery again, with one of forgeries.Flaw. The status answered."""
        return forgeries.send(self.webhooks, delivery, flaw)
