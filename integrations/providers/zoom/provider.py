"""Zoom, by a user-managed app: each person authorizes for himself and is addressed as `me`."""

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
from integrations.types import Identity, Token

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
    scopes: tuple[Scope, ...] = (
        Scope("meeting:write:meeting", _("Make a meeting when somebody books with you")),
        Scope("meeting:update:meeting", _("Move that meeting when the booking moves")),
        Scope("meeting:delete:meeting", _("Remove that meeting when the booking is cancelled")),
        Scope("meeting:read:meeting", _("Read the join link of that meeting")),
        Scope("meeting:read:list_meetings", _("Look through your coming meetings, so that none is made twice")),
        Scope("user:read:user", _("Read your name, your e-mail address and whether your plan is paid")),
    )
    conferencing: Conferencing = Meetings()

    @property
    def is_configured(self) -> bool:
        return all(self.client)

    @property
    def client(self) -> tuple[str, str]:
        return settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET

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

    def missing_scopes(self, granted: frozenset[str]) -> frozenset[str]:
        covered = granted.union(*(CLASSIC.get(scope, set()) for scope in granted))
        return frozenset(scope.name for scope in self.scopes) - covered

    def read_token(self, response: Response) -> Token:
        if problem := translation.token_problem(response):
            raise problem
        body = translation.content(response)
        access_token, refresh_token = body.get("access_token"), body.get("refresh_token")
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

    def identify(self, http: Session) -> Identity:
        return users.identify(http)


def _is_zoom(host: str | None) -> bool:
    return host == "zoom.us" or (host or "").endswith(".zoom.us")


def _life(expires_in: object) -> timedelta:
    """Relative seconds; an hour where it is missing or absurd."""
    seconds = int(str(expires_in)) if str(expires_in).isdecimal() else HOUR
    return timedelta(seconds=seconds if 0 <= seconds <= 24 * HOUR else HOUR)
