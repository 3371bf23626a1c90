"""Zoom: what we send, and how each of its failures is told (contracts/zoom.md, 3.11 and 4)."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import requests
import responses
from django.utils.timezone import now

from integrations import conferencing
from integrations.exceptions import (
    ProviderUnavailable,
)
from integrations.providers.zoom import zones
from integrations.providers.zoom.provider import Zoom
from integrations.types import AppKind
from tests.integrations.conftest import PAULA
from tests.integrations.providers.zoom_answers import MARKER, request

# --- What we send -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_meeting_is_asked_for_as_zoom_wants_it(connection, settings):
    with responses.RequestsMock() as wire:
        made = {"id": 89135283549, "join_url": "https://zoom.us/j/89135283549?pwd=x", "password": "4f8kQ2"}
        wire.post(settings.ZOOM_API_URL + "/users/me/meetings", json=made, status=201)
        created = conferencing.create_meeting(
            connection,
            request(
                topic="Intro call with Bo " * 20,
                start=datetime(2026, 12, 1, 10, tzinfo=UTC),
                duration=timedelta(minutes=30, seconds=1),
                time_zone="Europe/Kyiv",
                agenda="x" * 3000,
            ),
        )
        sent = json.loads(wire.calls[0].request.body)
        headers = wire.calls[0].request.headers

    assert created.external_id == "89135283549"
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"].startswith("Bearer ey")
    assert sent["start_time"] == "2026-12-01T10:00:00Z"
    assert sent["timezone"] == "Europe/Kiev"
    assert sent["duration"] == 31
    assert len(sent["topic"]) == 200
    assert sent["agenda"].startswith(f"{MARKER}\n")
    assert len(sent["agenda"]) <= 2000
    assert sent["type"] == 2
    assert sent["settings"]["use_pmi"] is False
    assert sent["settings"]["email_notification"] is False
    assert "password" not in sent
    assert "schedule_for" not in sent


@pytest.mark.django_db
def test_a_change_is_sent_and_then_read_again(connection, zoom):
    created = conferencing.create_meeting(connection, request())

    conferencing.update_meeting(connection, created.external_id, request(topic="Later"))

    assert [(call.method, call.path) for call in zoom.calls[-2:]] == [
        ("PATCH", f"/v2/meetings/{created.external_id}"),
        ("GET", f"/v2/meetings/{created.external_id}"),
    ]
    assert zoom.meeting(created.external_id).topic == "Later"


@pytest.mark.django_db
def test_a_deletion_asks_zoom_for_no_mails(connection, settings):
    with responses.RequestsMock() as wire:
        wire.delete(settings.ZOOM_API_URL + "/meetings/123", status=204)
        conferencing.delete_meeting(connection, "123")

        assert "schedule_for_reminder=false" in str(wire.calls[0].request.url)


# --- Looking for what an unclear answer left behind -------------------------------------------------------------------


@pytest.mark.django_db
def test_of_several_found_the_first_is_taken_and_the_others_are_removed(connection, zoom):
    first = conferencing.create_meeting(connection, request())
    for _ in range(2):
        zoom.advance(seconds=5)
        conferencing.create_meeting(connection, request())

    assert conferencing.find_meeting(connection, request(), since=now()) == first
    assert [str(meeting.id) for meeting in zoom.meetings(PAULA)] == [first.external_id]


@pytest.mark.django_db
def test_all_pages_are_looked_through(connection, zoom, settings):
    zoom.limits.enforced = False
    for number in range(310):
        conferencing.create_meeting(connection, request(marker=f"Booking BR-{number:012}"))

    found = [
        conferencing.find_meeting(connection, request(marker=f"Booking BR-{n:012}"), since=now()) for n in (0, 309)
    ]

    assert None not in found


@pytest.mark.django_db
def test_a_list_without_end_is_given_up(connection, settings):
    tokens = count()

    def page(_request: object) -> tuple[int, dict[str, str], str]:
        return 200, {}, json.dumps({"meetings": [], "next_page_token": f"t{next(tokens)}"})

    with responses.RequestsMock() as wire:
        wire.add_callback("GET", settings.ZOOM_API_URL + "/users/me/meetings", callback=page)

        with pytest.raises(ProviderUnavailable):
            conferencing.find_meeting(connection, request(), since=now())


@pytest.mark.django_db
def test_a_marker_that_only_begins_alike_is_another_booking(connection, zoom):
    conferencing.create_meeting(connection, request(marker=f"{MARKER}7"))

    assert conferencing.find_meeting(connection, request(), since=now()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 200, 400])
def test_a_meeting_is_found_however_far_ahead_it_is(connection, zoom, days):
    """Zoom's list of coming meetings ends after six months, and begins with the next to start."""
    far = request(start=(now() + timedelta(days=days)).replace(second=0, microsecond=0))
    created = conferencing.create_meeting(connection, far)

    assert conferencing.find_meeting(connection, far, since=now()) == created


@pytest.mark.django_db
def test_where_the_list_has_no_agendas_time_and_topic_tell(connection, settings):
    wanted = request()
    mine = {
        "id": 1,
        "topic": "Intro",
        "start_time": f"{wanted.start:%Y-%m-%dT%H:%M:%SZ}",
        "duration": 30,
        "created_at": f"{now():%Y-%m-%dT%H:%M:%SZ}",
    }
    older = mine | {"id": 2, "created_at": "2020-01-01T00:00:00Z"}
    others = mine | {"id": 3, "agenda": "Booking BR-999999999999"}
    with responses.RequestsMock() as wire:
        wire.get(settings.ZOOM_API_URL + "/users/me/meetings", json={"meetings": [older, others, mine]})
        wire.get(settings.ZOOM_API_URL + "/meetings/1", json={"id": 1, "join_url": "https://zoom.us/j/1"})

        found = conferencing.find_meeting(connection, wanted, since=now())

    assert found is not None
    assert found.external_id == "1"


# --- Time zones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "spelled"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Europe/Kyiv", "Europe/Kiev"),
        ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
        ("America/Nuuk", "America/Godthab"),
        ("America/Indiana/Indianapolis", "America/Indianapolis"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Australia/Lord_Howe", "UTC"),
        ("Pacific/Kiritimati", "UTC"),
        ("America", "UTC"),
        ("../../etc/passwd", "UTC"),
    ],
)
def test_zones_are_spelled_as_zoom_knows_them(zone, spelled):
    assert zones.spelled(zone) == spelled


# --- Who authorized ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "paid"), [(1, False), (2, True), (4, False), (99, False), (3, None), ("2", None), (None, None)]
)
def test_the_plan_is_read_from_the_type(settings, type_, paid):
    user = {"id": "abc", "account_id": "x", "email": "a@b.example", "type": type_, "first_name": "A", "last_name": "B"}
    with responses.RequestsMock() as wire, requests.Session() as http:
        wire.get("https://api.example/users/me", json=user)
        http.get = lambda path: requests.get("https://api.example" + path, timeout=1)

        identity = Zoom().identify(http, Zoom().installed_app(AppKind.PERSONAL))

    assert (identity.paid, identity.name, identity.email) == (paid, "A B", "a@b.example")
