"""The addresses that apps named for their webhooks: validated, and written to under a signature."""

import json
import secrets
import time
import uuid

from integrations.simulators.clock import Clock
from integrations.simulators.zoom import postman, signatures
from integrations.simulators.zoom.deliveries import Subscription
from integrations.simulators.zoom.records import App
from integrations.simulators.zoom.times import milliseconds


class Addresses:
    def __init__(self, clock: Clock, apps: dict[str, App]) -> None:
        self.clock, self.apps = clock, apps
        self.post: postman.Post = postman.post
        self.seconds_to_answer = 3.0
        self.signs_in_real_time = False
        """Signatures bear the time of this machine, however far the simulated clock is ahead."""
        self.subscriptions: list[Subscription] = []

    def subscribe(self, app: App, url: str, events: tuple[str, ...] = ()) -> Subscription:
        """As saving the URL in the app's settings does: inactive unless the endpoint proves itself."""
        subscription = Subscription(app.client_id, url, events)
        self.subscriptions.append(subscription)
        self.validate(subscription)
        return subscription

    def announce(self, app: App, url: str) -> Subscription:
        """The app's one address from now on; run() asks it to prove itself until it does."""
        known = (found for found in self.subscriptions if found.client_id == app.client_id)
        subscription = next(known, None) or Subscription(app.client_id, url)
        if subscription not in self.subscriptions:
            self.subscriptions.append(subscription)
        subscription.active &= subscription.url == url
        subscription.url, subscription.persistent = url, True
        subscription.validate_at = subscription.validate_at if subscription.active else self.clock.now()
        return subscription

    def validate(self, subscription: Subscription) -> bool:
        token, secret = secrets.token_urlsafe(16), self._secret(subscription)
        content = {"event": "endpoint.url_validation", "payload": {"plainToken": token}}
        body = signatures.written({**content, "event_ts": milliseconds(self.clock.now())})
        status, answer = self.send(subscription, body, self.timestamp())
        proved = status == 200 and _json(answer) == signatures.proof(token, secret=secret)
        subscription.asked(self.clock.now(), status, proved=proved)
        return proved

    def revalidate(self) -> bool:
        """Whether there was an address to be asked again."""
        now, known = self.clock.now(), [found for found in self.subscriptions if found.client_id in self.apps]
        due = [found for found in known if found.validate_at and found.validate_at <= now]
        for subscription in due:
            self.validate(subscription)
        return bool(due)

    def send(self, subscription: Subscription, body: bytes, timestamp: int) -> tuple[int, bytes]:
        headers = signatures.headers(
            body,
            secret=self._secret(subscription),
            client_id=subscription.client_id,
            timestamp=timestamp,
            tracking_id=f"v=2.0;wh={uuid.uuid4().hex}",
        )
        return self.post(subscription.url, headers, body, self.seconds_to_answer)

    def timestamp(self) -> int:
        return int(time.time() if self.signs_in_real_time else self.clock.now().timestamp())

    def _secret(self, subscription: Subscription) -> str:
        app = self.apps.get(subscription.client_id)
        return app.webhook_secret if app else ""


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
