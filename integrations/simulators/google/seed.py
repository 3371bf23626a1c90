"""Who there is, and what stands in their calendars."""

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.simulators.google.calendar import lists, times
from integrations.simulators.google.people import contacts
from integrations.simulators.google.records import Calendar, Event, Person
from integrations.simulators.google.world import World

CAST = (
    ("gina@gmail.example", "Gina Green", ""),
    ("olga@harbour.example", "Olga Berg", "harbour.example"),
    ("mina@harbour.example", "Mina Sol", "harbour.example"),
)


def cast(world: World) -> None:
    for email, name, hd in CAST:
        add_person(world, email, name, hd=hd)
    shared = world.primary_of(world.people[next(iter(world.people))])
    holidays = add_calendar(world, shared.id, "en.german#holiday@group.v.calendar.google.com", "Holidays in Germany")
    holidays.watchable = holidays.meets = False
    for person in list(world.people.values()):
        if person.sub != holidays.owner:
            holidays.roles[person.sub] = "reader"
            lists.put(world, person, holidays.id)
        _befriend(world, person)


def add_person(world: World, email: str, name: str = "", **more: Any) -> Person:
    sub = str(world.chance.randrange(10**20, 10**21))
    person = Person(sub, email, name or email.partition("@")[0].title(), **more)
    world.people[sub], world.lists[sub] = person, {}
    calendar = Calendar(email, sub, email, person.time_zone, primary=True)
    world.calendars[email] = calendar
    lists.put(world, person, email)
    return person


def add_calendar(world: World, owner: str, named: str, summary: str, **more: Any) -> Calendar:
    """owner: an email. It stands on the owner's list."""
    person = world.person_of(owner)
    assert person is not None
    calendar = Calendar(named, person.sub, summary, person.time_zone, **more)
    world.calendars[named] = calendar
    lists.put(world, person, named)
    return calendar


def fill(world: World, calendar: Calendar, how_many: int, *, start: datetime | None = None) -> list[Event]:
    """In bulk: half an hour each, one after the other, without a word to anybody."""
    began = start or world.clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    made = [_filled(world, calendar, began + number * timedelta(minutes=45), number) for number in range(how_many)]
    calendar.events |= {event.id: event for event in made}
    return made


def _filled(world: World, calendar: Calendar, start: datetime, number: int) -> Event:
    named, now, name = world.identifier(), world.clock.now(), calendar.time_zone
    fields = {"summary": f"Event {number}", "iCalUID": f"{named}@google.com", "eventType": "default"}
    end = start + timedelta(minutes=30)
    moments = {
        key: {"dateTime": times.written(at, name), "timeZone": name} for key, at in (("start", start), ("end", end))
    }
    people = {"organizer": {"email": calendar.id}, "creator": {"email": calendar.id}}
    return Event(named, calendar.id, {**fields, **moments, **people}, world.next_version(), now, now)


def _befriend(world: World, person: Person) -> None:
    for name, email in (("Ivan Petrov", "ivan@example.com"), ("Rosa Lima", "rosa@example.com")):
        given, _, family = name.partition(" ")
        body = {"names": [{"givenName": given, "familyName": family}], "emailAddresses": [{"value": email}]}
        contacts.add(world, person.sub, body)
    contacts.add(world, person.sub, {"emailAddresses": [{"value": "shop@example.com"}]}, other=True)
