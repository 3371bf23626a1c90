"""How often one address may try, by settings.ACCOUNT_RATE_LIMITS; counted in the shared cache, without Redis too."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def allows(request: HttpRequest, action: str) -> bool:
    """Count one try of `action`. False: it is one too many.

    allauth's public door does not count GET, and a guessed link is a GET.
    """
    return bool(ratelimit.consume(request, app="allauth.account", action=action, limit_get=True))
