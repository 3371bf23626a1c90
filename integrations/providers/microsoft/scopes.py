"""What Bridge may do at Microsoft: the permissions by their short names, exactly those that were decided on.

https://learn.microsoft.com/graph/permissions-reference
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Scope
from integrations.types import Permission

SIGN_IN = ("openid", "profile", "email", "offline_access")
"""Not permissions of Graph; `offline_access` is never named in an answer."""
ME = Scope("User.Read", _("Read your name and your e-mail address"))
CALENDAR = {
    Permission.CALENDAR_READ: Scope("Calendars.Read", _("Read your calendars, to see when you are busy")),
    Permission.CALENDAR_WRITE: Scope(
        "Calendars.ReadWrite", _("Read your calendars, and write, move and remove the events of bookings")
    ),
}
CONTACTS = {
    Permission.CONTACTS_READ: Scope("Contacts.Read", _("Read your contacts")),
    Permission.CONTACTS_WRITE: Scope("Contacts.ReadWrite", _("Read your contacts, and add people you met")),
}
LEVELS = {
    Permission.CALENDAR_READ: ("Calendars.Read", "Calendars.ReadWrite"),
    Permission.CALENDAR_WRITE: ("Calendars.ReadWrite",),
    Permission.CONTACTS_READ: ("Contacts.Read", "Contacts.ReadWrite"),
    Permission.CONTACTS_WRITE: ("Contacts.ReadWrite",),
}
"""The scopes that are enough for each."""


def needed(permissions: frozenset[Permission]) -> tuple[Scope, ...]:
    """One for calendars and one for contacts at most: who may write may read."""
    found = [ME]
    for kind in (CALENDAR, CONTACTS):
        asked = [scope for permission, scope in kind.items() if permission in permissions]
        found += asked[-1:]
    return tuple(found)


def missing(granted: frozenset[str], permissions: frozenset[Permission]) -> frozenset[str]:
    """Contacts may be left out; without the calendars that were asked for the account is of no use."""
    lacking = permissions & set(CALENDAR) - permits(granted)
    return frozenset(CALENDAR[permission].name for permission in lacking)


def permits(granted: frozenset[str]) -> frozenset[Permission]:
    return frozenset(permission for permission, names in LEVELS.items() if granted & set(names))


def parameter(permissions: frozenset[Permission]) -> str:
    return " ".join([*SIGN_IN, *(scope.name for scope in needed(permissions))])


def short(names: Iterable[str]) -> frozenset[str]:
    """Graph's permissions among these, which come with or without their resource."""
    return frozenset(name.rpartition("/")[2] for name in names) - {*SIGN_IN}
