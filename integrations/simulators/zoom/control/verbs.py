"""What can be done to the simulated Zoom from outside: by the control page, and as JSON by tests in other processes."""

from collections.abc import Callable

from integrations.simulators.zoom import meeting_answers
from integrations.simulators.zoom.control import apps, conditions, meetings, people, webhooks
from integrations.simulators.zoom.control.named import Arguments
from integrations.simulators.zoom.world import World

VERBS: dict[str, Callable[[World, Arguments], object]] = {
    "faults": conditions.faults,
    "faults/clear": conditions.clear_faults,
    "clock": conditions.clock,
    "limits": conditions.limits,
    "users": people.add,
    "users/change": people.change,
    "users/remove": people.remove,
    "authorize": apps.authorize,
    "uninstall": apps.uninstall,
    "pre-approval": apps.pre_approval,
    "approve": apps.approve,
    "withdraw": apps.withdraw,
    "apps/activate": apps.activate,
    "meetings/start": meetings.start,
    "meetings/end": meetings.end,
    "meetings/change": meetings.change,
    "meetings/delete": meetings.delete,
    "webhooks/address": webhooks.address,
    "webhooks/validate": webhooks.validate,
    "webhooks/again": webhooks.again,
    "webhooks/stop": webhooks.stop,
    "webhooks/go": webhooks.go_on,
    "webhooks/double": webhooks.double,
}


def state(world: World) -> object:
    """For tests: without tokens."""
    return {
        "now": world.clock.now().isoformat(),
        "users": [vars(user) | {"schedulers": sorted(user.schedulers)} for user in world.users.values()],
        "installed": [{"client_id": client_id, "user": user_id} for client_id, user_id in world.grants],
        "meetings": [
            {**meeting_answers.item(meeting), "deleted": bool(meeting.deleted_at)}
            for meeting in world.meetings.values()
        ],
        "webhooks": [
            {"id": sent.id, "event": sent.event, "url": sent.subscription.url, "statuses": sent.statuses}
            for sent in world.webhooks.deliveries
        ],
        "calls": [vars(call) for call in world.calls],
    }
