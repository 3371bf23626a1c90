"""One plain function per model; what a test does not care about is filled in."""

import hashlib
import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts import key_format
from accounts.models import (
    ApiKey,
    Application,
    Attachment,
    Consent,
    Delegation,
    Invitation,
    Membership,
    Organization,
    Role,
    Team,
    User,
)
from accounts.scopes import FOR_PEOPLE, Scope
from integrations import registry
from integrations.models import (
    Arrival,
    Calendar,
    CalendarEvent,
    CalendarPolicy,
    Connection,
    Grant,
    SetupLink,
    VendorApp,
)
from integrations.types import AppKind, Permission, Token
from scheduling.models import (
    ApplicationEvent,
    BookedEvent,
    Booking,
    Delivery,
    EventType,
    Meeting,
    Message,
    Schedule,
    Scheduler,
    Subscription,
    WeeklyHours,
)

_numbers = itertools.count(1)

EVERYTHING = sorted(Permission)
"""What an organization may let its members use of a calendar service."""

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
"""A Monday to come, far from any clock change."""


def user(email: str = "", **fields: Any) -> User:
    number = next(_numbers)
    email = email or f"person{number}@example.org"
    defaults = {"name": email.split("@")[0].title(), "custom_url": f"person-{number}", "time_zone": "Europe/Berlin"}
    return User.objects.create_user(email, "correct horse battery", **defaults | fields)


def organization(name: str = "Harbour", **fields: Any) -> Organization:
    return Organization.objects.create(name=name, **{"slug": f"org-{next(_numbers)}"} | fields)


def membership(user_: User | None = None, organization_: Organization | None = None, **fields: Any) -> Membership:
    return Membership.objects.create(
        user=user_ or user(), organization=organization_ or organization(), **{"role": Role.OWNER} | fields
    )


def address(of: User, email: str = "", **fields: Any) -> EmailAddress:
    """One that he has proven to be his, unless told otherwise."""
    return EmailAddress.objects.create(user=of, email=email or of.email, **{"verified": True} | fields)


def invitation(by: Membership, *, secret: str = "", **fields: Any) -> Invitation:
    """Without a mail. It can be followed by /invitations/<secret>."""
    number = next(_numbers)
    defaults = {
        "email": f"invited{number}@example.org",
        "secret_hash": hashlib.sha256((secret or f"secret-{number}").encode()).hexdigest(),
        "expires_at": datetime.now(UTC) + timedelta(days=7),
    }
    return Invitation.objects.create(organization=by.organization, invited_by=by.user, **defaults | fields)


def team(of: Organization, *members: Membership, **fields: Any) -> Team:
    made = Team.objects.create(organization=of, **{"name": f"Team {next(_numbers)}"} | fields)
    made.members.set(members)
    return made


def application(of: Membership | None = None, **fields: Any) -> Application:
    """Registered by a member, with the secret "application-secret"; may ask for everything."""
    of = of or membership()
    defaults = {
        "name": f"Application {next(_numbers)}",
        "user": of.user,
        "client_type": Application.CLIENT_CONFIDENTIAL,
        "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
        "client_secret": "application-secret",
        "redirect_uris": "https://crm.example.org/callback",
        "scopes": Scope.values,
    }
    made: Application = Application.objects.create(organization=of.organization, **defaults | fields)
    return made


def consent(to: Application, by: Membership, **fields: Any) -> Consent:
    defaults = {"user": by.user, "scopes": [*FOR_PEOPLE]}
    return Consent.objects.create(application=to, membership=by, **defaults | fields)


def access_token(consent_: Consent, token: str = "", **fields: Any) -> str:
    """What the application sends as `Authorization: Bearer …`; it may do what was consented to."""
    token = token or f"application-token-{next(_numbers)}"
    defaults = {"expires": timezone.now() + timedelta(hours=1), "scope": " ".join(consent_.scopes)}
    AccessToken.objects.create(user=consent_.user, application=consent_.application, token=token, **defaults | fields)
    return token


def subscription(of: Application, **fields: Any) -> Subscription:
    """Where nobody answers, and without a secret; to subscribe for real, call subscriptions.subscribe."""
    return Subscription.objects.create(application=of, **{"url": "https://crm.example.org/hooks"} | fields)


