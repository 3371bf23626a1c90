"""The webhooks of an application, with its own token (client credentials): where they go, what was sent, and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from accounts.models import Application
from accounts.scopes import Scope
from integrations.exceptions import RequestRejected
from scheduling import models, subscriptions
from scheduling.api.authentication import ApiRequest, needs
from scheduling.api.pages import Cursor, Limit, Page, page
from scheduling.api.problems import FieldProblem, Problem, documented
from scheduling.exceptions import NotChangeable
from scheduling.models import DeliveryState, Subscription
from scheduling.shapes import webhooks as shapes
from scheduling.shapes.webhooks import Delivery, DeliveryInFull, Type, Webhook, WebhookWithSecret

router = Router(tags=["Webhooks"], auth=needs(Scope.WEBHOOKS))

Url = Annotated[str, Field(min_length=1, max_length=2000, examples=["https://crm.example.org/bridge"])]
Types = Annotated[
    list[Type],
    Field(max_length=50, examples=[["meeting.ready"]], description="Empty for all, also for those to come."),
]
Description = Annotated[str, Field(max_length=200, examples=["Interviews"])]


class NewWebhook(Schema):
    url: Url
    types: Types = []
    description: Description = ""


class WebhookChange(Schema):
    """What is left out, or null, stays."""

    url: Url | None = None
    types: Types | None = None
    description: Description | None = None
    enabled: bool | None = Field(None, description="false switches it off; true is POST …/enable.")


class Enabled(Schema):
    """missed: how many messages are now sent that happened meanwhile."""

    missed: int


@router.get("", response={200: Page[Webhook], **documented()}, summary="List webhooks")
def found(request: ApiRequest, limit: Limit, cursor: Cursor) -> Any:
    return page(_mine(request), shapes.shape_of, by="created_at", limit=limit, cursor=cursor)


@router.post("", response={201: WebhookWithSecret, **documented(409)}, summary="Add a webhook")
def subscribe(request: ApiRequest, new: NewWebhook) -> Any:
    """The secret that verifies the messages is in this answer alone."""
    with _told():
        asked = new.dict() | {"key": request.submission_key}
        row, secret = subscriptions.subscribe(_application(request), **asked, by=None)
    return Status(201, shapes.with_secret(row, secret))


@router.get("/{id}", response={200: Webhook, **documented(404)}, summary="Read a webhook")
def webhook(request: ApiRequest, id: UUID) -> Any:
    return shapes.shape_of(_one(request, id))


@router.patch("/{id}", response={200: Webhook, **documented(404, 409)}, summary="Change a webhook")
def change(request: ApiRequest, id: UUID, changed: WebhookChange) -> Any:
    row = _one(request, id)
    now = {"url": row.url, "types": row.types, "description": row.description}
    wanted = now | changed.dict(exclude_none=True, exclude={"enabled"})
    with _told():
        subscriptions.change(row, **wanted, by=None)
    if changed.enabled is False:
        subscriptions.disable(row, by=None)
    elif changed.enabled:
        subscriptions.enable(row, by=None)
    return shapes.shape_of(row)


@router.delete("/{id}", response={204: None, **documented(404)}, summary="Delete a webhook")
def delete(request: ApiRequest, id: UUID) -> Any:
    """What waits is dropped, and the log goes."""
    subscriptions.delete(_one(request, id), by=None)
    return Status(204, None)


@router.post("/{id}/rotate", response={200: WebhookWithSecret, **documented(404)}, summary="Make a new secret")
def rotate(request: ApiRequest, id: UUID) -> Any:
    """For 24 hours the former one signs too: each message then carries two signatures."""
    secret = subscriptions.renew_secret(_one(request, id), by=None)
    return shapes.with_secret(_one(request, id), secret)


@router.post("/{id}/end-former-secret", response={200: Webhook, **documented(404)}, summary="End the former secret")
def end_former_secret(request: ApiRequest, id: UUID) -> Any:
    subscriptions.end_former_secret(_one(request, id), by=None)
    return shapes.shape_of(_one(request, id))


@router.post("/{id}/enable", response={200: Enabled, **documented(404)}, summary="Switch on, and send what was missed")
def enable(request: ApiRequest, id: UUID) -> Any:
    return Enabled(missed=subscriptions.enable(_one(request, id), by=None))


@router.post("/{id}/test", response={202: Delivery, **documented(404, 409)}, summary="Send a test")
def test(request: ApiRequest, id: UUID) -> Any:
    """One message of the type webhook.test, now, and not again if it fails."""
    with _told():
        return Status(202, shapes.delivery(subscriptions.send_test(_one(request, id))))


@router.get("/{id}/deliveries", response={200: Page[Delivery], **documented(404)}, summary="List what was sent")
def deliveries(
    request: ApiRequest,
    id: UUID,
    limit: Limit,
    cursor: Cursor,
    state: Annotated[DeliveryState | None, Query(None, description="Only those.")],
) -> Any:
    """Of the last 30 days, the oldest first."""
    rows = _one(request, id).deliveries.select_related("message").annotate(happened_at=F("message__happened_at"))
    rows = rows.filter(state=state) if state else rows
    return page(rows, shapes.delivery, by="happened_at", limit=limit, cursor=cursor)


@router.get(
    "/{id}/deliveries/{delivery_id}", response={200: DeliveryInFull, **documented(404)}, summary="Read a delivery"
)
def delivery(request: ApiRequest, id: UUID, delivery_id: UUID) -> Any:
    return shapes.in_full(_delivery(request, id, delivery_id))


@router.post(
    "/{id}/deliveries/{delivery_id}/redeliver", response={202: Delivery, **documented(404, 409)}, summary="Send again"
)
def redeliver(request: ApiRequest, id: UUID, delivery_id: UUID) -> Any:
    """Now, with the same webhook-id, whatever became of it before."""
    row = _delivery(request, id, delivery_id)
    with _told():
        subscriptions.send_again(row)
    return Status(202, shapes.delivery(row))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except RequestRejected as refusal:
        raise Problem("invalid", errors=[FieldProblem(where="body.url", message=refusal.sentence)]) from None
    except NotChangeable as refusal:
        raise Problem("conflict", refusal.sentence) from None


def _application(request: ApiRequest) -> Application:
    if request.auth.application is None or request.auth.membership is not None:
        raise Problem("forbidden", _("This needs a token of the application itself, by client credentials."))
    return request.auth.application


def _mine(request: ApiRequest) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(application=_application(request))
    return rows.select_related("application__organization").prefetch_related("secrets")


def _one(request: ApiRequest, uid: UUID) -> Subscription:
    return get_object_or_404(_mine(request), uid=uid)


def _delivery(request: ApiRequest, webhook: UUID, uid: UUID) -> models.Delivery:
    related = "message__consent__user", "message__consent__membership__organization", "subscription__application"
    return get_object_or_404(_one(request, webhook).deliveries.select_related(*related), uid=uid)
