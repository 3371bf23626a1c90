"""What we change in the toolkit's OAuth server: two secrets while one is renewed, and no token without a consent."""

from datetime import datetime
from typing import Any

from django.utils.timezone import now
from oauth2_provider.oauth2_validators import OAuth2Validator

from accounts.models import Application


class Validator(OAuth2Validator):  # type: ignore[misc]  # the toolkit has no types
    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        """The secret of an application, or its former one for a while."""
        if super()._check_secret(provided_secret, stored_secret):
            return True
        former = _former_of(stored_secret)
        return bool(former) and bool(super()._check_secret(provided_secret, former))


def _former_of(stored_secret: str) -> str:
    moment: datetime = now()
    known: Any = Application.objects.filter(client_secret=stored_secret, former_secret_until__gt=moment)
    return str(known.values_list("former_secret", flat=True).first() or "")
