"""What providers say of the calendars they watch for us: a hint, believed with its secret; a worker looks."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from integrations import calendar_sync, registry, watches
from integrations.models import Calendar, Watch
from integrations.providers.calendaring import Pushes
from integrations.types import Push, PushKind
from outbox import outbox

QUIET = timedelta(minutes=1)
"""How long one hint stands for all that follow, unless somebody has looked meanwhile."""


def listener(provider_key: str) -> Pushes | None:
    """Who understands what comes to this address; None if nobody is to tell us anything there."""
    try:
        calendaring = registry.connectable(provider_key).calendaring
    except registry.UnknownProvider:
        return None
    return calendaring.pushes if calendaring else None


def hear(provider_key: str, said: Iterable[Push]) -> None:
    """What nobody asked for, or comes without the secret, is let pass without a word."""
    for push in said:
        watch = _watch(provider_key, push.watch_id)
        if watch is not None and compare_digest(watch.secret_hash, watches.digest(push.secret)):
            _take(watch, push.kind)


def _watch(provider_key: str, watch_id: str) -> Watch | None:
    """By our name for it, or the provider's."""
    named = Q(external_id=watch_id[:300]) if watch_id else Q(pk=None)
    with suppress(ValueError):
        named |= Q(uid=UUID(watch_id))
    found = Watch.objects.filter(named, grant__provider=provider_key, calendar__isnull=False)
    return found.select_related("calendar").first()


@transaction.atomic
def _take(watch: Watch, kind: PushKind) -> None:
    assert watch.calendar is not None
    if kind == PushKind.GONE:
        watch.delete()
        outbox.want(watches.KIND, watch.calendar.pk)
    elif kind == PushKind.RENEW:
        Watch.objects.filter(pk=watch.pk).update(expires_at=now() + watches.LEAST / 2)
        outbox.want(watches.KIND, watch.calendar.pk)
    else:
        Watch.objects.filter(pk=watch.pk).update(last_push_at=now())
    if kind != PushKind.RENEW:
        _look(watch.calendar, everything=kind == PushKind.MISSED)


def _look(calendar: Calendar, *, everything: bool) -> None:
    """Many hints in a row are one look; one that comes while somebody looks makes him look again."""
    known = Calendar.objects.filter(pk=calendar.pk)
    if everything:
        known.update(sync_token="", changed_at=None)
    if known.filter(Q(changed_at=None) | Q(changed_at__lte=now() - QUIET)).update(changed_at=now()):
        outbox.want(calendar_sync.KIND, calendar.pk)
