"""Members who have to set up their calendar anew, because their organization decided something: told by mail at once,
and by the banner until they have done it. Nothing is set up for them.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import emails, names
from accounts.models import Membership
from accounts.types import Notice
from integrations import policies, registry
from integrations.models import CalendarPolicy, CalendarSettings, Connection, PolicyLevel, Why

RANK = 20


@transaction.atomic
def ask(membership: Membership, policy: CalendarPolicy, why: Why, *, ended: Connection | None = None) -> None:
    """To set up his calendar. ended: what he had until now. While calendars are off there is nothing to do for him."""
    asked = {"asked_at": now(), "asked_why": why.value}
    CalendarSettings.objects.update_or_create(membership=membership, defaults=asked)
    _write(membership, policy, why, ended, is_needed=policy.enabled)


def welcome(membership: Membership) -> None:
    """Somebody new where a service is prescribed: asked like those who were there."""
    policy = policies.of(membership.organization)
    if policy.enabled and policy.is_locked and policies.is_inside(policy, membership.user.email):
        ask(membership, policy, Why.NONE)


def tell(membership: Membership, policy: CalendarPolicy, why: Why, *, ended: Connection) -> None:
    """That an account was disconnected, where he has another that fits."""
    _write(membership, policy, why, ended, is_needed=False)


def answered(membership: Membership) -> None:
    """He has connected what his organization wants."""
    CalendarSettings.objects.filter(membership=membership).update(asked_at=None, asked_why="")


def notice(membership: Membership) -> Notice | None:
    """For the banner."""
    asked = CalendarSettings.objects.filter(membership=membership, asked_at__isnull=False).first()
    policy = policies.of(membership.organization) if asked else None
    if asked is None or policy is None or not policy.enabled:
        return None
    return Notice(RANK, reason(policy, Why(asked.asked_why)), _("Set up your calendar"), reverse("add_calendar"))


def reason(policy: CalendarPolicy, why: Why) -> str:
    """Why he is asked, in a sentence."""
    service = registry.label(policy.service) if policy.service else ""
    sentences = {
        Why.OFF: _("Your organization has switched calendars on again; yours is not connected."),
        Why.SERVICE: _("Your organization now uses %(service)s for everybody; your other calendar is not connected."),
        Why.PERMISSIONS: _("Your organization changed what Bridge may do in calendars; yours has to be allowed anew."),
        Why.DOMAIN: _("Your organization now allows calendars only for certain addresses; yours is not connected."),
        Why.OAUTH: _("Your organization wants no passwords kept; connect your calendar by signing in."),
        Why.SHARED: _("The account that opened your calendar is gone; your calendar is not connected."),
        Why.NONE: _("Your organization asks you to connect your calendar."),
    }
    return sentences[why] % {"service": service}


def _write(
    membership: Membership, policy: CalendarPolicy, why: Why, ended: Connection | None, *, is_needed: bool
) -> None:
    with translation.override(membership.user.language), timezone.override(membership.user.time_zone):
        facts = _facts(membership, policy, why, ended)
        subject = _subject(policy, is_needed) % facts
        shown = {**facts, "subject": subject, "is_needed": is_needed}
        emails.send(to=membership.user.email, subject=subject, template="calendar_setup", context=shown)


def _subject(policy: CalendarPolicy, is_needed: bool) -> str:
    if is_needed:
        return _("Action required: set up your calendar for %(organization)s")
    if not policy.enabled:
        return _("Calendars are switched off for %(organization)s")
    return _("A calendar account was disconnected for %(organization)s")


def _facts(membership: Membership, policy: CalendarPolicy, why: Why, ended: Connection | None) -> dict[str, str]:
    off = _("Your organization has switched calendars and contacts off. Bridge does not look into yours any more.")
    return {
        "organization": names.plain(membership.organization),
        "why": reason(policy, why) if policy.enabled else off,
        "service": registry.label(policy.service) if policy.service and policy.level != PolicyLevel.OFF else "",
        "account": f"{registry.label(ended.grant.provider)}, {ended.account}" if ended else "",
        "url": settings.BASE_URL + reverse("add_calendar"),
    }
