"""What happens to events, by whomever: made, changed, moved, deleted; copies, mails and news follow."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from integrations.simulators.microsoft import directory, identifiers
from integrations.simulators.microsoft.records import Calendar, Event, Gone, Mail, Mailbox, User
from integrations.simulators.microsoft.world import World


def add(world: World, calendar: Calendar, **known: Any) -> Event:
    """`known` are fields of Event; the others are made here. Invitations go out."""
    event = make(world, calendar, **known)
    world.publish("created", "events", world.users[event.owner_id], event)
    _invite(world, event, {_address(one) for one in event.fields["attendees"]}, "request")
    return event


def make(world: World, calendar: Calendar, **known: Any) -> Event:
    """Silently."""
    now = world.clock.now()
    made: dict[str, Any] = {
        "id": identifiers.ordinary(world),
        "immutable_id": identifiers.immutable(world),
        "uid": f"040000008200E00074C5B7101A82E008{world.chance.getrandbits(64):016X}",
        "calendar_id": calendar.id,
        "owner_id": calendar.owner_id,
        "organizer_id": calendar.owner_id,
        "created_at": now,
        "modified_at": now,
        "version": world.next_version(),
        "visible_from": now + world.switches.visible_after if world.switches.visible_after else None,
    }
    event = Event(**{**made, **known})
    world.events[event.immutable_id] = event
    return event


def touch(world: World, event: Event, root: Event, invited_before: set[str]) -> None:
    """After its fields or times changed."""
    event.version, event.modified_at = world.next_version(), world.clock.now()
    world.publish("updated", "events", world.users[root.owner_id], root)
    if root.organizer_id != root.owner_id:
        return
    invited = {_address(one) for one in event.fields["attendees"]}
    _invite(world, root, invited - invited_before, "request")
    _invite(world, root, invited & invited_before, "update")
    _uninvite(world, root, invited_before - invited)


def remove(world: World, event: Event, *, comment: str = "") -> None:
    """The organizer's copy ends the meeting for everybody, an attendee's ends nothing else."""
    del world.events[event.immutable_id]
    version = world.next_version()
    world.gone.append(Gone(event.id, event.immutable_id, event.calendar_id, version))
    world.publish("deleted", "events", world.users[event.owner_id], event)
    if event.organizer_id == event.owner_id:
        _uninvite(world, event, {_address(one) for one in event.fields["attendees"]}, comment)


def remove_occurrence(world: World, master: Event, at: datetime) -> None:
    master.exceptions.pop(at, None)
    master.cancelled.add(at)
    master.version, master.modified_at = world.next_version(), world.clock.now()
    world.publish("updated", "events", world.users[master.owner_id], master)


def move(world: World, event: Event, calendar: Calendar) -> None:
    """To another calendar of the same mailbox: its ordinary id changes."""
    world.gone.append(Gone(event.id, event.immutable_id, event.calendar_id, world.next_version()))
    event.id, event.calendar_id = identifiers.ordinary(world), calendar.id
    event.version, event.modified_at = world.next_version(), world.clock.now()
    world.publish("updated", "events", world.users[event.owner_id], event)


def respond(world: World, event: Event, response: str) -> None:
    """An attendee answers: his copy says so, and the organizer's."""
    stamp = {"response": response, "time": world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    event.fields["responseStatus"] = stamp
    event.fields["showAs"] = {"tentativelyAccepted": "tentative"}.get(response, "busy")
    touch(world, event, event, set())
    me = world.users[event.owner_id].email.lower()
    for original in [found for found in world.events.values() if found.uid == event.uid and found is not event]:
        for attendee in original.fields["attendees"]:
            if _address(attendee) == me:
                attendee["status"] = stamp
                original.version = world.next_version()
                world.publish("updated", "events", world.users[original.owner_id], original)


def _invite(world: World, event: Event, addresses: set[str], kind: str) -> None:
    for address in sorted(addresses):
        world.mails.append(Mail(kind, address, event.fields["subject"], event.immutable_id))
        guest = world.user_of(address)
        if guest is not None and guest.mailbox is Mailbox.CLOUD and guest.id != event.owner_id:
            _copy(world, event, guest)


def _copy(world: World, event: Event, guest: User) -> None:
    """The meeting as it stands in the guest's calendar; an update overwrites it."""
    mine = next((one for one in world.events.values() if one.uid == event.uid and one.owner_id == guest.id), None)
    fields = deepcopy(event.fields) | {"responseStatus": {"response": "notResponded", "time": "0001-01-01T00:00:00Z"}}
    fields.pop("transactionId", None)
    fields.pop("singleValueExtendedProperties", None)
    when = {name: getattr(event, name) for name in ("start", "end", "start_zone", "end_zone", "recurrence")}
    if mine is None:
        calendar = directory.calendar_of(world, guest)
        mine = make(world, calendar, uid=event.uid, organizer_id=event.organizer_id, fields=fields, **when)
        world.publish("created", "events", guest, mine)
        return
    vars(mine).update(when | {"fields": fields, "version": world.next_version(), "modified_at": world.clock.now()})
    world.publish("updated", "events", guest, mine)


def _uninvite(world: World, event: Event, addresses: set[str], comment: str = "") -> None:
    for address in sorted(addresses):
        world.mails.append(Mail("cancellation", address, event.fields["subject"], event.immutable_id, comment))
        guest = world.user_of(address)
        copies = [one for one in world.events.values() if guest and one.uid == event.uid and one.owner_id == guest.id]
        for copy in copies:
            copy.fields["isCancelled"] = True
            copy.fields["showAs"] = "free"
            copy.version = world.next_version()
            world.publish("updated", "events", world.users[copy.owner_id], copy)


def _address(attendee: dict[str, Any]) -> str:
    return str(attendee["emailAddress"]["address"]).lower()
