"""Whom a change of the policy about calendars would concern: the dry run."""

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import queries
from accounts.models import Membership, Organization
from integrations import policies, registry
from integrations.models import Calendar, CalendarPolicy, Connection, Why


@dataclass(frozen=True)
class Ending:
    """A member's way to his calendars that ends; `connection` is his own, or one that opens several mailboxes.

    has_another: he keeps one that fits.
    """

    connection: Connection
    membership: Membership
    why: Why
    has_another: bool = False

    @property
    def account(self) -> str:
        """In words."""
        whose = self.membership.user.email if self.connection.is_shared else self.connection.account
        return f"{registry.label(self.connection.grant.provider)}, {whose}"


@dataclass(frozen=True)
class Impact:
    """asked: who has nothing that would end, and is asked to connect something.  gone: connections that opened other
    people's mailboxes.
    """

    endings: list[Ending]
    asked: list[Membership]
    gone: list[Connection]

    @property
    def seen(self) -> str:
        """The same as long as it concerns the same people in the same way."""
        lines = [f"{one.connection.pk} {one.membership.pk} {one.why}" for one in self.endings]
        lines += [f"asked {member.pk}" for member in self.asked] + [f"gone {one.pk}" for one in self.gone]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def of(wanted: CalendarPolicy) -> Impact:
    """Of a policy that is not saved yet."""
    judged = [(way, member, _misfit(wanted, way, member)) for way, member in _ways(wanted.organization)]
    fitting = {member.pk for _way, member, why in judged if why is None}
    endings = [Ending(way, member, why, member.pk in fitting) for way, member, why in judged if why]
    concerned = {member.pk for _way, member, _why in judged}
    asked = [member for member in _invited(wanted) if member.pk not in concerned]
    return Impact(endings, asked, [one for one in _shared(wanted.organization) if policies.misfit(wanted, one)])


def _ways(organization: Organization) -> list[tuple[Connection, Membership]]:
    """Each member's ways to his calendars, by accounts of his own and by one that opens his mailbox."""
    own = _accounts(organization).filter(membership__isnull=False)
    shared = {one.pk: one for one in _shared(organization)}
    members = {member.pk: member for member in queries.members(organization)} if shared else {}
    opened = Calendar.objects.filter(connection__in=shared).order_by("membership")
    pairs = opened.values_list("connection", "membership").distinct()
    ways = [(one, one.membership) for one in own if one.membership]
    return ways + [(shared[way], members[whose]) for way, whose in pairs if whose in members]


def _misfit(wanted: CalendarPolicy, way: Connection, member: Membership) -> Why | None:
    return policies.misfit(wanted, way, mailbox=member.user.email)


def _accounts(organization: Organization) -> QuerySet[Connection]:
    keys = [provider.key for provider in registry.with_calendars()]
    found = Connection.objects.filter(organization=organization, grant__provider__in=keys)
    return found.select_related("grant", "organization", "membership__user", "membership__organization")


def _shared(organization: Organization) -> QuerySet[Connection]:
    return _accounts(organization).filter(membership=None)


def _invited(wanted: CalendarPolicy) -> list[Membership]:
    """Everybody who may, where a service is prescribed anew; who was cut off, where calendars are on again."""
    before, members = policies.of(wanted.organization), queries.members(wanted.organization)
    prescribed = wanted.is_locked and not (before.enabled and before.is_locked and before.service == wanted.service)
    if not wanted.enabled or not (prescribed or not before.enabled):
        return []
    if not prescribed:
        members = members.filter(calendar_settings__asked_at__isnull=False)
    allowed = members.select_related("organization")
    return [member for member in allowed if policies.is_inside(wanted, member.user.email)]
