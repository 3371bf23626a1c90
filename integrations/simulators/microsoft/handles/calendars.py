"""Events and contacts, as their owners handle them in Outlook."""

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.simulators.microsoft import directory, store
from integrations.simulators.microsoft.graph import contacts, event_changes, event_fields, instances, times
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.handles.apps import Apps
from integrations.simulators.microsoft.records import Calendar, Contact, Event, User


class Calendars(Apps):
    def add_event(
        self,
        user: User | str,
        start: datetime,
        end: datetime | None = None,
        *,
        calendar: Calendar | None = None,
        zone: str = "UTC",
        **fields: Any,
    ) -> Event:
        """Half an hour unless told otherwise; `fields` are Graph's: subject, showAs, sensitivity, recurrence, …"""
        owner = self.user(user)
        end = end or start + timedelta(minutes=30)
        fields.setdefault("subject", "Something else")
        body = {"start": times.written(start, zone), "end": times.written(end, zone), **_plain(fields)}
        with self.world.lock:
            return event_changes.made(self.world, calendar or directory.calendar_of(self.world, owner), body)

    def add_series(self, user: User | str, start: datetime, pattern: dict[str, Any], **more: Any) -> Event:
        """Without an end unless `range` says one; `zone` is where it keeps its time of day."""
        zone = more.pop("zone", "W. Europe Standard Time")
        day = times.written(start, zone)["dateTime"][:10]
        span = {"type": "noEnd", "startDate": day, **more.pop("range", {})}
        return self.add_event(user, start, zone=zone, recurrence={"pattern": pattern, "range": span}, **more)

    def add_day(self, user: User | str, day: datetime, *, zone: str = "UTC", days: int = 1, **fields: Any) -> Event:
        """All day long, from the midnight of `day` in the zone."""
        start = times.midnight(day.date(), zone)
        end = times.midnight(day.date() + timedelta(days=days), zone)
        return self.add_event(user, start, end, zone=zone, isAllDay=True, **fields)

    def fill(self, user: User | str, count: int, start: datetime, *, every: timedelta = timedelta(hours=1)) -> None:
        """So many events in a row, half an hour each, told nobody."""
        calendar = self.calendar(user)
        with self.world.lock:
            for number in range(count):
                at = (start + number * every).astimezone(UTC)
                fields = event_fields.written({"subject": f"Event {number}"})
                when = {"start": at, "end": at + timedelta(minutes=30), "start_zone": "UTC", "end_zone": "UTC"}
                store.make(self.world, calendar, fields=fields, **when)

    def change_event(self, event: Event, *, at: datetime | None = None, **changes: Any) -> Instance:
        """Graph's fields; `start` and `end` as instants. `at`: only the occurrence that starts then."""
        found = instances.occurrence(event, at) if at else instances.of(event)
        if found is None:
            raise LookupError(at)
        if "start" in changes and "end" not in changes:
            changes["end"] = changes["start"] + (found.end - found.start)
        zone = found.event.start_zone
        body = {
            name: times.written(value, zone) if name in ("start", "end") else value for name, value in changes.items()
        }
        with self.world.lock:
            return event_changes.changed(self.world, found, _plain(body))

    def delete_event(self, event: Event, *, at: datetime | None = None) -> None:
        """`at`: only the occurrence that starts then."""
        with self.world.lock:
            store.remove_occurrence(self.world, event, at) if at else store.remove(self.world, event)

    def move_event(self, event: Event, calendar: Calendar) -> None:
        with self.world.lock:
            store.move(self.world, event, calendar)

    def respond(self, event: Event, response: str) -> None:
        """As the owner of this copy: accepted, tentativelyAccepted or declined."""
        with self.world.lock:
            store.respond(self.world, event, response)

    def events(self, user: User | str) -> list[Event]:
        owner = self.user(user)
        found = [event for event in self.world.events.values() if event.owner_id == owner.id]
        return sorted(found, key=lambda event: event.start)

    def event(self, id: str) -> Event:
        """By either kind of id."""
        found = instances.found(self.world, id)
        if found is None:
            raise LookupError(id)
        return found.root

    def add_contact(self, user: User | str, name: str, *addresses: str, **fields: Any) -> Contact:
        folder = directory.folder_of(self.world, self.user(user))
        emails = [{"name": name, "address": address} for address in addresses]
        with self.world.lock:
            return contacts.add(self.world, folder, {"displayName": name, "emailAddresses": emails, **fields})

    def contacts(self, user: User | str) -> list[Contact]:
        owner = self.user(user)
        return [contact for contact in self.world.contacts.values() if contact.owner_id == owner.id]

    def delete_contact(self, contact: Contact) -> None:
        with self.world.lock:
            contacts.remove(self.world, contact)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Attendees may be named by their address, a place and a body by their words."""
    if "attendees" in fields:
        fields["attendees"] = [_attendee(one) for one in fields["attendees"]]
    if isinstance(fields.get("location"), str):
        fields["location"] = {"displayName": fields["location"]}
    if isinstance(fields.get("body"), str):
        fields["body"] = {"contentType": "text", "content": fields["body"]}
    return fields


def _attendee(one: Any) -> Any:
    return {"type": "required", "emailAddress": {"address": one}} if isinstance(one, str) else one
