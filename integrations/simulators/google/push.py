"""What Google posts to those who watch: messages, drops, duplicates, retries, on simulated time."""

import threading
from datetime import timedelta
from email.utils import format_datetime

from integrations.simulators.clock import Clock
from integrations.simulators.google.records import Channel, Delivery
from integrations.simulators.zoom import postman

RETRIED = (0, 500, 502, 503, 504)
MOST_TRIES = 5


class Postbox:
    """Nothing is sent by itself: run() sends what is due, run_always() does so in a thread of its own."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.post: postman.Post = postman.post
        self.https_only = True
        self.default_life = timedelta(days=7)
        self.longest_life = timedelta(days=30)
        self.dropped = self.duplicated = self.syncs_first = False
        """Nothing goes out; everything twice; the sync message before the watch is answered."""
        self.robots_forbid: tuple[str, ...] = ()
        """Beginnings of paths that the robots.txt there forbids."""
        self.late_after_stop = False
        """One more message after a stop."""
        self.channels: dict[str, Channel] = {}
        self.deliveries: list[Delivery] = []

    def add(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self._owe(channel, "sync")
        if self.syncs_first:
            self.run()

    def tell(self, of: str) -> None:
        """Everybody who watches it."""
        for channel in list(self.channels.values()):
            if channel.of == of and not channel.stopped and channel.expires_at > self.clock.now():
                self._owe(channel, "exists")

    def stop(self, channel: Channel) -> None:
        channel.stopped = True
        if self.late_after_stop:
            self._owe(channel, "exists")

    def expire(self) -> None:
        """All channels end now, without a word."""
        for channel in self.channels.values():
            channel.expires_at = self.clock.now()

    def run(self) -> list[Delivery]:
        """Send what is due; those that were tried."""
        due = [one for one in self.deliveries if not one.over and one.due_at <= self.clock.now()]
        for delivery in due:
            self._attempt(delivery)
        return due

    def run_always(self, every: float = 0.3) -> threading.Event:
        """Until the event it returns is set."""
        stop = threading.Event()

        def rounds() -> None:
            while not stop.wait(every):
                self.run()

        threading.Thread(target=rounds, name="simulated-google-push", daemon=True).start()
        return stop

    def _owe(self, channel: Channel, state: str) -> None:
        if self.dropped and state != "sync":
            return
        path = "/" + channel.address.split("/", 3)[-1]
        if any(path.startswith(forbidden) for forbidden in self.robots_forbid):
            return
        for _copy in range(2 if self.duplicated else 1):
            channel.number += 1 if state == "sync" else 3
            self.deliveries.append(Delivery(channel, state, channel.number, self.clock.now()))

    def _attempt(self, delivery: Delivery) -> None:
        status, _body = self.post(delivery.channel.address, _headers(delivery), b"", 5.0)
        delivery.statuses.append(status)
        delivery.over = status not in RETRIED or len(delivery.statuses) >= MOST_TRIES
        delivery.due_at = self.clock.now() + timedelta(seconds=10 * 2 ** len(delivery.statuses))


def _headers(delivery: Delivery) -> dict[str, str]:
    channel = delivery.channel
    headers = {
        "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        "Content-Length": "0",
        "X-Goog-Channel-ID": channel.id,
        "X-Goog-Message-Number": str(delivery.number),
        "X-Goog-Resource-ID": channel.resource_id,
        "X-Goog-Resource-State": delivery.state,
        "X-Goog-Resource-URI": channel.resource_uri,
        "X-Goog-Channel-Expiration": format_datetime(channel.expires_at, usegmt=True),
    }
    return headers | ({"X-Goog-Channel-Token": channel.token} if channel.token else {})
