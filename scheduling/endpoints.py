"""How a receiver does: who fails for long is warned of, then disabled; who is slow rests."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import emails, names, queries
from accounts.models import Membership
from scheduling.couriers import Outcome
from scheduling.models import Subscription

WARNED, DISABLED = timedelta(hours=24), timedelta(days=3)
"""After so long without one success."""

SLOW, REST = timedelta(seconds=3), timedelta(minutes=1)
"""Who lets us wait so long, rests so long; the others come first."""

SUBJECTS = {
    "webhook_failing": gettext_lazy("Action required: webhooks of %(application)s do not arrive"),
    "webhook_disabled": gettext_lazy("Action required: webhooks of %(application)s are switched off"),
}


@dataclass(frozen=True)
class State:
    """mark: ready, waiting, failed or off, as pages show it."""

    mark: str
    word: str
    sentence: str


def state(subscription: Subscription) -> State:
    """How it is, for whoever keeps the application."""
    if not subscription.is_enabled:
        kept = _("What happens meanwhile is kept for 30 days, and sent once it is switched on again.")
        return State("off", _("Switched off"), f"{subscription.disabled_why} {kept}")
    if subscription.failing_since is None:
        return State("ready", _("Works"), _("Messages arrive, or there were none yet."))
    moment = formats.date_format(localtime(subscription.failing_since), "DATETIME_FORMAT")
    sentence = _("Since %(moment)s nothing has arrived. Bridge keeps trying; after three days it is switched off.")
    return State("failed", _("Does not answer as it should"), sentence % {"moment": moment})


def judge(subscription: Subscription, outcome: Outcome, *, by_hand: bool) -> None:
    """After a try, in the transaction that notes it. What somebody tries by hand can only do good."""
    subscription.resting_until = now() + REST if outcome.took >= SLOW else None
    if outcome.is_delivered:
        subscription.failing_since = subscription.warned_at = None
    elif not by_hand:
        subscription.failing_since = subscription.failing_since or now()
    subscription.save(update_fields=["resting_until", "failing_since", "warned_at"])
    if outcome.is_gone and not by_hand:
        _disable(subscription, _("The receiver said that it is gone for good (410)."))
    elif subscription.failing_since and not by_hand:
        _lose_patience(subscription, now() - subscription.failing_since)


def _lose_patience(subscription: Subscription, failing: timedelta) -> None:
    warned = subscription.warned_at
    if failing >= WARNED and warned is None:
        subscription.warned_at = now()
        subscription.save(update_fields=["warned_at"])
        _tell(subscription, "webhook_failing")
    elif failing >= DISABLED and warned is not None and now() - warned >= WARNED:
        _disable(subscription, _("Nothing arrived for three days."))


def _disable(subscription: Subscription, why: str) -> None:
    as_seen = Subscription.objects.filter(pk=subscription.pk, disabled_at=None)
    if as_seen.update(disabled_at=now(), disabled_why=why):
        subscription.disabled_why = why
        _tell(subscription, "webhook_disabled")


def _tell(subscription: Subscription, template: str) -> None:
    for member in _responsible(subscription):
        with translation.override(member.user.language), timezone.override(member.user.time_zone):
            facts = _facts(subscription)
            subject = str(SUBJECTS[template]) % facts
            emails.send(to=member.user.email, subject=subject, template=template, context=facts)


def _responsible(subscription: Subscription) -> list[Membership]:
    """Who registered the application, if he is still there, and the admins."""
    application = subscription.application
    members = queries.members(application.organization)
    return [member for member in members if member.is_admin or member.user_id == application.user_id]


def _facts(subscription: Subscription) -> dict[str, object]:
    application = subscription.application
    path = reverse("webhook_one", args=[application.organization.slug, application.uid, subscription.uid])
    since = subscription.failing_since
    return {
        "application": names.plain(application.name),
        "organization": names.plain(application.organization),
        "receiver": subscription.host,
        "since": formats.date_format(localtime(since), "DATETIME_FORMAT") if since else "",
        "zone": timezone.get_current_timezone_name().replace("_", " "),
        "why": subscription.disabled_why,
        "url": settings.BASE_URL + path,
    }
