"""Calendars and events of the simulated Google: the behaviours 20 to 45 that the contract numbers."""

from typing import Any

import pytest

from integrations.simulators.google.identity.scopes import AUTH
from integrations.simulators.google.simulator import GoogleSimulator
from tests.integrations.simulators.google_client import EVENT, GINA, MINA, OLGA, GoogleClient, ids, reason

BERLIN = "Europe/Berlin"
MEET = {"createRequest": {"requestId": "one", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}
WITH_MEET: dict[str, Any] = {"params": {"conferenceDataVersion": "1"}}
DAY = {"timeMin": "2026-12-01T00:00:00Z", "timeMax": "2026-12-02T00:00:00Z"}


def test_primary_is_the_persons_own_and_odd_ids_work(gina: GoogleClient) -> None:
    holidays = "en.german#holiday@group.v.calendar.google.com"

    assert gina.calendar("GET", "/users/me/calendarList/primary").json()["id"] == GINA
    assert gina.events(of=holidays).json()["summary"] == "Holidays in Germany"


def test_the_list_of_calendars_pages_and_syncs(gina: GoogleClient, google: GoogleSimulator) -> None:
    first = gina.calendar("GET", "/users/me/calendarList", params={"maxResults": "1"}).json()
    rest = gina.calendar("GET", "/users/me/calendarList", params={"pageToken": first["nextPageToken"]}).json()
    google.add_calendar(GINA, "team@group.calendar.google.com", "Team")
    later = {"syncToken": rest["nextSyncToken"]}

    assert [item["primary"] for item in first["items"]] == [True]
    assert "nextSyncToken" not in first
    assert ids(gina.calendar("GET", "/users/me/calendarList", params=later).json()["items"]) == {
        "team@group.calendar.google.com"
    }
    refused = gina.calendar("GET", "/users/me/calendarList", params={**later, "minAccessRole": "writer"})
    assert refused.status_code == 400


def test_a_removed_calendar_is_told_as_deleted(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.add_calendar(GINA, "team@group.calendar.google.com")
    token = gina.calendar("GET", "/users/me/calendarList").json()["nextSyncToken"]
    entry = google.world.lists[google.person(GINA).sub]["team@group.calendar.google.com"]
    entry.deleted, entry.version = True, google.world.next_version()

    told = gina.calendar("GET", "/users/me/calendarList", params={"syncToken": token}).json()["items"]
    assert [item["deleted"] for item in told] == [True]


@pytest.mark.parametrize("role", ["freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", ""])
def test_the_role_decides_what_may_be_done(gina: GoogleClient, google: GoogleSimulator, role: str) -> None:
    if role:
        google.share(OLGA, GINA, role)
    answer = gina.events("POST", of=OLGA, body=EVENT)

    expected = {"": (404, "notFound"), "reader": (403, "requiredAccessLevel")}
    assert (
        answer.status_code == 200
        if role.startswith("writer")
        else reason(answer) == expected.get(role, (403, "requiredAccessLevel"))
    )


def test_who_is_no_calendar_user_is_told_so(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.person(GINA).has_calendar = False

    assert reason(gina.events()) == (403, "notACalendarUser")


def test_free_busy_knows_who_is_busy(gina: GoogleClient, google: GoogleSimulator) -> None:
    gina.inserted()
    mine = {"email": GINA, "responseStatus": "declined"}
    for more in (
        {"transparency": "transparent"},
        {"attendees": [mine]},
        {"eventType": "workingLocation", "transparency": "transparent", "visibility": "public"},
    ):
        google.make(GINA, **{**EVENT, **more})
    google.delete(GINA, google.make(GINA, **EVENT).id)
    out = {"start": {"dateTime": "2026-12-01T12:00:00+01:00"}, "end": {"dateTime": "2026-12-01T13:00:00+01:00"}}
    google.make(GINA, **out, eventType="outOfOffice")

    assert _busy(gina)[GINA]["busy"] == [
        {"start": "2026-12-01T09:00:00Z", "end": "2026-12-01T09:30:00Z"},
        {"start": "2026-12-01T11:00:00Z", "end": "2026-12-01T12:00:00Z"},
    ]


@pytest.mark.parametrize("answer", ["tentative", "needsAction"])
def test_unsure_invitations_are_busy_unless_switched(gina: GoogleClient, google: GoogleSimulator, answer: str) -> None:
    google.make(GINA, **EVENT, attendees=[{"email": GINA, "responseStatus": answer}])

    assert len(_busy(gina)[GINA]["busy"]) == 1
    google.switches.tentative_is_busy = google.switches.unanswered_is_busy = False
    assert _busy(gina)[GINA]["busy"] == []


def test_what_cannot_be_told_is_an_error_and_not_free(gina: GoogleClient) -> None:
    told = _busy(gina, OLGA)

    assert told[OLGA] == {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
    assert "errors" not in told[GINA]
    many = _busy(gina, *(f"c{number}" for number in range(60)))
    assert many["c1"]["errors"][0]["reason"] == "tooManyCalendarsRequested"


def test_free_busy_minds_its_range(gina: GoogleClient) -> None:
    def asked(start: str, end: str) -> Any:
        return gina.calendar("POST", "/freeBusy", {"timeMin": start, "timeMax": end, "items": []})

    assert reason(asked("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z")) == (400, "timeRangeEmpty")
    long = asked("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z")
    assert (long.status_code, long.json()["error"]["message"]) == (400, "The requested time range is too long.")


def test_a_whole_day_is_as_long_as_it_is_in_the_calendars_zone(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.make(GINA, summary="Spring", start={"date": "2027-03-28"}, end={"date": "2027-03-29"})
    asked = {"timeMin": "2027-03-27T00:00:00Z", "timeMax": "2027-03-30T00:00:00Z", "items": [{"id": GINA}]}

    utc = gina.calendar("POST", "/freeBusy", asked).json()["calendars"][GINA]["busy"]
    berlin = gina.calendar("POST", "/freeBusy", {**asked, "timeZone": BERLIN}).json()["calendars"][GINA]["busy"]
    assert utc == [{"start": "2027-03-27T23:00:00Z", "end": "2027-03-28T22:00:00Z"}]
    assert berlin == [{"start": "2027-03-28T00:00:00+01:00", "end": "2027-03-29T00:00:00+02:00"}]


def test_events_alone_see_neither_free_busy_nor_the_list(app: GoogleClient) -> None:
    app.connect(GINA, scope=AUTH + "calendar.events")
    refused = [app.calendar("POST", "/freeBusy", {}), app.calendar("GET", "/users/me/calendarList")]
    app.connect(GINA, scope=AUTH + "calendar.freebusy", prompt="consent")

    assert [answer.status_code for answer in refused] == [403, 403]
    assert _busy(app)[GINA]["busy"] == []
    assert app.calendar("GET", "/users/me/calendarList").status_code == 403


def test_an_inserted_event_gets_what_google_adds(gina: GoogleClient) -> None:
    made = gina.inserted()

    assert made["iCalUID"] == f"{made['id']}@google.com"
    assert made["organizer"] == {"email": GINA, "self": True} == made["creator"]
    assert {"etag", "created", "updated", "sequence", "htmlLink"} <= made.keys()


@pytest.mark.parametrize("named", ["UPPER", "with-hyphen", "xyzzy", "abc"])
def test_ids_of_our_own_have_their_alphabet(gina: GoogleClient, named: str) -> None:
    assert gina.events("POST", body={**EVENT, "id": named}).status_code == 400


def test_an_id_is_taken_for_ever(gina: GoogleClient) -> None:
    gina.inserted(id="abcde01")

    assert reason(gina.events("POST", body={**EVENT, "id": "abcde01"})) == (409, "duplicate")
    gina.events("DELETE", "abcde01")
    assert reason(gina.events("POST", body={**EVENT, "id": "abcde01"})) == (409, "duplicate")


@pytest.mark.parametrize(
    "body",
    [
        {"start": EVENT["start"]},
        {"start": EVENT["start"], "end": {"date": "2026-12-02"}},
        {"start": EVENT["end"], "end": EVENT["start"]},
        {"start": EVENT["start"], "end": EVENT["start"]},
    ],
)
def test_times_that_are_none_are_refused(gina: GoogleClient, body: dict[str, Any]) -> None:
    assert gina.events("POST", body=body).status_code == 400


def test_a_deleted_event_is_there_to_be_read(gina: GoogleClient) -> None:
    made = gina.inserted()["id"]

    assert gina.events("DELETE", made).status_code == 204
    assert gina.events("GET", made).json()["status"] == "cancelled"
    assert reason(gina.events("DELETE", made)) == (410, "deleted")
    assert gina.listed()[0] == []
    assert ids(gina.listed(showDeleted="true")[0]) == {made}


def test_one_revives_what_one_organized(gina: GoogleClient, google: GoogleSimulator) -> None:
    mine, theirs = gina.inserted()["id"], google.make(OLGA, **EVENT, attendees=[{"email": GINA}]).id
    for event in (mine, theirs):
        gina.events("DELETE", event)

    assert gina.events("PUT", mine, {**EVENT, "status": "confirmed"}).json()["status"] == "confirmed"
    assert reason(gina.events("PUT", theirs, {**EVENT, "status": "confirmed"})) == (403, "forbidden")


def test_a_stale_etag_changes_nothing(gina: GoogleClient) -> None:
    made = gina.inserted()
    newer = gina.events("PATCH", made["id"], {"summary": "New"}, headers={"If-Match": made["etag"]}).json()
    refused = gina.events("PATCH", made["id"], {"summary": "Old"}, headers={"If-Match": made["etag"]})

    assert newer["etag"] != made["etag"]
    assert reason(refused) == (412, "conditionNotMet")
    assert gina.events("GET", made["id"]).json()["summary"] == "New"
    assert gina.events("GET", made["id"], headers={"If-None-Match": newer["etag"]}).status_code == 304


def test_a_patch_keeps_what_it_does_not_say_and_a_put_does_not(gina: GoogleClient) -> None:
    properties = {"extendedProperties": {"private": {"a": "1", "b": "2"}}}
    made = gina.inserted(
        location="Here", attendees=[{"email": "a@example.com"}, {"email": "b@example.com"}], **properties
    )
    changes = {"attendees": [{"email": "c@example.com"}], "extendedProperties": {"private": {"a": None}}}
    patched = gina.events("PATCH", made["id"], changes).json()
    put = gina.events("PUT", made["id"], EVENT).json()

    assert patched["location"] == "Here"
    assert [one["email"] for one in patched["attendees"]] == ["c@example.com"]
    assert patched["extendedProperties"]["private"] == {"b": "2"}
    assert "location" not in put
    assert "attendees" not in put


def test_a_meeting_is_made_only_where_both_say_so(gina: GoogleClient) -> None:
    without = gina.events("POST", body={**EVENT, "conferenceData": MEET}).json()
    made = gina.events("POST", body={**EVENT, "conferenceData": MEET}, **WITH_MEET).json()
    again = gina.events("PATCH", made["id"], {"conferenceData": MEET}, **WITH_MEET).json()

    assert "hangoutLink" not in without
    assert "conferenceData" not in without
    assert made["conferenceData"]["entryPoints"][0]["uri"] == made["hangoutLink"] == again["hangoutLink"]


def test_a_meeting_may_come_later_or_never(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.switches.meet = "pending"
    made = gina.events("POST", body={**EVENT, "conferenceData": MEET}, **WITH_MEET).json()
    google.advance(seconds=11)
    google.switches.meet = "failure"
    failed = gina.events("POST", body={**EVENT, "conferenceData": MEET}, **WITH_MEET).json()

    assert made["conferenceData"]["createRequest"]["status"]["statusCode"] == "pending"
    assert "hangoutLink" not in made
    assert "hangoutLink" in gina.events("GET", made["id"]).json()
    assert failed["conferenceData"]["createRequest"]["status"]["statusCode"] == "failure"


def test_a_calendar_without_meetings_refuses_them(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.calendar(GINA).meets = False
    refused = gina.events("POST", body={**EVENT, "conferenceData": MEET}, **WITH_MEET)

    assert (refused.status_code, refused.json()["error"]["message"]) == (400, "Invalid conference type value.")


def test_guests_have_copies_and_their_answers_come_back(gina: GoogleClient, google: GoogleSimulator) -> None:
    properties = {"private": {"ours": "1"}, "shared": {"all": "2"}}
    made = gina.inserted(attendees=[{"email": MINA}], extendedProperties=properties)
    copy = google.calendar(MINA).events[made["id"]]
    accepted = [{"email": MINA, "responseStatus": "accepted"}]
    google.change(MINA, made["id"], attendees=accepted, summary="Mine")
    seen = gina.events("GET", made["id"]).json()

    assert copy.fields["iCalUID"] == made["iCalUID"]
    assert copy.fields["extendedProperties"] == {"shared": {"all": "2"}}
    assert (seen["attendees"][0]["responseStatus"], seen["summary"]) == ("accepted", "Talk")
    assert seen["etag"] != made["etag"]


def test_mails_go_out_only_when_asked_for(gina: GoogleClient, google: GoogleSimulator) -> None:
    guests = {**EVENT, "attendees": [{"email": "ivan@example.com"}]}
    gina.events("POST", body=guests)
    gina.events("POST", body=guests, params={"sendUpdates": "all"})

    assert [mail["to"] for mail in google.world.mails] == [["ivan@example.com"]]


def test_private_events_hide_from_readers(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.make(OLGA, **EVENT, visibility="private")
    google.make(OLGA, **EVENT, recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    google.share(OLGA, GINA, "reader")
    read = gina.events(of=OLGA).json()["items"]
    google.share(OLGA, GINA, "freeBusyReader")
    busy = gina.events(of=OLGA).json()["items"]

    assert ["summary" in one for one in read] == [False, True]
    assert len(busy) == 4
    assert not any("summary" in one or "recurrence" in one for one in busy)


def test_a_series_runs_through_the_change_of_clocks_in_its_own_zone(gina: GoogleClient) -> None:
    start = {"dateTime": "2027-03-27T10:00:00+01:00", "timeZone": BERLIN}
    end = {"dateTime": "2027-03-27T11:00:00+01:00", "timeZone": BERLIN}
    master = gina.inserted(start=start, end=end, recurrence=["RRULE:FREQ=DAILY;UNTIL=20270329T080000Z"])

    plain, expanded = gina.listed()[0], gina.listed(singleEvents="true", orderBy="startTime")[0]
    assert ids(plain) == {master["id"]}
    assert [one["start"]["dateTime"] for one in expanded] == [
        "2027-03-27T10:00:00+01:00",
        "2027-03-28T10:00:00+02:00",
        "2027-03-29T10:00:00+02:00",
    ]
    assert {one["recurringEventId"] for one in expanded} == {master["id"]}


def test_instances_change_and_go_by_themselves(gina: GoogleClient) -> None:
    master = gina.inserted(recurrence=["RRULE:FREQ=DAILY;COUNT=3"])["id"]
    first, second, third = (one["id"] for one in gina.events("GET", f"{master}/instances").json()["items"])
    gina.events("PATCH", first, {"summary": "Special"})
    gina.events("DELETE", second)

    left = gina.events("GET", f"{master}/instances").json()["items"]
    assert {one["id"]: one["summary"] for one in left} == {first: "Special", third: "Talk"}
    told = {one["id"]: one for one in gina.listed()[0]}
    assert told[second] == {
        "kind": "calendar#event",
        "etag": told[second]["etag"],
        "id": second,
        "status": "cancelled",
        "recurringEventId": master,
        "originalStartTime": told[second]["originalStartTime"],
    }


def test_a_series_without_zone_or_rule_is_refused(gina: GoogleClient) -> None:
    moments = {name: {"dateTime": EVENT[name]["dateTime"]} for name in ("start", "end")}  # type: ignore[index]

    assert gina.events("POST", body={**moments, "recurrence": ["RRULE:FREQ=DAILY"]}).status_code == 400
    assert gina.events("POST", body={**EVENT, "recurrence": ["RRULE:FREQ=NEVER"]}).status_code == 400


def test_the_window_is_open_at_both_ends(gina: GoogleClient) -> None:
    made = gina.inserted()["id"]

    def seen(least: str, most: str) -> set[str]:
        return ids(gina.listed(timeMin=f"2026-12-01T{least}:00Z", timeMax=f"2026-12-01T{most}:00Z")[0])

    assert seen("09:29", "10:00") == seen("08:00", "09:01") == {made}
    assert seen("09:30", "10:00") == seen("08:00", "09:00") == set()
    assert gina.events(params={"timeMin": "2026-12-01T00:00:00"}).status_code == 400
    assert gina.events(params={"orderBy": "startTime"}).status_code == 400


def test_types_are_filtered_and_have_their_rules(gina: GoogleClient, google: GoogleSimulator) -> None:
    google.add_calendar(GINA, "team@group.calendar.google.com")
    focus = gina.inserted(eventType="focusTime")["id"]
    gina.inserted()
    home = {"eventType": "workingLocation", "visibility": "public"}

    assert ids(gina.listed(eventTypes=["focusTime", "outOfOffice"])[0]) == {focus}
    assert gina.events("POST", body={**EVENT, "eventType": "fromGmail"}).status_code == 400
    assert gina.events("POST", body={**EVENT, **home}).status_code == 400
    elsewhere = gina.events("POST", of="team@group.calendar.google.com", body={**EVENT, "eventType": "focusTime"})
    assert elsewhere.status_code == 400


def test_reminders_alone_do_not_count_as_an_update(gina: GoogleClient, google: GoogleSimulator) -> None:
    made = gina.inserted()
    google.advance(minutes=1)
    reminded = gina.events("PATCH", made["id"], {"reminders": {"useDefault": False}}).json()

    assert reminded["updated"] == made["updated"]
    assert reminded["etag"] != made["etag"]


def _busy(client: GoogleClient, *more: str) -> dict[str, Any]:
    asked = {**DAY, "items": [{"id": name} for name in (GINA, *more)]}
    calendars: dict[str, Any] = client.calendar("POST", "/freeBusy", asked).json()["calendars"]
    return calendars
