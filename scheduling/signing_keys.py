"""The secrets that sign what a subscription is sent: shown once, several while one is renewed."""

import base64
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from accounts import encryption
from scheduling.models import Subscription, SubscriptionSecret

OVERLAP = timedelta(hours=24)
"""How long a former secret goes on signing beside a new one."""

START, LENGTH = "whsec_", 32
"""As the libraries of Standard Webhooks read them: base64 of so many random bytes."""


@transaction.atomic
def renew(subscription: Subscription) -> str:
    """A new secret, in the clear for this once; those before it end after the overlap."""
    end = now() + OVERLAP
    subscription.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=end)).update(expires_at=end)
    secret = START + base64.b64encode(secrets.token_bytes(LENGTH)).decode()
    sealed = encryption.encrypt(secret, owner=str(subscription.uid))
    SubscriptionSecret.objects.create(subscription=subscription, sealed=sealed)
    return secret


def end_former(subscription: Subscription) -> None:
    """The overlap is over at once: everybody knows the new one."""
    subscription.secrets.exclude(expires_at=None).delete()


def former(subscription: Subscription) -> SubscriptionSecret | None:
    """The one before the newest, while it still signs."""
    ending = [row for row in subscription.secrets.all() if row.expires_at is not None and row.expires_at > now()]
    return ending[0] if ending else None


def live(subscription: Subscription) -> list[str]:
    """All that sign now, the newest first; without those that none of our keys opens."""
    opened = []
    for row in _live(subscription):
        try:
            opened.append(encryption.decrypt(row.sealed, owner=str(subscription.uid)))
        except encryption.Undecipherable:
            continue
    return opened


def reseal(row: SubscriptionSecret) -> None:
    """Under the newest key. Raises Undecipherable."""
    owner = str(row.subscription.uid)
    row.sealed = encryption.encrypt(encryption.decrypt(row.sealed, owner=owner), owner=owner)


def _live(subscription: Subscription) -> QuerySet[SubscriptionSecret]:
    return subscription.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=now()))
