"""Users of a Zoom account, as the API shows them."""

from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.zoom import access, paging
from integrations.simulators.zoom.access import Caller
from integrations.simulators.zoom.errors import ApiError, missing_scopes
from integrations.simulators.zoom.records import User
from integrations.simulators.zoom.world import World

ROLE_IDS = {"Owner": "0", "Admin": "1", "Member": "2"}
PASSCODES = {
    "length": 0,
    "have_letter": False,
    "have_number": False,
    "have_special_character": False,
    "only_allow_numeric": False,
}


def show(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "user:read:user", "user:read", "user_profile", "user_info:read")
    user = access.user_named(world, caller, "user:read:user", request.arguments["user_id"])
    if user.status == "pending":
        raise ApiError(400, 1120, "The invitation has not been accepted or has expired.")
    return answer(200, described(world, user))


def listed(world: World, request: Request, caller: Caller) -> Response:
    """Of the whole account; admin tokens only."""
    wanted = {"user:read:list_users:admin", "user:read:admin"}
    if not wanted & set(caller.scopes):
        raise missing_scopes(("user:read:list_users:admin",), world.switches.scope_error_status)
    status = request.query.get("status", "active")
    found = [user for user in world.users.values() if user.account_id == caller.account.id and user.status == status]
    shown, envelope = paging.page_of(world, request, found, of=f"users {caller.account.id} {status}", most=2000)
    return answer(200, {**envelope, "users": [_item(user) for user in shown]})


def settings(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "user:read:settings", "user:read")
    user = access.user_named(world, caller, "user:read:settings", request.arguments["user_id"])
    scheduling = {
        "require_password_for_scheduling_new_meetings": True,
        "meeting_password_requirement": PASSCODES,
        "embed_password_in_join_link": True,
        "join_before_host": False,
        "use_pmi_for_scheduled_meetings": user.use_pmi,
    }
    return answer(200, {"schedule_meeting": scheduling, "in_meeting": {"waiting_room": False}})


def permissions(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "user:read:list_permissions", "user:read")
    user = access.user_named(world, caller, "user:read:list_permissions", request.arguments["user_id"])
    return answer(200, {"permissions": ["User:Edit", "User:Read"] if user.approves else []})


def described(world: World, user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "account_id": user.account_id,
        "account_number": int.from_bytes(user.account_id.encode()[:4], "big"),
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.display_name,
        "type": user.type,
        "role_name": user.role_name,
        "role_id": ROLE_IDS.get(user.role_name, "R" + user.role_name),
        "status": user.status,
        "timezone": user.timezone,
        "language": "en-US",
        "pmi": user.pmi,
        "use_pmi": user.use_pmi,
        "verified": 1,
        "created_at": user.created_at,
        "user_created_at": user.created_at,
    }


def _item(user: User) -> dict[str, Any]:
    item = {
        "id": user.id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "type": user.type,
        "role_id": ROLE_IDS.get(user.role_name, "R" + user.role_name),
        "status": user.status,
        "timezone": user.timezone,
        "verified": 1,
    }
    return {name: value for name, value in item.items() if name != "id" or user.status != "pending"}
