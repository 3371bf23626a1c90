"""What the simulated Exchange knows: mailboxes, their folders, and the items in them."""

from dataclasses import dataclass, field, replace
from datetime import datetime

CALENDAR_CLASS = "IPF.Appointment"
CONTACT_CLASS = "IPF.Contact"


@dataclass
class Item:
    """A calendar item: a single one, or the master of a series (then `rule` is an RRULE). Times are aware.

    zone: a Windows name, in which the series repeats and all-day items lie.  changed: by the start that an instance had
    in the series, its exception, or None where it was deleted.
    """

    id: str
    folder: str
    subject: str
    start: datetime
    end: datetime
    zone: str
    uid: str
    change_key: int = 1
    body: str = ""
    location: str = ""
    all_day: bool = False
    free_busy: str = "Busy"
    sensitivity: str = "Normal"
    response: str = "Unknown"
    organizer: str = ""
    attendees: list[str] = field(default_factory=list)
    cancelled: bool = False
    rule: str = ""
    changed: dict[datetime, "Item | None"] = field(default_factory=dict)
    extended: dict[str, str] = field(default_factory=dict)
    kind: str = "Single"
    original_start: datetime | None = None

    def copy(self, **changes: object) -> "Item":
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass
class Folder:
    """`journal`: number, item, and whether it was created, updated or deleted."""

    id: str
    name: str
    kind: str = CALENDAR_CLASS
    distinguished: str = ""
    read_only: bool = False
    items: dict[str, Item] = field(default_factory=dict)
    journal: list[tuple[int, str, str]] = field(default_factory=list)
    forgotten: int = 0
    """States with a smaller number are not known any more."""


@dataclass
class Mailbox:
    """scope: whose mailboxes its owner may act in: addresses, or None for nobody's. "*" stands for everybody's."""

    email: str
    name: str
    password: str = field(repr=False)
    zone: str = "W. Europe Standard Time"
    aliases: set[str] = field(default_factory=set)
    scope: set[str] | None = None
    folders: dict[str, Folder] = field(default_factory=dict)
    wrong_passwords: int = 0
    only_free_busy: bool = False
    has_moved: bool = False
    """To the cloud: this server does not know it any more."""

    def may_act_for(self, email: str) -> bool:
        return self.scope is not None and bool({"*", email} & self.scope)


@dataclass(frozen=True)
class Call:
    """A request as it came. `who`: the mailbox that was opened."""

    method: str
    path: str
    status: int
    operation: str = ""
    who: str = ""
    anchor: str = ""
    version: str = ""
