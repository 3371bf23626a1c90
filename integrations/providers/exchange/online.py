"""Microsoft 365 through EWS, as long as it lives: an application with a secret opens the mailboxes of members.

Microsoft takes no passwords there since October 2022, shut EWS for most organizations in October 2026, and ends it for
all on 1 April 2027. https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from integrations import outward
from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.exchange import cloud, late, tokens
from integrations.providers.exchange.provider import Exchange
from integrations.types import Identity, Login

ADDRESS = "https://outlook.office365.com/EWS/Exchange.asmx"
ENDS = date(2027, 4, 1)


class Office365(Exchange):
    key = "office365_ews"
    label: str | Promise = gettext_lazy("Microsoft 365 by EWS")
    can: str | Promise = gettext_lazy("Keeps bookings and calendars in step where an application still may use EWS.")
    cannot: str | Promise = gettext_lazy(
        "Ends on 1 April 2027, and is switched off in most organizations already: use Microsoft 365 instead. Opens the "
        "whole mailbox: EWS cannot narrow it down to calendars."
    )
    before_template = "integrations/exchange/_before_online.html"
    for_everybody = True
    versions: tuple[tuple[str, str | Promise], ...] = (("online", gettext_lazy("Microsoft 365")),)

    @property
    def is_configured(self) -> bool:  # type: ignore[override]
        return now().date() < ENDS

    def find(self, login: Login) -> Login:
        """Only to the cloud: the application's token opens every mailbox."""
        self._require_life()
        address = login.address.strip() or ADDRESS
        outward.check(address)
        if not is_cloud(urlsplit(address).hostname or ""):
            raise RequestRejected(_("This is not Microsoft 365. For a server of your own choose Exchange."))
        tokens.token(login)
        return replace(login, address=address, version="online")

    @contextmanager
    def session(self, login: Login) -> Iterator[Session]:
        self._require_life()
        try:
            with late.opened_by_token(login, tokens.token(login)) as opened:
                yield opened
        except ProviderUnavailable:
            tokens.forget(login)  # it may have been the token that was not taken any more
            raise

    def identify(self, http: Session, login: Login) -> Identity:
        """The application; whose mailboxes it opens, each call says."""
        tenant, client_id = tokens.split(login.username)
        return Identity(client_id, account_id=tenant, email="", name=client_id, paid=None)

    def _require_life(self) -> None:
        if not self.is_configured:
            raise RequestRejected(_("Microsoft ended EWS on 1 April 2027. Use Microsoft 365 instead."))


def is_cloud(host: str) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in cloud.HOSTS)
