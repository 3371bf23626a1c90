"""What Bridge really sends to Zoom, and what it is told, held against Zoom's published schema where that is at hand."""

import io
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.utils.timezone import now

from integrations import conferencing
from integrations.types import MeetingRequest
from tests import contracts, factories


class Recorder:
    """Stands before the simulated Zoom's API and notes what comes and what goes."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.calls: list[dict[str, Any]] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        call: dict[str, Any] = {
            "method": environ["REQUEST_METHOD"],
            "body": json.loads(raw) if raw[:1] == b"{" else None,
        }
        call["path"] = environ["PATH_INFO"] + ("?" + environ["QUERY_STRING"] if environ["QUERY_STRING"] else "")

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            call["status"] = int(status.split()[0])
            return start_response(status, headers, *more)

        answer = list(self.application({**environ, "wsgi.input": io.BytesIO(raw)}, note))
        call["answer"] = json.loads(b"".join(answer)) if b"".join(answer)[:1] == b"{" else None
        if call["path"].startswith("/v2/"):
            self.calls.append(call)
        return answer


if contracts.present():

    def test_every_request_of_bridge_and_every_answer_follow_the_schema(zoom, olga, connect_zoom):
        recorder = zoom.application = Recorder(zoom.application)
        connection = connect_zoom(olga)
        request = MeetingRequest(
            topic="Intro call: Ivan – Olga",
            start=factories.MONDAY + timedelta(hours=9),
            duration=timedelta(minutes=30),
            time_zone="Asia/Kathmandu",
            marker="Booking BR-0123456789AB",
            agenda="Booked by Ivan",
        )
        made = conferencing.create_meeting(connection, request)
        conferencing.find_meeting(connection, request, since=now())
        conferencing.update_meeting(connection, made.external_id, request)
        conferencing.list_meetings(connection)
        conferencing.delete_meeting(connection, made.external_id)

        asked = [call["method"] for call in recorder.calls]
        assert asked == ["GET", "POST", "GET", "GET", "PATCH", "GET", "GET", "DELETE"]
        for call in recorder.calls:
            contracts.check_request(call["method"], call["path"], call["body"])
            contracts.check_response(call["method"], call["path"], call["status"], call["answer"])
