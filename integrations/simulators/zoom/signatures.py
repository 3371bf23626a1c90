"""How Zoom signs what it sends, and how it lets the receiver prove that it knows the secret."""

import hashlib
import hmac
import json
from itertools import cycle
from typing import Any

_STYLES: tuple[dict[str, Any], ...] = (
    {"separators": (",", ": "), "ensure_ascii": False},
    {"separators": (" ,", ":"), "ensure_ascii": True},
    {"indent": 1, "ensure_ascii": False},
)
_styles = cycle(_STYLES)


def written(content: dict[str, Any]) -> bytes:
    """As bytes that no reader would write again the same way: slashes escaped, spaces here and there."""
    return json.dumps(content, **next(_styles)).replace("/", "\\/").encode()


def headers(body: bytes, *, secret: str, client_id: str, timestamp: int, tracking_id: str) -> dict[str, str]:
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Zoom Marketplace/1.0a",
        "clientid": client_id,
        "x-zm-request-timestamp": str(timestamp),
        "x-zm-signature": signature(body, secret=secret, timestamp=timestamp),
        "x-zm-trackingid": tracking_id,
    }


def signature(body: bytes, *, secret: str, timestamp: int) -> str:
    return "v0=" + _hmac(secret, f"v0:{timestamp}:".encode() + body)


def proof(plain_token: str, *, secret: str) -> dict[str, str]:
    """What an endpoint answers to endpoint.url_validation."""
    return {"plainToken": plain_token, "encryptedToken": _hmac(secret, plain_token.encode())}


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
