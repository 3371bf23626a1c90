"""One message to one address that a developer typed, over HTTP: what came of it. Always over soon, whoever is there."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
import urllib3.exceptions
from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.outward import Limits, Outward

LIMITS = Limits(seconds=10, in_all=True, encrypted=True)
READ, KEPT = 16 * 1024, 1000
"""Of an answer: bytes that are read, characters that are kept."""

ASKS_FOR_TIME = {429, 503}
LONGEST_PAUSE = timedelta(hours=24)
GONE = 410


@dataclass(frozen=True)
class Outcome:
    """status: of the answer, None if there was none.  error: why it does not count as delivered, in a sentence."""

    took: timedelta
    status: int | None = None
    answer: str = ""
    error: str = ""
    retry_after: timedelta = timedelta(0)

    @property
    def is_delivered(self) -> bool:
        return not self.error

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def carry(url: str, body: bytes, headers: dict[str, str], *, name: str) -> Outcome:
    """name: what to call the receiver in sentences."""
    began = time.monotonic()
    try:
        with Outward(name, limits=LIMITS) as http, _post(http, url, body, headers) as response:
            status, answer = response.status_code, _beginning(response)
            took = timedelta(seconds=time.monotonic() - began)
            return Outcome(took, status, answer, _complaint(status), _pause(response))
    except (ProviderUnavailable, RequestRejected) as error:
        return Outcome(timedelta(seconds=time.monotonic() - began), error=error.sentence)


def _post(http: Outward, url: str, body: bytes, headers: dict[str, str]) -> requests.Response:
    always = {"Content-Type": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    return http.post(url, data=body, headers=headers | always, allow_redirects=False, stream=True)


def _beginning(response: requests.Response) -> str:
    """As it comes over the wire, not unpacked. What is missing because the receiver is slow is not missed."""
    read = b""
    try:
        while len(read) < READ and (piece := response.raw.read(1024, decode_content=False)):
            read += piece
    except (urllib3.exceptions.HTTPError, OSError):
        pass
    return read.decode(errors="replace").replace("\0", "")[:KEPT]


def _complaint(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return _("The receiver redirects to another address. Bridge does not follow; enter that address instead.")
    if status == GONE:
        return _("The receiver says that it is gone for good (410).")
    return _("The receiver answered with the status %(status)s.") % {"status": status}


def _pause(response: requests.Response) -> timedelta:
    """What Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3)."""
    asked = response.headers.get("Retry-After", "").strip() if response.status_code in ASKS_FOR_TIME else ""
    if asked.isascii() and asked.isdecimal():
        return min(timedelta(seconds=min(int(asked[:9]), 86_400)), LONGEST_PAUSE)
    return max(timedelta(0), min(_until(asked), LONGEST_PAUSE))


def _until(text: str) -> timedelta:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now()
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)


def timestamp() -> datetime:
    """The library that signs takes the wall clock for UTC, whatever the time zone says."""
    return datetime.now(UTC)
