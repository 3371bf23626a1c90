"""What Exchange refuses, in our four errors. https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/responsecode"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import requests
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from exchangelib import errors
from exchangelib.errors import EWSError, TransportError

from integrations import transport
from integrations.exceptions import (
    AuthorizationLost,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
    SyncTokenLost,
)
from integrations.providers.exchange.mailbox import AskAnew, SwitchedOff

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

NAME = "Exchange"
A_MOMENT = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
LOST: dict[type[Exception], str | Promise] = {
    errors.UnauthorizedError: gettext_lazy("Exchange does not accept the name and password any more."),
    errors.ErrorAccountDisabled: gettext_lazy("The Exchange account is switched off."),
    errors.ErrorPasswordExpired: gettext_lazy("The password of the Exchange account has expired."),
    errors.ErrorPasswordChangeRequired: gettext_lazy("Exchange wants the account’s password to be changed."),
}
GONE: dict[type[Exception], str | Promise] = {
    errors.ErrorItemNotFound: gettext_lazy("The event is no longer in Exchange."),
    errors.ErrorInvalidIdMalformed: gettext_lazy("The event is no longer in Exchange."),
    errors.ErrorFolderNotFound: gettext_lazy("The calendar is no longer in Exchange."),
}
BUSY = (errors.ErrorServerBusy, errors.RateLimitError, errors.ErrorExceededConnectionCount)
REFUSED: dict[type[Exception], str | Promise] = {
    errors.ErrorImpersonateUserDenied: gettext_lazy(
        "The service account may not open this mailbox. Ask your Exchange admin to include it in the account’s scope."
    ),
    errors.ErrorImpersonationDenied: gettext_lazy(
        "The service account may not open any mailbox here. Ask your Exchange admin for ApplicationImpersonation."
    ),
    errors.ErrorNonExistentMailbox: gettext_lazy(
        "This Exchange has no mailbox for this address. It may have been moved to Microsoft 365."
    ),
    errors.ErrorNonPrimarySmtpAddress: gettext_lazy(
        "This is not the mailbox’s first address. Use the one that it sends mails from."
    ),
    errors.ErrorAccessDenied: gettext_lazy("Exchange does not let this account do that."),
    errors.ErrorQuotaExceeded: gettext_lazy("The mailbox is full."),
    errors.RedirectError: gettext_lazy(
        "This server sends Bridge on to another address. Ask your Exchange admin for the address of Exchange itself."
    ),
    SwitchedOff: gettext_lazy(
        "Exchange Web Services are switched off for this account. In Microsoft 365 they have ended: use Microsoft 365."
    ),
}
UNAVAILABLE = (
    errors.ErrorInternalServerError,
    errors.ErrorIrresolvableConflict,
    errors.ErrorInternalServerTransientError,
    errors.ErrorMailboxMoveInProgress,
    errors.ErrorMailboxStoreUnavailable,
    errors.ErrorTimeoutExpired,
    errors.ErrorConnectionFailed,
    errors.ErrorADUnavailable,
    errors.SOAPError,
    errors.MalformedResponseError,
    errors.CASError,
    AskAnew,
)


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except (ProviderError, SyncTokenLost, RuntimeError, GeneratorExit):
        raise
    except errors.ErrorInvalidSyncStateData:
        raise SyncTokenLost from None
    except Exception as error:
        raise problem(error) from None  # its words may hold what was sent


def translating(call: Callable[P, R]) -> Callable[P, R]:
    @wraps(call)
    def translated_call(*args: P.args, **kwargs: P.kwargs) -> R:
        with translated():
            return call(*args, **kwargs)

    return translated_call


def problem(error: Exception) -> ProviderError:
    detail = type(error).__name__
    if sentence := _among(LOST, error):
        return AuthorizationLost(sentence, detail=detail)
    if sentence := _among(GONE, error):
        return RequestRejected(sentence, missing=True, detail=detail)
    if isinstance(error, BUSY):
        sentence = _("Exchange asks Bridge to wait a moment. Nothing is lost.")
        return RateLimited(sentence, retry_after=_pause(error), detail=detail)
    if sentence := _among(REFUSED, error):
        return RequestRejected(sentence, detail=detail)
    if isinstance(error.__context__, requests.RequestException):
        return transport.unavailable(error.__context__, NAME)
    if isinstance(error, EWSError) and not isinstance(error, UNAVAILABLE) and type(error) is not TransportError:
        return RequestRejected(_("Exchange refused this."), detail=detail)
    if not isinstance(error, EWSError | AskAnew):
        logger.warning("An answer of Exchange could not be read: %s", detail)
    return ProviderUnavailable(_("Exchange’s answer could not be read. Bridge tries again in a moment."), detail=detail)


def _among(sentences: dict[type[Exception], str | Promise], error: Exception) -> str:
    return next((str(sentence) for kind, sentence in sentences.items() if isinstance(error, kind)), "")


def _pause(error: Exception) -> timedelta:
    seconds: Any = getattr(error, "back_off", None)
    return min(max(timedelta(seconds=float(seconds)), timedelta(seconds=1)), LONGEST) if seconds else A_MOMENT