def delivery(of: Application, to: Subscription | None = None, **fields: Any) -> Delivery:
    """Of a test that somebody sent."""
    message = Message.objects.create(application=of, type=EventType.TEST, body='{"type": "webhook.test", "data": {}}')
    return Delivery.objects.create(message=message, subscription=to or subscription(of), **fields)


def api_key(of: Membership, **fields: Any) -> str:
    """The key itself; it may do everything."""
    key = key_format.make()
    defaults = {"name": "Script", "start": key[: key_format.SHOWN], "expires_at": timezone.now() + timedelta(days=30)}
    hashed = key_format.hashed(key)
    ApiKey.objects.create(membership=of, secret_hash=hashed, **{"scopes": [*FOR_PEOPLE]} | defaults | fields)
    return key


def application_event(
    of: Membership, *, start: datetime = MONDAY, minutes: int = 30, **fields: Any
) -> ApplicationEvent:
    """An event as a row, without its cells; to make one for real, call application_events.create."""
    end = start + timedelta(minutes=minutes)
    defaults = {"title": "Interview", "time_zone": "Europe/Berlin"}
    times = {"start": start, "end": end, "busy_start": start, "busy_end": end}
    return ApplicationEvent.objects.create(organization=of.organization, host=of.user, **times | defaults | fields)


def schedule(of: Membership, *, hours: tuple[tuple[int, int, int], ...] | None = None, **fields: Any) -> Schedule:
    """Every day from 9 to 17 in Berlin, unless told otherwise: (weekday, start minute, end minute)."""
    defaults = {"name": f"Hours {next(_numbers)}", "time_zone": "Europe/Berlin"}
    made = Schedule.objects.create(organization=of.organization, owner=of.user, **defaults | fields)
    for weekday, start, end in hours or tuple((day, 540, 1020) for day in range(7)):
        WeeklyHours.objects.create(schedule=made, weekday=weekday, start_minute=start, end_minute=end)
    return made


def scheduler(of: Membership, **fields: Any) -> Scheduler:
    defaults = {"name": "Intro call", "slug": f"intro-{next(_numbers)}", "durations": [30], "window_days": 700}
    fields.setdefault("schedule", None)
    fields["schedule"] = fields["schedule"] or schedule(of)
    return Scheduler.objects.create(organization=of.organization, host=of.user, **defaults | fields)


def booking(of: Scheduler, *, start: datetime | None = None, minutes: int = 30, **fields: Any) -> Booking:
    """A booking as a row, without its cells; to book for real, call bookings.book."""
    start = start or MONDAY + timedelta(hours=9)
    end = start + timedelta(minutes=minutes)
    defaults = {
        "invitee_name": "Ivan Invitee",
        "invitee_email": "ivan@example.com",
        "invitee_time_zone": "Asia/Kathmandu",
        "submission_key": uuid.uuid4(),
    }
    times = {"start": start, "end": end, "busy_start": start, "busy_end": end}
    return Booking.objects.create(organization=of.organization, scheduler=of, host=of.host, **times | defaults | fields)


def meeting(of: Booking, **fields: Any) -> Meeting:
    return Meeting.objects.create(booking=of, **{"place": "builtin", "state": "ready"} | fields)


def grant(**fields: Any) -> Grant:
    """All that Bridge needs was allowed, unless `scopes` say otherwise."""
    number = next(_numbers)
    defaults = {
        "provider": "zoom",
        "client_id": "test-client",
        "external_id": f"zoom-user-{number}",
        "email": f"zoom{number}@example.org",
        "paid": True,
        "scopes": [scope.name for scope in registry.oauth("zoom").scopes(AppKind.PERSONAL)],
    }
    made = Grant(**defaults | fields)
    made.set_token(token(scopes=frozenset(made.scopes)))
    made.save()
    return made


def token(**fields: Any) -> Token:
    defaults: dict[str, Any] = {
        "access_token": "access-secret",
        "refresh_token": "refresh-secret",
        "expires_in": timedelta(hours=1),
        "received_at": datetime.now(UTC),
        "scopes": frozenset({"meeting:write:meeting"}),
    }
    return Token(**defaults | fields)


def connection(of: Membership, **fields: Any) -> Connection:
    fields.setdefault("grant", None)
    fields["grant"] = fields["grant"] or grant()
    return Connection.objects.create(organization=of.organization, membership=of, **fields)


