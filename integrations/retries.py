"""What a provider's failure means for an effect that is owed."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RateLimited, RequestRejected
from outbox import intents


@contextmanager
def left_to_the_outbox() -> Iterator[None]:
    """Again when the provider says, again ever more slowly, or not by itself. Who notes a failure does so inside."""
    try:
        yield
    except RateLimited as limited:
        raise intents.Later(limited.sentence, after=limited.retry_after) from limited
    except ProviderUnavailable as unavailable:
        raise intents.Later(unavailable.sentence) from unavailable
    except (AuthorizationLost, RequestRejected) as refused:
        raise intents.Stop(refused.sentence) from refused
