"""An application sends somebody here to choose a conferencing service: whose request it is, and where he goes back to.

It is bound to the browser it was opened in, and to the person who signs in there. It is answered once.
"""

import hashlib
import secrets
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts import consents, organizations, queries
from accounts.models import Application, Consent, Membership, User
from integrations.hosted_results import Result
from integrations.models import HostedRequest

KEY = "hosted"
"""In the session; it survives signing in and signing up, and goes when somebody signs out."""
KEEP = timedelta(days=1)

Session = MutableMapping[str, Any]


class NotYours(Exception):
    """There is no such request, or another browser or person has opened it."""


class Answered(Exception):
    """He has gone back with a result already, or had an hour for it."""


class Gone(Exception):
    """The application was blocked meanwhile, or has taken the address back: nobody is sent there any more."""


def begin(application: Application, *, redirect_uri: str, state: str, provider: str, session: Session) -> HostedRequest:
    HostedRequest.objects.filter(created_at__lt=now() - KEEP).delete()
    session.setdefault(KEY, secrets.token_urlsafe(32))
    return HostedRequest.objects.create(
        application=application,
        redirect_uri=redirect_uri,
        state=state,
        provider=provider,
        session_hash=_hash(session),
    )


def find(uid: UUID, *, session: Session, user: User | None) -> HostedRequest:
    """The one that this browser has opened, for this person. Raises NotYours."""
    related = "application__organization", "membership__organization", "membership__user"
    known = HostedRequest.objects.select_related(*related).defer("application__logo")
    found = known.filter(uid=uid, session_hash=_hash(session)).first()
    if found is None or (user and found.membership and found.membership.user_id != user.pk):
        raise NotYours
    return found


def require_open(hosted: HostedRequest) -> None:
    """Raises Answered."""
    if not hosted.is_open:
        raise Answered


def claim(hosted: HostedRequest, user: User) -> Membership:
    """From now on it is his; for the organization that the application works in for him, else where he works."""
    if hosted.membership is None:
        membership = _likely(hosted, user)
        HostedRequest.objects.filter(pk=hosted.pk, membership=None).update(membership=membership)
        hosted.membership = membership
    return hosted.membership


def choose(hosted: HostedRequest, membership: Membership) -> None:
    """Another of his organizations. Where the application works for him already, that one stays."""
    if consent_of(hosted) is None:
        HostedRequest.objects.filter(pk=hosted.pk).update(membership=membership)


def choices(hosted: HostedRequest) -> list[Membership]:
    """His organizations, if there is anything to choose."""
    assert hosted.membership is not None
    his = list(queries.memberships(hosted.membership.user))
    return his if len(his) > 1 and consent_of(hosted) is None else []


def consent_of(hosted: HostedRequest) -> Consent | None:
    """The application has access to his account in Bridge."""
    assert hosted.membership is not None
    return _consents(hosted, hosted.membership.user).first()


def hand_over(hosted: HostedRequest, session: Session) -> None:
    """To whoever signs in next in this browser, after somebody has signed out: nobody's, in a new session. What was
    answered stays his who answered it.
    """
    session.setdefault(KEY, secrets.token_urlsafe(32))
    unanswered = HostedRequest.objects.filter(pk=hosted.pk, answered_at=None)
    unanswered.update(membership=None, problem="", session_hash=_hash(session))


def is_foreign(hosted: HostedRequest) -> bool:
    """The application belongs to none of his organizations."""
    assert hosted.membership is not None
    his = queries.memberships(hosted.membership.user)
    return not his.filter(organization=hosted.application.organization_id).exists()


def barrier(hosted: HostedRequest) -> Result | None:
    """What his organization has against it."""
    membership = hosted.membership
    assert membership is not None
    if consents.is_barred(membership):
        return Result.SECOND_FACTOR_REQUIRED
    return None if consents.admits(membership, hosted.application) else Result.NOT_ALLOWED


def note(hosted: HostedRequest, problem: Result | None) -> None:
    """How the last try ended, if not well."""
    HostedRequest.objects.filter(pk=hosted.pk).update(problem=problem.value if problem else "")


def answer(hosted: HostedRequest, result: Result, *, service: str = "") -> str:
    """The address that he goes back to; it is answered by this. Raises Gone, or Answered."""
    require_way_back(hosted)
    if not HostedRequest.objects.filter(pk=hosted.pk, answered_at=None).update(
        answered_at=now(), result=result.value, service=service
    ):
        raise Answered
    hosted.result, hosted.service = result.value, service
    return way_back(hosted)


def give_up(hosted: HostedRequest) -> str:
    """He goes back without a service, with the cause. Raises Gone, or Answered."""
    if not hosted.is_open:
        return answer(hosted, Result.EXPIRED)
    barred = barrier(hosted) if hosted.membership else None
    return answer(hosted, barred or Result(hosted.problem or Result.DENIED))


def require_way_back(hosted: HostedRequest) -> None:
    """Raises Gone."""
    application = hosted.application
    if not application.is_active or not application.redirect_uri_allowed(hosted.redirect_uri):
        raise Gone


def way_back(hosted: HostedRequest) -> str:
    """With what it was answered, and nothing else."""
    said = {"result": hosted.result, "service": hosted.service, "state": hosted.state, "iss": settings.BASE_URL}
    query = urlencode({name: value for name, value in said.items() if value}, quote_via=quote, safe="")
    return f"{hosted.redirect_uri}{'&' if '?' in hosted.redirect_uri else '?'}{query}"


def _likely(hosted: HostedRequest, user: User) -> Membership:
    consent = _consents(hosted, user).first()
    if consent is not None:
        return consent.membership
    fitting, current = consents.choices(user, hosted.application), organizations.current(user)
    return current if current in fitting or not fitting else fitting[0]


def _consents(hosted: HostedRequest, user: User) -> QuerySet[Consent]:
    return consents.of(user).filter(application=hosted.application)


def _hash(session: Session) -> str:
    return hashlib.sha256(str(session.get(KEY, "")).encode()).hexdigest()
