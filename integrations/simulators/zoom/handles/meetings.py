"""Meetings, as their hosts handle them in Zoom itself."""

from datetime import UTC, datetime
from typing import Any

from integrations.simulators.zoom import lifecycle, meeting_answers, meeting_making, times
from integrations.simulators.zoom.handles.named import Named
from integrations.simulators.zoom.records import Meeting, User


class Meetings(Named):
    def meetings(self, host: User | str | None = None, *, deleted: bool = False) -> list[Meeting]:
        """Those in force (or those deleted), in the order of their making."""
        with self.world.lock:
            known = [meeting for meeting in self.world.meetings.values() if bool(meeting.deleted_at) == deleted]
            return [meeting for meeting in known if host is None or meeting.host_id == self.user(host).id]

    def meeting(self, meeting_id: int | str) -> Meeting:
        """Also a deleted one. Raises KeyError."""
        return self.world.meetings[int(meeting_id)]

    def join_url(self, meeting: Meeting) -> str:
        return meeting_answers.join_url(meeting)

    def change_meeting(self, meeting_id: int | str, **body: Any) -> None:
        """As the host does it in Zoom: topic, start_time, duration, … as the API takes them."""
        with self.world.lock:
            lifecycle.change(self.world, self.meeting(meeting_id), body)

    def move_meeting(self, meeting_id: int | str, start: datetime, duration: int | None = None) -> None:
        """As the host does it in Zoom. `start` is aware, `duration` in minutes."""
        minutes = {} if duration is None else {"duration": duration}
        self.change_meeting(meeting_id, start_time=times.seconds(start.astimezone(UTC)), **minutes)

    def delete_meeting(self, meeting_id: int | str) -> None:
        """As the host does it in Zoom."""
        with self.world.lock:
            lifecycle.delete(self.world, self.meeting(meeting_id))

    def start_meeting(self, meeting_id: int | str) -> None:
        with self.world.lock:
            lifecycle.start(self.world, self.meeting(meeting_id))

    def end_meeting(self, meeting_id: int | str) -> None:
        with self.world.lock:
            lifecycle.end(self.world, self.meeting(meeting_id))

    def make_meeting(self, host: User | str, topic: str, start: datetime, *, minutes: int = 60) -> Meeting:
        """As the host does it in Zoom. `start` is aware."""
        with self.world.lock:
            body = {"topic": topic, "start_time": times.seconds(start.astimezone(UTC)), "duration": minutes}
            made = meeting_making.make(self.world, self.user(host), body, "https://zoom.example")
            return self.world.meetings.setdefault(made.id, made)

    def make_webinar(self, host: User | str, topic: str, start: datetime, *, minutes: int = 60) -> Meeting:
        made = self.make_meeting(host, topic, start, minutes=minutes)
        made.webinar = True
        return made

    def convert_to_webinar(self, meeting_id: int | str) -> None:
        self.meeting(meeting_id).webinar = True
