"""What the pages show of an organization's apps: for each kind the one in force."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organization
from integrations import own_apps, vendor_apps
from integrations.models import VendorApp
from integrations.providers.base import OAuthProvider
from integrations.types import APP_KINDS, AppKind


@dataclass(frozen=True)
class Card:
    """`installed`: the installation has an app of this kind, which serves where there is no own one."""

    kind: AppKind
    own: VendorApp | None
    installed: bool
    connections: int

    @property
    def title(self) -> str:
        return title(self.kind)

    @property
    def text(self) -> str:
        return {
            AppKind.PERSONAL: _("Each member connects his own account with it."),
            AppKind.ORGANIZATION: _("One admin of the account connects it for everybody."),
            AppKind.SERVER: _(
                "The simplest way for one organization: credentials, and nobody has to authorize anything."
            ),
        }[self.kind]

    @property
    def tone(self) -> str:
        if self.own:
            return "waiting" if self.own.problem else "ready"
        return "ready" if self.installed else "off"

    @property
    def state(self) -> str:
        """Which one is in force."""
        if self.own:
            return self.own.problem or _("Your own app is used")
        return _("This Bridge’s own app is used") if self.installed else _("Not set up")


def cards(organization: Organization, provider: OAuthProvider) -> list[Card]:
    own = vendor_apps.own(organization, provider.key)
    return [
        Card(
            kind,
            own.get(kind),
            installed=provider.installed_app(kind).is_complete,
            connections=own_apps.dependents(own[kind]).count() if kind in own else 0,
        )
        for kind in APP_KINDS
    ]


def title(kind: AppKind) -> str:
    return {
        AppKind.PERSONAL: _("App for personal accounts"),
        AppKind.ORGANIZATION: _("App for the whole organization"),
        AppKind.SERVER: _("Server-to-server credentials"),
    }[kind]
