"""Graph's contacts, Teams meetings and notifications."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.exceptions import ProviderUnavailable, RequestRejected, SyncTokenLost
from integrations.providers.microsoft.contacts import People
from integrations.providers.microsoft.teams import Meetings
from integrations.providers.microsoft.watches import Watches
from integrations.simulators.microsoft.records import Folder
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from integrations.types import ContactPage, ContactRequest, MeetingRequest, Push, PushKind, PushRequest, Watched
from tests.integrations.conftest import CARLA
from tests.integrations.providers import microsoft_desk
from tests.integrations.providers.microsoft_desk import MicrosoftDesk
from tests.integrations.simulators.microsoft_endpoint import GraphEndpoint

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
NORA = "nora@contoso.example"
ASKED = MeetingRequest("Intro call", START, timedelta(minutes=30), "Europe/Berlin", "Booking BR-ABCDEF123456", "Hello")


@pytest.fixture
def desk(desk_microsoft: MicrosoftDesk) -> MicrosoftDesk:
    return desk_microsoft


# --- Contacts ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk_with_contacts(desk: MicrosoftDesk) -> MicrosoftDesk:
    desk.simulator.grant_for_tenant("Contoso", "Contacts.ReadWrite")
    desk.simulator.world.access_tokens.clear()
    return desk


def everybody(desk: MicrosoftDesk, since: str = "") -> ContactPage:
    pages = list(People().changes(desk.http, since=since))
    assert [page.sync_token for page in pages[:-1]] == [""] * (len(pages) - 1)
    found = {contact.external_id: contact for page in pages for contact in page.contacts}
    return ContactPage(
        tuple(found.values()), tuple({one for page in pages for one in page.removed}), pages[-1].sync_token
    )


@pytest.mark.row("ZM-24")
def test_contacts_are_read_and_then_what_changed(desk_with_contacts, microsoft: MicrosoftSimulator):
    gone = microsoft.add_contact(CARLA, "Ivan Invitee", "ivan@example.com", mobilePhone="+49 1", companyName="Ivan Inc")
    microsoft.add_contact(CARLA, "Petra", "petra@example.com", "petra@work.example")
    first = everybody(desk_with_contacts)
    microsoft.delete_contact(gone)
    microsoft.add_contact(CARLA, "New", "new@example.com")
    second = everybody(desk_with_contacts, first.sync_token)

    ivan, petra = sorted(first.contacts, key=lambda one: one.name)
    assert (ivan.name, ivan.emails, ivan.phones, ivan.company) == (
        "Ivan Invitee",
        ("ivan@example.com",),
        ("+49 1",),
        "Ivan Inc",
    )
    assert petra.emails == ("petra@example.com", "petra@work.example")
    assert ([one.name for one in second.contacts], second.removed) == (["New"], (gone.immutable_id,))


def test_contacts_of_other_folders_are_read_too(desk_with_contacts, microsoft: MicrosoftSimulator):
    folder = Folder("other-folder", microsoft.user(CARLA).id, "Customers")
    microsoft.world.folders[folder.id] = folder
    contact = microsoft.add_contact(CARLA, "Customer", "c@example.com")
    contact.folder_id = folder.id
    first = everybody(desk_with_contacts)
    assert [one.name for one in first.contacts] == ["Customer"]
    del microsoft.world.folders[folder.id]
    with pytest.raises(SyncTokenLost):
        everybody(desk_with_contacts, first.sync_token)


def test_contacts_that_are_forgotten_are_looked_at_anew(desk_with_contacts, microsoft: MicrosoftSimulator):
    first = everybody(desk_with_contacts)
    microsoft.forget_delta_tokens()
    with pytest.raises(SyncTokenLost):
        everybody(desk_with_contacts, first.sync_token)


@pytest.mark.row("ZM-25")
def test_a_contact_is_made(desk_with_contacts, microsoft: MicrosoftSimulator):
    made = People().create_contact(
        desk_with_contacts.http, ContactRequest("Ivan von Invitee", "ivan@example.com", "+49 2", "Inc")
    )

    [kept] = microsoft.contacts(CARLA)
    assert (made.name, made.emails, made.phones) == ("Ivan von Invitee", ("ivan@example.com",), ("+49 2",))
    assert (kept.fields["givenName"], kept.fields["surname"]) == ("Ivan von", "Invitee")
    assert made.external_id == kept.immutable_id


# --- Teams ------------------------------------------------------------------------------------------------------------


def test_a_meeting_is_an_event_in_the_calendar_with_a_link(desk, microsoft: MicrosoftSimulator):
    made = Meetings().create_meeting(desk.http, "me", ASKED)
    [event] = microsoft.events(CARLA)

    assert made.join_url.startswith("https://teams.microsoft.com/")
    assert (made.external_id, event.calendar_id) == (event.immutable_id, microsoft.calendar(CARLA).id)
    assert Meetings.keeps_events


def test_a_link_that_comes_late_is_waited_for(desk, microsoft: MicrosoftSimulator):
    microsoft.switches.teams_link_is_late = True
    assert Meetings().create_meeting(desk.http, "me", ASKED).join_url


def test_without_teams_nothing_is_left_behind(olga, microsoft: MicrosoftSimulator, connect_microsoft):
    connection, refused = connect_microsoft(olga, NORA), pytest.raises(RequestRejected, match="cannot hold Teams")
    with microsoft_desk.opened(microsoft, connection) as desk, refused:
        Meetings().create_meeting(desk.http, "me", ASKED)
    assert microsoft.events(NORA) == []


def test_a_lost_answer_is_found_and_asking_again_makes_one(desk, microsoft: MicrosoftSimulator):
    microsoft.faults.add("drop_after", method="POST", path="/v1.0/*", times=1)
    with pytest.raises(ProviderUnavailable):
        Meetings().create_meeting(desk.http, "me", ASKED)
    found = Meetings().find_meeting(desk.http, "me", ASKED, since=START)

    assert found == Meetings().create_meeting(desk.http, "me", ASKED)
    assert len(microsoft.events(CARLA)) == 1


def test_meetings_are_listed_with_their_marker_whatever_calendar_holds_them(desk, microsoft: MicrosoftSimulator):
    other = microsoft.add_calendar(CARLA, "Other")
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    asked = MeetingRequest("Intro", soon, timedelta(minutes=45), "UTC", "Booking BR-1", "Agenda", calendar=other.id)
    made = Meetings().create_meeting(desk.http, "me", asked)
    microsoft.add_event(CARLA, soon, subject="No meeting")

    [listed] = Meetings().list_meetings(desk.http, "me")
    assert (listed.external_id, listed.start, listed.duration) == (made.external_id, soon, timedelta(minutes=45))
    assert listed.agenda.startswith("Booking BR-1\n\nAgenda")
    assert Meetings().read_meeting(desk.http, made.external_id) == listed


def test_a_meeting_that_is_gone_is_gone(desk, microsoft: MicrosoftSimulator):
    made = Meetings().create_meeting(desk.http, "me", ASKED)
    for _time in range(2):
        Meetings().delete_meeting(desk.http, made.external_id)
    assert Meetings().read_meeting(desk.http, made.external_id) is None
    assert Meetings().find_meeting(desk.http, "me", ASKED, since=START) is None


# --- Notifications ----------------------------------------------------------------------------------------------------


@pytest.fixture
def endpoint() -> GraphEndpoint:
    return GraphEndpoint()


@pytest.fixture
def address(endpoint: GraphEndpoint) -> Iterator[str]:
    with SimulatorServer(endpoint) as server:
        yield f"{server.url}/webhooks/microsoft/calendar"


def watched(desk: MicrosoftDesk, address: str) -> Watched:
    return Watches().watch(desk.http, desk.calendar_id, address=address, secret="s" * 43, watch_id="watch-1")


def heard(endpoint: GraphEndpoint) -> list[Push]:
    body = json.dumps({"value": endpoint.received}).encode()
    return Watches().read(PushRequest(headers={}, query={}, body=body))


def test_changes_are_told_with_our_id_and_secret(desk, microsoft: MicrosoftSimulator, endpoint, address):
    made = watched(desk, address)
    microsoft.add_event(CARLA, START)
    microsoft.add_event(CARLA, START)
    microsoft.notifications.run()

    assert len(endpoint.tokens) == 2
    assert timedelta(hours=69) < made.expires_at - datetime.now(UTC) < timedelta(hours=71)
    assert heard(endpoint) == [Push("watch-1", "s" * 43, PushKind.CHANGED)]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("reauthorizationRequired", PushKind.RENEW),
        ("subscriptionRemoved", PushKind.GONE),
        ("missed", PushKind.MISSED),
    ],
)
def test_the_life_of_a_watch_is_told(desk, microsoft: MicrosoftSimulator, endpoint, address, event, kind):
    watched(desk, address)
    microsoft.lifecycle(event)
    microsoft.notifications.run()
    assert [push.kind for push in heard(endpoint)] == [kind]


def test_renewing_confirms_our_access(desk, microsoft: MicrosoftSimulator, endpoint, address):
    made = watched(desk, address)
    microsoft.lifecycle("reauthorizationRequired")
    microsoft.advance(hours=1)
    renewed = Watches().renew(desk.http, made)

    assert renewed is not None
    assert renewed.external_id == made.external_id
    assert not microsoft.subscriptions[0].paused


def test_what_is_gone_is_watched_anew_and_stopped_already(desk, microsoft: MicrosoftSimulator, endpoint, address):
    made = watched(desk, address)
    Watches().stop(desk.http, made)

    assert microsoft.subscriptions == []
    assert Watches().renew(desk.http, made) is None
    Watches().stop(desk.http, made)


def test_an_address_that_does_not_prove_itself_is_rejected(desk, endpoint, address):
    endpoint.proves = False
    with pytest.raises(RequestRejected):
        watched(desk, address)


@pytest.mark.parametrize(
    ("token", "answer"), [("Validation: a+b%20c ä", "Validation: a+b%20c ä"), ("", None), ("x" * 2001, None)]
)
def test_the_handshake_says_the_token_and_nothing_absurd(token, answer):
    asked = PushRequest(headers={}, query={"validationToken": token} if token else {}, body=b"")
    assert Watches().handshake(asked) == answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"value": 5}',
        b'{"value": [5, {}, {"clientState": "no-dot"}, {"clientState": null}, {"clientState": "id."}]}',
    ],
)
def test_what_is_no_notification_says_nothing(body: Any):
    assert Watches().read(PushRequest(headers={}, query={}, body=body)) == []
