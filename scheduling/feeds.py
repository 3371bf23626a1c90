"""The secret address where calendars that only subscribe read a member's bookings: made, changed, renewed, ended."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from accounts import encryption
from accounts.models import Membership
from scheduling.models import CalendarFeed

NOTED = timedelta(minutes=1)
"""How exactly the last reading is remembered."""


def of(membership: Membership) -> CalendarFeed | None:
    return CalendarFeed.objects.select_related("membership__organization").filter(membership=membership).first()


@transaction.atomic
def keep(membership: Membership, *, details: bool, private: bool) -> CalendarFeed:
    """What it says. One that is there keeps its address."""
    wanted = {"details": details, "private": details and private}
    secret = secrets.token_urlsafe(32)
    begun = CalendarFeed(membership=membership)
    made = {"uid": begun.uid, **_kept(begun, secret)}
    feed, _new = CalendarFeed.objects.update_or_create(
        membership=membership, defaults=wanted, create_defaults=wanted | made
    )
    return feed


def renew(feed: CalendarFeed) -> None:
    """A new address; whoever knows the old one reads nothing more."""
    for field, value in _kept(feed, secrets.token_urlsafe(32)).items():
        setattr(feed, field, value)
    feed.read_at = None
    feed.save(update_fields=["secret_hash", "sealed_secret", "read_at"])


def end(feed: CalendarFeed) -> None:
    CalendarFeed.objects.filter(pk=feed.pk).delete()


def address(feed: CalendarFeed) -> str:
    secret = encryption.decrypt(feed.sealed_secret, owner=_owner(feed))
    return settings.BASE_URL + reverse("feed_file", args=[secret])


def find(secret: str) -> CalendarFeed | None:
    """By its secret; one that never was and one that is over cost the same."""
    related = "membership__organization", "membership__user"
    found = CalendarFeed.objects.select_related(*related).filter(secret_hash=_hash(secret)).first()
    return found if found and found.membership.user.is_active else None


def note_read(feed: CalendarFeed) -> None:
    moment = now()
    earlier = Q(read_at=None) | Q(read_at__lt=moment - NOTED)
    if feed.read_at is None or feed.read_at < moment - NOTED:
        CalendarFeed.objects.filter(earlier, pk=feed.pk).update(read_at=moment)


def reseal(feed: CalendarFeed) -> None:
    """Under the newest key; in the row too, unless it was renewed meanwhile. Raises Undecipherable."""
    former, owner = feed.sealed_secret, _owner(feed)
    feed.sealed_secret = encryption.encrypt(encryption.decrypt(former, owner=owner), owner=owner)
    CalendarFeed.objects.filter(pk=feed.pk, sealed_secret=former).update(sealed_secret=feed.sealed_secret)


def _kept(feed: CalendarFeed, secret: str) -> dict[str, str]:
    return {"secret_hash": _hash(secret), "sealed_secret": encryption.encrypt(secret, owner=_owner(feed))}


def _owner(feed: CalendarFeed) -> str:
    return f"feed {feed.uid}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
