"""The demo."""

from accounts.models import Membership


def fill(membership: Membership) -> None: ...
