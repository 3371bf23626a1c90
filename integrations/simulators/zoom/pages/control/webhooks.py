"""What was sent to the apps, and what came back."""

from html import escape

from integrations.simulators.http import Request
from integrations.simulators.zoom.deliveries import Delivery
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.world import World

SHOWN = 30


def section(world: World, request: Request) -> str:
    rows = [_row(request, delivery) for delivery in world.webhooks.deliveries[: -SHOWN - 1 : -1]]
    caption = "The newest first. What is not answered with 2xx in three seconds is tried 5, 25 and 85 minutes later."
    heads = ["Event", "To", "Answers", "State", "Action"]
    shown = frame.table(caption, heads, rows) if rows else "<p>Nothing has happened yet that an app would hear of.</p>"
    return _switches(world, request) + shown


def _switches(world: World, request: Request) -> str:
    at, hooks = f"{request.mount}/control/webhooks", world.webhooks
    told = "Stopped: what happens waits here." if hooks.stopped else "Apps are told what happens."
    if hooks.stopped:
        buttons = frame.form(f"{at}/go", "Go on delivering", {})
        buttons += frame.form(f"{at}/go", "Go on, newest first", {"newest_first": "1"}, kind="plain")
    else:
        buttons = frame.form(f"{at}/stop", "Stop delivering", {}, kind="danger")
    label, change = ("Deliver once", "") if hooks.duplicated else ("Deliver everything twice", "1")
    buttons += frame.form(f"{at}/double", label, {"on": change}, kind="plain")
    return f'<p>{told}</p><div class="row">{buttons}</div>'


def _row(request: Request, delivery: Delivery) -> list[str]:
    again = {"delivery": delivery.id}
    label = f"Send {delivery.event} again"
    return [
        escape(delivery.event),
        escape(delivery.subscription.url),
        ", ".join(str(status or "none in time") for status in delivery.statuses) or "not sent yet",
        _state(delivery),
        frame.form(f"{request.mount}/control/webhooks/again", label, again, kind="plain"),
    ]


def _state(delivery: Delivery) -> str:
    if delivery.waiting:
        return f"Waits, due {delivery.due_at:%Y-%m-%d %H:%M} UTC"
    tries = len(delivery.statuses)
    return f"{'Delivered' if delivery.delivered else 'Lost'} after {tries} {'try' if tries == 1 else 'tries'}"
