"""Who and what is in the demo: plain values."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.models import Role
from scheduling import places

PROVIDER = "zoom"
ACCOUNTS = ("paula@acme.example", "pedro@acme.example")
"""People of the simulated provider; the first becomes the default."""

CALENDARS = {
    "olga@example.org": ("google", "olga@harbour.example"),
    "mina@example.org": ("microsoft", "mina@example.org"),
}
OTHERS_CALENDARS = ("google", "gina@gmail.example")
"""Whose calendars are connected: the provider, and who he is there. The others: who loads the demo for himself."""

AFTERNOONS = tuple((weekday, 13 * 60, 18 * 60) for weekday in range(4))

PASSWORD = "harbour-lights-42"  # noqa: S105 (a demo's, printed for whoever loads it)


@dataclass(frozen=True)
class Person:
    """`works`: has schedulers, accounts of his own and bookings."""

    email: str
    name: str
    time_zone: str
    role: Role = Role.MEMBER
    works: bool = False


@dataclass(frozen=True)
class Offer:
    """A scheduler; `account` is the position of the account that it names."""

    slug: str
    name: str
    description: str
    durations: list[int]
    place: str = ""
    detail: str = ""
    account: int | None = None
    afternoons: bool = False
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Guest:
    """Who books what: on the nth day with free times, at the nth of them."""

    name: str
    email: str
    time_zone: str
    offer: str
    day: int
    position: int
    notes: str = ""
    ends: str = ""
    """ "cancelled", or "failed": its link could not be made."""


PEOPLE = (
    Person("olga@example.org", "Olga Berg", "Europe/Berlin", Role.OWNER, works=True),
    Person("mina@example.org", "Mina Sol", "Europe/Lisbon", works=True),
    Person("adam@example.org", "Adam Reed", "Europe/London", Role.ADMIN),
    Person("rosa@example.org", "Rosa Lima", "Europe/Lisbon"),
    Person("bruno@example.org", "Bruno Keller", "Europe/Zurich"),
)
"""At the simulated provider Adam is unknown and Bruno has no licence."""

ORGANIZATION, TEAM = "Harbour", ("Front desk", ("mina@example.org", "rosa@example.org"))
DELEGATE = "mina@example.org"
"""Manages the owner's schedule, without what is private."""
INVITED = "lena@example.org"
CONNECTED_BY = "harald@example.org"
"""The admin at the simulated provider who connects it for the whole organization."""

INTRO, TALK, OFFICE, PHONE, VISIT = "intro-call", "consultation", "office-hours", "phone-screening", "site-visit"

OFFERS = (
    Offer(INTRO, "Intro call", "Get to know each other; no preparation needed.", [15, 30], more={"increment": 15}),
    Offer(
        TALK,
        "Consultation",
        "We look at your plans together. Please send them beforehand.",
        [45, 60],
        place=PROVIDER,
        account=1,
        more={"buffer_before": 10, "buffer_after": 10, "minimum_notice": 24 * 60},
    ),
    Offer(
        OFFICE,
        "Office hours",
        "Drop in with any question.",
        [20],
        place=places.BUILTIN,
        afternoons=True,
        more={"increment": 20},
    ),
    Offer(PHONE, "Phone screening", "A short call.", [15], place=places.PHONE, detail="We call you"),
    Offer(
        VISIT,
        "Site visit",
        "We walk through the building.",
        [90],
        place=places.IN_PERSON,
        detail="Pier 4, Hamburg",
        more={"is_on": False, "window_days": 30},
    ),
)

COMING = (
    Guest("Priya Thapa", "priya@example.com", "Asia/Kathmandu", OFFICE, 0, 0, "How do I begin?"),
    Guest("Noah Fischer", "noah@example.net", "Europe/Berlin", PHONE, 1, 2),
    Guest("Leila Haddad", "leila@example.com", "Asia/Beirut", OFFICE, 2, 1, ends="cancelled"),
    Guest("Ivan Petrov", "ivan@example.com", "Europe/Sofia", INTRO, 0, 6, "I would like to see a demo."),
    Guest("Amélie Laurent", "amelie@example.fr", "Europe/Paris", TALK, 0, 1, "The plans are in the shared folder."),
    Guest("山田 花子", "hanako@example.jp", "Asia/Tokyo", INTRO, 1, 0),
    Guest("Kofi Mensah", "kofi@example.com", "Africa/Accra", TALK, 2, 3),
    Guest("Tom O'Neil", "tom@example.com", "America/New_York", INTRO, 3, 20, ends="failed"),
)
"""Those at the provider wait for its accounts and for the calendar, where they stand."""

PAST = (
    ("Greta Lind", "greta@example.se", "Europe/Stockholm", INTRO, timedelta(days=2, hours=3)),
    ("Sam Okoro", "sam@example.com", "Africa/Lagos", OFFICE, timedelta(days=5, hours=1)),
    ("Maria Silva", "maria@example.pt", "Europe/Lisbon", TALK, timedelta(days=9, hours=2)),
)
