"""What Zoom sends to apps: deliveries and their retries, on simulated time."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from integrations.simulators.clock import Clock
from integrations.simulators.zoom import signatures
from integrations.simulators.zoom.addresses import Addresses
from integrations.simulators.zoom.deliveries import RETRIES, Delivery, Subscription
from integrations.simulators.zoom.records import App
from integrations.simulators.zoom.times import milliseconds

KEPT = 500


class Webhooks(Addresses):
    """Nothing is sent by itself: run() sends what is due, run_always() does so in a thread of its own."""

    def __init__(self, clock: Clock, apps: dict[str, App]) -> None:
        super().__init__(clock, apps)
        self.duplicated = False
        """Everything is sent twice."""
        self.reversed = False
        """The newest first."""
        self.stopped = False
        """Nothing is sent; what happens meanwhile waits."""
        self.retries_keep_timestamp = False
        self.tells_private_apps = False
        """app_deauthorized goes to private apps too."""
        self.deauthorization_ts = "payload_text"
        """Where and how app_deauthorized says its time: payload_text, payload_number or top."""
        self.deauthorization_delay = timedelta()
        self.deliveries: list[Delivery] = []
        self.remember: Callable[[], None] = lambda: None
        """Called after something was sent by itself."""
        self._lock = threading.Lock()

    def owe(self, app: App, name: str, payload: dict[str, Any]) -> None:
        """To every active endpoint of the app, whether the payload makes sense to it or not."""
        content = self._envelope(name, payload)
        delay = self.deauthorization_delay if name == "app_deauthorized" else timedelta()
        due_at, timestamp = self.clock.now() + delay, self.timestamp()
        for subscription in self._interested(app, name):
            body = signatures.written(content)
            copies = 2 if self.duplicated else 1
            with self._lock:
                self.deliveries += [Delivery(subscription, name, body, due_at, timestamp) for _ in range(copies)]
                del self.deliveries[:-KEPT]

    def run(self) -> list[Delivery]:
        """Send what is due by the simulated clock, retries included; those that were tried."""
        validated = self.revalidate()
        tried: list[Delivery] = []
        while due := self._due():
            for delivery in due:
                self._attempt(delivery)
            tried += [delivery for delivery in due if delivery not in tried]
        if validated or tried:
            self.remember()
        return tried

    def run_always(self, every: float = 0.05) -> threading.Event:
        """Until the event it returns is set."""
        stop = threading.Event()

        def rounds() -> None:
            while not stop.wait(every):
                self.run()

        threading.Thread(target=rounds, name="simulated-zoom-webhooks", daemon=True).start()
        return stop

    def again(self, delivery: Delivery) -> int:
        """Send it once more, whatever became of it. The status answered."""
        status, _ = self.send(delivery.subscription, delivery.body, self.timestamp())
        delivery.statuses.append(status)
        return status

    def go_on(self, *, newest_first: bool = False) -> None:
        """After a stop; what waits goes out in the order of its making, or the other way round."""
        with self._lock:
            waiting = [delivery for delivery in self.deliveries if delivery.waiting]
            over = [delivery for delivery in self.deliveries if not delivery.waiting]
            self.deliveries[:] = over + (waiting[::-1] if newest_first else waiting)
        self.stopped = False

    def _attempt(self, delivery: Delivery) -> None:
        tries = len(delivery.statuses)
        if not (tries and self.retries_keep_timestamp):
            delivery.timestamp = self.timestamp()
        status, _ = self.send(delivery.subscription, delivery.body, delivery.timestamp)
        delivery.statuses.append(status)
        if not delivery.delivered and tries < len(RETRIES):
            delivery.due_at += RETRIES[tries]

    def _due(self) -> list[Delivery]:
        if self.stopped:
            return []
        with self._lock:
            due = [found for found in self.deliveries if found.waiting and found.due_at <= self.clock.now()]
        return due[::-1] if self.reversed else due

    def _interested(self, app: App, name: str) -> list[Subscription]:
        known = [found for found in self.subscriptions if found.client_id == app.client_id and found.active]
        return [found for found in known if name in found.events or not found.events]

    def _envelope(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        now: datetime = self.clock.now()
        if name != "app_deauthorized" or self.deauthorization_ts == "top":
            return {"event": name, "event_ts": milliseconds(now), "payload": payload}
        text = self.deauthorization_ts == "payload_text"
        return {"event": name, "payload": {**payload, "event_ts": f"{now:%F %T}" if text else milliseconds(now)}}
