"""An event as Graph shows it."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from integrations.simulators.microsoft import identifiers
from integrations.simulators.microsoft.graph import times, zones
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.records import Event
from integrations.simulators.microsoft.world import World

HIDDEN = ("singleValueExtendedProperties",)
"""Only shown to who expands it."""


def full(world: World, instance: Instance, wishes: Preferences) -> dict[str, Any]:
    event = instance.event
    shown = {name: value for name, value in event.fields.items() if name not in HIDDEN}
    return {
        "@odata.etag": etag(instance),
        "id": instance.id(immutable=wishes.immutable),
        "createdDateTime": times.stamp(event.created_at),
        "lastModifiedDateTime": times.stamp(event.modified_at),
        "changeKey": identifiers.change_key(event.version),
        **shown,
        "body": _body(shown["body"], wishes),
        "bodyPreview": _text(shown["body"]["content"])[:255],
        **_times(instance, wishes),
        "type": instance.type,
        "iCalUId": _uid(instance),
        "recurrence": event.recurrence if instance.type == "seriesMaster" else None,
        "seriesMasterId": _master(instance, wishes),
        **({"originalStart": times.stamp(instance.original_start)} if instance.original_start else {}),
        **_people(world, instance.root),
        "webLink": f"https://outlook.office365.com/owa/?itemid={instance.root.immutable_id[6:20]}",
    }


def sparse(instance: Instance, wishes: Preferences) -> dict[str, Any]:
    """What delta shows of an occurrence."""
    shown = _times(instance, wishes)
    return {
        "@odata.etag": etag(instance),
        "id": instance.id(immutable=wishes.immutable),
        "type": instance.type,
        "seriesMasterId": _master(instance, wishes),
        "start": shown["start"],
        "end": shown["end"],
    }


def etag(instance: Instance) -> str:
    return f'W/"{identifiers.change_key(instance.event.version)}"'


def _times(instance: Instance, wishes: Preferences) -> dict[str, Any]:
    event = instance.event
    if event.fields["isAllDay"]:  # a day is a day in whatever zone it is read
        start, end = (_floating(at, zone, wishes) for at, zone in _ends(instance))
    else:
        start, end = times.written(instance.start, wishes.zone), times.written(instance.end, wishes.zone)
    start_zone, end_zone = event.told_zone or event.start_zone, event.told_zone or event.end_zone
    named = {"originalStartTimeZone": start_zone, "originalEndTimeZone": end_zone}
    return {"start": start, "end": end, **named}


def _ends(instance: Instance) -> list[tuple[datetime, str]]:
    event = instance.event
    return [(instance.start, event.start_zone), (instance.end, event.end_zone)]


def _floating(at: datetime, zone: str, wishes: Preferences) -> dict[str, str]:
    day = at.astimezone(zones.named(zone))
    return {"dateTime": f"{day:%Y-%m-%d}T00:00:00.0000000", "timeZone": wishes.zone}


def _master(instance: Instance, wishes: Preferences) -> str | None:
    if instance.master is None:
        return None
    return instance.master.immutable_id if wishes.immutable else instance.master.id


def _uid(instance: Instance) -> str:
    """Differs per occurrence."""
    at = instance.original_start
    return instance.root.uid + (f"{at.astimezone(UTC):%Y%m%d%H%M}" if at else "")


def _people(world: World, root: Event) -> dict[str, Any]:
    organizer = root.organizer
    if organizer is None:
        user = world.users[root.organizer_id]
        organizer = {"name": user.name, "address": user.email}
    mine = root.organizer_id == root.owner_id
    return {"isOrganizer": mine, "organizer": {"emailAddress": organizer}}


def _body(body: dict[str, str], wishes: Preferences) -> dict[str, str]:
    if not wishes.text or body["contentType"] == "text":
        return body
    return {"contentType": "text", "content": _text(body["content"])}


def _text(content: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", content)).strip()
