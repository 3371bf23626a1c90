"""How an authorization can go wrong, in words: what happened, and what to do next. Nothing is ever stored by then."""

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from integrations import authorizations, oauth, policies
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderError, ProviderUnavailable, RateLimited
from integrations.hosted_results import Result

_RESULTS: tuple[tuple[type[ProviderError], Result], ...] = (
    (OperatorNeeded, Result.NOT_SET_UP),
    (ProviderUnavailable, Result.PROVIDER_UNAVAILABLE),
    (RateLimited, Result.PROVIDER_UNAVAILABLE),
    (policies.Refused, Result.NOT_ALLOWED),
    (authorizations.Unpaid, Result.NO_PAID_PLAN),
    (authorizations.NotAdmin, Result.NOT_ADMIN),
    (authorizations.TooLittle, Result.PERMISSIONS_MISSING),
)


@dataclass(frozen=True)
class Outcome:
    """`asks_admin`: the page also says what to do if the provider's admin has to approve first.  result: what the
    application is told that has sent him, if one has.
    """

    title: str
    sentence: str
    next_step: str
    asks_admin: bool = False
    detail: str = ""
    status: int = HTTPStatus.BAD_REQUEST
    result: Result = Result.PROVIDER_ERROR


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
    step = _("Look at your accounts first; if it is missing there, start again from Bridge.")
    return Outcome(_no(provider), sentence, step, result=Result.EXPIRED)


def refused(provider: str | Promise, error: str) -> Outcome:
    """The person, or his admin, said no."""
    if error == "access_denied":
        sentence = _("You did not allow Bridge at %(provider)s, so it got no access.") % {"provider": provider}
        step = _("If that was not what you meant, start again and allow it there.")
        return Outcome(_no(provider), sentence, step, True, result=Result.DENIED)
    if error == "consent_required":
        sentence = _("An admin of your %(provider)s account has to allow Bridge first.") % {"provider": provider}
        return Outcome(_no(provider), sentence, _("Ask your admin, then start again."), True, result=Result.NOT_ADMIN)
    sentence = _("%(provider)s ended the sign-in with an error.") % {"provider": provider}
    return Outcome(
        _no(provider), sentence, _("Start again; if it keeps happening, ask whoever runs Bridge."), True, error[:80]
    )


def no_code(provider: str | Promise) -> Outcome:
    sentence = _("The answer of %(provider)s was incomplete.") % {"provider": provider}
    return Outcome(_no(provider), sentence, _("Start again."))


def failed(provider: str | Promise, error: ProviderError) -> Outcome:
    """The code could not be made a connection."""
    sentence, step = error.sentence, _("Start again with what is asked for here.")
    if isinstance(error, OperatorNeeded):
        step = _("Tell whoever runs Bridge, then start again.")
    elif _is_stale(error):
        sentence = _("%(provider)s did not accept the answer: it was too old, or was used before.")
        sentence, step = sentence % {"provider": provider}, _("Start again.")
    elif isinstance(error, ProviderUnavailable):
        sentence = _("%(provider)s did not answer while Bridge was asking for access.") % {"provider": provider}
        step = _("Start again in a few minutes.")
    return Outcome(_no(provider), sentence, step, detail=error.detail, result=_result(error))


def not_wanted(provider: str | Promise, refusal: str) -> Outcome:
    """By the organization."""
    step = _("Ask an admin of your organization if you need it.")
    return Outcome(_no(provider), refusal, step, status=HTTPStatus.FORBIDDEN, result=Result.NOT_ALLOWED)


def not_set_up(provider: str | Promise) -> Outcome:
    sentence = _("%(provider)s is not set up on this Bridge: its keys are missing.") % {"provider": provider}
    step = _("Ask whoever runs Bridge to set them. Until then Bridge’s own room works.")
    return Outcome(_no(provider), sentence, step, result=Result.NOT_SET_UP)


def _is_stale(error: ProviderError) -> bool:
    return isinstance(error, AuthorizationLost) and not error.missing_scopes


def _result(error: ProviderError) -> Result:
    if _is_stale(error):
        return Result.EXPIRED
    if isinstance(error, AuthorizationLost):
        return Result.PERMISSIONS_MISSING
    return next((result for kind, result in _RESULTS if isinstance(error, kind)), Result.PROVIDER_ERROR)


def _no(provider: str | Promise) -> str:
    return _("%(provider)s was not connected") % {"provider": provider}
