"""Zoom's rate limits: per second, per day for the account, per day for one host. The headers are often missing.

https://developers.zoom.us/docs/api/rate-limits/
"""

import contextlib
import random
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _
from requests import Response

from integrations.exceptions import RateLimited

LONGEST_WAIT = timedelta(hours=25)


def rate_limited(response: Response, message: str, detail: str) -> RateLimited:
    """When to come back after a 429, given Zoom's words."""
    message = message.lower()
    if "daily rate limit" in message and "particular user" in message:
        sentence = _(
            "Zoom allows 100 new or changed meetings a day for one host, and they are used up. "
            "Bridge goes on after midnight (UTC)."
        )
        return RateLimited(sentence, retry_after=_until_midnight(), detail=detail)
    daily = "daily" in message or "daily" in response.headers.get("X-RateLimit-Type", "").lower()
    sentence = _("Zoom is asked too often just now; Bridge goes on as soon as Zoom allows.")
    wait = _retry_after(response.headers.get("Retry-After", "")) or (_until_midnight() if daily else _a_moment())
    return RateLimited(sentence, retry_after=wait, detail=detail)


def _retry_after(header: str) -> timedelta | None:
    """An ISO instant (Zoom), seconds, or an HTTP date; never longer than a day and an hour."""
    wait = None
    if header.strip().isdecimal():
        wait = timedelta(seconds=min(int(header), 10**6))
    elif header:
        wait = _until(header)
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT) if wait is not None else None


def _until(header: str) -> timedelta | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            instant = read(header.strip())
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - now()
    return None


def _until_midnight() -> timedelta:
    """To the next 00:00 UTC and a little more, so that not all come back at once."""
    moment = now().astimezone(UTC)
    midnight = datetime.combine(moment.date() + timedelta(days=1), time(tzinfo=UTC))
    return midnight - moment + timedelta(seconds=random.uniform(5, 600))  # noqa: S311 (spreading, not secrecy)


def _a_moment() -> timedelta:
    return timedelta(seconds=random.uniform(1, 3))  # noqa: S311 (spreading, not secrecy)
