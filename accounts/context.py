from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import queries
from accounts.models import Membership
from accounts.signals import attention_asked
from accounts.types import Notice


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame around every page shows; on a public page nothing is looked up."""
    membership: Membership | None = getattr(request, "membership", None)
    notices = _notices(membership) if membership and not getattr(request, "barred", False) else []
    return {
        "organization": membership and membership.organization,
        "memberships": queries.memberships(membership.user) if membership else [],
        "banner": notices[0] if notices else None,
        "banner_others": max(len(notices) - 1, 0),
        "mailbox": settings.MAILBOX,
        "simulators": settings.SIMULATORS_HOME if settings.SIMULATORS else "",
    }


def _notices(membership: Membership) -> list[Notice]:
    answers: Any = attention_asked.send(sender=Membership, membership=membership)
    return sorted(notice for _, notices in answers for notice in notices)
