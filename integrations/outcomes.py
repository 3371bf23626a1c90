"""How an authorization can go wrong, in words: what happened, and what to do next. Nothing is ever stored by then."""

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from integrations import oauth
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderError, ProviderUnavailable


@dataclass(frozen=True)
class Outcome:
    """`asks_admin`: the page also says what to do if the provider's admin has to approve first."""

    title: str
    sentence: str
    next_step: str
    asks_admin: bool = False
    detail: str = ""
    status: int = HTTPStatus.BAD_REQUEST


def not_ours(refused: oauth.StateRefused, provider: str | Promise) -> Outcome:
    """The state does not fit."""
    if isinstance(refused, oauth.Stale):
        sentence = _("More than ten minutes went by since you started, so Bridge does not trust the answer any more.")
    elif isinstance(refused, oauth.Used):
        sentence = _("This answer was used once already, perhaps by reloading the page or going back to it.")
    else:
        sentence = _(
            "This answer does not belong to anything that was started in this browser while you were signed in."
        )
    return Outcome(
        _no(provider), sentence, _("Look at your accounts first; if it is missing there, start again from Bridge.")
    )


def refused(provider: str | Promise, error: str) -> Outcome:
    """The person, or his admin, said no."""
    if error == "access_denied":
        sentence = _("You did not allow Bridge at %(provider)s, so it got no access.") % {"provider": provider}
        return Outcome(
            _no(provider), sentence, _("If that was not what you meant, start again and allow it there."), True
        )
    sentence = _("%(provider)s ended the sign-in with an error.") % {"provider": provider}
    return Outcome(
        _no(provider), sentence, _("Start again; if it keeps happening, ask whoever runs Bridge."), True, error[:80]
    )


def no_code(provider: str | Promise) -> Outcome:
    sentence = _("The answer of %(provider)s was incomplete.") % {"provider": provider}
    return Outcome(_no(provider), sentence, _("Start again."))


def failed(provider: str | Promise, error: ProviderError) -> Outcome:
    """The code could not be made a connection."""
    if isinstance(error, OperatorNeeded):
        return Outcome(
            _no(provider), error.sentence, _("Tell whoever runs Bridge, then start again."), detail=error.detail
        )
    if isinstance(error, AuthorizationLost) and not error.missing_scopes:
        sentence = _("%(provider)s did not accept the answer: it was too old, or was used before.") % {
            "provider": provider
        }
        return Outcome(_no(provider), sentence, _("Start again."), detail=error.detail)
    if isinstance(error, ProviderUnavailable):
        sentence = _("%(provider)s did not answer while Bridge was asking for access.") % {"provider": provider}
        return Outcome(_no(provider), sentence, _("Start again in a few minutes."), detail=error.detail)
    return Outcome(_no(provider), error.sentence, _("Start again with what is asked for here."), detail=error.detail)


def not_wanted(provider: str | Promise, refusal: str) -> Outcome:
    """By the organization."""
    step = _("Ask an admin of your organization if you need it.")
    return Outcome(_no(provider), refusal, step, status=HTTPStatus.FORBIDDEN)


def not_set_up(provider: str | Promise) -> Outcome:
    sentence = _("%(provider)s is not set up on this Bridge: its keys are missing.") % {"provider": provider}
    return Outcome(
        _no(provider), sentence, _("Ask whoever runs Bridge to set them. Until then Bridge’s own room works.")
    )


def _no(provider: str | Promise) -> str:
    return _("%(provider)s was not connected") % {"provider": provider}
