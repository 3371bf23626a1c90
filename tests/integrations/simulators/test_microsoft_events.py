"""The simulated Graph: writing events (behaviours 41 to 45 and 53 to 55 of the contract)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.integrations.simulators.microsoft_client import EVENT, MicrosoftClient, quoted
from tests.integrations.simulators.test_microsoft_calendars import DECEMBER, refusal
from tests.integrations.simulators.test_microsoft_sign_in import CARLA, CONRAD

GUEST = {"type": "required", "emailAddress": {"name": "Ivan", "address": "ivan@example.com"}}
COLLEAGUE = {"type": "required", "emailAddress": {"name": "Conrad", "address": CONRAD}}
TEAMS = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


def mails(microsoft: MicrosoftSimulator) -> list[tuple[str, str]]:
    return [(mail.kind, mail.to) for mail in microsoft.world.mails]


def test_41_the_same_transaction_makes_one_event(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    first = graph.created(carla, transactionId="BR-1")
    again = graph.created(carla, transactionId="BR-1", subject="Other")
    at = f"/me/events/{quoted(first['id'])}"
    changed = graph.call("PATCH", at, carla, json={"transactionId": "BR-2"})

    assert (again["id"], again["subject"]) == (first["id"], "Intro call with Bo")
    assert len(microsoft.events(CARLA)) == 1
    assert changed.json()["transactionId"] == "BR-1"
    microsoft.switches.repeated_transaction = 409
    assert graph.create(carla, transactionId="BR-1").status_code == 409


def test_42_invitations_updates_and_cancellations(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    made = graph.created(carla, attendees=[GUEST, COLLEAGUE])
    at = f"/me/events/{quoted(made['id'])}"
    assert mails(microsoft) == [("request", CONRAD), ("request", "ivan@example.com")]
    graph.call("PATCH", at, carla, json={"subject": "Other"})
    assert mails(microsoft)[2:] == [("update", CONRAD), ("update", "ivan@example.com")]
    copy = microsoft.events(CONRAD)[0]
    assert (copy.fields["subject"], copy.fields["responseStatus"]["response"]) == ("Other", "notResponded")
    assert graph.call("DELETE", at, carla).status_code == 204
    assert mails(microsoft)[4:] == [("cancellation", CONRAD), ("cancellation", "ivan@example.com")]
    assert copy.fields["isCancelled"]


def test_42_an_attendee_deletes_quietly_and_answers_loudly(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    graph.created(carla, attendees=[COLLEAGUE])
    conrad = graph.connect(CONRAD)["access_token"]
    copy = graph.get("/me/events", conrad)["value"][0]
    at = f"/me/events/{quoted(copy['id'])}"
    before = mails(microsoft)

    assert graph.call("POST", f"{at}/decline", conrad, json={"comment": "No"}).status_code == 202
    status = microsoft.events(CARLA)[0].fields["attendees"][0]["status"]["response"]
    assert (copy["isOrganizer"], status) == (False, "declined")
    assert graph.call("DELETE", at, conrad).status_code == 204
    assert (mails(microsoft), len(microsoft.events(CARLA))) == (before, 1)


def test_43_only_the_organizer_cancels(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    made = graph.created(carla, attendees=[COLLEAGUE])
    conrad = graph.connect(CONRAD)["access_token"]
    copy = graph.get("/me/events", conrad)["value"][0]
    refused = graph.call("POST", f"/me/events/{quoted(copy['id'])}/cancel", conrad, json={"Comment": "No"})

    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == "You need to be an organizer to cancel a meeting."
    answer = graph.call("POST", f"/me/events/{quoted(made['id'])}/cancel", carla, json={"Comment": "Ill"})
    assert (answer.status_code, microsoft.events(CARLA)) == (202, [])
    assert microsoft.world.mails[-1].comment == "Ill"


def test_44_tags_change_with_each_write(graph: MicrosoftClient, carla: str) -> None:
    made = graph.created(carla)
    at, stale = f"/me/events/{quoted(made['id'])}", {"If-Match": made["@odata.etag"]}
    changed = graph.call("PATCH", at, carla, json={"subject": "Other"}, headers=stale)

    assert changed.status_code == 200
    assert changed.json()["changeKey"] != made["changeKey"]
    again = graph.call("PATCH", at, carla, json={"subject": "Third"}, headers=stale)
    assert refusal(again) == (412, "ErrorIrresolvableConflict")
    assert graph.call("DELETE", at, carla, headers=stale).status_code == 412


def test_45_teams_for_who_has_it(graph: MicrosoftClient, carla: str) -> None:
    made = graph.created(carla, **TEAMS)
    off = {"isOnlineMeeting": False}
    later = graph.call("PATCH", f"/me/events/{quoted(made['id'])}", carla, json=off).json()

    assert made["onlineMeeting"]["joinUrl"] in made["body"]["content"]
    assert (later["isOnlineMeeting"], later["onlineMeeting"]) == (True, made["onlineMeeting"])


@pytest.mark.parametrize("email", ["nora@contoso.example", "petra@outlook.com"])
def test_45_no_teams_is_no_error(graph: MicrosoftClient, email: str) -> None:
    made = graph.created(graph.connect(email)["access_token"], **TEAMS)
    assert (made["isOnlineMeeting"], made["onlineMeetingProvider"], made["onlineMeeting"]) == (False, "unknown", None)


def test_45_the_link_may_come_later(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    microsoft.switches.teams_link_is_late = True
    made = graph.created(carla, **TEAMS)
    assert made["onlineMeeting"] is None
    assert graph.get(f"/me/events/{quoted(made['id'])}", carla)["onlineMeeting"]["joinUrl"]


@pytest.mark.parametrize(
    "body",
    [
        {"colour": "blue"},
        {"showAs": "away"},
        {"start": None},
        {"end": {"dateTime": "2026-11-30T09:00:00", "timeZone": "UTC"}},
        {"recurrence": {"pattern": {"type": "hourly"}, "range": {"type": "noEnd", "startDate": "2026-12-01"}}},
        {"attendees": [{"emailAddress": {"address": "nobody"}}]},
    ],
)
def test_what_graph_does_not_know_is_refused(graph: MicrosoftClient, carla: str, body: dict[str, Any]) -> None:
    assert graph.create(carla, **body).status_code == 400


def test_own_properties_are_found_again(graph: MicrosoftClient, carla: str) -> None:
    name = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name bridge"
    made = graph.created(carla, singleValueExtendedProperties=[{"id": name, "value": "BR-1"}])
    wanted = f"singleValueExtendedProperties/Any(ep: ep/id eq '{name}' and ep/value eq 'BR-1')"
    expand = f"singleValueExtendedProperties($filter=id eq '{name}')"
    found = graph.get("/me/events", carla, **{"$filter": wanted, "$expand": expand})["value"]

    assert "singleValueExtendedProperties" not in made
    assert [event["id"] for event in found] == [made["id"]]
    assert found[0]["singleValueExtendedProperties"] == [{"id": name, "value": "BR-1"}]
    assert graph.get("/me/events", carla, **{"$filter": wanted.replace("BR-1", "BR-2")})["value"] == []


@pytest.mark.parametrize(("limit", "header"), [("second", "5"), ("decimal", "2.128"), ("silent", None)])
def test_53_throttled(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str, limit: str, header: str | None
) -> None:
    microsoft.faults.add("rate_limit", path="/v1.0/*", limit=limit, times=1)
    answer = graph.call("GET", "/me/events", carla)

    assert refusal(answer) == (429, "TooManyRequests")
    assert answer.headers.get("Retry-After") == header


def test_53_four_at_a_time(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    microsoft.faults.add("latency", path="/v1.0/*", seconds=0.5)
    headers = {"Authorization": f"Bearer {carla}"}

    def ask(_: int) -> requests.Response:
        return requests.get(f"{graph.url}/v1.0/me/events", headers=headers, timeout=10)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 2
    assert {refusal(answer) for answer in refused} == {(429, "ApplicationThrottled")}


def test_54_batches(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    parts = [
        {"id": "1", "method": "GET", "url": "/me/events"},
        {"id": "2", "method": "GET", "url": "/me/events/unknown"},
        {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["2"]},
        {
            "id": "4",
            "method": "POST",
            "url": "/me/events",
            "body": EVENT,
            "headers": {"Content-Type": "application/json"},
        },
    ]
    answer = graph.call("POST", "/$batch", carla, json={"requests": parts})
    found = {part["id"]: part["status"] for part in answer.json()["responses"]}
    microsoft.throttle(CARLA, "7")
    throttled = graph.call("POST", "/$batch", carla, json={"requests": parts[:1]}).json()["responses"][0]
    many = [{"id": str(number), "method": "GET", "url": "/me"} for number in range(21)]

    assert (answer.status_code, found) == (200, {"1": 200, "2": 404, "3": 424, "4": 201})
    assert (throttled["status"], throttled["headers"]["Retry-After"]) == (429, "7")
    assert refusal(graph.call("POST", "/$batch", carla, json={"requests": many})) == (400, "BadRequest")


def test_55_a_write_whose_answer_is_lost_is_not_doubled(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.faults.add("status", status=504, commit=True, method="POST", path="/v1.0/*", times=1)
    microsoft.faults.add("status", status=503, method="POST", path="/v1.0/*", times=1)
    statuses = [graph.create(carla, transactionId="BR-1").status_code for _ in range(3)]

    assert sorted(statuses) == [201, 503, 504]
    assert len(microsoft.events(CARLA)) == 1


def test_ten_thousand_events_are_seeded_at_once(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.fill(CARLA, 10_000, DECEMBER)
    window = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2028-12-01T00:00:00Z"}
    page = graph.get("/me/calendarView", carla, **window, **{"$top": "999"})

    assert (len(page["value"]), len(microsoft.events(CARLA))) == (999, 10_000)
