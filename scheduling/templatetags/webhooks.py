"""Messages and deliveries in the words of pages."""

import json

from django import template

from scheduling.models import DeliveryState, EventType

register = template.Library()

MARKS = {DeliveryState.WAITING: "waiting", DeliveryState.DELIVERED: "ready", DeliveryState.FAILED: "failed"}


@register.filter
def type_in_words(kind: str) -> str:
    return str(EventType(kind).label)


@register.filter
def state_mark(state: str) -> str:
    return MARKS[DeliveryState(state)]


@register.filter
def indented(body: str) -> str:
    """As a reader likes it; what is sent has no line breaks."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
