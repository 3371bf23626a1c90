"""What a webhook carries, as an example for each noun: the same shape that the API answers."""

import json
from dataclasses import dataclass

from ninja import Schema

from bridge import schema_words
from scheduling import announcements
from scheduling.models import EventType
from scheduling.shapes.bookings import Booking
from scheduling.shapes.events import Event
from scheduling.shapes.services import Service

SHAPES: dict[EventType, type[Schema]] = {
    EventType.MEETING_READY: Event,
    EventType.BOOKING_CREATED: Booking,
    EventType.CONNECTION_ENDED: Service,
}


@dataclass(frozen=True)
class Sample:
    type: str
    text: str


def all_of_them() -> list[Sample]:
    return [Sample(kind.value, _text(kind, shape)) for kind, shape in SHAPES.items()]


def _text(kind: EventType, shape: type[Schema]) -> str:
    described = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    data = schema_words.example(described, described.get("$defs", {}))
    return json.dumps(json.loads(announcements.compose(kind, data)), indent=2, ensure_ascii=False)
