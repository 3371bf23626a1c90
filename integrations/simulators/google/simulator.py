"""The simulated Google as tests and the try-out hold it: a WSGI application with handles on its world."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.google import seed, trouble
from integrations.simulators.google.app import GoogleApplication
from integrations.simulators.google.calendar import series
from integrations.simulators.google.identity import scopes, tokens
from integrations.simulators.google.limits import Limits
from integrations.simulators.google.people import contacts
from integrations.simulators.google.push import Postbox
from integrations.simulators.google.records import App, Calendar, Call, Contact, Event, Person, Project
from integrations.simulators.google.world import Switches, World


class GoogleSimulator:
    """People are named by email, and so are their own calendars."""

    def __init__(
        self,
        client_id: str = "google-client",
        client_secret: str = "google-secret",  # noqa: S107 (a simulated one)
        redirect_uris: Sequence[str] = (),
        *,
        app_name: str = "Bridge",
        cast: bool = True,
    ) -> None:
        self.world = World()
        self.application = GoogleApplication(self.world)
        self.add_app(client_id, client_secret, redirect_uris, name=app_name)
        if cast:
            seed.cast(self.world)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.application(environ, start_response)

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def push(self) -> Postbox:
        return self.world.push

    @property
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def calls(self) -> list[Call]:
        """The last 20,000 requests, oldest first."""
        return list(self.world.calls)

    @property
    def project(self) -> Project:
        return next(iter(self.world.projects.values()))

    def advance(self, **by: float) -> datetime:
        """advance(days=1)"""
        self.clock.advance(timedelta(**by))
        return self.clock.now()

    def add_app(
        self,
        client_id: str,
        secret: str,
        redirect_uris: Sequence[str],
        *,
        name: str = "Bridge",
        project: str = "bridge",
    ) -> App:
        self.world.projects.setdefault(project, Project(project))
        app = App(client_id, secret, set(redirect_uris), project, name)
        return self.world.apps.setdefault(client_id, app)

    def add_person(self, email: str, name: str = "", **more: Any) -> Person:
        with self.world.lock:
            return seed.add_person(self.world, email, name, **more)

    def person(self, email: str) -> Person:
        found = self.world.person_of(email)
        if found is None:
            raise LookupError(email)
        return found

    def calendar(self, named: str) -> Calendar:
        return self.world.calendars[named]

    def add_calendar(self, owner: str, named: str, summary: str = "", **more: Any) -> Calendar:
        with self.world.lock:
            return seed.add_calendar(self.world, owner, named, summary or named, **more)

    def share(self, named: str, email: str, role: str) -> None:
        self.calendar(named).roles[self.person(email).sub] = role

    def events(self, named: str) -> list[Event]:
        """Those that live."""
        return [event for event in self.calendar(named).events.values() if not event.deleted]

    def event(self, named: str, event_id: str) -> Event:
        """Instances of series too."""
        calendar = self.calendar(named)
        found = calendar.events.get(event_id) or series.instance(calendar, event_id)
        if found is None:
            raise LookupError(event_id)
        return found

    def make(self, named: str, **body: Any) -> Event:
        """The person makes an event there; times as datetimes or as the API writes them."""
        with self.world.lock:
            return trouble.make(self.world, self.calendar(named), body)

    def change(self, named: str, event_id: str, **changes: Any) -> Event:
        with self.world.lock:
            return trouble.change(self.world, self.calendar(named), self.event(named, event_id), changes)

    def move(self, named: str, event_id: str, **by: float) -> Event:
        with self.world.lock:
            return trouble.move(self.world, self.calendar(named), self.event(named, event_id), timedelta(**by))

    def delete(self, named: str, event_id: str) -> None:
        with self.world.lock:
            trouble.delete(self.world, self.calendar(named), self.event(named, event_id))

    def fill(self, named: str, how_many: int, *, start: datetime | None = None) -> list[Event]:
        with self.world.lock:
            return seed.fill(self.world, self.calendar(named), how_many, start=start)

    def add_contact(self, email: str, fields: dict[str, Any], *, other: bool = False) -> Contact:
        with self.world.lock:
            return contacts.add(self.world, self.person(email).sub, fields, other=other)

    def token_for(self, email: str) -> str:
        """An access token for everything, without consent pages."""
        with self.world.lock:
            return tokens.grant(self.world, next(iter(self.world.apps.values())), self.person(email).sub, scopes.ALL)

    def secrets(self) -> list[str]:
        """All that it has given out, and what its apps have."""
        world = self.world
        found = [*world.access_tokens, *world.refresh_tokens, *(app.client_secret for app in world.apps.values())]
        return found + [channel.token for channel in list(world.push.channels.values()) if channel.token]

    def revoke(self, email: str) -> None:
        """The person removes the app in the settings of the account."""
        with self.world.lock:
            tokens.end(self.world, self.project.name, self.person(email).sub)

    def expire_sync_tokens(self) -> None:
        with self.world.lock:
            trouble.expire_sync_tokens(self.world)
