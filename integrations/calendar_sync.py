"""Does: keeps what is known of a calendar in step with the provider, page by page.

What is known is never thrown away before what replaces it is there. A calendar that cannot be read keeps its events and
says since when and why; busy.py closes its times.
"""

import random
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations import busy, calendars, event_store
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RateLimited, SyncTokenLost
from integrations.models import Calendar, CalendarEvent, LastCall
from integrations.types import EventPage
from outbox import intents, outbox

KIND = "calendar_sync"
EVERY, LEASE = timedelta(minutes=5), timedelta(minutes=2)
BEHIND, AHEAD, ROLL = timedelta(days=35), timedelta(days=400), timedelta(days=7)
"""What of time is known, counted from today, and by how much it may shrink before everything is looked at again."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
AT_ONCE = 500

Window = tuple[datetime, datetime]


class LeaseLost(Exception):
    """We took too long, and another worker is at it."""


def wanted() -> QuerySet[Calendar]:
    """Calendars that are to be read: they count as busy, or receive bookings."""
    return Calendar.objects.filter(*busy.WANTED).filter(Q(is_busy=True) | Q(receives=True))


def begin_due() -> None:
    """The regular look: those whose time has come, oldest first."""
    due = wanted().filter(next_look_at__lte=now(), connection__ended_at=None).order_by("next_look_at")
    for calendar in list(due[:AT_ONCE]):
        look_soon(calendar)


@transaction.atomic
def look_soon(calendar: Calendar) -> None:
    Calendar.objects.filter(pk=calendar.pk, next_look_at__lte=now()).update(next_look_at=now() + EVERY)
    outbox.want(KIND, calendar.pk)


@transaction.atomic
def look_now(calendar: Calendar) -> None:
    """Somebody asks for it: however lately it was tried."""
    Calendar.objects.filter(pk=calendar.pk).update(next_look_at=now())
    outbox.want(KIND, calendar.pk)


@transaction.atomic
def follow(calendar: Calendar) -> None:
    """After somebody chose: read it now; or forget what was read, and let whoever reads it just now give up."""
    if wanted().filter(pk=calendar.pk).exists():
        look_now(calendar)
        return
    CalendarEvent.objects.filter(calendar=calendar).delete()
    unread = {"sync_token": "", "synced_at": None, "window_start": None, "window_end": None, "failing_since": None}
    Calendar.objects.filter(pk=calendar.pk).update(**unread, problem="", syncing_until=None)


@intents.settles(KIND, slow=True)
def settle(calendar_id: int) -> None:
    calendar = _found(calendar_id)
    if calendar is None:
        return
    _require_patience(calendar)
    if not _claim(calendar):
        raise intents.Later(_("This calendar is just being read."), after=FIRST_PAUSE)
    with translation.override(calendar.membership.user.language):
        _settle(calendar)


def _found(calendar_id: int) -> Calendar | None:
    related = "connection__grant", "connection__organization", "connection__membership__user", "membership__user"
    return wanted().select_related(*related).filter(pk=calendar_id).first()


def _require_patience(calendar: Calendar) -> None:
    """A provider that asked for a pause gets it, whoever rings meanwhile."""
    pause = calendar.next_look_at - now()
    if calendar.failing_since and pause > timedelta(0):
        raise intents.Later(calendar.problem, after=pause)


def _claim(calendar: Calendar) -> bool:
    moment = now()
    calendar.syncing_until = moment + LEASE
    free = Calendar.objects.filter(Q(syncing_until=None) | Q(syncing_until__lte=moment), pk=calendar.pk)
    return bool(free.update(syncing_until=calendar.syncing_until, changed_at=None, next_look_at=moment + EVERY))


def _settle(calendar: Calendar) -> None:
    try:
        _look(calendar)
    except LeaseLost:
        return
    except AuthorizationLost as lost:  # whoever connects it again makes us look again
        _fail(calendar, lost, LONGEST_PAUSE)
    except ProviderError as error:
        pause = _pause(calendar, error)
        _fail(calendar, error, pause)
        raise intents.Later(error.sentence, after=pause) from error


def _look(calendar: Calendar) -> None:
    try:
        _read(calendar, since="" if _is_narrow(calendar) else calendar.sync_token)
    except SyncTokenLost:
        _read_all(calendar)


def _read_all(calendar: Calendar) -> None:
    try:
        _read(calendar, since="")
    except SyncTokenLost as lost:
        raise ProviderUnavailable(
            _("The calendar did not let itself be read to the end. Bridge tries again.")
        ) from lost


def _is_narrow(calendar: Calendar) -> bool:
    """What is known does not reach far enough ahead any more."""
    return calendar.window_end is None or _window()[1] - calendar.window_end >= ROLL


def _window() -> Window:
    today = datetime.combine(now().date(), time(), now().tzinfo)
    return today - BEHIND, today + AHEAD


def _read(calendar: Calendar, *, since: str) -> None:
    """The token is kept together with the last of what it stands for."""
    began, window = now(), _window()
    token = ""
    with calendars.opened(calendar, LastCall.CALENDARS) as (http, calendaring):
        for page in calendaring.changes(http, calendar.external_id, window=window, since=since):
            token = page.sync_token
            for part in event_store.parts(page):
                _keep(calendar, part, began)
    _finish(calendar, token, None if since else window, began)


@transaction.atomic
def _keep(calendar: Calendar, part: EventPage, began: datetime) -> None:
    _hold(calendar)
    event_store.keep(calendar, part, began=began)


@transaction.atomic
def _finish(calendar: Calendar, token: str, window: Window | None, began: datetime) -> None:
    """`window`: everything in it was looked at."""
    _hold(calendar)
    opens = not calendar.is_trusted or calendar.failing_since is not None or window is not None
    changes: dict[str, object] = {"sync_token": token, "synced_at": began, "failing_since": None, "problem": ""}
    if window is not None:
        changes |= {"window_start": window[0], "window_end": window[1]}
        calendar.window_start = window[0]
        event_store.forget_unseen(calendar, began=began)
    changes |= {"syncing_until": None, "next_look_at": now() + EVERY * random.uniform(0.9, 1.1)}  # noqa: S311
    Calendar.objects.filter(pk=calendar.pk).update(**changes)
    if opens:
        event_store.tell_busy(calendar)


def _hold(calendar: Calendar) -> None:
    """It is still ours, for another while."""
    until = now() + LEASE
    if not Calendar.objects.filter(pk=calendar.pk, syncing_until=calendar.syncing_until).update(syncing_until=until):
        raise LeaseLost
    calendar.syncing_until = until


def _pause(calendar: Calendar, error: ProviderError) -> timedelta:
    """As long as it asks for; else as long again as it has failed already, up to the regular look."""
    if isinstance(error, RateLimited):
        return max(timedelta(seconds=1), min(error.retry_after, LONGEST_PAUSE))
    failing = now() - calendar.failing_since if calendar.failing_since else FIRST_PAUSE
    return min(max(failing, FIRST_PAUSE), EVERY) * random.uniform(0.9, 1.1)  # noqa: S311 (spreading, not secrecy)


@transaction.atomic
def _fail(calendar: Calendar, error: ProviderError, pause: timedelta) -> None:
    mine = Calendar.objects.filter(pk=calendar.pk, syncing_until=calendar.syncing_until)
    since = calendar.failing_since or now()
    known = {"failing_since": since, "problem": error.sentence, "next_look_at": now() + pause, "syncing_until": None}
    if mine.update(**known) and calendar.failing_since is None:
        event_store.tell_busy(calendar)
