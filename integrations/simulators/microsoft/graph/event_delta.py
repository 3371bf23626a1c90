"""Changes of a calendar within a window that stands in the link."""

from typing import Any

from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.graph import calendars, delta, event_answers, instances, preferences, times
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.delta import Told
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.records import Calendar, Chain, Event, Gone
from integrations.simulators.microsoft.world import World

UNSUPPORTED = ("$select", "$expand", "$filter", "$orderby", "$search")


def changes(world: World, request: Request, caller: Caller) -> Response:
    calendar, _ = calendars.named(world, request, caller)
    delta.refuse_options(request, *UNSUPPORTED)
    wishes, of = preferences.of(request), f"events {calendar.id}"
    if delta.followed(request):
        return delta.go_on(world, request, wishes, of, lambda chain: _look(world, calendar, chain, wishes))
    chain = Chain(of, window=times.window(request.query))
    return delta.first(world, request, wishes, chain, _view(world, calendar, chain, wishes))


def _look(world: World, calendar: Calendar, chain: Chain, wishes: Preferences) -> tuple[dict[str, Told], list[str]]:
    view = _view(world, calendar, chain, wishes)
    return view, _outside(world, calendar, chain, view, wishes) if world.switches.moved_out_is_told else []


def _view(world: World, calendar: Calendar, chain: Chain, wishes: Preferences) -> dict[str, Told]:
    """Occurrences, and the masters of those that are in it."""
    assert chain.window is not None
    view: dict[str, Told] = {}
    for event in instances.in_calendars(world, {calendar.id}):
        found = list(instances.between(event, *chain.window))
        if event.recurrence and found:
            found.insert(0, instances.of(event))
        for instance in found:
            told = _shown(world, instance, wishes)
            view[instance.id(immutable=True)] = (told, instance.event.version, instance.id(immutable=False))
    return view


def _outside(world: World, calendar: Calendar, chain: Chain, view: dict[str, Told], wishes: Preferences) -> list[str]:
    """What changed and was never in the window is told as removed."""
    changed: list[Event | Gone] = [
        event for event in instances.in_calendars(world, {calendar.id}) if event.version > chain.base
    ]
    over = [gone for gone in world.gone if gone.folder_id == calendar.id and gone.version > chain.base]
    unknown = [one for one in [*changed, *over] if one.immutable_id not in chain.known.keys() | view.keys()]
    return [one.immutable_id if wishes.immutable else one.id for one in unknown]


def _shown(world: World, instance: Instance, wishes: Preferences) -> dict[str, Any]:
    if instance.type == "occurrence" and world.switches.sparse_occurrences:
        return event_answers.sparse(instance, wishes)
    return event_answers.full(world, instance, wishes)
