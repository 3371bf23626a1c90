"""Why an invitation's link does not lead in, in sentences for whoever followed it."""

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.translation import gettext as _

from accounts.models import Invitation


@dataclass(frozen=True)
class Outcome:
    title: str
    sentence: str
    next_step: str
    status: HTTPStatus


def unknown() -> Outcome:
    """Nothing is said about any organization."""
    return Outcome(
        _("This link leads nowhere"),
        _("A part of it was lost on the way, or a newer mail has replaced it."),
        _("Open the link in the newest invitation, or ask for another one."),
        HTTPStatus.NOT_FOUND,
    )


def closed(invitation: Invitation) -> Outcome:
    names = {"organization": invitation.organization}
    if invitation.accepted_at:
        title, sentence = (
            _("This invitation was accepted"),
            _("It works once, and it was used to join %(organization)s."),
        )
        next_step = _("Sign in with the account you accepted it with.")
    elif invitation.withdrawn_at:
        title, sentence = _("This invitation was withdrawn"), _("%(organization)s has taken it back.")
        next_step = _("If you think that is a mistake, ask whoever invited you.")
    else:
        title, sentence = (
            _("This invitation has expired"),
            _("You were asked to join %(organization)s within seven days."),
        )
        next_step = _("Ask whoever invited you to send it again.")
    return Outcome(title, sentence % names, next_step, HTTPStatus.GONE)


def too_many() -> Outcome:
    return Outcome(
        _("That was a lot in a short time"),
        _("Too many links were tried from here."),
        _("Please wait a minute, then open your link again."),
        HTTPStatus.TOO_MANY_REQUESTS,
    )
