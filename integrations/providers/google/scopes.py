"""What Bridge may do at Google: exactly enough for what the organization permits.

https://developers.google.com/workspace/calendar/api/auth
"""

from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Scope
from integrations.types import Permission

AUTH = "https://www.googleapis.com/auth/"
EVENTS, EVENTS_READ = AUTH + "calendar.events", AUTH + "calendar.events.readonly"
LIST = AUTH + "calendar.calendarlist.readonly"
CONTACTS, CONTACTS_READ = AUTH + "contacts", AUTH + "contacts.readonly"

IDENTITY = (
    Scope("openid", _("Know which Google account it is")),
    Scope(AUTH + "userinfo.email", _("Read your e-mail address at Google")),
    Scope(AUTH + "userinfo.profile", _("Read your name at Google")),
)
OF_LIST = Scope(LIST, _("See which calendars you have"))
READ = Scope(EVENTS_READ, _("See the events in your calendars, so that nobody books over them"))
WRITE = Scope(EVENTS, _("See the events in your calendars, and write, move and remove those that are booked with you"))
READ_CONTACTS = Scope(CONTACTS_READ, _("Look up your contacts while you invite somebody"))
WRITE_CONTACTS = Scope(CONTACTS, _("Look up your contacts, and keep people who booked with you"))

# The broad scopes contain the narrow ones; somebody may have granted them to this app before.
_CONTAINS = {
    AUTH + "calendar": {EVENTS, EVENTS_READ, LIST},
    AUTH + "calendar.readonly": {EVENTS_READ, LIST},
    EVENTS: {EVENTS_READ},
    CONTACTS: {CONTACTS_READ},
}
_NEEDS = {
    Permission.CALENDAR_READ: {EVENTS_READ, LIST},
    Permission.CALENDAR_WRITE: {EVENTS, LIST},
    Permission.CONTACTS_READ: {CONTACTS_READ},
    Permission.CONTACTS_WRITE: {CONTACTS},
}


def needed(permissions: frozenset[Permission]) -> tuple[Scope, ...]:
    found = list(IDENTITY)
    if Permission.CALENDAR_WRITE in permissions:
        found += [OF_LIST, WRITE]
    elif Permission.CALENDAR_READ in permissions:
        found += [OF_LIST, READ]
    if Permission.CONTACTS_WRITE in permissions:
        found.append(WRITE_CONTACTS)
    elif Permission.CONTACTS_READ in permissions:
        found.append(READ_CONTACTS)
    return tuple(found)


def permits(granted: frozenset[str]) -> frozenset[Permission]:
    covered = granted.union(*(_CONTAINS.get(name, set()) for name in granted))
    return frozenset(permission for permission, names in _NEEDS.items() if names <= covered)


def missing(granted: frozenset[str], permissions: frozenset[Permission]) -> frozenset[str]:
    """People untick scopes one by one; what is left may still be of use. Of none: all that was not granted."""
    if not permissions or permits(granted) & permissions:
        return frozenset()
    return frozenset(scope.name for scope in needed(permissions)) - granted


def lacking(method: str, path: str) -> frozenset[str]:
    """What a call wanted that was refused for its scopes: Google does not say it."""
    if "/people" in path:
        return frozenset({CONTACTS_READ if method == "GET" else CONTACTS})
    if "/calendarList" in path:
        return frozenset({LIST})
    return frozenset({EVENTS_READ if method == "GET" else EVENTS})
