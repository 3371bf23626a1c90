"""The providers' addresses, and our clock against theirs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.timezone import now

from bridge.doctor.findings import Finding, first_line
from integrations import registry
from integrations.types import AppKind

# Times in tokens and signatures are refused beyond a few minutes; slots are wrong by as much.
TOLERANCE = timedelta(seconds=30)


def providers_are_reached() -> Iterator[Finding]:
    for name in filter(_is_used, settings.PROVIDER_ADDRESSES):
        url = getattr(settings, name)
        if not url.startswith("https://") and not settings.SIMULATORS:
            yield Finding(f"{name} is {url}: tokens would travel in clear.", "Give it an address with https://")
        if not _is_own(url):
            yield from _reach(name, url)
    if not settings.ZOOM_CLIENT_ID:
        fix = "Set ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET: docs/providers/zoom.md"
        yield Finding("Nobody can connect Zoom yet.", fix, grave=False)


def providers_can_tell_us() -> Iterator[Finding]:
    """Not grave: regular looks find the same, only later."""
    for provider in registry.OAUTH:
        for app in (provider.installed_app(kind) for kind in (AppKind.PERSONAL, AppKind.ORGANIZATION)):
            if provider.webhooks is not None and app.is_complete and not app.webhook_secret:
                sentence = f"{provider.key}, {app.kind} app: without a webhook secret we hear of changes there late."
                yield Finding(sentence, f"Set it: docs/providers/{provider.key}.md", grave=False)


def _is_used(name: str) -> bool:
    """Nobody is sent to a provider that we have no client at."""
    provider = name.partition("_")[0]
    return provider == "ZOOM" or bool(getattr(settings, f"{provider}_CLIENT_ID"))


def _reach(name: str, url: str) -> Iterator[Finding]:
    try:
        answer = requests.head(url, timeout=settings.PROVIDER_TIMEOUT)
    except requests.RequestException as error:
        yield Finding(f"{name} is not reached from here: {first_line(error)}", "Check the network, proxy and firewall.")
        return
    if date := answer.headers.get("Date"):
        yield from _compare(parsedate_to_datetime(date), url)


def clock_agrees_with_the_database() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            yield from _compare(cursor.fetchone()[0], "the database")
    except DatabaseError:
        return  # another check says so


def _compare(theirs: datetime, whose: str) -> Iterator[Finding]:
    difference = now() - theirs
    if abs(difference) > TOLERANCE:
        sentence = f"Our clock and that of {whose} are {abs(difference).total_seconds():.0f} seconds apart."
        yield Finding(sentence, "Let the machines keep time by NTP.")


def _is_own(url: str) -> bool:
    """The simulators answer in the process that serves, which need not run now."""
    return url.startswith(settings.BASE_URL + "/")
