"""What every provider promises, run against each that is listed in registry.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from accounts.models import Membership
from integrations import conferencing, registry
from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.models import Connection
from integrations.simulators.faults import Faults
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import MeetingRequest
from tests.integrations.conftest import CARLA, ConnectZoom


@dataclass(frozen=True)
class Played:
    """A simulator, as far as these promises care. api: a shell pattern of where its meetings are made."""

    faults: Faults
    api: str
    meetings: Callable[[], list[tuple[str, datetime]]]


@pytest.fixture
def played_zoom(zoom: ZoomSimulator) -> Played:
    return Played(zoom.faults, "/v2/*", lambda: [(str(one.id), one.start) for one in zoom.meetings()])


@pytest.fixture
def played_microsoft(microsoft: MicrosoftSimulator) -> Played:
    def meetings() -> list[tuple[str, datetime]]:
        return [(event.immutable_id, event.start) for event in microsoft.events(CARLA)]

    return Played(microsoft.faults, "/v1.0/*", meetings)


@pytest.fixture
def played(connection: Connection, request: pytest.FixtureRequest) -> Played:
    found: Played = request.getfixturevalue(f"played_{connection.grant.provider}")
    return found


@pytest.fixture(params=[provider.key for provider in registry.OAUTH if provider.conferencing])
def connection(request: pytest.FixtureRequest, olga: Membership) -> Connection:
    """An account at the provider, connected through its simulator by the fixture connect_<key>."""
    connect: ConnectZoom = request.getfixturevalue(f"connect_{request.param}")
    return connect(olga)


def asked(**fields) -> MeetingRequest:
    defaults: dict[str, Any] = {
        "topic": "Intro call",
        "start": (now() + timedelta(days=10)).replace(second=0, microsecond=0),
        "duration": timedelta(minutes=30),
        "time_zone": "Europe/Berlin",
        "marker": "Booking BR-ABCDEF123456",
        "agenda": "With Ivan",
    }
    return MeetingRequest(**defaults | fields)


def test_a_meeting_is_made_with_a_link(connection):
    created = conferencing.create_meeting(connection, asked())

    assert created.external_id
    assert created.join_url.startswith("http")


def test_a_meeting_is_found_again_by_its_marker(connection):
    created = conferencing.create_meeting(connection, asked())
    conferencing.create_meeting(connection, asked(marker="Booking BR-OTHER"))

    assert conferencing.find_meeting(connection, asked(), since=now()) == created


def test_nothing_is_found_where_nothing_was_made(connection):
    conferencing.create_meeting(connection, asked(marker="Booking BR-OTHER"))

    assert conferencing.find_meeting(connection, asked(), since=now()) is None


def test_a_meeting_is_moved_and_stays_the_same(connection):
    created = conferencing.create_meeting(connection, asked())

    moved = conferencing.update_meeting(connection, created.external_id, asked(topic="Later"))

    assert moved.external_id == created.external_id
    assert moved.join_url


def test_deleting_twice_is_deleting_once(connection):
    created = conferencing.create_meeting(connection, asked())

    conferencing.delete_meeting(connection, created.external_id)
    conferencing.delete_meeting(connection, created.external_id)

    assert conferencing.find_meeting(connection, asked(), since=now()) is None


def test_moving_what_is_gone_is_rejected_as_missing(connection):
    created = conferencing.create_meeting(connection, asked())
    conferencing.delete_meeting(connection, created.external_id)

    with pytest.raises(RequestRejected) as caught:
        conferencing.update_meeting(connection, created.external_id, asked())

    assert caught.value.missing is True


@pytest.mark.parametrize(
    "topic",
    ["x" * 10_000, " ", "👩‍👩‍👧‍👦" * 60, "‮evil", "a\x00b", "a\r\nb", "<b>bold</b>"],
    ids=["long", "blank", "families", "override", "nul", "lines", "html"],
)
def test_any_topic_makes_a_meeting(connection, topic):
    assert conferencing.create_meeting(connection, asked(topic=topic, agenda=topic)).join_url


@pytest.mark.parametrize("zone", ["America/Nuuk", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu"])
def test_any_time_zone_makes_a_meeting(connection, zone):
    assert conferencing.create_meeting(connection, asked(time_zone=zone)).join_url


def test_a_lost_answer_leaves_one_meeting_to_be_found(connection, request):
    simulated = request.getfixturevalue(connection.grant.provider)
    simulated.faults.add("drop_after", method="POST", times=1)
    started = now()
    with pytest.raises(ProviderUnavailable) as caught:
        conferencing.create_meeting(connection, asked())

    found = conferencing.find_meeting(connection, asked(), since=started)

    assert caught.value.reached is True
    assert found is not None
    assert [meeting.external_id for meeting in conferencing.list_meetings(connection)] == [found.external_id]


@pytest.mark.parametrize("provider", list(registry.providers()), ids=lambda provider: provider.key)
def test_every_provider_says_what_it_can_and_has_a_logo(provider, settings):
    assert str(provider.label)
    assert str(provider.can)
    assert (settings.BASE_DIR / f"static/img/providers/{provider.key}.svg").exists()


def test_an_instant_is_the_same_whatever_the_zone_of_the_request(connection):
    conferencing.create_meeting(connection, asked(start=datetime(2027, 3, 28, 1, tzinfo=UTC), time_zone="Asia/Tokyo"))

    assert [meeting.start for meeting in conferencing.list_meetings(connection)] == [
        datetime(2027, 3, 28, 1, tzinfo=UTC)
    ]
