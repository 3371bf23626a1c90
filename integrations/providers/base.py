"""The contract of a provider. It only translates: our values into its HTTP calls, its answers into our values, its
failures into our four errors. It knows no ORM, no page and no other provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise
from requests import Response, Session

from integrations.exceptions import ProviderError
from integrations.types import (
    App,
    AppKind,
    Colleague,
    CreatedMeeting,
    Identity,
    ListedMeeting,
    MeetingRequest,
    Report,
    Token,
)

ME = "me"
"""As host: the person whose token it is."""


@dataclass(frozen=True)
class Scope:
    """`name` as the provider spells it; `sentence`: what it lets Bridge do."""

    name: str
    sentence: str | Promise


class Conferencing(Protocol):
    """`http` is an authorised session: paths below the provider's API, and only good answers come back.

    `host` is who holds the meeting: the provider's id for him, or ME.
    """

    def create_meeting(self, http: Session, host: str, request: MeetingRequest) -> CreatedMeeting: ...

    def find_meeting(
        self, http: Session, host: str, request: MeetingRequest, *, since: datetime
    ) -> CreatedMeeting | None:
        """The meeting that an unclear answer of after `since` may have left behind, found by its marker."""

    def update_meeting(self, http: Session, external_id: str, request: MeetingRequest) -> CreatedMeeting:
        """Bring the meeting to what the request says; the link may change."""

    def read_meeting(self, http: Session, external_id: str) -> ListedMeeting | None:
        """As it is now; None if it is gone."""

    def list_meetings(self, http: Session, host: str) -> list[ListedMeeting]:
        """All that are to come, whoever made them."""

    def delete_meeting(self, http: Session, external_id: str) -> None:
        """One that is gone already counts as deleted."""


class Webhooks(Protocol):
    """What a provider tells us unasked. `headers` know no upper and lower case; `content` is the body as JSON."""

    def is_genuine(self, app: App, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
        """Signed with the app's secret over these very bytes, lately."""

    def proof(self, app: App, content: Mapping[str, Any]) -> dict[str, str] | None:
        """The answer to a challenge, which shows that we know the secret too; None if it is none."""

    def event(self, content: Mapping[str, Any]) -> str:
        """The provider's name for it."""

    def reports(self, content: Mapping[str, Any]) -> list[Report]:
        """In our words; nothing of what we do not need."""


class Provider(Protocol):
    """`can` and `cannot` say in words what the place offers, for the page that lists them."""

    key: str
    label: str | Promise
    can: str | Promise
    cannot: str | Promise
    needs_connection: bool

    @property
    def is_configured(self) -> bool: ...


class OAuthProvider(Provider, Protocol):
    """A provider that people connect. The addresses and keys are settings, read at each use.

    trace_header names the call to its support; before_template says what people should know before they connect,
    organization_template what an organization should. unpaid: what a user without a licence has to live with.
    webhooks: None if it tells nothing by itself.
    """

    trace_header: str
    before_template: str
    organization_template: str
    unpaid: str | Promise
    conferencing: Conferencing
    webhooks: Webhooks | None

    def installed_app(self, kind: AppKind) -> App:
        """The installation's own client of this kind, from the settings; not complete if there is none."""

    def scopes(self, kind: AppKind) -> tuple[Scope, ...]:
        """What Bridge needs, as an app of this kind must ask for it."""

    @property
    def marketplace_url(self) -> str:
        """Where people and their admins find Bridge's app at the provider."""

    @property
    def authorize_url(self) -> str: ...

    @property
    def token_url(self) -> str: ...

    @property
    def revoke_url(self) -> str: ...

    def api_root(self, named: str) -> str:
        """Where the API is, given the origin that the token answer named; only allowed ones are believed."""

    def missing_scopes(self, granted: frozenset[str], kind: AppKind) -> frozenset[str]:
        """Those of `scopes` that were not granted."""

    def read_token(self, response: Response, *, renewed_by: str = "") -> Token:
        """The token endpoint's answer. Raises AuthorizationLost only where the grant or code is dead.

        renewed_by: what the token is renewed with where the answer brings no refresh token.
        """

    def credentials_request(self, app: App) -> dict[str, str]:
        """The form that gets a token by the credentials of an AppKind.SERVER alone."""

    def refuses_token(self, response: Response) -> bool:
        """The access token is not accepted; a fresh one may be."""

    def problem(self, response: Response) -> ProviderError | None:
        """What went wrong, if anything."""

    def identify(self, http: Session, app: App) -> Identity:
        """Whose token it is."""

    def find_colleague(self, http: Session, whom: str) -> Colleague | None:
        """The user of the connected account with this id or e-mail; None if there is none."""
