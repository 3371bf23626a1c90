"""Sync tokens, watch channels, limits and faults of the simulated Google: the behaviours 46 to 66 that the contract
numbers.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from integrations.simulators.google.records import Delivery
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.http import Request, Response, read, send
from integrations.simulators.server import SimulatorServer
from tests.integrations.simulators.google_client import EVENT, GINA, OLGA, GoogleClient, ids, reason


class Listener:
    """An endpoint that writes down what Google posts."""

    def __init__(self) -> None:
        self.heard: list[Request] = []
        self.status = 204

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.heard.append(read(environ))
        return send(Response(self.status), environ, start_response)

    @property
    def states(self) -> list[str]:
        return [asked.headers["x-goog-resource-state"] for asked in self.heard]

    @property
    def numbers(self) -> list[int]:
        return [int(asked.headers["x-goog-message-number"]) for asked in self.heard]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def address(google: GoogleSimulator, listener: Listener) -> Iterator[str]:
    google.push.https_only = False
    with SimulatorServer(listener) as server:
        yield server.url + "/hooks"


def watch(client: GoogleClient, address: str, *, named: str = "one", **more: Any) -> requests.Response:
    body = {"id": named, "type": "web_hook", "address": address, "token": "secret", **more}
    return client.calendar("POST", "/calendars/primary/events/watch", body)


# --- Increments -------------------------------------------------------------------------------------------------------


def test_the_token_comes_with_the_last_page(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.fill(GINA, 5)
    google.switches.short_pages = True
    pages: list[dict[str, Any]] = []
    query = {"maxResults": "2"}
    while not pages or "nextPageToken" in pages[-1]:
        pages.append(gina.events(params=query).json())
        query["pageToken"] = pages[-1].get("nextPageToken", "")

    assert [len(page["items"]) for page in pages] == [0, 2, 2, 1]
    assert ["nextSyncToken" in page for page in pages] == [False, False, False, True]


def test_an_increment_tells_each_change_once_as_it_is_now(gina: GoogleClient) -> None:
    changed, gone = gina.inserted()["id"], gina.inserted()["id"]
    token = gina.listed()[1]
    for title in ("One", "Two", "Three"):
        gina.events("PATCH", changed, {"summary": title})
    gina.events("DELETE", gone)
    told, later = gina.listed(syncToken=token)

    assert {one["id"]: one.get("summary") for one in told} == {changed: "Three", gone: None}
    assert set(next(one for one in told if one["id"] == gone)) == {"kind", "etag", "id", "status"}
    assert gina.listed(syncToken=later)[0] == []


@pytest.mark.parametrize(
    "more",
    [
        {"timeMin": "2026-01-01T00:00:00Z"},
        {"q": "a"},
        {"iCalUID": "a"},
        {"orderBy": "updated"},
        {"showDeleted": "false"},
    ],
)
def test_a_token_stands_alone(gina: GoogleClient, more: dict[str, str]) -> None:
    token = gina.listed()[1]

    assert gina.events(params={"syncToken": token, **more}).status_code == 400


def test_the_pages_of_an_increment_want_the_same_token(gina: GoogleClient, google: GoogleSimulator) -> None:
    token = gina.listed()[1]
    google.fill(GINA, 3)
    first = gina.events(params={"syncToken": token, "maxResults": "2"}).json()
    page = first["nextPageToken"]

    assert gina.events(params={"pageToken": page}).status_code == 400
    assert len(gina.events(params={"pageToken": page, "syncToken": token}).json()["items"]) == 1


def test_a_token_that_is_over_never_heals(gina: GoogleClient, google: GoogleSimulator) -> None:
    gone = gina.inserted()["id"]
    token = gina.listed()[1]
    gina.events("DELETE", gone)
    google.expire_sync_tokens()

    for _time in range(2):
        answer = gina.events(params={"syncToken": token})
        assert reason(answer) == (410, "fullSyncRequired")
        assert answer.json()["error"]["errors"][0]["location"] == "syncToken"
    assert gina.listed()[0] == []


def test_going_on_otherwise_than_begun_is_written_down(gina: GoogleClient, google: GoogleSimulator) -> None:
    token = gina.listed()[1]
    gina.events(params={"syncToken": token})
    assert google.world.violations == []

    gina.events(params={"syncToken": token, "singleEvents": "true"})
    assert len(google.world.violations) == 1


def test_changes_of_long_ago_are_not_told(gina: GoogleClient) -> None:
    answer = gina.events(params={"updatedMin": "2026-09-01T00:00:00Z"})

    assert reason(answer) == (410, "updatedMinTooLongAgo")


# --- Watching ---------------------------------------------------------------------------------------------------------


def test_a_watch_has_its_rules(gina: GoogleClient, google: GoogleSimulator, address: str) -> None:
    google.push.https_only = True
    assert reason(watch(gina, address)) == (400, "push.webhookUrlNotHttps")
    google.push.https_only = False

    assert watch(gina, address).status_code == 200
    assert reason(watch(gina, address)) == (400, "channelIdNotUnique")
    assert watch(gina, address, named="x" * 65).status_code == 400
    assert watch(gina, address, named="two", token="x" * 257).status_code == 400
    google.calendar(GINA).watchable = False
    assert reason(watch(gina, address, named="three")) == (400, "pushNotSupportedForRequestedResource")


def test_a_watch_lives_a_week_or_as_long_as_asked_for(
    gina: GoogleClient, google: GoogleSimulator, address: str
) -> None:
    now = google.clock.now().timestamp()

    def life(named: str, **more: Any) -> int:
        expiration = watch(gina, address, named=named, **more).json()["expiration"]
        assert isinstance(expiration, str)
        return round(int(expiration) / 1000 - now)

    assert life("a") == 604_800
    assert life("b", expiration=str(int((now + 3600) * 1000))) == 3600
    assert life("c", params={"ttl": "60"}) == 60
    assert life("d", expiration=str(int((now + 10**8) * 1000))) == 30 * 86_400


def test_a_channel_says_first_that_it_works(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    google.push.syncs_first = True
    watch(gina, address)
    [heard] = listener.heard

    assert (heard.headers["x-goog-resource-state"], heard.headers["x-goog-message-number"]) == ("sync", "1")
    assert (heard.body, heard.headers["x-goog-channel-token"]) == (b"", "secret")
    assert heard.headers["user-agent"].startswith("APIs-Google")
    assert heard.headers["x-goog-channel-expiration"].endswith("GMT")


def test_then_that_something_changed_and_never_what(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    watch(gina, address, token="")
    made = gina.inserted()["id"]
    gina.events("PATCH", made, {"summary": "New"})
    gina.events("DELETE", made)
    google.push.run()

    assert listener.states == ["sync", "exists", "exists", "exists"]
    assert listener.numbers == [1, 4, 7, 10]
    assert "x-goog-channel-token" not in listener.heard[0].headers


def test_two_channels_on_one_resource_both_fire(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    first, second = watch(gina, address).json(), watch(gina, address, named="two").json()
    gina.inserted()
    google.push.run()

    assert first["resourceId"] == second["resourceId"]
    assert listener.states.count("exists") == 2


@pytest.mark.parametrize(("status", "tries"), [(503, 2), (500, 2), (404, 1), (301, 1), (200, 1)])
def test_only_troubles_of_the_server_are_tried_again(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener, status: int, tries: int
) -> None:
    listener.status = status
    watch(gina, address)
    google.push.run()
    google.advance(minutes=1)
    google.push.run()

    assert len(listener.heard) == tries


def test_messages_get_lost_and_doubled(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    watch(gina, address)
    google.push.dropped = True
    gina.inserted()
    google.push.dropped, google.push.duplicated = False, True
    gina.inserted()
    google.push.run()

    assert listener.states == ["sync", "exists", "exists"]


def test_a_channel_ends_without_a_word(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    watch(gina, address, params={"ttl": "60"})
    google.advance(minutes=2)
    gina.inserted()
    google.push.run()

    assert listener.states == ["sync"]


def test_only_who_opened_a_channel_stops_it(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    opened = watch(gina, address).json()
    names = {"id": opened["id"], "resourceId": opened["resourceId"]}
    gina.connect(OLGA)
    assert gina.calendar("POST", "/channels/stop", names).status_code == 404
    gina.connect(GINA)
    google.push.late_after_stop = True

    assert gina.calendar("POST", "/channels/stop", names).status_code == 204
    assert gina.calendar("POST", "/channels/stop", names).status_code == 404
    gina.inserted()
    google.push.run()
    assert listener.states == ["sync", "exists"]


def test_nobody_lists_channels(gina: GoogleClient) -> None:
    assert gina.calendar("GET", "/channels").status_code == 404


def test_a_new_calendar_is_told_to_those_who_watch_the_list(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    watch(gina, address)
    body = {"id": "list", "type": "web_hook", "address": address}
    gina.calendar("POST", "/users/me/calendarList/watch", body)
    google.add_calendar(GINA, "team@group.calendar.google.com")
    google.push.run()

    told = [asked.headers["x-goog-channel-id"] for asked in listener.heard]
    assert told == ["one", "list", "list"]


def test_a_robots_txt_keeps_messages_away(
    gina: GoogleClient, google: GoogleSimulator, address: str, listener: Listener
) -> None:
    google.push.robots_forbid = ("/hooks",)
    watch(gina, address)
    deliveries: list[Delivery] = google.push.run()

    assert deliveries == []
    assert listener.heard == []


# --- Limits and faults ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("userRateLimitExceeded", (403, "userRateLimitExceeded")),
        ("rateLimitExceeded", (403, "rateLimitExceeded")),
        ("429", (429, "rateLimitExceeded")),
    ],
)
def test_a_minute_has_its_limit(gina: GoogleClient, google: GoogleSimulator, form: str, said: tuple[int, str]) -> None:
    google.switches.limit_form = form
    google.limits.per_person = 5
    made = gina.inserted()["id"]

    assert gina.events("PATCH", made, {"summary": "Costs three"}).status_code == 200
    assert [gina.events().status_code == 200 for _ in range(2)] == [True, False]
    assert reason(gina.events()) == said
    google.advance(seconds=61)
    assert gina.events().status_code == 200


def test_a_quota_that_is_used_up_stops_writing_alone(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.limits.exhausted.add(GINA)

    assert reason(gina.events("POST", body=EVENT)) == (403, "quotaExceeded")
    assert gina.events().status_code == 200


def test_faults_come_as_asked_for(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.faults.add("status", status=503, path="/calendar/v3/*", times=1)
    down = gina.events()

    assert (down.status_code, down.headers["Content-Type"]) == (503, "text/html")
    google.faults.add("drop_after", method="POST", times=1)
    with pytest.raises(requests.ConnectionError):
        gina.events("POST", body={**EVENT, "id": "abcde01"})
    assert reason(gina.events("POST", body={**EVENT, "id": "abcde01"})) == (409, "duplicate")
    google.faults.add("rate_limit", limit="quota", times=1)
    assert reason(gina.events()) == (403, "quotaExceeded")
    google.faults.add("revoke", times=1)
    assert reason(gina.events()) == (401, "authError")


def test_ten_thousand_events_are_soon_there(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.fill(GINA, 10_000)
    items, token = gina.listed(maxResults="2500")
    google.fill(GINA, 1)

    assert len(ids(items)) == 10_000
    assert len(gina.listed(syncToken=token)[0]) == 1


def test_the_control_page_makes_trouble(gina: GoogleClient, google: GoogleSimulator) -> None:
    made = gina.inserted()["id"]
    page = gina.http.get(f"{gina.url}/control")
    for verb in ("expire-tokens", "drop-pushes", "expire-channels", "hour", "revoke", "clear"):
        assert gina.http.post(f"{gina.url}/control/{verb}").url == f"{gina.url}/control"
    preset = "Google is down (503) until cleared"
    gina.http.post(f"{gina.url}/control/preset", data={"preset": preset})
    gina.http.post(f"{gina.url}/control/event", data={"calendar": GINA, "event": made, "do": "delete"})

    assert "Talk" in page.text
    assert google.push.dropped
    assert google.events(GINA) == []
    assert gina.events().status_code == 503
