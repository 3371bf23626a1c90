"""A grant whose token runs out, and what the simulated Zoom was asked."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from integrations.models import Grant
from integrations.simulators.zoom.simulator import ZoomSimulator


def expire(grant: Grant, **moments: Any) -> Grant:
    Grant.objects.filter(pk=grant.pk).update(expires_at=now() - timedelta(minutes=1), **moments)
    return Grant.objects.get(pk=grant.pk)


def refreshes(zoom: ZoomSimulator) -> int:
    return sum(call.path == "/oauth/token" for call in zoom.calls) - 1  # the first one was the exchange
