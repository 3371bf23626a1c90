"""Google Meet: a meeting is an event of a calendar with a link. Its id names both, event@calendar.

https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.google import calendar, paging, reading, writing
from integrations.types import CreatedMeeting, EventRequest, ListedMeeting, MeetingRequest

MAIN = "primary"
NO_MEETINGS = "Invalid conference type value"


class Meet:
    place: str | Promise = gettext_lazy("Google Meet")
    keeps_events = True

    def create_meeting(self, http: Session, host: str, request: MeetingRequest) -> CreatedMeeting:
        try:
            made = calendar.create(http, _calendar(request), _event(request))
        except RequestRejected as rejected:
            if NO_MEETINGS not in rejected.detail:
                raise
            sentence = _("This Google account makes no Meet links in that calendar. Choose another place.")
            raise RequestRejected(sentence, detail=rejected.detail) from rejected
        return _meeting(made, _calendar(request))

    def find_meeting(
        self, http: Session, host: str, request: MeetingRequest, *, since: datetime
    ) -> CreatedMeeting | None:
        """Its id is made of the marker; deleted ones are passed over."""
        for generation in range(calendar.MOST_GENERATIONS):
            named = writing.identifier(_calendar(request), request.marker, generation)
            there = calendar.known(http, _calendar(request), named)
            if there is None:
                return None
            if not reading.is_cancelled(there):
                return _meeting(there, _calendar(request))
        return None

    def update_meeting(self, http: Session, external_id: str, request: MeetingRequest) -> CreatedMeeting:
        named, where = _parts(external_id)
        return _meeting(calendar.update(http, where, named, _event(request)), where)

    def read_meeting(self, http: Session, external_id: str) -> ListedMeeting | None:
        named, where = _parts(external_id)
        there = calendar.raw(http, where, named)
        return None if there is None else _listed(there, where)

    def list_meetings(self, http: Session, host: str) -> list[ListedMeeting]:
        """Of the main calendar; those that carry a reference of ours and have a link."""
        query = {"singleEvents": "true", "timeMin": now().isoformat(), "maxResults": "2500"}
        found = paging.items(http, calendar.events_of(MAIN), query)
        return [_listed(one, MAIN) for one in found if reading.reference(one) and reading.join_url(one)]

    def delete_meeting(self, http: Session, external_id: str) -> None:
        named, where = _parts(external_id)
        calendar.Calendars().delete_event(http, where, named)


def _calendar(request: MeetingRequest) -> str:
    return request.calendar or MAIN


def _parts(external_id: str) -> tuple[str, str]:
    """The event and its calendar, whose id may hold an @ as well."""
    named, _at, where = external_id.partition("@")
    return named, where or MAIN


def _event(request: MeetingRequest) -> EventRequest:
    return EventRequest(
        title=request.topic,
        start=request.start,
        end=request.start + request.duration,
        time_zone=request.time_zone,
        reference=request.marker,
        description=f"{request.agenda}\n\n{request.marker}".strip(),
        meeting=True,
    )


def _meeting(item: dict[str, Any], where: str) -> CreatedMeeting:
    """Google may need a moment for the link; then the event is found again later, with it."""
    link = reading.join_url(item)
    asked = ((item.get("conferenceData") or {}).get("createRequest") or {}).get("status") or {}
    if not link and asked.get("statusCode") == "failure":
        raise RequestRejected(_("Google made no Meet link for this event."))
    if not link:
        raise ProviderUnavailable(_("Google is still making the Meet link. Bridge looks again in a moment."))
    return CreatedMeeting(external_id=f"{item['id']}@{where}", join_url=link)


def _listed(item: dict[str, Any], where: str) -> ListedMeeting:
    event = reading.event(item)
    if not isinstance(event.start, datetime) or not isinstance(event.end, datetime):
        event = replace(event, start=now(), end=now())  # somebody made it last all day: not where we put it
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    return ListedMeeting(
        external_id=f"{event.external_id}@{where}",
        start=event.start,
        duration=event.end - event.start,
        created_at=parse_datetime(str(item.get("created") or "")) or now(),
        agenda=event.reference,
    )
