"""What a provider told us, handled in a worker: twice, late, or in any order makes no difference.

An app is believed only about accounts that authorized it, and only what happened since; what it says of a person beside
that makes us look for ourselves.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from accounts import encryption
from integrations import health, removals, seats, vendor_apps, webhooks
from integrations.models import Grant, Seat, WebhookDelivery
from integrations.signals import meeting_reported
from integrations.types import App, AppKind, Report
from outbox import intents


@intents.settles("webhook")
def settle(delivery_id: int) -> None:
    delivery = WebhookDelivery.objects.filter(pk=delivery_id, handled_at=None).first()
    if delivery is None:
        return
    try:
        content = webhooks.opened(delivery)
        app = webhooks.app_at(delivery.provider, content["app"])
    except (webhooks.NotListening, encryption.Undecipherable):
        content, app = {"reports": []}, None
    for fields in content["reports"]:
        assert app is not None
        handle(app, _report(fields, delivery.received_at))
    WebhookDelivery.objects.filter(pk=delivery.pk).update(handled_at=now(), sealed_body="")


def handle(app: App, report: Report) -> None:
    if report.kind == "deauthorized":
        _look_at_authorizations(app, report)
    elif report.kind == "user":
        _look_at_user(app, report)
    elif report.about and any(_known(app, report)):
        _pass_on(app, report)


def _look_at_authorizations(app: App, report: Report) -> None:
    """Of this user. Of an account that somebody else connected we look for ourselves: any admin can remove an app for
    all, but one who goes alone leaves the others their access.
    """
    for grant in list(_known(app, report)):
        if grant.external_id == report.user_id:
            removals.take_back(grant)
        elif app.kind != AppKind.PERSONAL and grant.ended_at is None:
            _look(grant)
            removals.explain(grant)


def _look(grant: Grant) -> None:
    if not (found := health.look(grant)).answered:
        raise intents.Later(found.problem)


def _known(app: App, report: Report) -> Iterator[Grant]:
    """The account's authorizations of this very app that are not newer than the news."""
    if not report.account_id:
        return
    found = Grant.objects.filter(provider=app.provider, client_id=app.client_id, account_id=report.account_id)
    for grant in found.filter(authorized_at__lte=report.at).select_related("app").order_by("pk"):
        if vendor_apps.serves(app, grant):
            yield grant


def _look_at_user(app: App, report: Report) -> None:
    """His places to host are looked up again; whether his own access still works, we ask ourselves."""
    known = list(_known(app, report))
    if not known:
        return
    is_he = Q(external_id=report.about)
    if report.email:
        is_he |= Q(wanted__iexact=report.email) | Q(membership__user__email__iexact=report.email)
    with transaction.atomic():
        for seat in Seat.objects.filter(is_he, connection__grant__in=known, connection__ended_at=None):
            seats.want(seat)
    his = Grant.objects.filter(provider=app.provider, account_id=report.account_id, external_id=report.about)
    for grant in his.filter(ended_at=None, authorized_at__lte=report.at).select_related("app"):
        _look(grant)


def _pass_on(app: App, report: Report) -> None:
    meeting_reported.send(
        sender=Report,
        provider=app.provider,
        account_id=report.account_id,
        external_id=report.about,
        kind=report.kind.removeprefix("meeting_"),
        at=report.at,
    )


def _report(fields: dict[str, Any], received_at: datetime) -> Report:
    """Without a time of its own it happened just before it was told."""
    at = parse_datetime(fields["at"]) if fields["at"] else None
    return replace(Report(**fields), at=at or received_at)
