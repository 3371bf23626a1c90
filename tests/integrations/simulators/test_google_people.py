"""Contacts at the simulated Google: the behaviours 67 to 71 that the contract numbers."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.simulators.google.identity.scopes import AUTH
from integrations.simulators.google.simulator import GoogleSimulator
from tests.integrations.simulators import google_contract
from tests.integrations.simulators.google_client import GINA, GoogleClient

FIELDS = "names,emailAddresses"
ANNA = {"names": [{"givenName": "Anna", "familyName": "Ek"}], "emailAddresses": [{"value": "anna@example.com"}]}


def listed(client: GoogleClient, **query: str) -> dict[str, Any]:
    asked = {"personFields": FIELDS, **query}
    answer: dict[str, Any] = client.call("GET", "/v1/people/me/connections", params=asked).json()
    return answer


def test_fields_must_be_named(gina: GoogleClient) -> None:
    assert gina.call("GET", "/v1/people/me/connections").status_code == 400
    assert gina.call("GET", "/v1/people/me/connections", params={"personFields": "everything"}).status_code == 400
    assert [one["names"][0]["displayName"] for one in listed(gina, pageSize="1")["connections"]] == ["Ivan Petrov"]


def test_a_token_comes_when_asked_for_and_with_the_last_page(gina: GoogleClient) -> None:
    first = listed(gina, pageSize="1", requestSyncToken="true")
    last = listed(gina, pageSize="1", requestSyncToken="true", pageToken=first["nextPageToken"])

    assert "nextSyncToken" not in first
    assert "nextSyncToken" in last
    assert "nextSyncToken" not in listed(gina)


def test_a_token_is_over_after_a_week_or_with_other_fields(gina: GoogleClient, google: GoogleSimulator) -> None:
    token = listed(gina, requestSyncToken="true")["nextSyncToken"]

    assert listed(gina, syncToken=token, personFields="names")["error"]["status"] == "INVALID_ARGUMENT"
    google.advance(days=7, minutes=1)
    gina.connect(GINA)
    error = listed(gina, syncToken=token)["error"]
    assert (error["code"], error["status"], error["details"][0]["reason"]) == (
        400,
        "FAILED_PRECONDITION",
        "EXPIRED_SYNC_TOKEN",
    )


def test_an_increment_tells_who_is_new_and_who_is_gone(gina: GoogleClient) -> None:
    first = listed(gina, requestSyncToken="true")
    gina.call("POST", "/v1/people:createContact", ANNA)
    gone = first["connections"][0]["resourceName"]
    gina.call("DELETE", f"/v1/{gone}:deleteContact")
    told = listed(gina, syncToken=first["nextSyncToken"])["connections"]

    assert {one["resourceName"] for one in told if one["metadata"].get("deleted")} == {gone}
    assert [one["names"][0]["givenName"] for one in told if "names" in one] == ["Anna"]


def test_what_was_written_lately_comes_later(gina: GoogleClient, google: GoogleSimulator) -> None:
    token = listed(gina, requestSyncToken="true")["nextSyncToken"]
    google.switches.contacts_lag = timedelta(minutes=3)
    gina.call("POST", "/v1/people:createContact", ANNA)
    soon = listed(gina, syncToken=token)
    google.advance(minutes=4)

    assert soon["connections"] == []
    assert len(listed(gina, syncToken=soon["nextSyncToken"])["connections"]) == 1


def test_changing_a_contact_wants_its_etag(gina: GoogleClient) -> None:
    made = gina.call("POST", "/v1/people:createContact", ANNA).json()
    path = f"/v1/{made['resourceName']}:updateContact"
    query = {"updatePersonFields": "names"}
    body = {"names": [{"givenName": "Anne"}], "metadata": made["metadata"]}

    assert gina.call("PATCH", path, {"names": body["names"]}, params=query).status_code == 400
    assert gina.call("PATCH", path, {**body, "names": body["names"] * 2}, params=query).status_code == 400
    assert gina.call("PATCH", path, body, params=query).json()["names"][0]["givenName"] == "Anne"
    stale = gina.call("PATCH", path, body, params=query)
    assert (stale.status_code, stale.json()["error"]["errors"][0]["reason"]) == (400, "failedPrecondition")


def test_creating_twice_makes_two(gina: GoogleClient) -> None:
    names = {gina.call("POST", "/v1/people:createContact", ANNA).json()["resourceName"] for _time in range(2)}

    assert len(names) == 2


def test_searching_finds_what_was_there_when_it_was_warmed_up(gina: GoogleClient) -> None:
    def found(query: str) -> list[str]:
        asked = {"query": query, "readMask": FIELDS}
        results = gina.call("GET", "/v1/people:searchContacts", params=asked).json().get("results", [])
        return [one["person"]["emailAddresses"][0]["value"] for one in results]

    assert found("iv") == []
    found("")
    assert found("iv") == found("PETR") == ["ivan@example.com"]
    gina.call("POST", "/v1/people:createContact", ANNA)
    assert found("anna") == []


def test_other_contacts_have_their_own_scope_and_few_fields(app: GoogleClient) -> None:
    app.connect(GINA, scope=AUTH + "contacts")
    assert app.call("GET", "/v1/otherContacts", params={"readMask": "emailAddresses"}).status_code == 403
    app.connect(GINA, prompt="consent")

    told = app.call("GET", "/v1/otherContacts", params={"readMask": "emailAddresses"}).json()["otherContacts"]
    assert [one["emailAddresses"][0]["value"] for one in told] == ["shop@example.com"]
    assert app.call("GET", "/v1/otherContacts", params={"readMask": "organizations"}).status_code == 400


if google_contract.present():

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "/calendar/v3/calendars/a%40b/events?singleEvent=true", None),
            ("POST", "/calendar/v3/calendars/a/events", {"title": "No such field"}),
            ("POST", "/calendar/v3/calendars/a/events", {"summary": 7}),
            ("GET", "/calendar/v3/calendars/a/nothing", None),
            ("POST", "/v1/people:createContact", {"name": "Anna"}),
        ],
    )
    def test_what_google_does_not_know_breaks_the_contract(method: str, path: str, body: object) -> None:
        with pytest.raises(google_contract.ContractBroken):
            google_contract.check_request(method, path, body)
