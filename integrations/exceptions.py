"""What can go wrong at a provider, named by what the caller does next.

`sentence` is for the host: what happened and what to do. `detail` stands behind "Details": the provider's own words,
without secrets.
"""

from datetime import timedelta


class ProviderError(Exception):
    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class AuthorizationLost(ProviderError):
    """Ask the person to reconnect. `missing_scopes`: what was not allowed, where the grant itself still lives."""

    def __init__(self, sentence: str, *, missing_scopes: frozenset[str] = frozenset(), detail: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.missing_scopes = missing_scopes


class RateLimited(ProviderError):
    """Come back after `retry_after`."""

    def __init__(self, sentence: str, *, retry_after: timedelta, detail: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.retry_after = retry_after


class ProviderUnavailable(ProviderError):
    """Try again later; whether the request took effect is unknown, unless `reached` is False."""

    def __init__(self, sentence: str, *, reached: bool = True, detail: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.reached = reached


class OperatorNeeded(ProviderUnavailable):
    """Our own settings are wrong; nothing took effect, and trying again works once the operator has mended them.

    about: which of them, where the provider says it: "client" (id or secret), "redirect", or "".
    """

    def __init__(self, sentence: str, *, about: str = "", detail: str = "") -> None:
        super().__init__(sentence, reached=False, detail=detail)
        self.about = about


class RequestRejected(ProviderError):
    """Stop, and show why. `missing`: the object is not there any more. `code`: the provider's own, for its folder."""

    def __init__(self, sentence: str, *, missing: bool = False, code: int = 0, detail: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.missing = missing
        self.code = code


class SyncTokenLost(Exception):
    """The provider has forgotten what it told us last: everything has to be looked at again."""
