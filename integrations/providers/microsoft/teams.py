"""Meetings in Teams: events of the calendar that carry a link."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.microsoft import calendar, events, following, links, refusals
from integrations.providers.microsoft.calendar import Calendars
from integrations.types import CreatedMeeting, EventRequest, ListedMeeting, MeetingRequest

AHEAD = timedelta(days=400)


class Meetings:
    place: str | Promise = gettext_lazy("Microsoft Teams")
    keeps_events = True

    def create_meeting(self, http: Session, host: str, request: MeetingRequest) -> CreatedMeeting:
        """Where Teams is missing Graph makes an event without a link, and says nothing: then it goes again."""
        known = calendar.by_reference(http, request.calendar, request.marker)
        made = (
            calendar.item(http, "", known.external_id)
            if known
            else calendar.create(http, request.calendar, _event(request))
        )
        if not events.join_url(made):  # it may come a moment later
            made = calendar.item(http, "", str(made["id"]))
        if events.join_url(made):
            return CreatedMeeting(str(made["id"]), events.join_url(made))
        self.delete_meeting(http, str(made["id"]))
        raise RequestRejected(_("This Microsoft account cannot hold Teams meetings. Choose another place."))

    def find_meeting(
        self, http: Session, host: str, request: MeetingRequest, *, since: datetime
    ) -> CreatedMeeting | None:
        found = calendar.by_reference(http, request.calendar, request.marker)
        return CreatedMeeting(found.external_id, found.join_url) if found and found.join_url else None

    def update_meeting(self, http: Session, external_id: str, request: MeetingRequest) -> CreatedMeeting:
        moved = Calendars().update_event(http, "", external_id, _event(request))
        return CreatedMeeting(moved.external_id, moved.join_url)

    def read_meeting(self, http: Session, external_id: str) -> ListedMeeting | None:
        with refusals.gone_is_fine():
            return _listed(calendar.item(http, "", external_id))
        return None

    def list_meetings(self, http: Session, host: str) -> list[ListedMeeting]:
        """Of all calendars: a booking may be kept in any of them."""
        return [_listed(item) for item in _coming(http) if events.join_url(item) and not item.get("isCancelled")]

    def delete_meeting(self, http: Session, external_id: str) -> None:
        Calendars().delete_event(http, "", external_id)


def _event(request: MeetingRequest) -> EventRequest:
    return EventRequest(
        title=request.topic,
        start=request.start,
        end=request.start + request.duration,
        time_zone=request.time_zone,
        reference=request.marker,
        description=request.agenda,
        meeting=True,
    )


def _coming(http: Session) -> Iterator[dict[str, Any]]:
    query = following.query((now(), now() + AHEAD))
    for one in links.items(http, "/me/calendars", {"$top": "100"}):
        path = f"{links.calendar(str(one['id']))}/calendarView"
        yield from links.items(http, path, {**query, "$expand": events.EXPAND})


def _listed(item: dict[str, Any]) -> ListedMeeting:
    """Without a time of making it counts as made just now. The marker stands first."""
    event = events.read(item)
    start, end = (_aware(at) for at in (event.start, event.end))
    created = str(item.get("createdDateTime") or "")
    return ListedMeeting(
        external_id=event.external_id,
        start=start,
        duration=end - start,
        created_at=datetime.fromisoformat(created) if created else now(),
        agenda=f"{event.reference}\n\n{event.description}".strip(),
    )


def _aware(at: datetime | date) -> datetime:
    """A day counts from midnight."""
    return at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)
