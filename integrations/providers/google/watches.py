"""Watch channels: Google posts to an address of ours that something changed; never what.

https://developers.google.com/workspace/calendar/api/guides/push
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from django.utils.timezone import now
from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.google import translation
from integrations.types import Push, PushRequest, Watched


class Watches:
    life = timedelta(days=7)

    def watch(self, http: Session, calendar_id: str, *, address: str, secret: str, watch_id: str) -> Watched:
        """The first message may come before the answer."""
        expires_at = now() + self.life
        body = {"id": watch_id, "type": "web_hook", "address": address, "token": secret}
        body["expiration"] = str(int(expires_at.timestamp() * 1000))
        path = f"/calendar/v3/calendars/{quote(calendar_id, safe='')}/events/watch"
        told = translation.content(http.post(path, json=body))
        return Watched(watch_id, _expiry(told.get("expiration")) or expires_at, str(told.get("resourceId") or ""))

    def renew(self, http: Session, watched: Watched) -> Watched | None:
        """Google lengthens none."""
        return None

    def stop(self, http: Session, watched: Watched) -> None:
        body = {"id": watched.external_id, "resourceId": watched.resource_id}
        try:
            http.post("/calendar/v3/channels/stop", json=body)
        except RequestRejected as rejected:
            if not rejected.missing:
                raise

    def handshake(self, asked: PushRequest) -> str | None:
        return None

    def read(self, asked: PushRequest) -> list[Push]:
        """Headers only. The first message of a channel says that it works, not that something changed."""
        named, state = asked.headers.get("X-Goog-Channel-ID"), asked.headers.get("X-Goog-Resource-State")
        if not named or state in (None, "sync"):
            return []
        return [Push(named, asked.headers.get("X-Goog-Channel-Token", ""))]


def _expiry(told: object) -> datetime | None:
    """Milliseconds, as text or number."""
    text = str(told)
    return datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdecimal() and len(text) < 15 else None
