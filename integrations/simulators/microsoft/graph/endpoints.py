"""Which address of Graph does what."""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.graph import (
    calendars,
    contacts,
    event_delta,
    events,
    schedules,
    users,
    views,
)
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.world import World

Answer = Callable[[World, Request], Response]
View = Callable[[World, Request, Caller], Response]


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    """A regular expression over the whole path below /v1.0."""
    view: View


MINE = r"/(?:me|users/(?P<user_id>[^/]+))"
ONE = MINE + r"(?:/calendar|/calendars/(?P<calendar_id>.+?))"
ANY = MINE + r"(?:/calendar|/calendars/(?P<calendar_id>.+?))?"
EVENT = ANY + r"/events/(?P<event_id>.+?)"
CONTACTS = MINE + r"(?:/contactFolders/(?P<folder_id>.+?))?/contacts"
ENDPOINTS = (
    Endpoint("GET", MINE, users.show),
    Endpoint("GET", "/users", users.listed),
    Endpoint("GET", "/organization", users.organization),
    Endpoint("GET", MINE + "/mailboxSettings", users.settings),
    Endpoint("GET", MINE + r"/outlook/supportedTimeZones(\(.*\))?", users.time_zones),
    Endpoint("POST", MINE + "/revokeSignInSessions", users.revoke_sessions),
    Endpoint("POST", MINE + "/translateExchangeIds", users.translate),
    Endpoint("GET", MINE + "/calendars", calendars.listed),
    Endpoint("POST", MINE + "/calendars", calendars.create),
    Endpoint("POST", ONE + "/getSchedule", schedules.get),
    Endpoint("GET", ONE + "/calendarPermissions", calendars.permissions),
    Endpoint("GET", ANY + r"/calendarView/delta(\(\))?", event_delta.changes),
    Endpoint("GET", ANY + "/calendarView", views.calendar_view),
    Endpoint("GET", ANY + r"/events/delta(\(\))?", event_delta.changes),
    Endpoint("GET", ANY + "/events", views.listed),
    Endpoint("POST", ANY + "/events", events.create),
    Endpoint("GET", EVENT + "/instances", views.of_series),
    Endpoint("POST", EVENT + "/cancel", events.cancel),
    Endpoint("POST", EVENT + "/(?P<verb>accept|decline|tentativelyAccept)", events.respond),
    Endpoint("POST", EVENT + "/permanentDelete", events.delete),
    Endpoint("GET", EVENT, events.show),
    Endpoint("PATCH", EVENT, events.update),
    Endpoint("DELETE", EVENT, events.delete),
    Endpoint("GET", ONE, calendars.show),
    Endpoint("DELETE", MINE + "/calendars/(?P<calendar_id>.+)", calendars.delete),
    Endpoint("GET", MINE + "/contactFolders", contacts.folders),
    Endpoint("GET", CONTACTS + r"/delta(\(\))?", contacts.changes),
    Endpoint("GET", CONTACTS, contacts.listed),
    Endpoint("POST", CONTACTS, contacts.create),
    Endpoint("GET", CONTACTS + "/(?P<contact_id>.+)", contacts.show),
    Endpoint("PATCH", CONTACTS + "/(?P<contact_id>.+)", contacts.update),
    Endpoint("DELETE", CONTACTS + "/(?P<contact_id>.+)", contacts.delete),
    Endpoint("POST", CONTACTS + "/(?P<contact_id>.+?)/permanentDelete", contacts.delete),
)
