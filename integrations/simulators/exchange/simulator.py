"""The simulated Exchange as tests and the try-out hold it: a WSGI application with handles on its world."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.clock import Clock
from integrations.simulators.exchange import items, series
from integrations.simulators.exchange.app import ExchangeApplication
from integrations.simulators.exchange.records import Call, Folder, Item, Mailbox
from integrations.simulators.exchange.world import Switches, World, folder_of
from integrations.simulators.faults import Faults

SERVICE = "svc-bridge@corp.example"
PASSWORD = "service-password"  # noqa: S105 (a simulated one)


class ExchangeSimulator:
    """Mailboxes are named by their address everywhere, calendars by their names."""

    def __init__(self, *, cast: bool = True) -> None:
        self.world = World()
        self.application = ExchangeApplication(self.world)
        if cast:
            self.add_mailbox(SERVICE, PASSWORD, scope={"*"})
            for name in ("olga", "mina", "adam"):
                self.add_mailbox(f"{name}@corp.example", f"{name}-password")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.application(environ, start_response)

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def calls(self) -> list[Call]:
        """The last 10,000 requests, oldest first."""
        return list(self.world.calls)

    @property
    def asked(self) -> list[str]:
        """Their operations."""
        return [call.operation for call in self.world.calls]

    # --- Mailboxes ----------------------------------------------------------------------------------------------------

    def add_mailbox(self, email: str, password: str = "", **how: Any) -> Mailbox:
        """`how` are fields of Mailbox: name, zone, aliases, scope, only_free_busy."""
        name = how.pop("name", email.partition("@")[0].title())
        return self.world.add_mailbox(Mailbox(email.lower(), name, password, **how))

    def mailbox(self, email: str) -> Mailbox:
        return self.world.mailboxes[email]

    def calendar(self, email: str, name: str = "Calendar") -> Folder:
        return next(one for one in self.mailbox(email).folders.values() if one.name == name)

    def add_calendar(self, email: str, name: str) -> Folder:
        return self.world.add_folder(self.mailbox(email), name)

    def to_the_cloud(self, client_id: str, secret: str) -> None:
        """From now on it is Microsoft 365: tokens only, and this application is on the list of those let in."""
        self.switches.version, self.switches.schemes = "online", ("Bearer",)
        self.world.apps[client_id] = secret
        self.switches.allowed_apps = {client_id}

    # --- What its owner does in Outlook -------------------------------------------------------------------------------

    def add_event(
        self, email: str, subject: str, start: datetime, end: datetime, *, calendar: str = "Calendar", **how: Any
    ) -> Item:
        """`how` are fields of Item: zone, all_day, rule (an RRULE), free_busy, sensitivity, location, body, ..."""
        folder = self.calendar(email, calendar)
        item = items.new_item(self.world, self.mailbox(email), folder)
        item.subject, item.start, item.end = subject, start.astimezone(UTC), end.astimezone(UTC)
        for name, value in how.items():
            setattr(item, name, value)
        items.keep(self.world, folder, item, "Create")
        return item

    def change_event(self, email: str, item_id: str, **changes: Any) -> None:
        """Also an instance of a series, by its own id."""
        folder = self._folder(email, item_id)
        now = series.find(folder, item_id)
        assert now is not None
        changed = now.copy(**changes)
        self.world.keep(folder, series.change(folder, item_id, changed) if now.original_start else changed, "Update")

    def move_event(self, email: str, item_id: str, by: timedelta) -> None:
        now = series.find(self._folder(email, item_id), item_id)
        assert now is not None
        self.change_event(email, item_id, start=now.start + by, end=now.end + by)

    def delete_event(self, email: str, item_id: str) -> None:
        folder = self._folder(email, item_id)
        now = series.find(folder, item_id)
        assert now is not None
        if now.original_start:
            self.world.keep(folder, series.change(folder, item_id, None), "Update")
        else:
            self.world.keep(folder, now, "Delete")

    def events(self, email: str, calendar: str = "Calendar") -> list[Item]:
        """Singles and series, as they are kept."""
        return list(self.calendar(email, calendar).items.values())

    def instances(self, email: str, item_id: str, until: datetime) -> list[Item]:
        return [one for _place, one in series.instances(self._folder(email, item_id).items[item_id], until)]

    def forget_states(self, email: str, calendar: str = "Calendar") -> None:
        """What clients remember of their last look is worth nothing any more."""
        self.calendar(email, calendar).forgotten = self.world.number()

    def _folder(self, email: str, item_id: str) -> Folder:
        split = series.parts(item_id)
        return folder_of(self.mailbox(email), split[0] if split else item_id)
