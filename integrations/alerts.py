"""Mails that say "Action required": an account stopped working. At once and again, until it is connected again or two
weeks are over.

The first is written in the transaction that ends the account, while it can still be named; how many went out stands on
the connection, so no two workers send the same one.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import emails, names, queries
from accounts.models import Membership
from integrations import registry, states, uses
from integrations.models import Connection

REMINDERS = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=14))


def tell(connection: Connection) -> None:
    """It has just ended, in the caller's transaction."""
    connection.alerts_sent = 1
    connection.save(update_fields=["alerts_sent"])
    _send(connection)


def remind() -> None:
    """Those that are due. What fell due while nobody looked is one reminder, not several."""
    ended = Connection.objects.filter(alerts_sent__range=(1, len(REMINDERS)), ended_at__lte=now() - REMINDERS[0])
    for connection in ended.select_related("grant", "organization", "membership__user"):
        if _due(connection) > connection.alerts_sent:
            _remind(connection)


def recipients(connection: Connection) -> list[Membership]:
    """Whose account it is; of an organization's, who may connect it again."""
    if connection.membership is not None:
        return [connection.membership]
    return [member for member in queries.members(connection.organization) if member.is_admin]


def url(connection: Connection) -> str:
    """Straight to connecting it again; who is not signed in is asked to, and comes out there."""
    if connection.is_shared:
        return str(settings.BASE_URL + states.mend_url(connection))
    return str(settings.BASE_URL + reverse("connection_reconnect", args=[connection.organization.slug, connection.uid]))


def _due(connection: Connection) -> int:
    """How many mails should have gone out by now."""
    assert connection.ended_at is not None
    since = now() - connection.ended_at
    return 1 + sum(since >= reminder for reminder in REMINDERS)


@transaction.atomic
def _remind(connection: Connection) -> None:
    """Unless another worker did, or it was connected again since we looked."""
    as_seen = Connection.objects.filter(
        pk=connection.pk, ended_at=connection.ended_at, alerts_sent=connection.alerts_sent
    )
    if as_seen.update(alerts_sent=_due(connection)):
        _send(connection, again=True)


def _send(connection: Connection, *, again: bool = False) -> None:
    for member in recipients(connection):
        with translation.override(member.user.language), timezone.override(member.user.time_zone):
            facts = _facts(connection, again)
            subject = _subject(connection, again) % facts
            emails.send(to=member.user.email, subject=subject, template="connection_ended", context=facts)


def _subject(connection: Connection, again: bool) -> str:
    """Without the account's name, which goes with the text once the mail is sent; subjects stay."""
    if connection.is_shared and again:
        return _("Reminder, action required: %(provider)s still does not work for %(organization)s")
    if connection.is_shared:
        return _("Action required: %(provider)s stopped working for %(organization)s")
    if again:
        return _("Reminder, action required: your %(provider)s account still does not work")
    return _("Action required: your %(provider)s account stopped working")


def _facts(connection: Connection, again: bool) -> dict[str, object]:
    assert connection.ended_at is not None
    return {
        "provider": str(registry.provider(connection.grant.provider).label),
        "account": connection.account,
        "organization": names.plain(connection.organization),
        "shared": connection.is_shared,
        "again": again,
        "since": formats.date_format(localtime(connection.ended_at), "DATETIME_FORMAT"),
        "zone": timezone.get_current_timezone_name().replace("_", " "),
        "why": states.of(connection).sentence,
        "affected": affected(connection),
        "action": states.of(connection).action,
        "url": url(connection),
    }


def affected(connection: Connection) -> str:
    """What relies on it, counted."""
    kinds = [use.kind for use in uses.of(connection)]
    schedulers, bookings = kinds.count("scheduler"), kinds.count("booking")
    pages = ngettext("%(number)s scheduler", "%(number)s schedulers", schedulers) % {"number": schedulers}
    coming = ngettext("%(number)s coming booking", "%(number)s coming bookings", bookings) % {"number": bookings}
    counted = [words for words, number in ((pages, schedulers), (coming, bookings)) if number]
    return ", ".join(counted) or _("no scheduler, no coming booking")
