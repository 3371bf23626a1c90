"""What the roles of a shared calendar allow."""

from typing import Any

from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.records import Calendar
from integrations.simulators.microsoft.world import World

FREE_BUSY, LIMITED, READ, WRITE = "freeBusyRead", "limitedRead", "read", "write"
DELEGATE, TRUSTED = "delegateWithoutPrivateEventAccess", "delegateWithPrivateEventAccess"
OWNER, NONE = "owner", "none"
TIMES = {"id", "@odata.etag", "start", "end", "showAs", "isAllDay", "type", "seriesMasterId", "isCancelled"}
TIMES |= {"sensitivity", "changeKey", "originalStart", "iCalUId"}


def role(world: World, caller: Caller, calendar: Calendar) -> str:
    """The caller's, on this calendar."""
    if caller.user is None or caller.user.id == calendar.owner_id:
        return OWNER
    same = world.users[calendar.owner_id].tenant_id == caller.user.tenant_id
    return calendar.shares.get(caller.user.id, FREE_BUSY if same and calendar.default else NONE)


def can_edit(role: str) -> bool:
    return role in (OWNER, WRITE, DELEGATE, TRUSTED)


def can_see_private(role: str) -> bool:
    return role in (OWNER, TRUSTED)


def hides(role: str, instance: Instance) -> bool:
    """Whether this is a private event that the role may not look into."""
    private = instance.event.fields.get("sensitivity") in ("private", "personal", "confidential")
    return private and not can_see_private(role)


def shown(role: str, instance: Instance, content: dict[str, Any]) -> dict[str, Any]:
    """What is left of an event for this role."""
    if hides(role, instance) or role == FREE_BUSY:
        return {name: value for name, value in content.items() if name in TIMES}
    if role == LIMITED:
        return {name: value for name, value in content.items() if name in TIMES | {"subject", "location", "locations"}}
    return content
