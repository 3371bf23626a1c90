"""Zoom, by three kinds of app: user-managed (a person authorizes for himself and is addressed as `me`), admin-managed
and server-to-server (for every user of the Zoom account, addressed by id).
"""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from requests import Response, Session

from integrations.exceptions import ProviderError
from integrations.providers.base import NOTHING, Conferencing, Scope, Webhooks
from integrations.providers.calendaring import Calendaring, Contacts
from integrations.providers.zoom import scopes, translation, users
from integrations.providers.zoom.meetings import Meetings
from integrations.providers.zoom.webhooks import Webhooks as ZoomWebhooks
from integrations.providers.zoom.webinars import Webinars
from integrations.types import App, AppKind, Colleague, Identity, Permission, Token

logger = logging.getLogger(__name__)

HOUR = 3600


class Zoom:
    key = "zoom"
    called_elsewhere = ("zoom", "zoom_conference", "integrations:zoom")
    label: str | Promise = _("Zoom")
    can: str | Promise = _(
        "Makes a Zoom meeting for each booking, moves it when the booking moves, removes it when it is cancelled."
    )
    cannot: str | Promise = _("Needs a paid Zoom plan.")
    needs_connection = True
    trace_header = "x-zm-trackingid"
    before_template = "integrations/zoom/_before.html"
    removal_help = "help_zoom"
    organization_template = "integrations/zoom/_organization.html"
    rotates = True
    unpaid: str | Promise = _("Basic: meetings end after 40 minutes")
    conferencing: Conferencing | None = Meetings()
    calendaring: Calendaring | None = None
    contacts: Contacts | None = None
    webhooks: Webhooks | None = ZoomWebhooks()
    webinars = Webinars()

    @property
    def is_configured(self) -> bool:
        return self.installed_app(AppKind.PERSONAL).is_complete

    def installed_app(self, kind: AppKind) -> App:
        keys = {
            AppKind.PERSONAL: (settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET, settings.ZOOM_WEBHOOK_SECRET),
            AppKind.ORGANIZATION: (
                settings.ZOOM_ADMIN_CLIENT_ID,
                settings.ZOOM_ADMIN_CLIENT_SECRET,
                settings.ZOOM_ADMIN_WEBHOOK_SECRET,
            ),
        }
        return App(self.key, kind, *keys.get(kind, ("", "", "")))

    def scopes(self, kind: AppKind, permissions: frozenset[Permission] = NOTHING) -> tuple[Scope, ...]:
        return scopes.needed(kind)

    def authorization_parameters(self, kind: AppKind, permissions: frozenset[Permission]) -> dict[str, str]:
        """No `scope`: then those set in the app are asked for, and older apps refuse the parameter."""
        return {}

    @property
    def marketplace_url(self) -> str:
        return str(settings.ZOOM_MARKETPLACE_URL)

    @property
    def authorize_url(self) -> str:
        return f"{settings.ZOOM_OAUTH_URL}/oauth/authorize"

    @property
    def token_url(self) -> str:
        return f"{settings.ZOOM_OAUTH_URL}/oauth/token"

    @property
    def revoke_url(self) -> str:
        return f"{settings.ZOOM_OAUTH_URL}/oauth/revoke"

    def api_root(self, named: str) -> str:
        """The regional origin of the token answer, if it is Zoom's; the configured address always works.

        A stand-in at another address is never left for the real Zoom.
        """
        ours, theirs = urlsplit(settings.ZOOM_API_URL), urlsplit(named)
        if not named or (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
            return settings.ZOOM_API_URL
        if _is_zoom(ours.hostname) and _is_zoom(theirs.hostname) and theirs.scheme == "https" and not theirs.port:
            return f"https://{theirs.hostname}/v2"
        logger.warning("Zoom named an API address that is not its own; the configured one is used")
        return settings.ZOOM_API_URL

    def missing_scopes(
        self, granted: frozenset[str], kind: AppKind, permissions: frozenset[Permission] = NOTHING
    ) -> frozenset[str]:
        return scopes.missing(granted, kind)

    def permits(self, granted: frozenset[str]) -> frozenset[Permission]:
        return NOTHING

    def credentials_request(self, app: App) -> dict[str, str]:
        """https://developers.zoom.us/docs/internal-apps/s2s-oauth/"""
        return {"grant_type": "account_credentials", "account_id": app.account_id}

    def read_token(self, response: Response, *, renewed_by: str = "") -> Token:
        if problem := translation.token_problem(response):
            raise problem
        body = translation.content(response)
        access_token, refresh_token = body.get("access_token"), body.get("refresh_token") or renewed_by
        if not access_token or not refresh_token:
            raise translation.unclear(response)
        return Token(
            access_token=str(access_token),
            refresh_token=str(refresh_token),
            expires_in=_life(body.get("expires_in")),
            received_at=now(),
            scopes=frozenset(str(body.get("scope") or "").split()),
            api_url=str(body.get("api_url") or ""),
        )

    def refuses_token(self, response: Response) -> bool:
        return translation.refuses_token(response)

    def problem(self, response: Response) -> ProviderError | None:
        return translation.problem(response)

    def identify(self, http: Session, app: App) -> Identity:
        return users.identify_account(http, app) if app.kind == AppKind.SERVER else users.identify(http)

    def find_colleague(self, http: Session, whom: str) -> Colleague | None:
        return users.find(http, whom)


def _is_zoom(host: str | None) -> bool:
    return host == "zoom.us" or (host or "").endswith(".zoom.us")


def _life(expires_in: object) -> timedelta:
    """Relative seconds; an hour where it is missing or absurd."""
    seconds = int(str(expires_in)) if str(expires_in).isdecimal() else HOUR
    return timedelta(seconds=seconds if 0 <= seconds <= 24 * HOUR else HOUR)
