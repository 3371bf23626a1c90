"""The simulated Graph: what changed since last time, contacts (behaviours 49 to 52 of the contract)."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.integrations.simulators.microsoft_client import MicrosoftClient, quoted
from tests.integrations.simulators.test_microsoft_calendars import DECEMBER, WEEKLY, WINDOW, refusal
from tests.integrations.simulators.test_microsoft_sign_in import CARLA

DELTA, PAGES = "/me/calendarView/delta", "odata.maxpagesize=3"


def followed(graph: MicrosoftClient, token: str, at: str, **params: str) -> tuple[list[dict[str, Any]], str, int]:
    """All of a round: what it told, the link for the next one, and its pages."""
    told: list[dict[str, Any]] = []
    pages = 0
    while True:
        page = graph.get(at, token, PAGES, **params)
        told, pages, params = told + page["value"], pages + 1, {}
        if "@odata.deltaLink" in page:
            return told, page["@odata.deltaLink"], pages
        at = page["@odata.nextLink"]


def removed(told: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in told if "@removed" in one]


def test_49_a_round_ends_in_a_link_and_the_next_tells_what_changed(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    events = [microsoft.add_event(CARLA, DECEMBER + timedelta(days=day)) for day in range(7)]
    first, link, pages = followed(graph, carla, DELTA, **WINDOW)
    nothing, link, _ = followed(graph, carla, link)
    microsoft.change_event(events[0], subject="Changed")
    gone, ordinary = events[1], events[1].id
    microsoft.delete_event(gone)
    added = microsoft.add_event(CARLA, DECEMBER)
    told, _, _ = followed(graph, carla, link)

    assert (len(first), pages, nothing) == (7, 3, [])
    assert {one["id"] for one in told} == {events[0].id, ordinary, added.id}
    assert removed(told) == [ordinary]


def test_49_series_come_with_their_master_and_sparse_occurrences(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    microsoft.add_series(CARLA, DECEMBER, WEEKLY, range={"type": "numbered", "numberOfOccurrences": 2})
    told, _, _ = followed(graph, carla, DELTA, **WINDOW)

    assert [one["type"] for one in told] == ["seriesMaster", "occurrence", "occurrence"]
    assert "subject" not in told[1]
    microsoft.switches.sparse_occurrences = False
    assert "subject" in followed(graph, carla, DELTA, **WINDOW)[0][1]


def test_49_what_changes_outside_the_window_is_told_as_removed(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    inside = microsoft.add_event(CARLA, DECEMBER)
    _, link, _ = followed(graph, carla, DELTA, **WINDOW)
    outside = microsoft.add_event(CARLA, DECEMBER + timedelta(days=300))
    microsoft.change_event(inside, start=DECEMBER + timedelta(days=301))

    assert set(removed(followed(graph, carla, link)[0])) == {inside.id, outside.id}


def test_49_repeats_are_possible(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    _, link, _ = followed(graph, carla, DELTA, **WINDOW)
    microsoft.switches.delta_repeats = True
    microsoft.add_event(CARLA, DECEMBER)
    assert len(followed(graph, carla, link)[0]) == 2


@pytest.mark.parametrize("option", ["$select", "$filter", "$expand", "$orderby", "$search"])
def test_50_options_are_refused(graph: MicrosoftClient, carla: str, option: str) -> None:
    refused = graph.call("GET", DELTA, carla, params={**WINDOW, option: "subject"})
    assert refusal(refused) == (400, "ErrorInvalidUrlQuery")


def test_51_links_are_forgotten_also_in_the_middle(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str
) -> None:
    for day in range(5):
        microsoft.add_event(CARLA, DECEMBER + timedelta(days=day))
    middle = graph.get(DELTA, carla, PAGES, **WINDOW)["@odata.nextLink"]
    end = followed(graph, carla, DELTA, **WINDOW)[1]
    microsoft.forget_delta_tokens()
    answers = [graph.call("GET", link, carla) for link in (middle, end)]
    microsoft.switches.resync_names_location = True

    assert {refusal(answer) for answer in answers} == {(410, "SyncStateNotFound")}
    assert "Location" not in answers[0].headers
    assert "Location" in graph.call("GET", end, carla).headers


def test_52_contacts_change_in_their_folder(microsoft: MicrosoftSimulator, graph: MicrosoftClient, carla: str) -> None:
    folder = graph.get("/me/contactFolders", carla)["value"][0]["id"]
    at = f"/me/contactFolders/{quoted(folder)}/contacts/delta"
    gone = microsoft.add_contact(CARLA, "Ivan", "ivan@example.com")
    _, link, _ = followed(graph, carla, at)
    microsoft.delete_contact(gone)
    microsoft.add_contact(CARLA, "Petra", "petra@example.com")
    told, _, _ = followed(graph, carla, link)

    assert removed(told) == [gone.id]
    assert [one["displayName"] for one in told if "@removed" not in one] == ["Petra"]


def test_52_a_name_is_made_anew_unless_it_is_sent(graph: MicrosoftClient, carla: str) -> None:
    address = [{"name": "Ivan", "address": "ivan@example.com"}]
    body = {"givenName": "Ivan", "surname": "Invitee", "emailAddresses": address}
    made = graph.call("POST", "/me/contacts", carla, json=body).json()
    at = f"/me/contacts/{quoted(made['id'])}"
    renamed = graph.call("PATCH", at, carla, json={"surname": "Guest"}).json()
    kept = graph.call("PATCH", at, carla, json={"surname": "Host", "displayName": "Ivan the Host"}).json()

    names = [one["displayName"] for one in (made, renamed, kept)]
    assert names == ["Ivan Invitee", "Ivan Guest", "Ivan the Host"]
    assert len(graph.get("/me/contacts", carla, **{"$search": '"ivan host"'})["value"]) == 1
    wanted = "emailAddresses/any(a:a/address eq 'ivan@example.com')"
    assert len(graph.get("/me/contacts", carla, **{"$filter": wanted})["value"]) == 1
    assert graph.call("DELETE", at, carla).status_code == 204
    assert graph.call("GET", at, carla).status_code == 404
