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
from integrations.providers.base import Conferencing, Scope
from integrations.providers.zoom import translation, users
from integrations.providers.zoom.meetings import Meetings
from integrations.types import App, AppKind, Colleague, Identity, Token

logger = logging.getLogger(__name__)

HOUR = 3600
# Older apps keep the classic scopes; each stands for several of the newer ones.
CLASSIC = {
    "meeting:write": {"meeting:write:meeting", "meeting:update:meeting", "meeting:delete:meeting"},
    "meeting:read": {"meeting:read:meeting", "meeting:read:list_meetings"},
    "user:read": {"user:read:user"},
    "user_profile": {"user:read:user"},
    "user_info:read": {"user:read:user"},
}

SCOPES = (
    Scope("meeting:write:meeting", _("Make a meeting when somebody books with you")),
    Scope("meeting:update:meeting", _("Move that meeting when the booking moves")),
    Scope("meeting:delete:meeting", _("Remove that meeting when the booking is cancelled")),
    Scope("meeting:read:meeting", _("Read the join link of that meeting")),
    Scope("meeting:read:list_meetings", _("Look through your coming meetings, so that none is made twice")),
    Scope("user:read:user", _("Read your name, your e-mail address and whether your plan is paid")),
)
LIST_USERS = Scope("user:read:list_users:admin", _("Find the people of your organization in your Zoom account"))


class Zoom:
    key = "zoom"
    label: str | Promise = _("Zoom")
    can: str | Promise = _(
        "Makes a Zoom meeting for each booking, moves it when the booking moves, removes it when it is cancelled."
    )
    cannot: str | Promise = _("Needs a paid Zoom plan.")
    needs_connection = True
    trace_header = "x-zm-trackingid"
    before_template = "integrations/zoom/_before.html"
    organization_template = "integrations/zoom/_organization.html"
    unpaid: str | Promise = _("Basic: meetings end after 40 minutes")
    conferencing: Conferencing = Meetings()

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

    def scopes(self, kind: AppKind) -> tuple[Scope, ...]:
        """One Zoom app cannot hold both levels: those of an admin end in :admin."""
        if kind == AppKind.PERSONAL:
            return SCOPES
        return (*(Scope(f"{scope.name}:admin", scope.sentence) for scope in SCOPES), LIST_USERS)

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

    def missing_scopes(self, granted: frozenset[str], kind: AppKind) -> frozenset[str]:
        covered = granted.union(*(_stands_for(scope) for scope in granted))
        return frozenset(scope.name for scope in self.scopes(kind)) - covered

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


def _stands_for(scope: str) -> set[str]:
    """The newer names that a classic one covers."""
    suffix = ":admin" if scope.endswith(":admin") else ""
    name = scope.removesuffix(suffix)
    found = {f"{new}{suffix}" for new in CLASSIC.get(name, set())}
    return found | {LIST_USERS.name} if scope == "user:read:admin" else found


def _is_zoom(host: str | None) -> bool:
    return host == "zoom.us" or (host or "").endswith(".zoom.us")


def _life(expires_in: object) -> timedelta:
    """Relative seconds; an hour where it is missing or absurd."""
    seconds = int(str(expires_in)) if str(expires_in).isdecimal() else HOUR
    return timedelta(seconds=seconds if 0 <= seconds <= 24 * HOUR else HOUR)
