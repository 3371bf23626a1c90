"""A person removed Bridge at the provider, and it told us so: over everywhere, nothing of his kept."""

from django.db import transaction
from django.utils.translation import gettext as _

from integrations import defaults, erasures, grants
from integrations.models import Grant, GrantStatus
from integrations.types import EndReason
from outbox import intents


def take_back(grant: Grant) -> None:
    """In all organizations that use it, whether we had noticed before or not."""
    grants.end(grant, EndReason.REVOKED)
    explain(grant)
    if Grant.objects.filter(pk=grant.pk, authorized_at=grant.authorized_at, ended_at=None).exists():
        raise intents.Later(_("Access was just renewed while it was taken back."))


@transaction.atomic
def explain(grant: Grant) -> None:
    """It had ended before we heard why. Who was told of the end is not told again; what is still being given back goes
    by itself.
    """
    ended = Grant.objects.filter(ended_at__isnull=False, erased_at=None, sealed_refresh_token="")
    current = ended.select_for_update(of=("self",)).filter(pk=grant.pk, authorized_at=grant.authorized_at).first()
    if current is None:
        return
    Grant.objects.filter(pk=current.pk).update(status=GrantStatus.REVOKED)
    for connection in current.connections.exclude(ended_at=None):
        connection.ended_status = GrantStatus.REVOKED
        connection.save(update_fields=["ended_status"])
        defaults.fall_back(connection)
    erasures.erase(current)
