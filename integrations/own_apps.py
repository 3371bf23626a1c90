"""An organization's own apps at a provider: kept, connected by credentials alone, removed."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from accounts import audit
from accounts.models import Act, Organization, User
from integrations import authorizations, connections, oauth, organization_connections, registry, vendor_apps
from integrations.models import Connection, VendorApp
from integrations.types import App, AppKind
from integrations.vendor_app_checks import Finding


class StillUsed(Exception):
    """Accounts are connected by this app: it has to be removed, with them, before another takes its place."""


def address_key(organization: Organization, provider_key: str, kind: AppKind) -> UUID:
    """The uid of the app that is kept or would be: part of the webhook address, to be copied before there is a row."""
    own = VendorApp.objects.filter(organization=organization, provider=provider_key, kind=kind)
    kept = own.values_list("uid", flat=True).first()
    planned = salted_hmac("integrations.vendor_app", f"{organization.pk}/{provider_key}/{kind}", algorithm="sha256")
    return kept or UUID(bytes=planned.digest()[:16], version=4)


def keep(organization: Organization, app: App, *, by: User, problem: str = "") -> VendorApp:
    """Save what an admin typed; empty secrets stay. Raises StillUsed if accounts hang on another client."""
    own = vendor_apps.own(organization, app.provider).get(app.kind) or _new(organization, app)
    if own.pk and _is_another(own, app) and dependents(own).exists():
        raise StillUsed
    own.client_id, own.account_id = app.client_id, app.account_id
    own.checked_at, own.problem = now(), problem
    own.seal(client_secret=app.client_secret, webhook_secret=app.webhook_secret)
    with transaction.atomic():
        own.save()
        audit.note(organization, Act.APP_SAVED, by=by, subject=app.client_id, kind=app.kind.value)
    return own


def connect(own: VendorApp, *, by: User) -> Connection:
    """The organization's connection, by credentials alone. Not inside a transaction. Raises one of our four errors."""
    app = own.app
    token = oauth.by_credentials(registry.oauth(app.provider), app)
    identity = authorizations.identified(app, token)
    authorizations.require_use(app, token, identity)
    with organization_connections.locked(own.organization):
        grant = authorizations.keep(app, token, identity)
        return organization_connections.establish(own.organization, grant, by=by)


def note_check(own: VendorApp, finding: Finding | None) -> None:
    VendorApp.objects.filter(pk=own.pk).update(checked_at=now(), problem=finding.sentence if finding else "")


def remove(own: VendorApp, *, by: User) -> None:
    """With the connections that were made by it in this organization; another's that share the client go on."""
    with organization_connections.locked(own.organization):
        _remove(own, by)


def _remove(own: VendorApp, by: User) -> None:
    for connection in dependents(own):
        connections.disconnect(connection, by=by)
    own.grants.update(app=_heir(own))
    audit.note(own.organization, Act.APP_REMOVED, by=by, subject=own.client_id, kind=own.kind)
    own.delete()


def _heir(own: VendorApp) -> VendorApp | None:
    """Another organization's row for the same app: with the same secret, as anybody may claim a client id."""
    others = VendorApp.objects.filter(provider=own.provider, kind=own.kind, client_id=own.client_id)
    known = (other for other in others.exclude(pk=own.pk) if other.app.credentials == own.app.credentials)
    return next(known, None)


def dependents(own: VendorApp) -> QuerySet[Connection]:
    """The organization's connections that live on this client."""
    here = Connection.objects.filter(organization=own.organization, grant__provider=own.provider)
    return here.filter(grant__client_id=own.client_id, grant__kind=own.kind).select_related("grant", "membership__user")


def _new(organization: Organization, app: App) -> VendorApp:
    uid = address_key(organization, app.provider, app.kind)
    return VendorApp(organization=organization, provider=app.provider, kind=app.kind.value, uid=uid)


def _is_another(own: VendorApp, app: App) -> bool:
    return (own.client_id, own.account_id) != (app.client_id, app.account_id)
