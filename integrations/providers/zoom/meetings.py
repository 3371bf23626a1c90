"""Zoom's meetings. There is no idempotency key, calling create twice makes two meetings; so a marker stands at the
start of `agenda`, by which a meeting is found again.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Response, Session

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.zoom import translation, zones
from integrations.types import CreatedMeeting, ListedMeeting, MeetingRequest

TOPIC, AGENDA = 200, 1900  # Zoom takes 200 and 2000
MOST_PAGES = 100
CLOCK_SKEW = timedelta(minutes=5)


class Meetings:
    place: str | Promise = gettext_lazy("Zoom")
    keeps_events = False

    def create_meeting(self, http: Session, host: str, request: MeetingRequest) -> CreatedMeeting:
        """https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings"""
        return _meeting(http.post(_of(host), json=_fields(request) | {"type": 2, "settings": _settings()}))

    def find_meeting(
        self, http: Session, host: str, request: MeetingRequest, *, since: datetime
    ) -> CreatedMeeting | None:
        """The first of those found, others are deleted: two answers got lost. GET tells its passcode, the list not."""
        found = sorted(
            _candidates(http, host, request, since), key=lambda item: (str(item.get("created_at", "")), item["id"])
        )
        for other in found[1:]:
            self.delete_meeting(http, str(other["id"]))
        return _meeting(http.get(f"/meetings/{found[0]['id']}")) if found else None

    def update_meeting(self, http: Session, external_id: str, request: MeetingRequest) -> CreatedMeeting:
        """PATCH answers with nothing, and the link may have changed: so read it again."""
        http.patch(f"/meetings/{int(external_id)}", json=_fields(request))
        return _meeting(http.get(f"/meetings/{int(external_id)}"))

    def read_meeting(self, http: Session, external_id: str) -> ListedMeeting | None:
        try:
            response = http.get(f"/meetings/{int(external_id)}")
        except RequestRejected as rejected:
            if not rejected.missing:
                raise
            return None
        try:
            return listed_meeting(translation.content(response))
        except (KeyError, TypeError, ValueError) as error:
            raise translation.unclear(response) from error

    def list_meetings(self, http: Session, host: str) -> list[ListedMeeting]:
        items = [item for item in _listed(http, host) if item.get("start_time")]
        try:
            return [listed_meeting(item) for item in items]
        except (TypeError, ValueError) as error:
            raise ProviderUnavailable("Zoom’s list of meetings cannot be read.") from error

    def delete_meeting(self, http: Session, external_id: str) -> None:
        """No mails from Zoom; Bridge writes its own. The first parameter's default is not documented."""
        silently = {"schedule_for_reminder": "false", "cancel_meeting_reminder": "false"}
        try:
            http.delete(f"/meetings/{int(external_id)}", params=silently)
        except RequestRejected as rejected:
            if not rejected.missing:
                raise


def _fields(request: MeetingRequest) -> dict[str, Any]:
    """UTC with a trailing Z and whole minutes; `timezone` then only says how Zoom shows it."""
    agenda = f"{request.marker}\n\n{request.agenda}".strip()
    return {
        "topic": request.topic[:TOPIC],
        "start_time": _instant(request.start),
        "duration": _minutes(request),
        "timezone": zones.spelled(request.time_zone),
        "agenda": agenda[:AGENDA],
    }


def _settings() -> dict[str, Any]:
    """use_pmi follows the user's own setting if left out, and then all bookings share one room."""
    return {
        "use_pmi": False,
        "waiting_room": True,
        "join_before_host": False,
        "approval_type": 2,
        "email_notification": False,
        "auto_recording": "none",
    }


def _instant(start: datetime) -> str:
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minutes(request: MeetingRequest) -> int:
    return min(max(math.ceil(request.duration / timedelta(minutes=1)), 1), 1440)


def _of(host: str) -> str:
    """Ids may hold what a path must not."""
    return f"/users/{quote(host, safe='')}/meetings"


def _candidates(http: Session, host: str, request: MeetingRequest, since: datetime) -> Iterator[dict[str, Any]]:
    for item in _listed(http, host):
        if _is_marked(item, request.marker) or _looks_alike(item, request, since):
            yield item


def _listed(http: Session, host: str) -> Iterator[dict[str, Any]]:
    """Not `upcoming`, which ends after six months: a booking may have moved since its meeting was asked for."""
    query = {"type": "scheduled", "page_size": "300"}
    for _page in range(MOST_PAGES):
        response = http.get(_of(host), params=query)
        page = translation.content(response)
        if not isinstance(page.get("meetings"), list):
            raise translation.unclear(response)
        yield from (item for item in page["meetings"] if isinstance(item, dict) and item.get("id"))
        if not page.get("next_page_token"):
            return
        query["next_page_token"] = page["next_page_token"]
    raise ProviderUnavailable(_("Zoom’s list of meetings does not end. Bridge looks at it again later."))


def listed_meeting(item: dict[str, Any]) -> ListedMeeting:
    """Without `created_at` it counts as made just now."""
    return ListedMeeting(
        external_id=str(item["id"]),
        start=datetime.fromisoformat(str(item["start_time"])),
        duration=timedelta(minutes=int(item.get("duration") or 0)),
        created_at=datetime.fromisoformat(str(item["created_at"])) if item.get("created_at") else now(),
        agenda=str(item.get("agenda") or ""),
        topic=str(item.get("topic") or ""),
        join_url=str(item.get("join_url") or ""),
    )


def _is_marked(item: dict[str, Any], marker: str) -> bool:
    """At the start of the agenda, as a whole word: BR-12 is not BR-123."""
    agenda = str(item.get("agenda") or "")
    return agenda.startswith(marker) and not agenda[len(marker) :][:1].isalnum()


def _looks_alike(item: dict[str, Any], request: MeetingRequest, since: datetime) -> bool:
    """For lists that come without agendas."""
    wanted = (request.topic[:TOPIC], _instant(request.start), _minutes(request))
    alike = (item.get("topic"), item.get("start_time"), item.get("duration")) == wanted
    return alike and not item.get("agenda") and str(item.get("created_at", "")) >= _instant(since - CLOCK_SKEW)


def _meeting(response: Response) -> CreatedMeeting:
    """Zoom's values, not ours: it may have changed what was sent."""
    meeting = translation.content(response)
    try:
        external_id, join_url = str(int(meeting["id"])), str(meeting["join_url"])
    except (KeyError, TypeError, ValueError) as error:
        raise translation.unclear(response) from error
    if not join_url.startswith(("https://", "http://")):
        raise translation.unclear(response)
    return CreatedMeeting(external_id=external_id, join_url=join_url, passcode=str(meeting.get("password") or ""))
