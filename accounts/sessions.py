"""Where somebody is signed in: allauth keeps the list, and ends all others; here one of them alone is ended."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from accounts.models import User


def others(user: User, *, here: str | None) -> QuerySet[UserSession]:
    """All but the one with this key."""
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user).exclude(session_key=here)
    return found


def end(session: UserSession) -> None:
    get_adapter().end_sessions([session])
