"""What providers tell us unasked: believed only with the app's signature, kept once, and answered at once.

Handled later by a worker (reported.py). Of what was said only what handling needs is kept, sealed, until it is done.
"""

import hashlib
import json
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.timezone import now

from accounts import encryption
from integrations import registry, vendor_apps
from integrations.exceptions import OperatorNeeded
from integrations.models import VendorApp, WebhookDelivery
from integrations.providers.base import Webhooks
from integrations.types import App, AppKind, Report
from outbox import outbox

logger = logging.getLogger(__name__)

KEPT = timedelta(days=3)
"""How long a delivery is remembered, so that a second one of the same is known: providers try for hours."""

INSTALLED = {kind.value: kind for kind in (AppKind.PERSONAL, AppKind.ORGANIZATION)}


class NotListening(LookupError):
    """Nobody is to tell us anything at this address."""


def listener(provider_key: str) -> Webhooks:
    """Who understands what comes to this address. Raises NotListening."""
    try:
        spoken = registry.oauth(provider_key).webhooks
    except registry.UnknownProvider as unknown:
        raise NotListening(provider_key) from unknown
    if spoken is None:
        raise NotListening(provider_key)
    return spoken


def app_at(provider_key: str, key: str) -> App:
    """The app that signs what comes to this address: the installation's of a kind, or one's own by its uid.

    Raises NotListening, also where no secret was set.
    """
    app = registry.oauth(provider_key).installed_app(INSTALLED[key]) if key in INSTALLED else _own(provider_key, key)
    if not app.webhook_secret:
        raise NotListening(key)
    return app


def note_proof(app: App) -> None:
    """The provider knows the secret, and we do."""
    if app.own is not None:
        VendorApp.objects.filter(pk=app.own).update(webhooks_proven_at=now())


@transaction.atomic
def keep(app: App, key: str, event: str, body: bytes, reports: list[Report]) -> None:
    """Once, whoever delivers it how often; what is of no use to us is not kept at all."""
    if not reports:
        return
    digest = hashlib.sha256(f"{app.provider}/{key}/".encode() + body).hexdigest()
    content = json.dumps({"app": key, "reports": [vars(report) for report in reports]}, cls=DjangoJSONEncoder)
    fields = {"provider": app.provider, "client_id": app.client_id, "event": event[:80]}
    delivery, new = WebhookDelivery.objects.get_or_create(
        digest=digest, defaults=fields | {"sealed_body": encryption.encrypt(content, owner=digest)}
    )
    if new:
        outbox.want("webhook", delivery.pk)


def opened(delivery: WebhookDelivery) -> dict[str, Any]:
    """{"app": the key of its address, "reports": fields of Report, times as text}."""
    content: dict[str, Any] = json.loads(encryption.decrypt(delivery.sealed_body, owner=delivery.digest))
    return content


def forget() -> None:
    """What could not be handled by then is told; regular looks find the same."""
    old = WebhookDelivery.objects.filter(received_at__lte=now() - KEPT)
    if lost := old.filter(handled_at=None).count():
        logger.error("%s webhooks could not be handled for %s and are forgotten", lost, KEPT)
    old.delete()


def _own(provider_key: str, key: str) -> App:
    try:
        own = VendorApp.objects.filter(provider=provider_key, uid=UUID(key)).first()
        if own is not None:
            return vendor_apps.opened(own)
    except (ValueError, OperatorNeeded) as error:
        raise NotListening(key) from error
    raise NotListening(key)
