"""The timetable: access is renewed before it runs out, and given back where nobody uses it."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from integrations import (
    address_books,
    alerts,
    arrivals,
    calendar_lists,
    calendar_sync,
    erasures,
    grants,
    health,
    revocations,
    watches,
    webhooks,
)
from integrations.exceptions import ProviderError
from integrations.models import Grant, GrantStatus

SOON = timedelta(minutes=15)
IN_USE = timedelta(days=1)
IDLE = timedelta(days=30)


@shared_task
def refresh_ahead() -> None:
    """Those in use whose token runs out soon, those that idled for a month of the ninety days they live, and those that
    our own settings held up, to see whether they are mended.
    """
    for grant in _due():
        try:
            grants.renew(grant)
        except ProviderError:  # the grant's status tells, and the next round tries again
            continue
    revocations.give_back_unused()


@shared_task
def expire_arrivals() -> None:
    arrivals.expire()


@shared_task
def forget_webhooks() -> None:
    webhooks.forget()


@shared_task
def look_round() -> None:
    health.look_round()


@shared_task
def read_calendars() -> None:
    calendar_sync.begin_due()


@shared_task
def tend_calendars() -> None:
    """Which there are, and whether we are told of changes."""
    calendar_lists.want_some()
    watches.want_due()


@shared_task
def read_contacts() -> None:
    address_books.begin_due()


@shared_task
def remind() -> None:
    alerts.remind()
    erasures.erase_ended()


def _due() -> list[Grant]:
    moment = now()
    in_use = Q(last_call_at__gt=moment - IN_USE, expires_at__lt=moment + SOON)
    idle = Q(renewed_at__lt=moment - IDLE)
    alive = Grant.objects.filter(ended_at=None).annotate(renewed_at=Coalesce("refreshed_at", "authorized_at"))
    return list(alive.filter(in_use | idle | Q(status=GrantStatus.MISCONFIGURED)).order_by("pk"))
