"""Consent on behalf of everybody in a provider's account: its own admin gives it there, Bridge checks whether it fits
what the organization decided here. It gives no access by itself: each member still signs in once.
"""

import secrets
import time
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import Act, Membership, Organization
from integrations import policies, registry, vendor_apps
from integrations.models import AccountConsent, CalendarPolicy, Connection
from integrations.providers.base import AccountConsents, OAuthProvider
from integrations.types import AppKind, Consented

KEY = "account_consent"
"""In the session of whoever was sent there; used once."""
LIFE = 600.0

Session = MutableMapping[str, Any]


class NotOurs(Exception):
    """Whoever came back did not start here, or long ago."""


@dataclass(frozen=True)
class Panel:
    """problem: how the consent differs from what the organization decided; a sentence."""

    provider: OAuthProvider
    consent: AccountConsent | None
    problem: str
    is_set_up: bool


def panels(policy: CalendarPolicy) -> list[Panel]:
    """One for each provider that knows such a consent."""
    return [_panel(policy, provider) for provider, _facet in _known()]


def facet(provider: OAuthProvider) -> AccountConsents | None:
    return cast("AccountConsents | None", getattr(provider, "account_consent", None))


def start(organization: Organization, provider: OAuthProvider, *, session: Session) -> str:
    """Where the account's admin consents; he may be somebody else than who sends him."""
    known, app = facet(provider), vendor_apps.app_for(organization, provider, AppKind.PERSONAL)
    assert known is not None
    state = secrets.token_urlsafe(32)
    session[KEY] = {"state": state, "provider": provider.key, "organization": organization.pk, "at": time.time()}
    permissions = policies.permissions(organization, provider)
    return known.address(app, state=state, redirect_uri=redirect_uri(provider), permissions=permissions)


def finish(member: Membership, provider: OAuthProvider, answer: Mapping[str, str], *, session: Session) -> Panel:
    """Raises NotOurs, or RequestRejected if the account's admin did not consent. Then nothing is kept."""
    known, waiting = facet(provider), session.pop(KEY, {})
    if known is None or not member.is_admin or not _is_begun(waiting, member, provider, answer.get("state", "")):
        raise NotOurs
    _keep(member, provider, known.read(answer))
    return _panel(policies.of(member.organization), provider)


def redirect_uri(provider: OAuthProvider) -> str:
    """Must be registered at the provider beside the other."""
    return str(settings.BASE_URL + reverse("account_consent_callback", args=[provider.key]))


def _is_begun(waiting: Mapping[str, Any], member: Membership, provider: OAuthProvider, state: str) -> bool:
    whose = (waiting.get("provider"), waiting.get("organization")) == (provider.key, member.organization_id)
    fresh = time.time() - float(waiting.get("at", 0)) < LIFE
    return whose and fresh and constant_time_compare(str(waiting.get("state", "")), state)


@transaction.atomic
def _keep(member: Membership, provider: OAuthProvider, given: Consented) -> None:
    AccountConsent.objects.update_or_create(
        organization=member.organization,
        provider=provider.key,
        defaults={
            "account_id": given.account_id,
            "scopes": sorted(given.scopes),
            "by_email": member.user.email,
            "consented_at": now(),
            "checked_at": now(),
        },
    )
    words = _("Consent for everybody, %(provider)s") % {"provider": provider.label}
    audit.note(member.organization, Act.POLICY_CHANGED, by=member.user, subject=words, scopes=sorted(given.scopes))


def _known() -> Iterator[tuple[OAuthProvider, AccountConsents]]:
    return ((one, found) for one in registry.OAUTH if (found := facet(one)) is not None)


def _panel(policy: CalendarPolicy, provider: OAuthProvider) -> Panel:
    consent = AccountConsent.objects.filter(organization=policy.organization, provider=provider.key).first()
    app = vendor_apps.app_for(policy.organization, provider, AppKind.PERSONAL)
    return Panel(provider, consent, _problem(policy, provider, consent) if consent else "", app.is_complete)


def _problem(policy: CalendarPolicy, provider: OAuthProvider, consent: AccountConsent) -> str:
    """Compared each time, so that a later change of the policy shows at once."""
    wanted, given = provider.scopes(AppKind.PERSONAL, policy.permissions), set(consent.scopes)
    missing = [str(scope.sentence) for scope in wanted if given and scope.name not in given]
    more = sorted(given - {scope.name for scope in wanted})
    others = Connection.objects.filter(organization=policy.organization, grant__provider=provider.key, ended_at=None)
    elsewhere = others.exclude(grant__account_id=consent.account_id).count()
    said = [
        _("Not consented to there: %(what)s. Consent again.") % {"what": "; ".join(missing)} if missing else "",
        _("Consented to there, but not wanted here: %(what)s.") % {"what": ", ".join(more)} if more else "",
        _elsewhere(elsewhere) if elsewhere else "",
    ]
    return " ".join(sentence for sentence in said if sentence)


def _elsewhere(number: int) -> str:
    words = ngettext(
        "%(number)s connected member belongs to another account there.",
        "%(number)s connected members belong to another account there.",
        number,
    )
    return words % {"number": number}
