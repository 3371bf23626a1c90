"""Which OAuth client is used: the organization's own where it has one, else the installation's."""

import hmac

from django.utils.translation import gettext as _

from accounts import encryption
from accounts.models import Organization
from integrations import registry
from integrations.exceptions import OperatorNeeded
from integrations.models import Grant, VendorApp
from integrations.providers.base import OAuthProvider
from integrations.types import App, AppKind


class Exchanged(OperatorNeeded):
    """The app that a grant was given to is not used any more."""


def app_for(organization: Organization, provider: OAuthProvider, kind: AppKind) -> App:
    """The app to send people of this organization to; not complete if nobody has set one up."""
    its_own = VendorApp.objects.filter(organization=organization, provider=provider.key, kind=kind).first()
    return opened(its_own) if its_own else provider.installed_app(kind)


def app_of(grant: Grant) -> App:
    """The app whose tokens the grant holds. Raises Exchanged, or OperatorNeeded if it cannot be read."""
    if grant.app is not None:
        app = opened(grant.app)
    else:
        app = registry.oauth(grant.provider).installed_app(AppKind(grant.kind))
    if app.client_id != grant.client_id:
        raise Exchanged(_("Bridge’s app at the service was exchanged for another. Reconnect the account."))
    return app


def serves(app: App, grant: Grant) -> bool:
    """Its word counts for this grant: the same client, and the same secret, so that nobody speaks for another's app."""
    try:
        known = app_of(grant)
    except OperatorNeeded:
        return False
    return app.kind == known.kind and hmac.compare_digest("".join(app.credentials), "".join(known.credentials))


def own(organization: Organization, provider_key: str) -> dict[AppKind, VendorApp]:
    """Those the organization has registered itself, by kind."""
    found = VendorApp.objects.filter(organization=organization, provider=provider_key)
    return {AppKind(vendor_app.kind): vendor_app for vendor_app in found}


def opened(vendor_app: VendorApp) -> App:
    """Raises OperatorNeeded if its secrets cannot be read."""
    try:
        return vendor_app.app
    except encryption.Undecipherable as error:
        raise OperatorNeeded(_("Bridge’s encryption key has changed; whoever runs Bridge must restore it.")) from error
