"""Notes when a meeting began and was over, as its provider tells; in any order, older news never overwrite newer."""

from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When

from scheduling.models import Meeting


def began(meetings: QuerySet[Meeting], at: datetime) -> None:
    """Once more, if it was over before."""
    newer = meetings.filter(Q(started_at=None) | Q(started_at__lt=at))
    newer.update(started_at=at, ended_at=Case(When(ended_at__lt=at, then=None), default=F("ended_at")))


def ended(meetings: QuerySet[Meeting], at: datetime) -> None:
    newer = meetings.filter(Q(ended_at=None) | Q(ended_at__lt=at))
    newer.exclude(started_at__gt=at).update(ended_at=at)
