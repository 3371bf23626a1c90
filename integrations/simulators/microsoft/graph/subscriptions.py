"""Subscriptions to changes: proved by their addresses, renewed, ended."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import postman
from integrations.simulators.microsoft.errors import GraphError, bad_request
from integrations.simulators.microsoft.graph import access, event_changes, preferences, times
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.endpoints import Endpoint
from integrations.simulators.microsoft.records import Subscription, User
from integrations.simulators.microsoft.world import World

RESOURCE = re.compile(r"/?(?:me|users/(?P<user>[^/]+))/(?:contactFolders/[^/]+/)?(?P<kind>events|contacts)", re.I)
KINDS = {"events": "Calendars", "contacts": "Contacts"}
LEAST = timedelta(minutes=45)
CHANGES = ("created", "updated", "deleted")


def create(world: World, request: Request) -> Response:
    """Both addresses are asked while this call is open, so without the lock. Raises GraphError."""
    with world.lock:
        made = _understood(world, request, access.identify(world, request))
    for url in (made.notification_url, made.lifecycle_url):
        if url:
            _validate(url)
    with world.lock:
        world.subscriptions[made.id] = made
        return answer(201, shown(made))


def listed(world: World, request: Request, caller: Caller) -> Response:
    return answer(200, {"value": [shown(one) for one in _alive(world) if one.creator_id == caller.id]})


def show(world: World, request: Request, caller: Caller) -> Response:
    return answer(200, shown(_found(world, request, caller)))


def renew(world: World, request: Request, caller: Caller) -> Response:
    subscription, body = _found(world, request, caller), event_changes.body_of(request)
    if set(body) - {"expirationDateTime", "notificationUrl"}:
        raise bad_request("Only expirationDateTime and notificationUrl can be changed.", "InvalidRequest")
    subscription.expires_at = _expiry(world, body)
    subscription.paused = False
    return answer(200, shown(subscription))


def reauthorize(world: World, request: Request, caller: Caller) -> Response:
    _found(world, request, caller).paused = False
    return Response(204)


def delete(world: World, request: Request, caller: Caller) -> Response:
    del world.subscriptions[_found(world, request, caller).id]
    return Response(204)


def shown(subscription: Subscription) -> dict[str, Any]:
    """clientState is told nobody again."""
    return {
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": subscription.client_id,
        "changeType": ",".join(subscription.change_types),
        "clientState": None,
        "notificationUrl": subscription.notification_url,
        "lifecycleNotificationUrl": subscription.lifecycle_url or None,
        "expirationDateTime": times.stamp(subscription.expires_at),
        "creatorId": subscription.creator_id,
    }


def _understood(world: World, request: Request, caller: Caller) -> Subscription:
    body = event_changes.body_of(request)
    found = RESOURCE.fullmatch(str(body.get("resource") or ""))
    if found is None:
        raise bad_request("The resource is not supported for subscriptions.", "InvalidRequest")
    owner = _owner(world, request, caller, found["user"])
    kind, changes = found["kind"].lower(), tuple(str(body.get("changeType") or "").split(","))
    if caller.user is not None and caller.user.id != owner.id:
        raise GraphError(403, "ExtensionError", "Operation: Create; Exception: [Status Code: Forbidden].")
    access.need(caller, owner, KINDS[kind])
    _check(world, owner, body, changes)
    return Subscription(
        id=world.guid(),
        client_id=caller.app.client_id,
        user_id=owner.id,
        creator_id=caller.id,
        tenant_id=caller.tenant.id,
        kind=kind,
        change_types=changes,
        resource=body["resource"],
        notification_url=str(body["notificationUrl"]),
        lifecycle_url=str(body.get("lifecycleNotificationUrl") or ""),
        client_state=str(body.get("clientState") or ""),
        expires_at=_expiry(world, body),
        immutable=preferences.of(request).immutable,
    )


def _owner(world: World, request: Request, caller: Caller, named: str | None) -> User:
    return access.subject(world, request.with_arguments({"user_id": named} if named else {}), caller)


def _check(world: World, owner: User, body: dict[str, Any], changes: tuple[str, ...]) -> None:
    if not set(changes) <= set(CHANGES):
        raise bad_request("The changeType is not valid.", "InvalidRequest")
    if not body.get("notificationUrl"):
        raise bad_request("The notificationUrl is required.", "InvalidRequest")
    if len(str(body.get("clientState") or "")) > 128:
        raise bad_request("The clientState must be at most 128 characters long.", "InvalidRequest")
    if len([one for one in _alive(world) if one.user_id == owner.id]) >= world.switches.most_subscriptions:
        raise GraphError(403, "ExtensionError", "The limit of subscriptions for this mailbox is reached.")


def _expiry(world: World, body: dict[str, Any]) -> datetime:
    now = world.clock.now()
    try:
        wanted = datetime.fromisoformat(body["expirationDateTime"])
    except (KeyError, TypeError, ValueError) as error:
        raise bad_request("The expirationDateTime is missing or not valid.", "InvalidRequest") from error
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    if wanted > now + timedelta(minutes=world.switches.most_subscription_minutes):
        raise bad_request("Subscription expiration can only be so many minutes in the future.", "ExtensionError")
    return max(wanted, now + LEAST)


def _validate(url: str) -> None:
    token = f"Validation: Testing client application + reachability 100%; RequestId={secrets.token_hex(8)}"
    status, kind, body = postman.validate(url, token)
    if status == 0:
        raise bad_request("Subscription validation request timed out.", "InvalidRequest")
    if status != 200 or not kind.startswith("text/plain") or body != token.encode():
        message = (
            "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation "
            "request."
        )
        raise bad_request(message, "ValidationError")


def _found(world: World, request: Request, caller: Caller) -> Subscription:
    wanted = request.arguments["subscription_id"]
    for subscription in _alive(world):
        if subscription.id == wanted and subscription.creator_id == caller.id:
            return subscription
    raise GraphError(404, "ResourceNotFound", "The object was not found.")


def _alive(world: World) -> list[Subscription]:
    now = world.clock.now()
    return [found for found in world.subscriptions.values() if found.expires_at > now]


AT = "/subscriptions/(?P<subscription_id>[^/]+)"
ENDPOINTS = (
    Endpoint("GET", "/subscriptions", listed),
    Endpoint("GET", AT, show),
    Endpoint("PATCH", AT, renew),
    Endpoint("POST", AT + "/reauthorize", reauthorize),
    Endpoint("DELETE", AT, delete),
)
