"""Is an account still there, and may it still do what it did? A small call now and then, or as somebody asks.

Private apps are never told of an uninstall, and nobody is told of a lost role; so we look. A provider that does not
answer ends nothing.
"""

import math
import random
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from integrations import grants, logins, registry, sessions, states, vendor_apps
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderError, RequestRejected
from integrations.models import Grant, GrantStatus
from integrations.types import AppKind, EndReason, Identity

PERSONAL, SHARED = timedelta(hours=24), timedelta(hours=6)
FEW, MOST = 5, 100
ROUNDS = 18
"""A round every ten minutes: so many make half of SHARED, over which those due at the same time are spread."""
LONGEST = 15.0
"""Seconds in which a round may begin another look; a task that is cut off could lose a token just renewed."""


@dataclass(frozen=True)
class Finding:
    """`problem`: a sentence, empty if all is well. `answered`: the provider said so, it is neither busy nor down."""

    problem: str = ""
    answered: bool = True
    detail: str = ""


def look(grant: Grant) -> Finding:
    """Ask the provider whose access it is. Not inside a transaction. Never raises one of our four errors."""
    try:
        identity = _identity(grant)
    except ProviderError as error:
        _note(grant, problem=error.sentence)
        return Finding(error.sentence, _is_answer(error), error.detail)
    if grant.kind == AppKind.ORGANIZATION and not identity.is_admin:
        return _role_lost(grant)
    _note(grant, status=GrantStatus.ACTIVE)
    return Finding()


def look_round() -> None:
    """A share of those that nobody has looked at for long. Where a provider does not answer, the others wait for the
    next round; so do those for whom there is no time left.
    """
    silent: set[str] = set()
    until = time.monotonic() + LONGEST
    for grant in _due():
        if time.monotonic() > until:
            return
        if grant.provider not in silent and _claim(grant) and not look(grant).answered:
            silent.add(grant.provider)


def _identity(grant: Grant) -> Identity:
    with sessions.holding(grant) as http:
        if grant.kind == AppKind.PASSWORD:
            return registry.password(grant.provider).identify(http, logins.of(grant))
        return registry.oauth(grant.provider).identify(http, vendor_apps.app_of(grant))


def _is_answer(error: ProviderError) -> bool:
    return isinstance(error, AuthorizationLost | RequestRejected | OperatorNeeded)


def _role_lost(grant: Grant) -> Finding:
    """Unless somebody has connected it again since we asked."""
    current = Grant.objects.filter(pk=grant.pk, authorized_at=grant.authorized_at).first()
    if current is None:
        return Finding()
    grants.end(current, EndReason.ROLE_LOST)
    _note(current, problem=states.sentence(current))
    return Finding(states.sentence(current))


def _note(grant: Grant, *, problem: str = "", **found: object) -> None:
    same = Grant.objects.filter(pk=grant.pk, authorized_at=grant.authorized_at)
    same.update(checked_at=now(), check_problem=problem)
    if found:
        same.filter(ended_at=None).update(**found)


def _due() -> QuerySet[Grant]:
    """Oldest first; a little earlier or later each time, so that they do not march in step."""
    used = Grant.objects.filter(ended_at=None, connections__ended_at=None, connections__isnull=False).distinct()
    looked = used.annotate(looked_at=Coalesce("checked_at", "authorized_at"))
    jitter = random.uniform(0.9, 1.1)  # noqa: S311 (spreading, not secrecy)
    personal = Q(kind=AppKind.PERSONAL.value)
    late = Q(personal, looked_at__lte=now() - PERSONAL * jitter) | Q(~personal, looked_at__lte=now() - SHARED * jitter)
    return looked.filter(late).select_related("app").order_by("looked_at", "pk")[: _share(used.count())]


def _share(number: int) -> int:
    return min(MOST, max(FEW, math.ceil(number / ROUNDS)))


def _claim(grant: Grant) -> bool:
    """The look is ours, and no other worker's."""
    mine = Grant.objects.filter(pk=grant.pk, checked_at=grant.checked_at, ended_at=None)
    return bool(mine.update(checked_at=now()))
