"""Does: has the provider tell us when a calendar changes. Only a hint: the regular look finds the same, later."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now
from requests import Session

from integrations import calendar_sync, calendars, registry, retries, sessions
from integrations.exceptions import RequestRejected
from integrations.models import Calendar, Grant, LastCall, Watch
from integrations.providers.calendaring import Pushes
from integrations.types import Watched
from outbox import intents, outbox

KIND, LEFT_OVER = "calendar_watch", "watch_left_over"
LEAST = timedelta(hours=2)


def want(calendar: Calendar) -> None:
    """Bring what is watched to what is wanted."""
    if _pushes(calendar.connection.grant.provider):
        outbox.want(KIND, calendar.pk)


def let_go(calendar: Calendar) -> None:
    """Its row is about to go."""
    left = Watch.objects.filter(calendar=calendar)
    ids = list(left.values_list("pk", flat=True))
    left.update(calendar=None)
    for pk in ids:
        outbox.want(LEFT_OVER, pk)


def want_due() -> None:
    """The regular look, called each hour: those that nobody watches for much longer, and what is left over."""
    for provider in registry.with_calendars():
        if pushes := _pushes(provider.key):
            watched = Watch.objects.filter(expires_at__gt=now() + _margin(pushes), calendar__isnull=False)
            found = calendar_sync.wanted().filter(connection__grant__provider=provider.key, connection__ended_at=None)
            for calendar in found.exclude(pk__in=watched.values("calendar")):
                outbox.want(KIND, calendar.pk)
    Watch.objects.filter(expires_at__lte=now()).delete()
    for pk in Watch.objects.filter(calendar=None).values_list("pk", flat=True):
        outbox.want(LEFT_OVER, pk)


@intents.settles(KIND)
def settle(calendar_id: int) -> None:
    calendar = Calendar.objects.select_related("connection__grant", "membership__user").filter(pk=calendar_id).first()
    if calendar is None or not calendar.connection.is_usable:
        return
    with retries.left_to_the_outbox(), calendars.opened(calendar, LastCall.CALENDARS) as (http, calendaring):
        if calendaring.pushes and calendar_sync.wanted().filter(pk=calendar_id).exists():
            _watch(http, calendaring.pushes, calendar)
        elif calendaring.pushes:
            _stop_all(http, calendaring.pushes, calendar.watches.all())


@intents.settles(LEFT_OVER)
def settle_left_over(watch_id: int) -> None:
    """Of a calendar that is gone here, by an account that somebody still uses."""
    left = Watch.objects.filter(pk=watch_id, calendar=None, grant__ended_at=None).select_related("grant").first()
    if left is None:
        return
    pushes = _pushes(left.grant.provider)
    with retries.left_to_the_outbox(), sessions.holding(left.grant) as http:
        _stop_all(http, pushes, Watch.objects.filter(pk=watch_id))


def stop_with(http: Session, grant: Grant) -> None:
    """All that the access of `grant` has asked for, just before it is given back."""
    _stop_all(http, _pushes(grant.provider), Watch.objects.filter(grant=grant))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _pushes(provider: str) -> Pushes | None:
    """None also where a push could not reach us: providers call only addresses with https."""
    if not settings.BASE_URL.startswith("https://") and not settings.SIMULATORS:
        return None
    try:
        calendaring = registry.connectable(provider).calendaring
    except registry.UnknownProvider:
        return None
    return calendaring.pushes if calendaring else None


def _margin(pushes: Pushes) -> timedelta:
    """How long before its end a watch is renewed."""
    return max(LEAST, pushes.life / 4)


def _watch(http: Session, pushes: Pushes, calendar: Calendar) -> None:
    """Renewed ahead; where only a new one helps, the old one goes when the new one stands."""
    known = calendar.watches.filter(expires_at__gt=now()).order_by("-expires_at")
    newest = known.first()
    if newest is not None and newest.expires_at and newest.expires_at > now() + _margin(pushes):
        return
    if newest is not None and _renewed(http, pushes, newest):
        return
    made = _make(http, pushes, calendar)
    _stop_all(http, pushes, calendar.watches.exclude(pk=made.pk))


def _renewed(http: Session, pushes: Pushes, watch: Watch) -> bool:
    try:
        promised = pushes.renew(http, _watched(watch))
    except RequestRejected:
        return False
    return promised is not None and bool(_note(watch, promised))


def _make(http: Session, pushes: Pushes, calendar: Calendar) -> Watch:
    """The row is there before the first word comes."""
    secret = secrets.token_urlsafe(32)
    watch = Watch.objects.create(
        calendar=calendar, grant=calendar.connection.grant, secret_hash=digest(secret), expires_at=None
    )
    address = settings.BASE_URL + reverse("calendar_push", args=[calendar.connection.grant.provider])
    try:
        promised = pushes.watch(http, calendar.external_id, address=address, secret=secret, watch_id=str(watch.uid))
    except Exception:
        watch.delete()
        raise
    _note(watch, promised)
    return watch


def _note(watch: Watch, promised: Watched) -> int:
    told = {"external_id": promised.external_id[:300], "resource_id": promised.resource_id[:300]}
    return Watch.objects.filter(pk=watch.pk).update(**told, expires_at=promised.expires_at)


def _stop_all(http: Session, pushes: Pushes | None, watches: QuerySet[Watch]) -> None:
    for watch in watches:
        if pushes is not None and watch.external_id:
            _stop(http, pushes, watch)
        watch.delete()


def _stop(http: Session, pushes: Pushes, watch: Watch) -> None:
    try:
        pushes.stop(http, _watched(watch))
    except RequestRejected:  # it does not know it any more
        return


def _watched(watch: Watch) -> Watched:
    return Watched(watch.external_id, watch.expires_at or now(), watch.resource_id)
