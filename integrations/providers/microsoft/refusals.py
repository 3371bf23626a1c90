"""What a refusal of Graph's means for the call that met it."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.exceptions import RequestRejected, SyncTokenLost
from integrations.providers.microsoft import translation


@contextmanager
def forgotten() -> Iterator[None]:
    """410 becomes SyncTokenLost."""
    try:
        yield
    except RequestRejected as rejected:
        if rejected.code != translation.FORGOTTEN:
            raise
        raise SyncTokenLost from rejected


@contextmanager
def gone_is_fine() -> Iterator[None]:
    try:
        yield
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
