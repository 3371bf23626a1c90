"""Google: calendars, Meet and contacts of a person who authorizes for himself."""

from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from requests import Response, Session

from integrations.exceptions import AuthorizationLost, ProviderError
from integrations.providers.base import NOTHING, Conferencing, Scope, Webhooks
from integrations.providers.calendaring import Calendaring, Contacts
from integrations.providers.google import scopes, translation
from integrations.providers.google.calendar import Calendars
from integrations.providers.google.contacts import People
from integrations.providers.google.meet import Meet
from integrations.types import App, AppKind, Colleague, Identity, Permission, Token

HOUR = 3600


class Google:
    key = "google"
    called_elsewhere = ("google-meet", "google_conference", "integrations:google:meet")
    label: str | Promise = _("Google")
    can: str | Promise = _(
        "Closes the times that are taken in your Google calendars, writes bookings there, and makes Google Meet links."
    )
    cannot: str | Promise = _("An organization cannot connect it once for everybody.")
    needs_connection = True
    trace_header = "x-goog-request-id"
    before_template = "integrations/google/_before.html"
    organization_template = ""
    removal_help = ""
    rotates = False
    unpaid: str | Promise = ""
    conferencing: Conferencing | None = Meet()
    calendaring: Calendaring | None = Calendars()
    contacts: Contacts | None = People()
    webhooks: Webhooks | None = None

    @property
    def is_configured(self) -> bool:
        return self.installed_app(AppKind.PERSONAL).is_complete

    def installed_app(self, kind: AppKind) -> App:
        keys = (settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET) if kind == AppKind.PERSONAL else ("", "")
        return App(self.key, kind, *keys)

    def scopes(self, kind: AppKind, permissions: frozenset[Permission] = NOTHING) -> tuple[Scope, ...]:
        return scopes.needed(permissions)

    def missing_scopes(
        self, granted: frozenset[str], kind: AppKind, permissions: frozenset[Permission] = NOTHING
    ) -> frozenset[str]:
        return scopes.missing(granted, permissions)

    def permits(self, granted: frozenset[str]) -> frozenset[Permission]:
        return scopes.permits(granted)

    def authorization_parameters(self, kind: AppKind, permissions: frozenset[Permission]) -> dict[str, str]:
        """Without `consent` a second time brings no refresh token. Without include_granted_scopes the token can do what
        is asked for now and no more.
        """
        asked = " ".join(scope.name for scope in scopes.needed(permissions))
        return {"scope": asked, "access_type": "offline", "prompt": "select_account consent"}

    @property
    def marketplace_url(self) -> str:
        return "https://myaccount.google.com/connections"

    @property
    def authorize_url(self) -> str:
        return f"{settings.GOOGLE_OAUTH_URL}/o/oauth2/v2/auth"

    @property
    def token_url(self) -> str:
        return f"{settings.GOOGLE_TOKEN_URL}/token"

    @property
    def revoke_url(self) -> str:
        return f"{settings.GOOGLE_TOKEN_URL}/revoke"

    def api_root(self, named: str) -> str:
        return str(settings.GOOGLE_API_URL)

    def read_token(self, response: Response, *, renewed_by: str = "") -> Token:
        if problem := translation.token_problem(response):
            raise problem
        body = translation.content(response)
        if not body.get("access_token"):
            raise translation.unclear(response)
        if not (body.get("refresh_token") or renewed_by):
            raise AuthorizationLost(_t("Google gave access for an hour only. Start again and allow what is listed."))
        return Token(
            access_token=str(body["access_token"]),
            refresh_token=str(body.get("refresh_token") or renewed_by),
            expires_in=_life(body.get("expires_in")),
            received_at=now(),
            scopes=frozenset(str(body.get("scope") or "").split()),
        )

    def credentials_request(self, app: App) -> dict[str, str]:
        return {}

    def refuses_token(self, response: Response) -> bool:
        return translation.refuses_token(response)

    def problem(self, response: Response) -> ProviderError | None:
        return translation.problem(response)

    def identify(self, http: Session, app: App) -> Identity:
        """The id stays when the address changes. hd: the domain of an organization at Google."""
        response = http.get("/oauth2/v2/userinfo")
        told = translation.content(response)
        if not told.get("id"):
            raise translation.unclear(response)
        return Identity(
            external_id=str(told["id"]),
            account_id=str(told.get("hd") or ""),
            email=str(told.get("email") or ""),
            name=str(told.get("name") or told.get("email") or ""),
            paid=None,
        )

    def find_colleague(self, http: Session, whom: str) -> Colleague | None:
        return None


def _life(expires_in: object) -> timedelta:
    """Relative seconds; an hour where it is missing or absurd."""
    seconds = int(str(expires_in)) if str(expires_in).isdecimal() else HOUR
    return timedelta(seconds=seconds if 0 <= seconds <= 24 * HOUR else HOUR)
