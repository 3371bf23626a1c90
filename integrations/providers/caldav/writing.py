"""Events made, moved and deleted. An object's name comes from our reference, so that asking twice makes one; nothing is
written over a change that we have not seen (If-Match).
"""

import hashlib
import re
from collections.abc import Callable
from uuid import uuid4

from django.utils.translation import gettext as _

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.caldav import drafts, instances, objects, queries
from integrations.providers.caldav.dav import Dav
from integrations.providers.caldav.objects import Object, Stored
from integrations.types import EventRequest

MOST_TRIES = 3
ICALENDAR = {"Content-Type": "text/calendar; charset=utf-8"}
CONFLICT = {403, 409, 412}
SAFE = re.compile(r"[A-Za-z0-9 .-]{1,50}")

Change = Callable[[Object], None]


def create(dav: Dav, calendar: str, request: EventRequest) -> str:
    """The path of the event."""
    name = _name(request)
    path, uid = f"{calendar.rstrip('/')}/{name}.ics", request.uid or f"{name}@bridge"
    try:
        dav.ask("PUT", path, drafts.new(request, uid), If_None_Match="*", **ICALENDAR)
    except RequestRejected as rejected:
        if rejected.code not in CONFLICT or not (path := _standing(dav, calendar, path, uid)):
            raise
        change(dav, path, lambda found: bring(found, request))
    return path


def _standing(dav: Dav, calendar: str, path: str, uid: str) -> str:
    """Where the event stands already: under its own name, or one that somebody gave it (no-uid-conflict)."""
    if fetch(dav, path):
        return path
    found = dav.report(calendar, queries.known_as(uid)).answers
    return next((one.path for one in found if (one.status, one.path) != (404, calendar)), "")


def change(dav: Dav, path: str, what: Change) -> None:
    """Read, change, write back; once more where somebody else was quicker. RequestRejected with `missing`."""
    for _try in range(MOST_TRIES):
        if (stored := fetch(dav, path)) is None:
            raise gone()
        found = objects.parse(stored)
        what(found)
        if _was_stored(dav, found):
            return
    raise ProviderUnavailable(_("The event is just being changed by somebody else. Bridge tries again in a moment."))


def bring(found: Object, request: EventRequest) -> None:
    """The whole event. A series keeps its days: its exceptions would be left behind."""
    master = instances.master(found)
    if master is None:
        raise gone()
    if "RRULE" in master or "RDATE" in master:
        raise RequestRejected(_("Bridge moves single dates of a series. Change the whole series in your calendar."))
    drafts.bring(master, request, drafts.own_zone(master, found))


def fetch(dav: Dav, path: str) -> Stored | None:
    try:
        response = dav.ask("GET", path)
    except RequestRejected as rejected:
        if rejected.missing:
            return None
        raise
    return Stored(path, response.headers.get("etag", ""), response.content.decode("utf-8", "replace"))


def delete(dav: Dav, path: str) -> None:
    """Schedule-Reply: no word to the organizer (RFC 6638, 8.1)."""
    try:
        dav.ask("DELETE", path, Schedule_Reply="F")
    except RequestRejected as rejected:
        if not rejected.missing:
            raise


def gone() -> RequestRejected:
    return RequestRejected(_("The event is no longer in the calendar."), missing=True)


def _was_stored(dav: Dav, found: Object) -> bool:
    """Weak marks cannot be matched (RFC 9110, 13.1.1): then what we have just read is the latest."""
    strong = found.etag and not found.etag.startswith("W/")
    try:
        dav.ask("PUT", found.path, found.text(), **ICALENDAR, **({"If_Match": found.etag} if strong else {}))
    except RequestRejected as rejected:
        if rejected.code == 412:
            return False
        raise
    return True


def _name(request: EventRequest) -> str:
    marker = request.reference
    if SAFE.fullmatch(marker):
        return f"bridge-{marker.replace(' ', '_')}"
    return f"bridge.{hashlib.sha256((marker or request.uid or uuid4().hex).encode()).hexdigest()[:40]}"
