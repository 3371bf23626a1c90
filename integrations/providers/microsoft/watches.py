"""Graph's subscriptions: one tells of all calendars of a mailbox. The secret travels with our id in `clientState`.

https://learn.microsoft.com/graph/change-notifications-overview
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.timezone import now
from requests import Response, Session

from integrations.exceptions import RequestRejected
from integrations.providers.microsoft import refusals, translation
from integrations.types import Push, PushKind, PushRequest, Watched

LONGEST_TOKEN = 2000
KINDS = {
    "reauthorizationRequired": PushKind.RENEW,
    "subscriptionRemoved": PushKind.GONE,
    "missed": PushKind.MISSED,
}


class Watches:
    life = timedelta(minutes=4200)
    """Older texts say 4,230 minutes at most, newer ones 10,080."""

    def watch(self, http: Session, calendar_id: str, *, address: str, secret: str, watch_id: str) -> Watched:
        """The lifecycle address can be named now only."""
        asked = {
            "changeType": "created,updated,deleted",
            "notificationUrl": address,
            "lifecycleNotificationUrl": address,
            "resource": "/me/events",
            "expirationDateTime": _spelled(now() + self.life),
            "clientState": f"{watch_id}.{secret}",
        }
        response = http.post("/subscriptions", json=asked, headers={"Prefer": 'IdType="ImmutableId"'})
        return _promised(response)

    def renew(self, http: Session, watched: Watched) -> Watched | None:
        """Also confirms our access, if that was asked for."""
        try:
            changed = {"expirationDateTime": _spelled(now() + self.life)}
            return _promised(http.patch(f"/subscriptions/{watched.external_id}", json=changed))
        except RequestRejected as rejected:
            if not rejected.missing:
                raise
            return None

    def stop(self, http: Session, watched: Watched) -> None:
        with refusals.gone_is_fine():
            http.delete(f"/subscriptions/{watched.external_id}")

    def handshake(self, asked: PushRequest) -> str | None:
        token = asked.query.get("validationToken", "")
        return token if 0 < len(token) <= LONGEST_TOKEN else None

    def read(self, asked: PushRequest) -> list[Push]:
        """Several may come at once. What is not ours to understand is left out."""
        try:
            told = json.loads(asked.body)
        except ValueError:
            return []
        found = told.get("value") if isinstance(told, dict) else None
        notes = [note for note in found if isinstance(note, dict)] if isinstance(found, list) else []
        return list(dict.fromkeys(push for note in notes if (push := _push(note)) is not None))


def _push(note: dict[str, Any]) -> Push | None:
    watch_id, dot, secret = str(note.get("clientState") or "").partition(".")
    if not dot or not secret:
        return None
    return Push(watch_id, secret, KINDS.get(str(note.get("lifecycleEvent") or ""), PushKind.CHANGED))


def _promised(response: Response) -> Watched:
    made = translation.content(response)
    try:
        expires_at = datetime.fromisoformat(str(made["expirationDateTime"]))
        return Watched(str(made["id"]), expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=UTC))
    except (KeyError, ValueError) as error:
        raise translation.unclear(response) from error


def _spelled(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
