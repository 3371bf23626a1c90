"""What Zoom sends to apps: subscriptions and their validation, deliveries, retries on simulated time."""

import json
import secrets
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.simulators.zoom import audience, postman, signatures
from integrations.simulators.zoom.events import milliseconds
from integrations.simulators.zoom.records import App, Event
from integrations.simulators.zoom.world import World

RETRIES = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))
VALID_FOR = timedelta(hours=72)


@dataclass(eq=False)
class Subscription:
    app: App
    url: str
    events: tuple[str, ...] = ()
    """Empty: all."""
    active: bool = False
    validate_at: datetime | None = None


@dataclass(eq=False)
class Delivery:
    subscription: Subscription
    event: str
    body: bytes
    due_at: datetime
    timestamp: int
    statuses: list[int] = field(default_factory=list)
    """Of each attempt; 0: no answer in time."""

    @property
    def delivered(self) -> bool:
        return any(200 <= status < 300 for status in self.statuses)

    @property
    def lost(self) -> bool:
        return not self.delivered and len(self.statuses) > len(RETRIES)


class Webhooks:
    """Nothing is sent by itself: run() sends what is due, run_always() does so in a thread of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.post: postman.Post = postman.post
        self.seconds_to_answer = 3.0
        self.duplicated = False
        """Everything is sent twice."""
        self.reversed = False
        """The newest first."""
        self.retries_keep_timestamp = False
        self.tells_private_apps = False
        """app_deauthorized goes to private apps too."""
        self.deauthorization_ts = "payload_text"
        """Where and how app_deauthorized says its time: payload_text, payload_number or top."""
        self.deauthorization_delay = timedelta()
        self.subscriptions: list[Subscription] = []
        self.deliveries: list[Delivery] = []
        self._lock = threading.Lock()
        world.listeners.append(self.hear)

    def subscribe(self, app: App, url: str, events: tuple[str, ...] = ()) -> Subscription:
        """As saving the URL in the app's settings does: inactive unless the endpoint proves itself."""
        subscription = Subscription(app, url, events)
        self.subscriptions.append(subscription)
        self.validate(subscription)
        return subscription

    def validate(self, subscription: Subscription) -> bool:
        token, secret = secrets.token_urlsafe(16), subscription.app.webhook_secret
        content = {"event": "endpoint.url_validation", "payload": {"plainToken": token}}
        body = signatures.written({**content, "event_ts": milliseconds(self.world.clock.now())})
        status, answer = self._send(subscription, body, self._timestamp())
        subscription.active = status == 200 and _json(answer) == signatures.proof(token, secret=secret)
        subscription.validate_at = self.world.clock.now() + VALID_FOR
        return subscription.active

    def hear(self, event: Event) -> None:
        for app in audience.of(self.world, event):
            if event.name != "app_deauthorized" or app.published or self.tells_private_apps:
                self.owe(app, event.name, event.payload)

    def owe(self, app: App, name: str, payload: dict[str, Any]) -> None:
        """To every active endpoint of the app, whether the payload makes sense to it or not."""
        content = self._envelope(name, payload)
        delay = self.deauthorization_delay if name == "app_deauthorized" else timedelta()
        due_at, timestamp = self.world.clock.now() + delay, self._timestamp()
        for subscription in self._interested(app, name):
            body = signatures.written(content)
            copies = 2 if self.duplicated else 1
            with self._lock:
                self.deliveries += [Delivery(subscription, name, body, due_at, timestamp) for _ in range(copies)]

    def run(self) -> list[Delivery]:
        """Send what is due by the simulated clock, retries included; those that were tried."""
        self._revalidate()
        tried: list[Delivery] = []
        while due := self._due():
            for delivery in due:
                self._attempt(delivery)
            tried += [delivery for delivery in due if delivery not in tried]
        return tried

    def run_always(self, every: float = 0.05) -> threading.Event:
        """Until the event it returns is set."""
        stop = threading.Event()

        def rounds() -> None:
            while not stop.wait(every):
                self.run()

        threading.Thread(target=rounds, name="simulated-zoom-webhooks", daemon=True).start()
        return stop

    def _attempt(self, delivery: Delivery) -> None:
        tries = len(delivery.statuses)
        timestamp = self._timestamp() if tries and not self.retries_keep_timestamp else delivery.timestamp
        status, _ = self._send(delivery.subscription, delivery.body, timestamp)
        delivery.statuses.append(status)
        if not delivery.delivered and tries < len(RETRIES):
            delivery.due_at += RETRIES[tries]

    def _due(self) -> list[Delivery]:
        with self._lock:
            waiting = [found for found in self.deliveries if not found.delivered and not found.lost]
        due = [found for found in waiting if found.due_at <= self.world.clock.now()]
        return due[::-1] if self.reversed else due

    def _revalidate(self) -> None:
        for subscription in self.subscriptions:
            if subscription.validate_at and subscription.validate_at <= self.world.clock.now():
                self.validate(subscription)

    def _interested(self, app: App, name: str) -> list[Subscription]:
        known = [found for found in self.subscriptions if found.app is app and found.active]
        return [found for found in known if name in found.events or not found.events]

    def _envelope(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        now = self.world.clock.now()
        if name != "app_deauthorized" or self.deauthorization_ts == "top":
            return {"event": name, "event_ts": milliseconds(now), "payload": payload}
        text = self.deauthorization_ts == "payload_text"
        return {"event": name, "payload": {**payload, "event_ts": f"{now:%F %T}" if text else milliseconds(now)}}

    def _timestamp(self) -> int:
        return int(self.world.clock.now().timestamp())

    def _send(self, subscription: Subscription, body: bytes, timestamp: int) -> tuple[int, bytes]:
        headers = signatures.headers(
            body,
            secret=subscription.app.webhook_secret,
            client_id=subscription.app.client_id,
            timestamp=timestamp,
            tracking_id=f"v=2.0;wh={uuid.uuid4().hex}",
        )
        return self.post(subscription.url, headers, body, self.seconds_to_answer)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
