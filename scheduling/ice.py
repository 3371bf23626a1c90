"""How browsers find a way to each other: STUN tells them their addresses, TURN passes on what networks block."""

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from typing import Any

from django.conf import settings

LIFE = timedelta(hours=12)
"""Longer than any call."""


def servers(who: str) -> list[dict[str, Any]]:
    """As RTCPeerConnection wants them; the password for TURN is for `who` and a time."""
    found: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        found.append({"urls": settings.STUN_URLS})
    if settings.TURN_URLS and settings.TURN_SECRET:
        found.append({"urls": settings.TURN_URLS, **_credentials(who)})
    return found


def _credentials(who: str) -> dict[str, str]:
    """coturn's use-auth-secret: https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00"""
    username = f"{int(time.time() + LIFE.total_seconds())}:{who}"
    digest = hmac.new(settings.TURN_SECRET.encode(), username.encode(), hashlib.sha1).digest()
    return {"username": username, "credential": base64.b64encode(digest).decode()}
