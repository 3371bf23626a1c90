"""Single events: made, read, changed, cancelled, answered, deleted."""

from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import store
from integrations.simulators.microsoft.errors import GraphError, access_denied, bad_request, no_item
from integrations.simulators.microsoft.graph import (
    access,
    calendars,
    event_answers,
    event_changes,
    instances,
    lists,
    preferences,
    sharing,
)
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.world import World

RESPONSES = {"accept": "accepted", "decline": "declined", "tentativelyAccept": "tentativelyAccepted"}


def create(world: World, request: Request, caller: Caller) -> Response:
    calendar, _ = calendars.named(world, request, caller, write=True)
    wishes, body = preferences.of(request), event_changes.body_of(request)
    known = event_changes.repeated(world, calendar, body)
    if known is not None:
        if world.switches.repeated_transaction != 201:
            raise GraphError(409, "ErrorDuplicateTransactionId", "The transactionId was used before.")
        return wishes.mark(answer(201, event_answers.full(world, instances.of(known), wishes)))
    event = event_changes.made(world, calendar, body)
    content = event_answers.full(world, instances.of(event), wishes)
    if world.switches.teams_link_is_late:
        content["onlineMeeting"] = None
    return wishes.mark(answer(201, content))


def show(world: World, request: Request, caller: Caller) -> Response:
    instance, role = found(world, request, caller)
    wishes = preferences.of(request)
    if sharing.hides(role, instance) and world.switches.lists_private:
        raise no_item()
    content = sharing.shown(role, instance, event_answers.full(world, instance, wishes))
    if "cancelledOccurrences" in request.query.get("$select", ""):
        content["cancelledOccurrences"] = [f"OID.{instance.root.uid}.{at:%Y-%m-%d}" for at in instance.root.cancelled]
    return wishes.mark(answer(200, lists.selected(request, expanded(request, instance, content))))


def update(world: World, request: Request, caller: Caller) -> Response:
    instance, _ = found(world, request, caller, write=True)
    wishes, body = preferences.of(request), event_changes.body_of(request)
    _check_etag(request, instance)
    changed = event_changes.changed(world, instance, body)
    return wishes.mark(answer(200, event_answers.full(world, changed, wishes)))


def delete(world: World, request: Request, caller: Caller) -> Response:
    instance, _ = found(world, request, caller, write=True)
    _check_etag(request, instance)
    _remove(world, instance)
    return Response(204)


def cancel(world: World, request: Request, caller: Caller) -> Response:
    instance, _ = found(world, request, caller, write=True)
    if instance.root.organizer_id != instance.root.owner_id:
        raise bad_request("You need to be an organizer to cancel a meeting.")
    given = request.json() if request.body else {}
    _remove(world, instance, comment=str(given.get("Comment") or given.get("comment") or ""))
    return Response(202)


def respond(world: World, request: Request, caller: Caller) -> Response:
    instance, _ = found(world, request, caller, write=True)
    if instance.root.organizer_id == instance.root.owner_id:
        raise bad_request("You can't respond to this meeting because you're the meeting organizer.")
    store.respond(world, instance.root, RESPONSES[request.arguments["verb"]])
    return Response(202)


def found(world: World, request: Request, caller: Caller, *, write: bool = False) -> tuple[Instance, str]:
    """The event of the path and the caller's role in its calendar. Raises GraphError."""
    owner = access.mailbox(world, request, caller, "Calendars", write=write)
    instance = instances.found(world, request.arguments["event_id"])
    if instance is None or instance.root.owner_id != owner.id:
        raise no_item()
    if request.arguments.get("calendar_id", instance.root.calendar_id) != instance.root.calendar_id:
        raise no_item()
    role = sharing.role(world, caller, world.calendars[instance.root.calendar_id])
    if role == sharing.NONE or (write and not sharing.can_edit(role)):
        raise access_denied()
    if write and sharing.hides(role, instance):
        raise no_item()
    return instance, role


def expanded(request: Request, instance: Instance, content: dict[str, Any]) -> dict[str, Any]:
    """With our client's own properties, for whoever asks for them."""
    properties = instance.event.fields.get("singleValueExtendedProperties")
    if properties and "singleValueExtendedProperties" in request.query.get("$expand", ""):
        content["singleValueExtendedProperties"] = properties
    return content


def summary(world: World, instance: Instance, role: str, wishes: Preferences) -> dict[str, Any]:
    return sharing.shown(role, instance, event_answers.full(world, instance, wishes))


def _remove(world: World, instance: Instance, comment: str = "") -> None:
    if instance.original_start:
        store.remove_occurrence(world, instance.root, instance.original_start)
    else:
        store.remove(world, instance.root, comment=comment)


def _check_etag(request: Request, instance: Instance) -> None:
    wanted = request.headers.get("if-match", "*")
    if wanted not in ("*", event_answers.etag(instance)):
        raise GraphError(412, "ErrorIrresolvableConflict", "The change key passed does not match the current one.")
