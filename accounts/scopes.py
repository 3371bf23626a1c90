"""What an application may ask for, in plain words; for whom it acts it always needs a person's consent."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import BaseScopes


class Scope(TextChoices):
    """The names that travel (RFC 6749, 3.3), and the sentence that whoever consents reads."""

    CONFERENCING_READ = "conferencing:read", _("See which conferencing services you can use, never the accounts there")
    EVENTS_READ = "events:read", _("See the events it made for you, with the links to join")
    EVENTS_WRITE = "events:write", _("Make, change and delete events for you, with meetings at your services")
    AVAILABILITY_READ = "availability:read", _("See when you and the people of your organization are free; times only")
    SCHEDULERS_READ = "schedulers:read", _("See your schedulers, and the times they offer")
    BOOKINGS_READ = "bookings:read", _("See your bookings, with invitees and links to join")
    BOOKINGS_WRITE = "bookings:write", _("Book, move and cancel for you")
    MEMBERS_READ = "members:read", _("See who belongs to the organization, if you are one of its admins")
    WEBHOOKS = "webhooks", _("Manage the webhooks of the application itself")


FOR_PEOPLE = tuple(scope for scope in Scope if scope != Scope.WEBHOOKS)
"""Those a person consents to; the other is the application's own business (client credentials)."""


class Scopes(BaseScopes):  # type: ignore[misc]  # the toolkit has no types
    """The toolkit asks here: no application gets more than it registered for, and nothing unless it asks."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(application.permitted_scopes) if application else Scope.values

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return []
