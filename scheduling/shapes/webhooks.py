"""Subscriptions and deliveries, as the application that they belong to is shown them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from scheduling import deliveries, models, signing_keys
from scheduling.models import DeliveryState, EventType

Type = Literal[
    "connection.connected",
    "connection.ended",
    "connection.restored",
    "meeting.ready",
    "meeting.failed",
    "meeting.deleted",
    "booking.created",
    "booking.ready",
    "booking.moved",
    "booking.cancelled",
]


class Webhook(Schema):
    """types: empty for all, also those to come.

    failing_since: nothing has arrived since.  disabled_reason: why nothing is sent; what happens is kept for 30 days.
    former_secret_until: as long, the former secret signs too.
    """

    id: UUID
    url: str = Field(examples=["https://crm.example.org/bridge"])
    types: list[Type] = Field(examples=[["meeting.ready", "booking.created"]])
    description: str = Field(examples=["Interviews"])
    enabled: bool
    disabled_at: datetime | None = None
    disabled_reason: str = Field("", examples=[""])
    failing_since: datetime | None = None
    former_secret_until: datetime | None = None
    created_at: datetime


class WebhookWithSecret(Webhook):
    """secret: shown this once. It verifies the messages, by any library of Standard Webhooks."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Delivery(Schema):
    """A message on its way to one address.  attempts: those of the ladder, without what was sent by hand.

    next_attempt_at: null if it is over, or sent just now.
    """

    id: UUID
    message_id: str = Field(examples=["msg_2q8kYr0vJ8xW1cZt5nB7uA3d"], description="As in the header webhook-id.")
    type: str = Field(examples=["meeting.ready"])
    state: DeliveryState
    happened_at: datetime
    delivered_at: datetime | None = None
    next_attempt_at: datetime | None = None
    attempts: int = Field(examples=[1])


class Attempt(Schema):
    """status: of the answer; null if there was none.  answer: its first 1,000 characters."""

    at: datetime
    seconds: float = Field(examples=[0.123])
    status: int | None = Field(None, examples=[500])
    answer: str = Field(examples=["Internal Server Error"])
    error: str = Field(examples=["The receiver answered with the status 500."])
    by_hand: bool


class DeliveryInFull(Delivery):
    """body: the very bytes that are signed; empty once the person does not allow them to be known any more."""

    body: str = Field(examples=['{"type": "meeting.ready", "timestamp": "2027-03-01T09:00:00+00:00", "data": {}}'])
    log: list[Attempt] = Field(description="Each try, the newest first.")


def shape_of(row: models.Subscription) -> Webhook:
    return Webhook(**_facts(row))


def with_secret(row: models.Subscription, secret: str) -> WebhookWithSecret:
    return WebhookWithSecret(**_facts(row), secret=secret)


def delivery(row: models.Delivery) -> Delivery:
    return Delivery(**_way(row))


def in_full(row: models.Delivery) -> DeliveryInFull:
    body = row.message.body if deliveries.is_allowed(row.message) else ""
    return DeliveryInFull(**_way(row), body=body, log=[_attempt(one) for one in row.tries.all()])


def _facts(row: models.Subscription) -> dict[str, Any]:
    former = signing_keys.former(row)
    return {
        "id": row.uid,
        "url": row.url,
        "types": row.types,
        "description": row.description,
        "enabled": row.is_enabled,
        "disabled_at": row.disabled_at,
        "disabled_reason": row.disabled_why,
        "failing_since": row.failing_since,
        "former_secret_until": former.expires_at if former else None,
        "created_at": row.created_at,
    }


def _way(row: models.Delivery) -> dict[str, Any]:
    return {
        "id": row.uid,
        "message_id": row.message.uid,
        "type": EventType(row.message.type).value,
        "state": row.state,
        "happened_at": row.message.happened_at,
        "delivered_at": row.delivered_at,
        "next_attempt_at": row.next_at,
        "attempts": row.attempts,
    }


def _attempt(row: models.Attempt) -> Attempt:
    return Attempt(
        at=row.at,
        seconds=round(row.took.total_seconds(), 3),
        status=row.status,
        answer=row.answer,
        error=row.error,
        by_hand=row.by_hand,
    )
