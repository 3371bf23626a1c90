"""The contract of a provider. It only translates: our values into its HTTP calls, its answers into our values, its
failures into our four errors. It knows no ORM, no page and no other provider.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise
from requests import Response, Session

from integrations.exceptions import ProviderError
from integrations.providers.calendaring import Calendaring, Contacts
from integrations.types import (
    App,
    AppKind,
    Colleague,
    Consented,
    CreatedMeeting,
    Identity,
    ListedMeeting,
    Login,
    MeetingRequest,
    Permission,
    Report,
    Token,
)

NOTHING: frozenset[Permission] = frozenset()

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
    place: what people call a meeting there.  keeps_events: its meetings are events of a calendar, so that the booking
    needs no second one in the same account.
    """

    place: str | Promise
    keeps_events: bool

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


class Webinars(Protocol):
    """Meetings before an audience. Most accounts work without: a provider that has them has `webinars`.

    unallowed: what to do where `permits` says no.
    """

    unallowed: str | Promise

    def permits(self, granted: frozenset[str]) -> bool:
        """Whether these scopes let us see them."""

    def list_webinars(self, http: Session, host: str) -> list[ListedMeeting]:
        """All that are to come and have a time."""


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


class Connectable(Provider, Protocol):
    """A provider that people connect; what it cannot do for us is None.

    before_template says what people should know before they connect.  unpaid: what a user without a licence has to live
    with.  Some have called_elsewhere: the words by which other scheduling systems mean a meeting there.
    """

    before_template: str
    unpaid: str | Promise
    conferencing: Conferencing | None
    calendaring: Calendaring | None
    contacts: Contacts | None

    def scopes(self, kind: AppKind, permissions: frozenset[Permission] = NOTHING) -> tuple[Scope, ...]:
        """What Bridge needs, as an app of this kind must ask for it; exactly enough for these permissions."""

    def missing_scopes(
        self, granted: frozenset[str], kind: AppKind, permissions: frozenset[Permission] = NOTHING
    ) -> frozenset[str]:
        """Those of `scopes` that were not granted and without which the account is of no use."""

    def permits(self, granted: frozenset[str]) -> frozenset[Permission]:
        """What can be done with these scopes."""


class PasswordProvider(Connectable, Protocol):
    """A provider that people connect with a name and a password, at an address that they name, unless `address` knows.

    address: where it always is; empty: the form asks.  versions: of the server, (key, label), as the form offers them.
    for_everybody: only an application's credentials, which open everybody's mailboxes; it takes no person's password.
    """

    address: str
    for_everybody: bool
    versions: tuple[tuple[str, str | Promise], ...]

    def find(self, login: Login) -> Login:
        """The same with the address where the calendars really are. Raises RequestRejected, which says what is wrong;
        AuthorizationLost if the password is.
        """

    def session(self, login: Login) -> AbstractContextManager[Session]:
        """To be given to `calendaring`. It goes nowhere that we do not allow (outward.py)."""

    def identify(self, http: Session, login: Login) -> Identity:
        """Whose calendars they are."""


class AccountConsents(Protocol):
    """Somebody who administers an account at the provider consents for everybody in it. A provider that has it says so
    by `account_consent`.
    """

    def address(
        self, app: App, *, state: str, redirect_uri: str, permissions: frozenset[Permission], account_id: str = ""
    ) -> str:
        """Where he does it. account_id: which account, if it is known."""

    def read(self, answer: Mapping[str, str]) -> Consented:
        """What he came back with. Raises RequestRejected, which says why he did not."""


class OAuthProvider(Connectable, Protocol):
    """A provider whose own pages people sign in at. The addresses and keys are settings, read at each use.

    trace_header names the call to its support; organization_template says what an organization should know, empty where
    it cannot be connected once for everybody.
    removal_help: the name of our page that tells how access is removed there; empty: marketplace_url shows it.
    rotates: a refresh token is dead once it was used.  webhooks: None if it tells nothing of meetings by itself.
    """

    trace_header: str
    organization_template: str
    removal_help: str
    rotates: bool
    webhooks: Webhooks | None

    def installed_app(self, kind: AppKind) -> App:
        """The installation's own client of this kind, from the settings; not complete if there is none."""

    def authorization_parameters(self, kind: AppKind, permissions: frozenset[Permission]) -> dict[str, str]:
        """What the authorization request says besides client, state and code challenge; `scope` where it is needed."""

    @property
    def marketplace_url(self) -> str:
        """Where people and their admins find Bridge's app at the provider."""

    @property
    def authorize_url(self) -> str: ...

    @property
    def token_url(self) -> str: ...

    @property
    def revoke_url(self) -> str:
        """Empty where access cannot be given back: then it is only forgotten."""

    def api_root(self, named: str) -> str:
        """Where the API is, given the origin that the token answer named; only allowed ones are believed."""

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
