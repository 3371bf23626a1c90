"""Does: which calendars an account has. They come as rows of its member; what is gone there goes here."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import calendar_sync, calendars, event_store, policies, registry, retries, watches
from integrations.models import Calendar, Connection
from integrations.types import ListedCalendar, Permission
from outbox import intents, outbox

KIND, MAILBOX = "calendar_list", "mailbox"


def want(connection: Connection) -> None:
    """Read it soon, if it has calendars that may be read."""
    if _is_readable(connection):
        outbox.want(KIND, connection.pk)


def want_some() -> None:
    """The regular look, called each hour: every list once a day."""
    hour = now().hour
    for connection in Connection.objects.filter(ended_at=None, calendars__isnull=False).distinct():
        if connection.pk % 24 == hour:
            outbox.want(KIND, connection.pk)


@intents.settles(KIND)
def settle(connection_id: int) -> None:
    connection = _found().filter(pk=connection_id).first()
    if connection is None or not connection.is_usable or not _is_readable(connection):
        return
    if connection.membership is not None:
        _keep(connection, connection.membership, _listed(connection))
        return
    for membership in Membership.objects.filter(calendars__connection=connection, user__is_active=True).distinct():
        outbox.want(MAILBOX, membership.pk)  # theirs alone who have asked for it: mailboxes.connect


@intents.settles(MAILBOX)
def settle_mailbox(membership_id: int) -> None:
    """The calendars of one member, through the account that opens everybody's in his organization."""
    membership = Membership.objects.select_related("organization", "user").filter(pk=membership_id).first()
    opener = policies.of(membership.organization).impersonator_id if membership else None
    connection = _found().filter(pk=opener or 0).first()
    if membership is None or connection is None or not connection.is_usable:
        return
    account = membership.user.email
    _keep(connection, membership, _listed(connection, account=account), account=account)


def _found() -> QuerySet[Connection]:
    return Connection.objects.select_related("grant", "organization", "membership__user")


def _is_readable(connection: Connection) -> bool:
    try:
        provider = registry.connectable(connection.grant.provider)
    except registry.UnknownProvider:
        return False
    if not provider.calendaring or not policies.of(connection.organization).enabled:
        return False
    return connection.is_shared or calendars.may(connection, Permission.CALENDAR_READ)


def _listed(connection: Connection, *, account: str = "") -> list[ListedCalendar]:
    with retries.left_to_the_outbox():
        return calendars.list_calendars(connection, account=account)


@transaction.atomic
def _keep(
    connection: Connection, membership: Membership, listed: Sequence[ListedCalendar], *, account: str = ""
) -> None:
    """Of an account that is new, the main one counts as busy, and receives bookings if no other does."""
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    his = Calendar.objects.filter(connection=connection, membership=membership)
    is_new = not his.exists()
    for one in listed:
        _put(connection, membership, one, account)
    for gone in his.exclude(external_id__in=[one.external_id for one in listed]):
        _forget(gone)
    if is_new and (main := his.order_by("-is_main", "pk").first()):
        _begin_with(main)


def _put(connection: Connection, membership: Membership, one: ListedCalendar, account: str) -> None:
    shown = {
        "account": account,
        "name": one.name.replace("\0", "").strip()[:300] or _("Calendar"),
        "time_zone": _zone(one.time_zone),
        "is_main": one.is_main,
        "can_write": one.can_write,
    }
    known = Calendar.objects.filter(connection=connection, membership=membership, external_id=one.external_id)
    receiving = {} if one.can_write else {"receives": False}
    if not known.update(**shown, **receiving) and len(one.external_id) <= 500:
        Calendar.objects.create(connection=connection, membership=membership, external_id=one.external_id, **shown)


def _begin_with(main: Calendar) -> None:
    others = Calendar.objects.filter(membership=main.membership_id, receives=True)
    main.is_busy, main.receives = True, calendars.may_write(main) and not others.exists()
    main.save(update_fields=["is_busy", "receives"])
    event_store.tell_busy(main)
    calendar_sync.look_now(main)
    watches.want(main)


def _forget(calendar: Calendar) -> None:
    if calendar.is_busy:
        event_store.tell_busy(calendar)
    watches.let_go(calendar)
    calendar.delete()


def _zone(name: str) -> str:
    """Empty unless it is one."""
    try:
        return name if len(name) <= 64 and ZoneInfo(name) else ""
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return ""
