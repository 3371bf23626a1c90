"""The schedulers of a host at a glance: where each meets, and when it can next be booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from integrations.panels import Panel
from scheduling import places, slots
from scheduling.models import Scheduler
from scheduling.places import Place


@dataclass(frozen=True)
class Card:
    scheduler: Scheduler
    place: Place
    next_free: datetime | None
    url: str


def cards(schedulers: Sequence[Scheduler]) -> list[Card]:
    """The same number of queries however many there are."""
    where, when = places.resolve_each(schedulers), slots.next_free_of(schedulers)
    return [Card(scheduler, where[scheduler.pk], when[scheduler.pk], public_url(scheduler)) for scheduler in schedulers]


def hint(user: User, panel: Panel) -> str:
    """What the folded panel says: the public address, and how the accounts are."""
    broken = sum(account.state.broken for account in panel.accounts)
    if broken:
        said = ngettext("%(count)s account needs you", "%(count)s accounts need you", broken) % {"count": broken}
    elif panel.accounts:
        said = ", ".join(account.email for account in panel.accounts[:2])
    elif connected := [shared.email for shared in panel.shared if not shared.problem]:
        said = _("%(email)s, via your organization") % {"email": connected[0]}
    else:
        said = _("no account connected yet")
    host = urlsplit(settings.BASE_URL).netloc
    return f"{host}/{user.custom_url} · {said}"


def public_url(scheduler: Scheduler) -> str:
    """The link to share."""
    return settings.BASE_URL + reverse("booking_page", args=[scheduler.host.custom_url, scheduler.slug])
