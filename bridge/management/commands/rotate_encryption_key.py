from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from accounts import second_factors
from accounts.encryption import Undecipherable
from integrations.models import Grant, VendorApp
from scheduling import feeds, signing_keys
from scheduling.models import CalendarFeed, SubscriptionSecret

Sealed = tuple[QuerySet[Any], Callable[[Any], None], str]


class Command(BaseCommand):
    help = "Write every stored token anew under the first of ENCRYPTION_KEYS; afterwards the others may go."

    def handle(self, *args: Any, **options: Any) -> None:
        for rows, reseal, complaint in _everything():
            unread = [row.pk for row in rows.iterator() if not _is_resealed(row, reseal)]
            if unread:
                raise CommandError(f"No key opens {complaint.format(unread=unread)}")
        self.stdout.write("Every token is written under the first key. The other keys may go.")


def _everything() -> Iterator[Sealed]:
    """What is kept sealed, how it is sealed anew, and what to do where no key opens it."""
    with_tokens = Grant.objects.exclude(sealed_refresh_token="")
    yield with_tokens, _reseal, "the tokens of these grants: {unread}. Keep all keys, or reconnect them."
    yield (
        VendorApp.objects.all(),
        _reseal_keys,
        "the secrets of these apps: {unread}. Keep all keys, or save them anew.",
    )
    factors = Authenticator.objects.filter(type__in=second_factors.SEALED)
    yield factors, second_factors.reseal, "these second factors: {unread}. Keep all keys, or reset_second_factor."
    yield CalendarFeed.objects.all(), feeds.reseal, "these feeds: {unread}. Keep all keys, or delete them."
    signing = SubscriptionSecret.objects.select_related("subscription")
    yield signing, _reseal_signing, "these secrets of webhooks: {unread}. Keep all keys, or renew them."


def _is_resealed(row: Any, reseal: Callable[[Any], None]) -> bool:
    """False: no key opens it."""
    try:
        reseal(row)
    except Undecipherable:
        return False
    return True


def _reseal(grant: Grant) -> None:
    """Tokens that were renewed meanwhile are under the newest key already."""
    opened = Grant.objects.filter(pk=grant.pk, sealed_refresh_token=grant.sealed_refresh_token)
    grant.reseal()
    opened.update(sealed_access_token=grant.sealed_access_token, sealed_refresh_token=grant.sealed_refresh_token)


def _reseal_keys(own: VendorApp) -> None:
    """Secrets that were typed meanwhile are under the newest key already."""
    opened = VendorApp.objects.filter(pk=own.pk, sealed_client_secret=own.sealed_client_secret)
    own.reseal()
    opened.update(sealed_client_secret=own.sealed_client_secret, sealed_webhook_secret=own.sealed_webhook_secret)


def _reseal_signing(secret: SubscriptionSecret) -> None:
    signing_keys.reseal(secret)
    secret.save(update_fields=["sealed"])
