"""What Graph tells subscribers: changes and the lives of subscriptions, on simulated time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from integrations.simulators.microsoft import identifiers, postman
from integrations.simulators.microsoft.graph import times
from integrations.simulators.microsoft.records import Contact, Delivery, Event, Subscription, User
from integrations.simulators.microsoft.world import World

RETRY, GIVE_UP = timedelta(minutes=1), timedelta(hours=4)
NAMES = {"events": ("Events", "#Microsoft.Graph.Event"), "contacts": ("Contacts", "#Microsoft.Graph.Contact")}
KEPT = 2000


class Notifications:
    """Nothing is sent by itself: run() sends what is due, run_always() does so in a thread of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dropped = False
        """What happens is told nobody, ever."""
        self.duplicated = False
        self.reversed = False
        """The newest first."""
        self.together = False
        """All that is due for one address goes in one request."""
        self.delay = timedelta()
        self.deliveries: list[Delivery] = []
        self.remember: Callable[[], None] = lambda: None
        """Called after something was sent by itself."""
        self._lock = threading.Lock()
        world.listeners.append(self._changed)

    def run(self) -> list[Delivery]:
        """Send what is due by the simulated clock, retries included; those that were tried."""
        tried: list[Delivery] = []
        for batch in self._batches():
            status = postman.notify(batch[0].url, [one for delivery in batch for one in delivery.notifications])
            for delivery in batch:
                self._record(delivery, status)
            tried += batch
        if tried:
            self.remember()
        return tried

    def run_always(self, every: float = 0.1) -> threading.Event:
        """Until the event it returns is set."""
        stop = threading.Event()

        def rounds() -> None:
            while not stop.wait(every):
                self.run()

        threading.Thread(target=rounds, name="simulated-microsoft-notifications", daemon=True).start()
        return stop

    def lifecycle(self, subscription: Subscription, event: str) -> None:
        """reauthorizationRequired, subscriptionRemoved or missed."""
        if event == "subscriptionRemoved":
            self.world.subscriptions.pop(subscription.id, None)
        subscription.paused = event == "reauthorizationRequired"
        if subscription.lifecycle_url:
            self._owe(subscription.lifecycle_url, _base(subscription) | {"lifecycleEvent": event})

    def _changed(self, change: str, kind: str, user: User, item: Event | Contact) -> None:
        for subscription in list(self.world.subscriptions.values()):
            interested = subscription.user_id == user.id and subscription.kind == kind
            alive = subscription.expires_at > self.world.clock.now() and not subscription.paused
            if interested and alive and change in subscription.change_types and not self.dropped:
                self._owe(subscription.notification_url, _about(subscription, change, item))

    def _owe(self, url: str, notification: dict[str, Any]) -> None:
        now = self.world.clock.now()
        copies = 2 if self.duplicated else 1
        with self._lock:
            for _ in range(copies):
                self.deliveries.append(Delivery(url, [notification], now + self.delay, now, now + GIVE_UP))
            del self.deliveries[:-KEPT]

    def _batches(self) -> list[list[Delivery]]:
        now = self.world.clock.now()
        with self._lock:
            due = [delivery for delivery in self.deliveries if delivery.waiting and delivery.due_at <= now]
        due = due[::-1] if self.reversed else due
        if not self.together:
            return [[delivery] for delivery in due]
        urls = dict.fromkeys(delivery.url for delivery in due)
        return [[delivery for delivery in due if delivery.url == url] for url in urls]

    def _record(self, delivery: Delivery, status: int) -> None:
        delivery.statuses.append(status)
        delivery.due_at = self.world.clock.now() + RETRY
        delivery.dropped = not delivery.delivered and delivery.due_at > delivery.lost_at


def _base(subscription: Subscription) -> dict[str, Any]:
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": times.stamp(subscription.expires_at),
        "tenantId": subscription.tenant_id,
        "clientState": subscription.client_state,
        "resource": f"Users/{subscription.user_id}@{subscription.tenant_id}/{NAMES[subscription.kind][0]}",
    }


def _about(subscription: Subscription, change: str, item: Event | Contact) -> dict[str, Any]:
    base, type_ = _base(subscription), NAMES[subscription.kind][1]
    item_id = item.immutable_id if subscription.immutable else item.id
    resource = f"{base['resource']}/{item_id}"
    etag = f'W/"{identifiers.change_key(item.version)}"'
    data = {"@odata.type": type_, "@odata.id": resource, "@odata.etag": etag, "id": item_id}
    return {**base, "changeType": change, "resource": resource, "resourceData": data}
