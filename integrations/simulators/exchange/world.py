"""The state of the simulated Exchange."""

import itertools
import threading
from collections import deque
from dataclasses import dataclass, field

from integrations.simulators.clock import Clock
from integrations.simulators.exchange.records import CALENDAR_CLASS, CONTACT_CLASS, Call, Folder, Item, Mailbox
from integrations.simulators.exchange.soap import Refused
from integrations.simulators.exchange.versions import PRODUCTS, Product
from integrations.simulators.faults import Faults


@dataclass
class Switches:
    """version: of PRODUCTS.  schemes: how one may sign in.  busy: how it says that it is too busy, of access.BUSY, for
    how many calls (`busy_calls`, None: all).  back_off: in milliseconds.  refuses: operations, with the error's code.
    """

    version: str = "2019"
    schemes: tuple[str, ...] = ("Basic",)
    busy: str = ""
    busy_calls: int | None = None
    back_off: int | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    lock_after: int = 5
    needs_anchor: bool = False
    conflicts: int = 0
    """How many updates find that somebody was quicker."""
    allowed_apps: set[str] | None = None
    """Applications that the cloud still lets in by EWS; None: it is switched off for all."""


class World:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.clock = Clock()
        self.faults = Faults()
        self.switches = Switches()
        self.mailboxes: dict[str, Mailbox] = {}
        self.calls: deque[Call] = deque(maxlen=10_000)
        self.apps: dict[str, str] = {}
        """Secrets of the cloud's applications, by client id."""
        self.tokens: dict[str, str] = {}
        """Whose they are."""
        self.sent: list[tuple[str, str, str]] = []
        """Mails to attendees: what ("request" or "cancellation"), the item's UID, to whom."""
        self.numbers = itertools.count(1)

    @property
    def product(self) -> Product:
        return PRODUCTS[self.switches.version]

    def number(self) -> int:
        return next(self.numbers)

    def add_mailbox(self, mailbox: Mailbox) -> Mailbox:
        self.mailboxes[mailbox.email] = mailbox
        self.add_folder(mailbox, "Calendar", distinguished="calendar")
        self.add_folder(mailbox, "Contacts", distinguished="contacts", kind=CONTACT_CLASS)
        return mailbox

    def add_folder(self, mailbox: Mailbox, name: str, *, distinguished: str = "", kind: str = CALENDAR_CLASS) -> Folder:
        made = Folder(f"AAMkFolder{self.number():06d}AAA=", name, kind, distinguished)
        mailbox.folders[made.id] = made
        return made

    def keep(self, folder: Folder, item: Item, what: str) -> None:
        """Create, Update or Delete; every one gives the item another change key and stands in the folder's journal."""
        number = self.number()
        item.change_key = number
        folder.journal.append((number, item.id, what))
        folder.items[item.id] = item
        if what == "Delete":
            del folder.items[item.id]

    def named(self, name: str) -> Mailbox | None:
        """By its address, or by what stands before the @, as in DOMAIN\\name."""
        return next((one for one in self.mailboxes.values() if name in (one.email, one.email.partition("@")[0])), None)

    def mailbox(self, email: str) -> Mailbox:
        """Raises Refused."""
        found = self.mailboxes.get(email.lower())
        if found and not found.has_moved:
            return found
        for one in self.mailboxes.values():
            if email.lower() in one.aliases:
                values = {"Primary": one.email}
                raise Refused("ErrorNonPrimarySmtpAddress", f"The primary address is {one.email}.", values=values)
        raise Refused("ErrorNonExistentMailbox", "No mailbox with such guid.")


def folder_of(mailbox: Mailbox, item_id: str) -> Folder:
    """Raises Refused."""
    for folder in mailbox.folders.values():
        if item_id in folder.items:
            return folder
    raise Refused("ErrorItemNotFound", "The specified object was not found in the store.")
