"""What the simulated Microsoft of the try-out has besides: the people of the demo, and what stands in one calendar."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.simulators.microsoft.directory import add_tenant, add_user
from integrations.simulators.microsoft.records import Policy
from integrations.simulators.microsoft.simulator import MicrosoftSimulator

HARBOUR = "Harbour"
PEOPLE = {"olga@example.org": "Olga Berg", "mina@example.org": "Mina Sol", "rosa@example.org": "Rosa Lima"}

FULL, ZONE = "mina@example.org", "GMT Standard Time"

Wanted = tuple[str, int, str, int, dict[str, Any]]
EVENTS: tuple[Wanted, ...] = (
    ("Optician", 2, "09:00", 60, {"location": "Rua Augusta 9, Lisboa"}),
    ("Therapy", 3, "16:00", 60, {"sensitivity": "private"}),
    ("Perhaps: call with the press", 4, "10:00", 30, {"showAs": "tentative"}),
    ("At home, reachable", 8, "09:00", 180, {"showAs": "workingElsewhere"}),
    ("Flight to Hamburg", 9, "07:00", 240, {"showAs": "oof"}),
)
"""What, the day counted from this Monday, its clock in Lisbon, minutes, and what else Outlook knows of it."""


def furnish(microsoft: MicrosoftSimulator) -> None:
    """Twice is once: what a restart remembered stays."""
    world = microsoft.world
    if world.tenant_of(HARBOUR):
        return
    harbour = add_tenant(world, HARBOUR, "example.org", policy=Policy.USERS)
    for email, name in PEOPLE.items():
        add_user(world, email, harbour, name=name, admin=email.startswith("olga"))
    _fill(microsoft)


def _fill(microsoft: MicrosoftSimulator) -> None:
    for title, day, clock, minutes, more in EVENTS:
        start = _at(microsoft, day, clock)
        microsoft.add_event(FULL, start, start + timedelta(minutes=minutes), subject=title, zone=ZONE, **more)
    weekly = {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]}
    microsoft.add_series(FULL, _at(microsoft, 1, "09:30"), weekly, zone=ZONE, subject="Front desk meeting")
    holiday = _at(microsoft, 11, "12:00")
    microsoft.add_day(FULL, holiday, zone=ZONE, subject="Day off", showAs="oof")


def _at(microsoft: MicrosoftSimulator, number: int, clock: str) -> datetime:
    """On the nth day from the Monday of this week."""
    today = microsoft.clock.now().date()
    day = today + timedelta(days=number - today.weekday())
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo("Europe/Lisbon"))
