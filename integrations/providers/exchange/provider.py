"""Exchange servers by EWS, and Microsoft 365 by EWS as long as it lives: with a name and a password, or with a service
account that opens the mailboxes of others.
"""

from contextlib import AbstractContextManager
from dataclasses import replace

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from integrations import outward
from integrations.exceptions import RequestRejected
from integrations.guarded import Limits
from integrations.providers.base import NOTHING, Conferencing, Scope
from integrations.providers.calendaring import Calendaring, Contacts
from integrations.providers.exchange import cloud, late, schemes
from integrations.types import AppKind, Identity, Login, Permission

PATH = "/EWS/Exchange.asmx"
ALL = frozenset({Permission.CALENDAR_READ, Permission.CALENDAR_WRITE})


class Exchange:
    key = "exchange"
    label: str | Promise = gettext_lazy("Exchange")
    can: str | Promise = gettext_lazy(
        "Keeps bookings and calendars of an Exchange server in step, by its web services."
    )
    cannot: str | Promise = gettext_lazy("Opens the whole mailbox: Exchange cannot narrow it down to calendars.")
    needs_connection = True
    is_configured = True
    before_template = "integrations/exchange/_before.html"
    unpaid: str | Promise = ""
    conferencing: Conferencing | None = None
    calendaring: Calendaring | None = late.calendars
    contacts: Contacts | None = None
    address = ""
    for_everybody = False
    versions: tuple[tuple[str, str | Promise], ...] = (
        ("se", gettext_lazy("Exchange Server Subscription Edition")),
        ("2019", gettext_lazy("Exchange Server 2019")),
        ("2016", gettext_lazy("Exchange Server 2016")),
        ("2013", gettext_lazy("Exchange Server 2013")),
    )

    def scopes(self, kind: AppKind, permissions: frozenset[Permission] = NOTHING) -> tuple[Scope, ...]:
        """A password opens all or nothing."""
        return ()

    def missing_scopes(
        self, granted: frozenset[str], kind: AppKind, permissions: frozenset[Permission] = NOTHING
    ) -> frozenset[str]:
        return frozenset()

    def permits(self, granted: frozenset[str]) -> frozenset[Permission]:
        return ALL

    def find(self, login: Login) -> Login:
        """The address in full; asked for how to sign in, without the password."""
        address = _completed(login.address)
        outward.check(address, limits=Limits(bars=(*cloud.HOSTS, *login.no_password_at)))
        schemes.forget(address)
        schemes.found(address)
        return replace(login, address=address)

    def session(self, login: Login) -> AbstractContextManager[Session]:
        return late.opened(login)

    def identify(self, http: Session, login: Login) -> Identity:
        return late.identify(http, login)


def _completed(typed: str) -> str:
    """What people write down for a server. Raises RequestRejected."""
    typed = typed.strip()
    address = typed if "://" in typed else f"https://{typed}"
    url = outward.parse(address)
    if url.scheme != "https" and not settings.SIMULATORS:
        raise RequestRejected(_("The address must begin with https://, so that nobody reads the password on its way."))
    return address if (url.path or "/") != "/" else address.rstrip("/") + PATH
