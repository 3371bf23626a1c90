"""What lies in a calendar, and what changed in it: by sync-collection (RFC 6578); where a server does not know that, by
comparing the marks (ETags) of all objects in the window.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from integrations.exceptions import ProviderUnavailable, RequestRejected, SyncTokenLost
from integrations.providers.caldav import events, objects, queries, recurrences
from integrations.providers.caldav.dav import Dav
from integrations.providers.caldav.multistatus import Multistatus
from integrations.providers.caldav.objects import Stored
from integrations.providers.caldav.recurrences import Effort, Window
from integrations.types import Event, EventPage

BATCH = 100
MOST_ROUNDS = 1000
LARGEST_MEMORY = 20_000_000
TOLD, COMPARED = "told:", "compared:"
"""Kinds of our sync tokens."""
FORGOTTEN = {400, 403, 409, 410, 412}


def pages(dav: Dav, path: str, window: Window, since: str) -> Iterator[EventPage]:
    if since.startswith(TOLD):
        return _since(dav, path, window, since.removeprefix(TOLD))
    if since.startswith(COMPARED):
        return _against(dav, path, window, _remembered(since))
    if since:
        raise SyncTokenLost
    return _whole(dav, path, window)


def read(stored: Iterable[Stored], window: Window, dav: Dav, effort: Effort) -> EventPage:
    """Events with the instances of series; each object is named as a series, for it may have been one before."""
    found: list[Event] = []
    paths: list[str] = []
    for one in stored:
        paths.append(one.path)
        found += _read(one, window, dav, effort)
    return EventPage(events=tuple(found), series=tuple(paths))


def within(dav: Dav, path: str, window: Window) -> list[Stored]:
    """All that touches the window, in one answer."""
    return _stored(dav.report(path, queries.between(*_wider(window), queries.DATA)))


def some(dav: Dav, path: str, paths: list[str]) -> list[Stored]:
    return _stored(dav.report(path, queries.these(paths)))


def _read(stored: Stored, window: Window, dav: Dav, effort: Effort) -> list[Event]:
    components = objects.in_zones(stored)
    try:
        if not recurrences.repeats(components):
            return [events.read(one, stored.path, stored.etag, dav.addresses) for one in components[:1]]
        instances = effort.instances(components, window)
        named = {events.instance_of(one): one for one in instances}
        return [events.read(one, stored.path, stored.etag, dav.addresses, instance=name) for name, one in named.items()]
    except (ValueError, OverflowError) as error:
        raise objects.unreadable(stored.text, stored.path) from error


def _whole(dav: Dav, path: str, window: Window) -> Iterator[EventPage]:
    """The token first: what changes meanwhile is told again the next time."""
    token, tag = _mark(dav, path)
    listed = _listed(dav, path, window)
    yield from _fetched(dav, path, window, list(listed))
    yield EventPage(sync_token=f"{TOLD}{token}" if token else _memory(tag, listed))


def _since(dav: Dav, path: str, window: Window, token: str) -> Iterator[EventPage]:
    """A server may tell in portions (RFC 6578, 3.6)."""
    for _round in range(MOST_ROUNDS):
        told = _changed(dav, path, token)
        removed = tuple(one.path for one in told.answers if one.status == 404)
        changed = [one.path for one in told.answers if one.status == 200 and one.path.rstrip("/") != path.rstrip("/")]
        if removed:
            yield EventPage(removed=removed)
        yield from _fetched(dav, path, window, changed)
        if not any(one.status == 507 for one in told.answers) or told.sync_token == token:
            yield EventPage(sync_token=f"{TOLD}{told.sync_token or token}")
            return
        token = told.sync_token
    raise ProviderUnavailable(_("The calendar server’s list of changes does not end. Bridge looks again later."))


def _changed(dav: Dav, path: str, token: str) -> Multistatus:
    try:
        return dav.report(path, queries.changed(token), depth="0")
    except RequestRejected as rejected:
        if rejected.code in FORGOTTEN:
            raise SyncTokenLost from rejected
        raise


def _against(dav: Dav, path: str, window: Window, before: tuple[str, dict[str, str]]) -> Iterator[EventPage]:
    _token, tag = _mark(dav, path)
    if tag and tag == before[0]:
        yield EventPage(sync_token=_memory(*before))
        return
    listed, known = _listed(dav, path, window), before[1]
    yield EventPage(removed=tuple(known.keys() - listed.keys()))
    yield from _fetched(dav, path, window, [one for one, etag in listed.items() if known.get(one) != etag])
    yield EventPage(sync_token=_memory(tag, listed))


def _mark(dav: Dav, path: str) -> tuple[str, str]:
    """Where it stands now: its sync token and its tag (ctag); both may be missing."""
    answers = dav.propfind(path, "D:sync-token", "S:getctag", "D:supported-report-set")
    if not answers:
        raise RequestRejected(_("This calendar is no longer on the calendar server."), missing=True)
    can_tell = queries.clark("D:sync-collection") in answers[0].names("D:supported-report-set")
    return answers[0].text("D:sync-token") if can_tell else "", answers[0].text("S:getctag")


def _listed(dav: Dav, path: str, window: Window) -> dict[str, str]:
    """ETags by path, of what touches the window."""
    found = dav.report(path, queries.between(*_wider(window)))
    return {one.path: one.text("D:getetag") for one in found.answers if one.status == 200}


def _fetched(dav: Dav, path: str, window: Window, paths: list[str]) -> Iterator[EventPage]:
    """In portions, so that only a little is in memory. What is gone by now counts as removed."""
    effort, rest = Effort(), iter(paths)
    while batch := list(islice(rest, BATCH)):
        stored = some(dav, path, batch)
        gone = set(batch) - {one.path for one in stored}
        page = read(stored, window, dav, effort)
        yield EventPage(events=page.events, series=page.series, removed=tuple(gone))


def _stored(told: Multistatus) -> list[Stored]:
    found = [(one, one.text("C:calendar-data")) for one in told.answers if one.status == 200]
    return [Stored(one.path, one.text("D:getetag"), text) for one, text in found if "BEGIN:VEVENT" in text.upper()]


def _wider(window: Window) -> tuple[datetime, datetime]:
    return window[0] - recurrences.DAY, window[1] + recurrences.DAY


def _memory(tag: str, etags: dict[str, str]) -> str:
    packed = zlib.compress(json.dumps([tag, etags]).encode(), 9)
    return COMPARED + base64.b85encode(packed).decode()


def _remembered(token: str) -> tuple[str, dict[str, str]]:
    try:
        packed = base64.b85decode(token.removeprefix(COMPARED))
        tag, etags = json.loads(zlib.decompressobj().decompress(packed, LARGEST_MEMORY))
    except (ValueError, TypeError, zlib.error, binascii.Error) as error:
        raise SyncTokenLost from error
    return str(tag), dict(etags)
