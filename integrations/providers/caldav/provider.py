"""CalDAV: Apple iCloud, Fastmail, Nextcloud, Radicale and other calendars, by name and password (RFC 4791)."""

from contextlib import AbstractContextManager

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from requests import Session

from integrations.providers.base import NOTHING, Conferencing, Scope
from integrations.providers.caldav import accounts, discovery
from integrations.providers.caldav.calendar import Calendars
from integrations.providers.caldav.dav import Dav
from integrations.providers.calendaring import Calendaring, Contacts
from integrations.types import AppKind, Identity, Login, Permission

WHOLE = frozenset({Permission.CALENDAR_READ, Permission.CALENDAR_WRITE})


class CalDav:
    key = "caldav"
    label: str | Promise = _("CalDAV")
    can: str | Promise = _(
        "Closes the times at which your calendar has something, and writes bookings into it. Apple iCloud, Fastmail, "
        "Nextcloud, Radicale and others."
    )
    cannot: str | Promise = _("Tells Bridge nothing by itself: Bridge looks every few minutes.")
    needs_connection = True
    is_configured = True
    before_template = "integrations/caldav/_before.html"
    unpaid: str | Promise = ""
    address = ""
    for_everybody = False
    versions: tuple[tuple[str, str | Promise], ...] = ()
    conferencing: Conferencing | None = None
    calendaring: Calendaring | None = Calendars()
    contacts: Contacts | None = None

    def scopes(self, kind: AppKind, permissions: frozenset[Permission] = NOTHING) -> tuple[Scope, ...]:
        return ()

    def missing_scopes(
        self, granted: frozenset[str], kind: AppKind, permissions: frozenset[Permission] = NOTHING
    ) -> frozenset[str]:
        return frozenset()

    def permits(self, granted: frozenset[str]) -> frozenset[Permission]:
        """A password opens everything; what may be written, each calendar says."""
        return WHOLE

    def find(self, login: Login) -> Login:
        return discovery.find(login)

    def session(self, login: Login) -> AbstractContextManager[Session]:
        return Dav(login)

    def identify(self, http: Session, login: Login) -> Identity:
        return accounts.identify(http, login)
