"""The three steps of a newcomer: connect a place, set hours, share the link.

Each is done when what it asks for is there. Hours are there from the start, so we remember that somebody saved them.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import queries
from integrations.models import ConferencingPreference, Connection
from scheduling.models import Scheduler

HOURS = "hours_saved"


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    done: bool
    action: str
    url: str


def steps(membership: Membership, session: SessionBase) -> list[Step]:
    mine = Scheduler.objects.filter(organization=membership.organization_id, host=membership.user_id)
    has_schedulers = mine.exists()
    return [
        _place(membership),
        _hours(membership, has_schedulers or HOURS in session),
        _link(membership, has_schedulers),
    ]


def remember_hours(session: SessionBase) -> None:
    session[HOURS] = True


def is_done(steps: list[Step]) -> bool:
    return all(step.done for step in steps)


def _place(membership: Membership) -> Step:
    connected = Connection.objects.filter(membership=membership).exists() or _is_shared(membership)
    return Step(
        _("Connect a place"),
        _("Your video account makes a meeting for each booking. Bridge's own room, a phone or a link will do, too."),
        connected or ConferencingPreference.objects.filter(membership=membership).exists(),
        _("Choose a place"),
        reverse("schedulers", args=[membership.organization.slug]) + "?panel=open#integrations",
    )


def _hours(membership: Membership, done: bool) -> Step:
    return Step(
        _("Set your hours"),
        _("When you can be booked. You begin with Monday to Friday, 9 to 17; make it yours."),
        done,
        _("Set hours"),
        reverse("availability", args=[membership.organization.slug]),
    )


def _link(membership: Membership, done: bool) -> Step:
    return Step(
        _("Share the link"),
        _("Create a scheduler and send its link to whoever wants to meet you."),
        done,
        _("Create a scheduler"),
        reverse("scheduler_new", args=[membership.organization.slug]),
    )


def _is_shared(membership: Membership) -> bool:
    """His organization has connected something that he can use."""
    return queries.shared_with(membership.organization_id, membership.user_id).exists()
