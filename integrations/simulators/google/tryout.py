"""What stands in the calendars of the simulated Google of the try-out: this week and next, of every kind."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.simulators.google.calendar import times
from integrations.simulators.google.simulator import GoogleSimulator

WHOM = ("olga@harbour.example", "gina@gmail.example")
FAMILY = "family.{}@group.calendar.google.com"

VIDEO = {"entryPointType": "video", "uri": "https://meet.google.com/abc-defg-hij"}

Wanted = tuple[str, int, str, int, dict[str, Any]]
EVENTS: tuple[Wanted, ...] = (
    ("Team meeting", 0, "09:30", 60, {"recurrence": ["RRULE:FREQ=WEEKLY"], "location": "Room Elbe"}),
    ("Dentist", 2, "08:30", 45, {"location": "Lange Straße 4, Hamburg"}),
    ("Salary talk", 3, "15:00", 60, {"visibility": "private", "location": "Room Alster"}),
    ("Maybe: supplier visit", 4, "11:00", 60, {"status": "tentative"}),
    ("Lunch, if there is time", 8, "12:00", 60, {"transparency": "transparent"}),
    ("Project review", 8, "14:00", 90, {"conferenceData": {"entryPoints": [VIDEO]}}),
    ("Appraisal", 9, "10:00", 45, {"visibility": "private"}),
    ("Sales training", 10, "10:00", 120, {"declines": True}),
)
"""What, the day counted from this Monday, its clock, minutes, and what else Google knows of it."""

ALL_DAY: tuple[tuple[str, int, int, dict[str, Any]], ...] = (
    ("Trade fair in Hannover", 11, 2, {}),
    ("Harbour festival", 5, 1, {"transparency": "transparent"}),
)
"""What, the first day, how many, and what else."""


def furnish(google: GoogleSimulator) -> None:
    """Twice is once: what a restart remembered stays."""
    for email in WHOM:
        family = FAMILY.format(email.partition("@")[0])
        if family not in google.world.calendars:
            google.add_calendar(email, family, "Family")
            _fill(google, email, family)


def _fill(google: GoogleSimulator, email: str, family: str) -> None:
    for title, day, clock, minutes, more in EVENTS:
        google.make(email, summary=title, **_span(google, email, day, clock, minutes), **_others(more, email))
    for title, day, days, more in ALL_DAY:
        dates = {"start": day, "end": day + days}
        moments = {name: {"date": _day(google, number).isoformat()} for name, number in dates.items()}
        google.make(email, summary=title, **moments, **more)
    google.make(family, summary="Parents’ evening", **_span(google, family, 7, "19:00", 90))


def _span(google: GoogleSimulator, calendar: str, day: int, clock: str, minutes: int) -> dict[str, dict[str, str]]:
    zone = google.calendar(calendar).time_zone
    start = datetime.combine(_day(google, day), time.fromisoformat(clock), ZoneInfo(zone))
    ends = {"start": start, "end": start + timedelta(minutes=minutes)}
    return {name: {"dateTime": times.written(at, zone), "timeZone": zone} for name, at in ends.items()}


def _day(google: GoogleSimulator, number: int) -> date:
    """Counted from the Monday of this week."""
    today = google.clock.now().date()
    return today + timedelta(days=number - today.weekday())


def _others(more: dict[str, Any], email: str) -> dict[str, Any]:
    """Somebody else's event, to which this person said no."""
    if "declines" not in more:
        return more
    mine = {"email": email, "responseStatus": "declined"}
    return {"organizer": {"email": "sales@partner.example"}, "attendees": [mine]}
