"""Behaviours 30 to 48 of section 10 in the contract: meetings."""

import time
from typing import Any
from urllib.parse import quote

import pytest
import requests

from integrations.simulators.zoom.records import UNASSIGNED
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, MEETING, ZoomClient

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"
NOW = "2026-11-20T10:00:00Z"


def refusal(answer: requests.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


def listed(client: ZoomClient, token: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.call("GET", "/users/me/meetings", token, params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["meetings"])


def test_30_a_created_meeting_has_what_zoom_gives(client: ZoomClient, paula: str) -> None:
    made = client.created(paula)

    assert len(str(made["id"])) == 11
    assert made["id"] > 2**32
    assert "?pwd=" in made["join_url"]
    assert made["password"]
    assert (made["start_time"], made["created_at"], made["status"]) == ("2026-12-01T09:00:00Z", NOW, "waiting")


def test_30_some_uuids_need_care(client: ZoomClient, paula: str) -> None:
    uuids = [client.created(paula)["uuid"] for _ in range(8)]

    assert any(uuid.startswith("/") for uuid in uuids)
    assert any("//" in uuid for uuid in uuids)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topic": "x" * 201}, "topic"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"password": "x" * 11}, "password"),
        ({"duration": 0}, "duration"),
        ({"duration": 1441}, "duration"),
        ({"duration": "30"}, "duration"),
        ({"type": 7}, "type"),
        ({"start_time": "2026-12-01T09:00:00+02:00"}, "start_time"),
        ({"settings": {"approval_type": 3}}, "settings.approval_type"),
        ({"settings": {"waiting_room": "yes"}}, "settings.waiting_room"),
    ],
)
def test_31_wrong_fields_are_named(client: ZoomClient, paula: str, wrong: dict[str, Any], field: str) -> None:
    answer = client.create(paula, **wrong)

    assert refusal(answer) == (400, 300)
    assert answer.json()["errors"] == [{"field": field, "message": "Invalid field."}]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_31_a_body_that_is_no_json_is_refused(client: ZoomClient, paula: str, body: bytes) -> None:
    assert refusal(client.call("POST", "/users/me/meetings", paula, data=body)) == (400, 300)


@pytest.mark.parametrize(
    ("start_time", "time_zone", "start"),
    [
        ("2026-12-01T09:00:00Z", "America/New_York", "2026-12-01T09:00:00Z"),
        ("2026-12-01T09:00:00", "America/New_York", "2026-12-01T14:00:00Z"),
        ("2026-12-01T09:00:00", None, "2026-12-01T08:00:00Z"),
        ("2026-12-01T09:00:00", "SST", "2026-11-30T22:00:00Z"),
    ],
)
def test_32_start_time_is_an_instant_or_wall_time(
    client: ZoomClient, paula: str, start_time: str, time_zone: str | None, start: str
) -> None:
    body = {name: value for name, value in MEETING.items() if name != "timezone"}
    body |= {"start_time": start_time} | ({"timezone": time_zone} if time_zone else {})

    made = client.call("POST", "/users/me/meetings", paula, json=body).json()

    assert made["start_time"] == start


