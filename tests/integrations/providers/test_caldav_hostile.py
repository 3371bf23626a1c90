"""CalDAV: servers that want to harm, and what they get: a sentence, and nothing else."""

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations import guarded
from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RateLimited, RequestRejected
from integrations.providers.caldav.calendar import Calendars
from integrations.providers.caldav.provider import CalDav
from integrations.simulators.server import SimulatorServer
from integrations.types import Login
from tests.integrations.providers.caldav_relay import Relay
from tests.integrations.providers.desks import CalDavDesk
from tests.integrations.test_safe_xml import BILLION_LAUGHS
from tests.integrations.typed_servers import Typed, dripping
from tests.servers import free_port

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
CALENDAR = "/home/work/"
FILE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><D:multistatus xmlns:D="DAV:">&e;</D:multistatus>'

pytestmark = pytest.mark.usefixtures("private_servers", "db")


@pytest.fixture
def server() -> Iterator[tuple[Typed, str]]:
    typed = Typed()
    with SimulatorServer(typed) as running:
        yield typed, running.url


def look(url: str) -> list[Any]:
    with CalDav().session(Login(f"{url}/home/", "mina", "open-sesame")) as http:
        return Calendars().events(http, CALENDAR, MONDAY, MONDAY + timedelta(hours=1))


def about(href: str, properties: str = "") -> bytes:
    found = f"<D:propstat><D:prop>{properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
    return (
        '<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
        f"<D:response><D:href>{href}</D:href>{found}</D:response></D:multistatus>"
    ).encode()


@pytest.mark.parametrize(
    "to",
    ["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://10.0.0.1/", "file:///etc/passwd"],
)
def test_a_redirect_leads_to_no_forbidden_place(server: tuple[Typed, str], to: str):
    server[0].redirects(CALENDAR, to)

    with pytest.raises(RequestRejected):
        look(server[1])


def test_a_redirect_to_another_server_carries_no_password_and_ends_no_account(server: tuple[Typed, str]):
    other = Typed()
    other.answers["/"] = (401, [("WWW-Authenticate", "Basic")], b"")
    with SimulatorServer(other) as elsewhere:
        server[0].redirects(CALENDAR, f"{elsewhere.url}/")
        with pytest.raises(RequestRejected, match="another one"):
            look(server[1])

    assert [credentials for *_rest, credentials in other.asked] == [None]


def test_a_redirect_without_end_ends(server: tuple[Typed, str]):
    server[0].redirects(CALENDAR, CALENDAR)

    with pytest.raises(RequestRejected, match="from one address to the next"):
        look(server[1])


@pytest.mark.parametrize("body", [BILLION_LAUGHS, FILE], ids=["laughs", "file"])
def test_entities_are_not_read(server: tuple[Typed, str], body: bytes | str):
    server[0].answers[CALENDAR] = (207, [], body if isinstance(body, bytes) else body.encode())

    with pytest.raises(RequestRejected, match="not safe"):
        look(server[1])


def test_a_failure_with_entities_is_no_news_either(server: tuple[Typed, str]):
    server[0].answers[CALENDAR] = (409, [], FILE)

    with pytest.raises(RequestRejected) as refused:
        look(server[1])
    assert refused.value.detail == "HTTP 409"


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_without_measure_is_not_read_to_its_end(desk_relayed: CalDavDesk, relay: Relay, packed: bool):
    huge = b"<" * (guarded.MOST_BYTES + 1)
    answer = (207, {"Content-Encoding": "gzip"}, gzip.compress(huge)) if packed else (207, {}, huge)
    relay.next.append(("PROPFIND", answer))

    with pytest.raises(RequestRejected, match="too large"):
        desk_relayed.calendaring.list_calendars(desk_relayed.http)


def test_a_server_that_drips_is_left(settings: Any):
    settings.PROVIDER_TIMEOUT = (1, 0.5)
    begun = time.monotonic()
    with dripping(b"HTTP/1.1 207 Multi-Status\r\n") as url, pytest.raises(ProviderUnavailable):
        look(url.rstrip("/"))

    assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    "href", ["https://elsewhere.example.org/a.ics", "//169.254.169.254/a.ics", "http://[::1", "/" + "x" * 700, "a:b:c"]
)
def test_events_elsewhere_are_not_looked_at(server: tuple[Typed, str], href: str):
    server[0].answers[CALENDAR] = (207, [], about(href, "<C:calendar-data>BEGIN:VEVENT</C:calendar-data>"))

    with pytest.raises(RequestRejected, match=r"on another one|too long"):
        look(server[1])


def test_an_object_is_not_taken_for_a_file_of_ours(server: tuple[Typed, str], tmp_path: Any):
    secret = tmp_path / "BEGIN:VEVENT"
    secret.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Secret\nDTSTART:20270301T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    server[0].answers[CALENDAR] = (207, [], about("/home/work/a.ics", f"<C:calendar-data>{secret}</C:calendar-data>"))

    with pytest.raises(RequestRejected, match=r"“a.ics” cannot be read"):
        look(server[1])


@pytest.mark.parametrize("status", [*range(300, 309), *range(400, 432), 451, *range(500, 512), 520])
def test_every_status_is_one_of_our_failures(server: tuple[Typed, str], status: int):
    server[0].answers[CALENDAR] = (status, [], b"<html>secret words of the server</html>")

    with pytest.raises((AuthorizationLost, ProviderUnavailable, RateLimited, RequestRejected)) as failed:
        look(server[1])
    assert "secret" not in failed.value.sentence + failed.value.detail
    assert isinstance(failed.value, AuthorizationLost) is (status == 401)


def test_a_server_that_is_not_there_says_so():
    with pytest.raises(ProviderUnavailable, match="The calendar server cannot be reached") as failed:
        look(f"http://127.0.0.1:{free_port()}")
    assert failed.value.reached is False


@pytest.mark.parametrize("status", ["", "HTTP/1.1", "HTTP/1.1 200000 OK", "200", "HTTP/1.1 two OK"])
def test_a_status_that_is_none_is_no_success(server: tuple[Typed, str], status: str):
    body = about("/home/work/a.ics", "<C:calendar-data>BEGIN:VEVENT</C:calendar-data>")
    server[0].answers[CALENDAR] = (207, [], body.replace(b"HTTP/1.1 200 OK", status.encode()))

    assert look(server[1]) == []
