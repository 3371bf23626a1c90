"""Stand-ins take a provider's place at an address of the settings, and may speak http."""

import os
from collections.abc import Iterable

from integrations import registry


def allow_http() -> None:
    """The OAuth library refuses http for all sessions of a process, unless its variable in the environment is set.

    It is set only where an address in the settings is http; what tokens travel to is checked besides (checks.py).
    """
    if any(address.startswith("http://") for address in _addresses()):
        os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")


def _addresses() -> Iterable[str]:
    for provider in registry.OAUTH:
        yield from (provider.authorize_url, provider.token_url, provider.revoke_url, provider.api_root(""))