def test_32_an_unlisted_zone_is_ignored_or_refused(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    assert client.created(paula, timezone="Antarctica/Troll")["timezone"] == "Europe/Berlin"

    zoom.switches.unlisted_time_zone = "reject"

    assert refusal(client.create(paula, timezone="Antarctica/Troll")) == (400, 300)


@pytest.mark.parametrize("start_time", ["2026-11-20T09:59:00Z", ""])
def test_33_a_past_or_missing_start_becomes_now(client: ZoomClient, paula: str, start_time: str) -> None:
    assert client.created(paula, start_time=start_time)["start_time"] == NOW


def test_33_a_past_start_in_an_update_is_ignored(client: ZoomClient, paula: str) -> None:
    path = f"/meetings/{client.created(paula)['id']}"

    assert client.call("PATCH", path, paula, json={"start_time": "2026-01-01T09:00:00Z"}).status_code == 204

    assert client.call("GET", path, paula).json()["start_time"] == MEETING["start_time"]


def test_34_a_locked_account_secures_every_meeting(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    bare: dict[str, Any] = {
        "default_password": False,
        "settings": {"waiting_room": False, "meeting_authentication": False},
    }
    made = client.created(paula, **bare)
    assert (made["password"], made["settings"]["waiting_room"]) == ("", True)

    zoom.account("Acme").security_locked = False

    assert client.created(paula, **bare)["settings"]["waiting_room"] is False


def test_35_a_waiting_room_shuts_the_door_before_the_host(client: ZoomClient, paula: str) -> None:
    settings = client.created(paula, settings={"waiting_room": True, "join_before_host": True})["settings"]

    assert (settings["waiting_room"], settings["join_before_host"]) == (True, False)


def test_36_use_pmi_follows_the_user(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.change_user(PAULA, use_pmi=True)

    shared = client.created(paula)
    own = client.created(paula, settings={"use_pmi": False})

    assert shared["pmi"] == str(zoom.user(PAULA).pmi)
    assert shared["pmi"] in shared["join_url"]
    assert "pmi" not in own
    assert str(own["id"]) in own["join_url"]


def test_37_without_a_licence_nobody_hosts(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.change_user(PAULA, type=UNASSIGNED)

    assert refusal(client.create(paula)) == (400, 3161)


def test_37_a_basic_hosts_meeting_ends_after_40_minutes(zoom: ZoomSimulator, client: ZoomClient) -> None:
    fred = client.connect(FRED)["access_token"]
    made = client.created(fred, duration=60)
    zoom.start_meeting(made["id"])

    zoom.advance(minutes=39)
    assert zoom.meeting(made["id"]).ended_at is None
    zoom.advance(minutes=5)

    started, ended = zoom.meeting(made["id"]).started_at, zoom.meeting(made["id"]).ended_at
    assert started
    assert ended
    assert (ended - started).total_seconds() == 40 * 60


def test_38_an_admin_token_creates_for_another_host(zoom: ZoomSimulator, client: ZoomClient, admin: str) -> None:
    made = client.created(admin, PEDRO)

    assert (made["host_id"], made["host_email"]) == (zoom.user(PEDRO).id, PEDRO)
    assert refusal(client.create(admin, FRED)) == (404, 1001)


def test_39_schedule_for_needs_the_privilege(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    answer = client.create(paula, schedule_for=PEDRO)
    assert refusal(answer) == (400, 3000)
    assert answer.json()["message"] == f"You cannot schedule a meeting for {PEDRO}"

    zoom.user(PEDRO).schedulers.add(zoom.user(PAULA).id)

    made = client.created(paula, schedule_for=PEDRO)
    assert (made["host_id"], made["assistant_id"]) == (zoom.user(PEDRO).id, zoom.user(PAULA).id)


def test_40_an_update_is_empty_and_changes_what_it_names(client: ZoomClient, paula: str) -> None:
    made = client.created(paula)
    path = f"/meetings/{made['id']}"

    answer = client.call("PATCH", path, paula, json={"topic": "Moved", "start_time": "2026-12-02T10:00:00Z"})

    assert (answer.status_code, answer.content) == (204, b"")
    now = client.call("GET", path, paula).json()
    changed = {name for name in made if now[name] != made[name]}
    assert changed == {"topic", "start_time", "start_url"}


def test_40_a_new_passcode_changes_the_join_url(client: ZoomClient, paula: str) -> None:
    made = client.created(paula)
    path = f"/meetings/{made['id']}"

    client.call("PATCH", path, paula, json={"password": "other1"})

    now = client.call("GET", path, paula).json()
    assert now["password"] == "other1"
    assert now["join_url"] != made["join_url"]


def test_41_a_deleted_meeting_is_gone(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    path = f"/meetings/{client.created(paula)['id']}"

    answer = client.call("DELETE", path, paula)

    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("DELETE", "GET", "PATCH"):
        assert refusal(client.call(method, path, paula, json={})) == (404, 3001)
    assert listed(client, paula) == []


def test_41_a_deleted_meeting_can_be_brought_back(client: ZoomClient, paula: str) -> None:
    path = f"/meetings/{client.created(paula)['id']}"
    client.call("DELETE", path, paula)

    assert client.call("PUT", path + "/status", paula, json={"action": "recover"}).status_code == 204

    assert client.call("GET", path, paula).status_code == 200


@pytest.mark.parametrize(("status", "code"), [(404, 3001), (400, 3003)])
def test_42_another_users_meeting_is_refused(
    zoom: ZoomSimulator, client: ZoomClient, paula: str, status: int, code: int
) -> None:
    zoom.switches.foreign_meeting = (status, code)
    path = f"/meetings/{client.created(paula, topic='Secret')['id']}"
    pedro = client.connect(PEDRO)["access_token"]

    for method in ("GET", "PATCH", "DELETE"):
        answer = client.call(method, path, pedro, json={"topic": "Mine"})
        assert refusal(answer) == (status, code)
        assert "Secret" not in answer.text
    assert [meeting.topic for meeting in zoom.meetings()] == ["Secret"]


def test_43_a_meeting_expires_30_days_after_its_time(zoom: ZoomSimulator, client: ZoomClient) -> None:
    path = f"/meetings/{client.created(client.connect(PAULA)['access_token'])['id']}"
    zoom.advance(days=40)
    assert client.call("GET", path, client.connect(PAULA)["access_token"]).status_code == 200

    zoom.advance(days=1)

    assert refusal(client.call("GET", path, client.connect(PAULA)["access_token"])) == (404, 3001)


def test_44_lists_hold_little(client: ZoomClient, paula: str) -> None:
    client.created(paula, agenda="Booking BR-7F3K2 " + "x" * 500)
    client.created(paula, type=1)

    (item,) = listed(client, paula)

    assert item["agenda"].startswith("Booking BR-7F3K2")
    assert len(item["agenda"]) == 250
    assert not {"password", "settings", "start_url"} & set(item)


def test_44_lists_come_in_pages_of_at_most_300(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.limits.enforced = False
    for _ in range(310):
        client.created(paula)

    first = client.call("GET", "/users/me/meetings", paula, params={"page_size": 1000}).json()
    rest = listed(client, paula, page_size=300, next_page_token=first["next_page_token"])

    assert (first["page_size"], len(first["meetings"]), len(rest)) == (300, 300, 10)


def test_44_upcoming_reaches_six_months(client: ZoomClient, paula: str) -> None:
    near, far = client.created(paula)["id"], client.created(paula, start_time="2027-07-01T09:00:00Z")["id"]

    assert [item["id"] for item in listed(client, paula, type="upcoming", page_size=300)] == [near]
    assert [item["id"] for item in listed(client, paula)] == [near, far]
    assert client.call("GET", "/users/me/upcoming_meetings", paula).json() == {"total_records": 0, "meetings": []}


def test_45_a_uuid_with_slashes_needs_double_encoding(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    made = [client.created(paula) for _ in range(4)]
    for meeting in made:
        zoom.start_meeting(meeting["id"])
        zoom.end_meeting(meeting["id"])

    for uuid in (meeting["uuid"] for meeting in made):
        once, twice = quote(uuid, safe=""), quote(quote(uuid, safe=""), safe="")
        care = uuid.startswith("/") or "//" in uuid
        assert client.call("GET", f"/past_meetings/{once}", paula).status_code == (404 if care else 200)
        assert client.call("GET", f"/past_meetings/{twice}", paula).json()["uuid"] == uuid


def test_46_start_urls_change_and_die(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    made = client.created(paula)
    again = client.call("GET", f"/meetings/{made['id']}", paula).json()
    assert again["start_url"] != made["start_url"]
    assert client.http.get(made["start_url"], timeout=10).status_code == 200

    zoom.advance(hours=2)

    assert client.http.get(made["start_url"], timeout=10).status_code == 403


def test_47_a_meeting_turned_webinar_is_no_meeting(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    made = client.created(paula)
    zoom.convert_to_webinar(made["id"])

    for method in ("GET", "PATCH", "DELETE"):
        answer = client.call(method, f"/meetings/{made['id']}", paula, json={})
        assert refusal(answer) == (400, 3000)
        assert answer.json()["message"].startswith("Cannot access webinar info")


def test_48_created_but_no_answer(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.faults.add("drop_after", method="POST", path="/v2/users/*/meetings", times=1)

    with pytest.raises(requests.ConnectionError):
        client.create(paula)

    assert [item["agenda"] for item in listed(client, paula)] == [MEETING["agenda"]]


def test_48_created_but_answered_too_late(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.faults.add("late_answer", method="POST", path="/v2/users/*/meetings", times=1, seconds=0.5)

    with pytest.raises(requests.ReadTimeout):
        client.call("POST", "/users/me/meetings", paula, json=MEETING, timeout=0.2)

    assert len(listed(client, paula)) == 1


def test_48_created_and_answered_slowly(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.faults.add("latency", method="POST", times=1, seconds=0.2)
    before = time.monotonic()

    assert client.create(paula).status_code == 201

    assert time.monotonic() - before >= 0.2


def test_48_created_and_answered_by_a_gateway_in_html(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    zoom.faults.add("status", method="POST", times=1, status=502, commit=True)

    answer = client.create(paula)

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert "<html>" in answer.text
    assert len(listed(client, paula)) == 1


def test_an_admin_reaches_meetings_of_the_account_only(zoom: ZoomSimulator, client: ZoomClient, admin: str) -> None:
    fred = client.created(client.connect(FRED)["access_token"])["id"]
    pedro = client.created(client.connect(PEDRO)["access_token"])["id"]

    assert refusal(client.call("GET", f"/meetings/{fred}", admin)) == (404, 3001)
    assert client.call("GET", f"/meetings/{pedro}", admin).status_code == 200
    assert CALLBACK in zoom.app("admin-client").redirect_uris


def test_a_running_meeting_is_not_deleted(zoom: ZoomSimulator, client: ZoomClient, paula: str) -> None:
    path = f"/meetings/{client.created(paula)['id']}"
    zoom.start_meeting(path.rpartition("/")[2])
    assert refusal(client.call("DELETE", path, paula)) == (400, 3002)

    client.call("PUT", path + "/status", paula, json={"action": "end"})

    assert client.call("DELETE", path, paula).status_code == 204
