"""What others than Zoom might send to a webhook address."""

from datetime import timedelta
from enum import StrEnum

from integrations.simulators.zoom import signatures
from integrations.simulators.zoom.deliveries import Delivery
from integrations.simulators.zoom.webhooks import Webhooks


class Flaw(StrEnum):
    WRONG_SECRET = "wrong_secret"  # noqa: S105 (the name of a flaw)
    STALE = "stale"
    """Signed correctly, an hour ago."""
    REPLAYED = "replayed"
    """The very request that was delivered before."""
    MISSING_HEADERS = "missing_headers"
    UPPER_CASE = "upper_case"
    """The signature in upper-case hex."""
    CHANGED_BODY = "changed_body"


def send(webhooks: Webhooks, delivery: Delivery, flaw: str) -> int:
    """Send a delivery's body once more, with a flaw. The receiver's status; 0: no answer."""
    subscription, timestamp, body = delivery.subscription, delivery.timestamp, delivery.body
    if flaw == Flaw.STALE:
        timestamp = int((webhooks.clock.now() - timedelta(hours=1)).timestamp())
    headers = signatures.headers(
        body,
        secret="wrong" if flaw == Flaw.WRONG_SECRET else webhooks.apps[subscription.client_id].webhook_secret,
        client_id=subscription.client_id,
        timestamp=timestamp,
        tracking_id="v=2.0;forged",
    )
    sent = body + b" " if flaw == Flaw.CHANGED_BODY else body
    return webhooks.post(subscription.url, _flawed(headers, flaw), sent, webhooks.seconds_to_answer)[0]


def _flawed(headers: dict[str, str], flaw: str) -> dict[str, str]:
    if flaw == Flaw.MISSING_HEADERS:
        return {name: value for name, value in headers.items() if not name.startswith("x-zm-")}
    if flaw == Flaw.UPPER_CASE:
        return headers | {"x-zm-signature": "v0=" + headers["x-zm-signature"][3:].upper()}
    return headers
