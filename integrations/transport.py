"""One request to a provider over the wire: always with a timeout, never redirected, its failures in our words."""

from collections.abc import Callable
from typing import Any

import requests
import urllib3.exceptions
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.exceptions import ProviderUnavailable

# Failures before anything was sent: a name that is not found, a refused connection, a certificate that is not trusted.
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
)


def send(ask: Callable[..., requests.Response], method: str, url: str, *, name: str, **how: Any) -> requests.Response:
    """Any answer at all of the provider called `name`; raises ProviderUnavailable, which knows whether the request may
    have taken effect. `ask` is a session's `request`.

    A redirect is not followed: it would carry our token elsewhere. Not to be called inside a transaction: that would
    hold its locks while we wait, and what was done at the provider cannot be rolled back.
    """
    require_no_transaction()
    how |= {"timeout": settings.PROVIDER_TIMEOUT, "allow_redirects": False}
    try:
        return ask(method, url, **how)
    except requests.RequestException as error:
        raise unavailable(error, name) from None  # the error's words hold the address with its query


def require_no_transaction() -> None:
    blocks = transaction.get_connection().atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):  # as Django's own durable=True tells them apart
        raise RuntimeError("A provider must not be called inside a transaction.")


def unavailable(error: requests.RequestException, name: str) -> ProviderUnavailable:
    reached = not _was_never_sent(error)
    if isinstance(error, requests.Timeout):
        sentence = _("%(name)s took too long to answer. Bridge keeps trying.")
    elif reached:
        sentence = _("The connection to %(name)s broke off. Bridge keeps trying.")
    else:
        sentence = _("%(name)s cannot be reached. Bridge keeps trying.")
    return ProviderUnavailable(sentence % {"name": name}, reached=reached, detail=type(error).__name__)


def _was_never_sent(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, _NEVER_SENT)