def shared_connection(of: Membership, **fields: Any) -> Connection:
    """Of the whole organization, by a grant of the app that acts for it."""
    fields.setdefault("grant", None)
    scopes = [scope.name for scope in registry.oauth("zoom").scopes(AppKind.ORGANIZATION)]
    given = fields["grant"] or grant(kind="organization", client_id="test-admin-client", scopes=scopes)
    return Connection.objects.create(organization=of.organization, membership=None, **fields | {"grant": given})


def arrival(of: Membership, **fields: Any) -> Arrival:
    given = grant(kind="organization", client_id="test-admin-client")
    return Arrival.objects.create(organization=of.organization, **{"grant": given} | fields)


def vendor_app(of: Membership, **fields: Any) -> VendorApp:
    """An app of the organization's own, with secrets that no provider knows."""
    defaults = {"provider": "zoom", "kind": AppKind.PERSONAL, "client_id": f"own-client-{next(_numbers)}"}
    made = VendorApp(organization=of.organization, **defaults | fields)
    made.seal(client_secret="own-secret", webhook_secret="own-webhook-secret")
    made.save()
    return made


def setup_link(by: Membership, **fields: Any) -> SetupLink:
    """Its secret is not known to anybody; setup_links.issue makes one that can be followed."""
    defaults = {
        "provider": "zoom",
        "secret_hash": uuid.uuid4().hex,
        "expires_at": datetime.now(UTC) + timedelta(hours=72),
    }
    return SetupLink.objects.create(organization=by.organization, issued_by=by, **defaults | fields)


def calendar(of: Membership, **fields: Any) -> Calendar:
    """Ticked as busy and read just now; `connection` is another account each time unless it is given."""
    number = next(_numbers)
    known = fields.pop("connection", None) or connection(of, grant=calendar_grant(), permissions=EVERYTHING)
    defaults = {"external_id": f"calendar-{number}", "name": "Work", "time_zone": "Europe/Berlin", "is_busy": True}
    horizon = {"window_start": timezone.now() - timedelta(days=35), "window_end": timezone.now() + timedelta(days=400)}
    defaults |= {"synced_at": timezone.now(), "sync_token": f"token-{number}"} | horizon
    return Calendar.objects.create(connection=known, membership=of, **defaults | fields)


def calendar_grant(**fields: Any) -> Grant:
    provider = next(registry.with_calendars(), None)
    allowed = provider.scopes(AppKind.PERSONAL, frozenset(EVERYTHING)) if provider else ()
    scopes, number = [scope.name for scope in allowed], next(_numbers)
    defaults = {
        "provider": provider.key if provider else "google",
        "email": f"person{number}@example.org",
        "scopes": scopes,
        "paid": None,
    }
    return grant(**defaults | fields)


def calendar_event(of: Calendar, start: datetime, *, minutes: int = 60, **fields: Any) -> CalendarEvent:
    defaults: dict[str, Any] = {"external_id": f"event-{next(_numbers)}", "title": "Dentist"}
    defaults["end"] = start + timedelta(minutes=minutes)
    return CalendarEvent.objects.create(calendar=of, start=start, **defaults | fields)


def booked_event(of: Booking, **fields: Any) -> BookedEvent:
    return BookedEvent.objects.create(booking=of, **{"state": "ready", "settled_sequence": of.sequence} | fields)


def calendar_policy(of: Organization, **fields: Any) -> CalendarPolicy:
    return CalendarPolicy.objects.create(organization=of, **fields)


def delegation(owner: Membership, delegate: Membership, **fields: Any) -> Delegation:
    return Delegation.objects.create(owner=owner, delegate=delegate, **fields)


def attachment(**fields: Any) -> Attachment:
    return Attachment(**{"name": "a.ics", "content_type": "text/calendar", "content": "BEGIN:VCALENDAR"} | fields)


def authenticator_app(of: User) -> str:
    """Set up, with recovery codes; its key."""
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(of, secret)
    RecoveryCodes.activate(of)
    return secret


def passkey(of: User, name: str = "Phone") -> Authenticator:
    """A row that can be listed; nobody can sign in with it."""
    return Authenticator.objects.create(user=of, type="webauthn", data={"name": name, "credential": {}})
