"""A change of what an organization decides about calendars, with what follows: what does not fit any more is let go,
and whom it concerns is told. Bookings, links and events stay, and nothing is set up for anybody.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, organizations
from accounts.models import Act, User
from integrations import connections, impacts, policies, prompts
from integrations.impacts import Ending, Impact
from integrations.models import Calendar, CalendarPolicy, Connection, Why
from integrations.signals import busy_changed

WRITTEN_DOWN = [
    *("enabled", "level", "service", "calendar", "contacts", "ews_url", "ews_version"),
    *("allowed_domains", "consent", "enforce_oauth"),
]
"""In the book, where they change; never a secret among them."""


class Outdated(Exception):
    """It would concern others by now than were shown."""


@transaction.atomic
def save(wanted: CalendarPolicy, *, by: User, seen: str = "") -> Impact:
    """Raises Outdated if it would do something else than what was `seen` (Impact.seen)."""
    organizations.lock(wanted.organization)
    impact = impacts.of(wanted)
    if seen and seen != impact.seen:
        raise Outdated
    changes = _changes(wanted)
    _end(impact, by)
    _keep(wanted, by)
    _tell(wanted, impact)
    if changes:
        audit.note(wanted.organization, Act.POLICY_CHANGED, by=by, subject=_("Calendar and contacts"), **changes)
    return impact


def _changes(wanted: CalendarPolicy) -> dict[str, Any]:
    before = policies.of(wanted.organization)
    return {name: getattr(wanted, name) for name in WRITTEN_DOWN if getattr(wanted, name) != getattr(before, name)}


def _keep(wanted: CalendarPolicy, by: User) -> None:
    """An account that opens mailboxes follows at once: nobody has to allow it anew."""
    wanted.changed_by = by
    opener = Connection.objects.filter(
        organization=wanted.organization, membership=None, pk=wanted.impersonator_id or 0
    )
    if not opener.update(permissions=sorted(wanted.permissions)):
        wanted.impersonator = None
    wanted.save()


def _end(impact: Impact, by: User) -> None:
    for ending in impact.endings:
        _let_go(ending, by)
    for connection in impact.gone:
        connections.disconnect(connection, by=by)
    whose = {ending.membership.user_id for ending in impact.endings}
    if whose:
        busy_changed.send(sender=CalendarPolicy, users=whose)


def _let_go(ending: Ending, by: User) -> None:
    if ending.connection.is_shared:
        Calendar.objects.filter(connection=ending.connection, membership=ending.membership).delete()
    else:
        connections.disconnect(ending.connection, by=by)


def _tell(wanted: CalendarPolicy, impact: Impact) -> None:
    """Each once, whatever he had."""
    for ending in {ending.membership.pk: ending for ending in impact.endings}.values():
        if ending.has_another:
            prompts.tell(ending.membership, wanted, ending.why, ended=ending.connection)
        else:
            prompts.ask(ending.membership, wanted, ending.why, ended=ending.connection)
    for member in impact.asked:
        prompts.ask(member, wanted, Why.NONE if wanted.is_locked else Why.OFF)
