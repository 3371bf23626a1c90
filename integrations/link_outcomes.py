"""How the way by a set-up link can end without a connection, in words, for somebody who need not be known here.

Nothing is ever stored by then, and the link is as it was.
"""

from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from integrations import oauth, outcomes
from integrations.exceptions import ProviderError, RequestRejected
from integrations.outcomes import Outcome


def unknown() -> Outcome:
    """Nothing is said about any organization."""
    return Outcome(
        _("This link leads nowhere"),
        _("Perhaps a part of it was lost on the way."),
        _("Copy the whole link once more, or ask whoever sent it for a new one."),
        status=HTTPStatus.NOT_FOUND,
    )


def closed() -> Outcome:
    """Whether it was used, revoked, or ran out is for those who made it."""
    return Outcome(
        _("This link is not open any more"),
        _("It was used, taken back, or its three days are over."),
        _("Ask whoever sent it for a new one, if something is still to be done."),
        status=HTTPStatus.GONE,
    )


def too_many() -> Outcome:
    return Outcome(
        _("That was a lot in a short time"),
        _("Too many links were tried from here."),
        _("Please wait a minute, then open your link again."),
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )


def not_ours(refused: oauth.StateRefused, provider: str | Promise) -> Outcome:
    """The state does not fit; more is not said, for it may be somebody else's."""
    if isinstance(refused, oauth.Stale):
        sentence = _("More than ten minutes went by since you started, so Bridge does not trust the answer any more.")
    elif isinstance(refused, oauth.Used):
        sentence = _("This answer was used once already, perhaps by reloading the page or going back to it.")
    else:
        sentence = _("This answer does not belong to anything that was started in this browser.")
    return Outcome(_no(provider), sentence, _open_again())


def refused(provider: str | Promise, error: str) -> Outcome:
    outcome = outcomes.refused(provider, error)
    return Outcome(outcome.title, outcome.sentence, _open_again(), detail=outcome.detail)


def no_code(provider: str | Promise) -> Outcome:
    return Outcome(_no(provider), outcomes.no_code(provider).sentence, _open_again())


def failed(provider: str | Promise, error: ProviderError) -> Outcome:
    """The account was of no use, or the provider did not play along."""
    if isinstance(error, RequestRejected):
        next_step = _("Send the link to somebody who administers that account; it stays open.")
        return Outcome(_no(provider), error.sentence, next_step, detail=error.detail)
    outcome = outcomes.failed(provider, error)
    return Outcome(outcome.title, outcome.sentence, _open_again(), detail=outcome.detail)


def not_set_up(provider: str | Promise) -> Outcome:
    sentence = _("%(provider)s is not set up for organizations on this Bridge.") % {"provider": provider}
    return Outcome(_no(provider), sentence, _("Tell whoever sent you the link; it stays open."))


def _no(provider: str | Promise) -> str:
    return _("%(provider)s was not connected") % {"provider": provider}


def _open_again() -> str:
    return _("Open the link that you were sent once more and start again; it is still open unless it says otherwise.")
