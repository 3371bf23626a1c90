"""Watch channels: opened, stopped; nobody can list them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.simulators.google.access import Caller
from integrations.simulators.google.calendar import access
from integrations.simulators.google.errors import ApiError, not_found
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import Channel
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer


def watch_events(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.EVENTS_READ)
    calendar = access.calendar(world, request, by)
    if not calendar.watchable:
        sentence = "Push notifications are not supported by this resource."
        raise ApiError(400, "pushNotSupportedForRequestedResource", sentence, domain="calendar")
    return _watch(world, request, by, f"events:{calendar.id}", f"calendars/{calendar.id}/events")


def watch_list(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.LIST_READ)
    return _watch(world, request, by, f"calendarList:{by.person.sub}", "users/me/calendarList")


def stop(world: World, request: Request) -> Response:
    by, asked = access.caller(world, request, scopes.STOP), request.json()
    channel = world.push.channels.get(str(asked.get("id")))
    if channel is None or channel.stopped or channel.resource_id != asked.get("resourceId"):
        raise ApiError(404, "notFound", f"Channel '{asked.get('id')}' not found for project.")
    if (channel.sub, channel.client_id) != (by.person.sub, by.client_id):
        raise not_found()
    world.push.stop(channel)
    return Response(204)


def _watch(world: World, request: Request, by: Caller, of: str, path: str) -> Response:
    asked = request.json()
    _check(world, asked)
    expires_at = _expiration(world, asked)
    channel = Channel(
        id=asked["id"],
        resource_id=_resource(of),
        resource_uri=f"https://www.googleapis.com/calendar/v3/{path}?alt=json",
        of=of,
        address=asked["address"],
        token=asked.get("token", ""),
        expires_at=expires_at,
        sub=by.person.sub,
        client_id=by.client_id,
    )
    world.push.add(channel)
    told = {"kind": "api#channel", "id": channel.id, "resourceId": channel.resource_id}
    told |= {"resourceUri": channel.resource_uri, "expiration": str(int(expires_at.timestamp() * 1000))}
    return answer(200, told | ({"token": channel.token} if channel.token else {}))


def _check(world: World, asked: dict[str, Any]) -> None:
    if asked.get("type") not in ("web_hook", "webhook") or not asked.get("id") or not asked.get("address"):
        raise ApiError(400, "required", "Required")
    if world.push.https_only and not asked["address"].startswith("https://"):
        sentence = f"WebHook callback must be HTTPS: {asked['address']}"
        raise ApiError(400, "push.webhookUrlNotHttps", sentence)
    if len(asked["id"]) > 64 or len(asked.get("token", "")) > 256:
        raise ApiError(400, "invalid", "Invalid Value")
    if asked["id"] in world.push.channels:
        raise ApiError(400, "channelIdNotUnique", f"Channel id {asked['id']} not unique")


def _expiration(world: World, asked: dict[str, Any]) -> datetime:
    now, push = world.clock.now(), world.push
    wanted = now + push.default_life
    if asked.get("expiration"):
        wanted = datetime.fromtimestamp(int(asked["expiration"]) / 1000, UTC)
    elif ttl := asked.get("params", {}).get("ttl"):
        wanted = now + timedelta(seconds=int(ttl))
    return min(wanted, now + push.longest_life)


def _resource(of: str) -> str:
    """The same for all channels on the same resource."""
    return "r" + "".join(f"{ord(letter):x}" for letter in of)[-26:]
