from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from accounts import second_factors
from accounts.encryption import Undecipherable
from integrations.models import Grant, VendorApp


class Command(BaseCommand):
    help = "Write every stored token anew under the first of ENCRYPTION_KEYS; afterwards the others may go."

    def handle(self, *args: Any, **options: Any) -> None:
        unread = [grant.pk for grant in Grant.objects.exclude(sealed_refresh_token="").iterator() if not _reseal(grant)]
        if unread:
            raise CommandError(f"No key opens the tokens of these grants: {unread}. Keep all keys, or reconnect them.")
        unread = [own.pk for own in VendorApp.objects.iterator() if not _reseal_keys(own)]
        if unread:
            raise CommandError(f"No key opens the secrets of these apps: {unread}. Keep all keys, or save them anew.")
        held = Authenticator.objects.filter(type__in=second_factors.SEALED)
        unread = [factor.pk for factor in held.iterator() if not _reseal_factor(factor)]
        if unread:
            raise CommandError(f"No key opens these second factors: {unread}. Keep all keys, or reset_second_factor.")
        self.stdout.write("Every token is written under the first key. The other keys may go.")


def _reseal_keys(own: VendorApp) -> bool:
    """False: no key opens it. Secrets that were typed meanwhile are under the newest key already."""
    opened = VendorApp.objects.filter(pk=own.pk, sealed_client_secret=own.sealed_client_secret)
    try:
        own.reseal()
    except Undecipherable:
        return False
    opened.update(sealed_client_secret=own.sealed_client_secret, sealed_webhook_secret=own.sealed_webhook_secret)
    return True


def _reseal_factor(factor: Authenticator) -> bool:
    """False: no key opens it."""
    try:
        second_factors.reseal(factor)
    except Undecipherable:
        return False
    return True


def _reseal(grant: Grant) -> bool:
    """False: no key opens it. Tokens that were renewed meanwhile are under the newest key already."""
    opened = Grant.objects.filter(pk=grant.pk, sealed_refresh_token=grant.sealed_refresh_token)
    try:
        grant.reseal()
    except Undecipherable:
        return False
    opened.update(sealed_access_token=grant.sealed_access_token, sealed_refresh_token=grant.sealed_refresh_token)
    return True
