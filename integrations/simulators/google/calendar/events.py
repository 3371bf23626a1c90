"""Single events: get, insert, patch, update, delete, move of one's own answer."""

import copy
from typing import Any

from integrations.simulators.google.access import Caller
from integrations.simulators.google.calendar import access, answers, conferences, copies, fields, series
from integrations.simulators.google.errors import ApiError, invalid, not_found
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import Calendar, Event
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer


def get(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.EVENTS_READ)
    calendar = access.calendar(world, request, by)
    event = _event(calendar, request.arguments["event"])
    if request.headers.get("if-none-match") == answers.etag(event):
        return Response(304)
    return answer(200, answers.shown(world, calendar, event, by.person, request.query.get("timeZone", "")))


def insert(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.EVENTS_WRITE)
    calendar, body = access.writable(world, request, by), _body(request)
    named = body.get("id") or world.identifier()
    fields.check_id(named)
    if named in calendar.events:
        raise ApiError(409, "duplicate", "The requested identifier already exists.")
    now = world.clock.now()
    host = {"email": calendar.id}
    own = {"iCalUID": body.get("iCalUID") or f"{named}@google.com", "creator": {"email": by.person.email}}
    made = Event(named, calendar.id, {**own, "organizer": host, "eventType": "default"}, 0, now, now)
    made.fields |= fields.writable(body)
    _write(world, request, calendar, made, body)
    return answer(200, answers.shown(world, calendar, made, by.person))


def patch(world: World, request: Request) -> Response:
    by, calendar, event, body = _for_change(world, request)
    changed = copy.deepcopy(event)
    changed.fields = fields.merged(event.fields, fields.writable(body))
    return _changed(world, request, by, calendar, changed, body)


def update(world: World, request: Request) -> Response:
    by, calendar, event, body = _for_change(world, request)
    changed, kept = copy.deepcopy(event), fields.READ_ONLY | {"eventType"}
    changed.fields = {name: value for name, value in changed.fields.items() if name in kept}
    changed.fields |= fields.writable(body)
    if "conferenceData" not in body and request.query.get("conferenceDataVersion") == "1":
        conferences.apply(world, calendar, changed, None)
    return _changed(world, request, by, calendar, changed, body)


def delete(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.EVENTS_WRITE)
    calendar = access.writable(world, request, by)
    event = _event(calendar, request.arguments["event"])
    if event.deleted:
        raise ApiError(410, "deleted", "Resource has been deleted")
    _match(request, event)
    remove(world, calendar, copy.deepcopy(event))
    _mail(world, request, event)
    return Response(204)


def remove(world: World, calendar: Calendar, event: Event) -> None:
    event.deleted, event.updated_at = True, world.clock.now()
    copies.touch(world, calendar, event)
    for exception in series.exceptions(calendar, event).values():
        exception.deleted = True
    copies.spread(world, calendar, event)


def _for_change(world: World, request: Request) -> tuple[Caller, Calendar, Event, dict[str, Any]]:
    by = access.caller(world, request, scopes.EVENTS_WRITE)
    calendar = access.writable(world, request, by)
    event = _event(calendar, request.arguments["event"])
    _match(request, event)
    return by, calendar, event, _body(request)


def _changed(
    world: World, request: Request, by: Caller, calendar: Calendar, event: Event, body: dict[str, Any]
) -> Response:
    if event.deleted:
        foreign = event.fields.get("organizer", {}).get("email") != calendar.id
        if foreign or not world.switches.revives_deleted or body.get("status") != "confirmed":
            raise ApiError(403, "forbidden", "Forbidden")
        event.deleted = False
    if body.get("status") == "cancelled":
        remove(world, calendar, event)
        return answer(200, answers.tombstone(world, event))
    event.sequence += any(name in body for name in ("start", "end", "recurrence"))
    if set(body) != {"reminders"}:
        event.updated_at = world.clock.now()
    _write(world, request, calendar, event, body)
    return answer(200, answers.shown(world, calendar, event, by.person))


def _write(world: World, request: Request, calendar: Calendar, event: Event, body: dict[str, Any]) -> None:
    fields.check(calendar, event.fields)
    if series.is_master(event):
        series.check(calendar, event)
    if request.query.get("conferenceDataVersion") == "1" and "conferenceData" in body:
        conferences.apply(world, calendar, event, body["conferenceData"])
    for attendee in event.fields.get("attendees", []):
        attendee.setdefault("responseStatus", "needsAction")
    copies.touch(world, calendar, event)
    copies.spread(world, calendar, event)
    _mail(world, request, event)


def _mail(world: World, request: Request, event: Event) -> None:
    to = request.query.get("sendUpdates", "none")
    if to != "none":
        guests = [one["email"] for one in event.fields.get("attendees", [])]
        world.mails.append({"event": event.id, "method": request.method, "sendUpdates": to, "to": guests})


def _event(calendar: Calendar, named: str) -> Event:
    found = calendar.events.get(named) or series.instance(calendar, named)
    if found is None:
        raise not_found()
    return found


def _match(request: Request, event: Event) -> None:
    wanted = request.headers.get("if-match")
    if wanted not in (None, "*", answers.etag(event)):
        raise ApiError(412, "conditionNotMet", "Precondition Failed", location="If-Match")


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError as error:
        raise ApiError(400, "parseError", "Parse Error") from error
    if not isinstance(body, dict):
        raise invalid("Bad Request")
    return body
