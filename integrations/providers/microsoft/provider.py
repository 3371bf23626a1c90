"""Microsoft 365 and outlook.com through Graph: each person signs in, admins may consent for a whole tenant."""

from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from requests import Response, Session

from integrations.exceptions import ProviderError
from integrations.providers.base import NOTHING, AccountConsents, Conferencing, Scope, Webhooks
from integrations.providers.calendaring import Calendaring, Contacts
from integrations.providers.microsoft import people, scopes, translation
from integrations.providers.microsoft.calendar import Calendars
from integrations.providers.microsoft.consent import TenantConsent
from integrations.providers.microsoft.contacts import People
from integrations.providers.microsoft.teams import Meetings
from integrations.types import App, AppKind, Colleague, Identity, Permission, Token

HOUR = 3600


class Microsoft:
    key = "microsoft"
    called_elsewhere = ("office365-video", "microsoft_teams_conference", "integrations:office365_video")
    label: str | Promise = _("Microsoft 365")
    can: str | Promise = _(
        "Knows when you are busy in Outlook, writes bookings into your calendar and makes Teams meetings for them."
    )
    cannot: str | Promise = _("Often needs the approval of your Microsoft administrator. Teams needs a work account.")
    needs_connection = True
    trace_header = "request-id"
    before_template = "integrations/microsoft/_before.html"
    organization_template = ""
    removal_help = ""
    rotates = False
    unpaid: str | Promise = ""
    conferencing: Conferencing | None = Meetings()
    calendaring: Calendaring | None = Calendars()
    contacts: Contacts | None = People()
    webhooks: Webhooks | None = None
    account_consent: AccountConsents = TenantConsent()

    @property
    def is_configured(self) -> bool:
        return self.installed_app(AppKind.PERSONAL).is_complete

    def installed_app(self, kind: AppKind) -> App:
        keys = (settings.MICROSOFT_CLIENT_ID, settings.MICROSOFT_CLIENT_SECRET)
        return App(self.key, kind, *(keys if kind == AppKind.PERSONAL else ("", "")))

    def scopes(self, kind: AppKind, permissions: frozenset[Permission] = NOTHING) -> tuple[Scope, ...]:
        return scopes.needed(permissions)

    def authorization_parameters(self, kind: AppKind, permissions: frozenset[Permission]) -> dict[str, str]:
        """Never prompt=consent: it asks again even where an admin has approved for everybody."""
        return {"scope": scopes.parameter(permissions), "response_mode": "query", "prompt": "select_account"}

    @property
    def marketplace_url(self) -> str:
        """Where people see, and end, what they allowed."""
        return "https://myapps.microsoft.com/"

    @property
    def authorize_url(self) -> str:
        return f"{_authority()}/oauth2/v2.0/authorize"

    @property
    def token_url(self) -> str:
        return f"{_authority()}/oauth2/v2.0/token"

    @property
    def revoke_url(self) -> str:
        """Microsoft has none: access is forgotten here, and ends there after 90 days."""
        return ""

    def api_root(self, named: str) -> str:
        return str(settings.MICROSOFT_GRAPH_URL)

    def missing_scopes(
        self, granted: frozenset[str], kind: AppKind, permissions: frozenset[Permission] = NOTHING
    ) -> frozenset[str]:
        return scopes.missing(granted, permissions)

    def permits(self, granted: frozenset[str]) -> frozenset[Permission]:
        return scopes.permits(granted)

    def credentials_request(self, app: App) -> dict[str, str]:
        return {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}

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
            scopes=scopes.short(str(body.get("scope") or "").split()),
        )

    def refuses_token(self, response: Response) -> bool:
        return translation.refuses_token(response)

    def problem(self, response: Response) -> ProviderError | None:
        return translation.problem(response)

    def identify(self, http: Session, app: App) -> Identity:
        return people.identify(http)

    def find_colleague(self, http: Session, whom: str) -> Colleague | None:
        """Nobody is connected for others."""
        return None


def _authority() -> str:
    return f"{settings.MICROSOFT_OAUTH_URL}/{settings.MICROSOFT_TENANT}"


def _life(expires_in: object) -> timedelta:
    """Relative seconds; an hour where it is missing or absurd. Ninety minutes and more are common."""
    seconds = int(str(expires_in)) if str(expires_in).isdecimal() else HOUR
    return timedelta(seconds=seconds if 0 <= seconds <= 48 * HOUR else HOUR)
