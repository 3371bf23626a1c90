"""What Bridge may do at Zoom: the names that Zoom has for it, and ours."""

from django.utils.translation import gettext_lazy as _

from integrations.providers.base import Scope
from integrations.types import AppKind

# Older apps keep the classic scopes; each stands for several of the newer ones.
CLASSIC = {
    "meeting:write": {"meeting:write:meeting", "meeting:update:meeting", "meeting:delete:meeting"},
    "meeting:read": {"meeting:read:meeting", "meeting:read:list_meetings"},
    "user:read": {"user:read:user"},
    "user_profile": {"user:read:user"},
    "user_info:read": {"user:read:user"},
}

PERSONAL = (
    Scope("meeting:write:meeting", _("Make a meeting when somebody books with you")),
    Scope("meeting:update:meeting", _("Move that meeting when the booking moves")),
    Scope("meeting:delete:meeting", _("Remove that meeting when the booking is cancelled")),
    Scope("meeting:read:meeting", _("Read the join link of that meeting")),
    Scope("meeting:read:list_meetings", _("Look through your coming meetings, so that none is made twice")),
    Scope("user:read:user", _("Read your name, your e-mail address and whether your plan is paid")),
)
FOR_ALL = (
    Scope("meeting:write:meeting:admin", _("Make a meeting when somebody books with a member, as that member")),
    Scope("meeting:update:meeting:admin", _("Move that meeting when the booking moves")),
    Scope("meeting:delete:meeting:admin", _("Remove that meeting when the booking is cancelled")),
    Scope("meeting:read:meeting:admin", _("Read the join link of that meeting")),
    Scope("meeting:read:list_meetings:admin", _("Look through members’ coming meetings, so that none is made twice")),
    Scope("user:read:user:admin", _("Read members’ names, e-mail addresses and whether they have a licence")),
    Scope("user:read:list_users:admin", _("Find the people of your organization in your Zoom account")),
)
"""One Zoom app cannot hold both levels: those of an admin end in :admin."""


def needed(kind: AppKind) -> tuple[Scope, ...]:
    return PERSONAL if kind == AppKind.PERSONAL else FOR_ALL


def missing(granted: frozenset[str], kind: AppKind) -> frozenset[str]:
    covered = granted.union(*(_stands_for(scope) for scope in granted))
    return frozenset(scope.name for scope in needed(kind)) - covered


def _stands_for(scope: str) -> set[str]:
    """The newer names that a classic one covers."""
    suffix = ":admin" if scope.endswith(":admin") else ""
    name = scope.removesuffix(suffix)
    found = {f"{new}{suffix}" for new in CLASSIC.get(name, set())}
    return found | {"user:read:list_users:admin"} if scope == "user:read:admin" else found
