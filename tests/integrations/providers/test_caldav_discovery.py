"""CalDAV: from what somebody typed to his calendars, and what he reads if there are none."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.exceptions import AuthorizationLost, RequestRejected
from integrations.providers.caldav import discovery
from integrations.providers.caldav.provider import CalDav
from integrations.simulators.server import SimulatorServer
from integrations.types import Login
from tests.integrations.providers.caldav_relay import Relay
from tests.integrations.providers.caldav_server import PASSWORD, Person
from tests.integrations.typed_servers import Resolver, Typed

pytestmark = pytest.mark.usefixtures("private_servers", "db")

MULTISTATUS = (
    '<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:response><D:href>{path}</D:href>'
    "<D:propstat><D:prop>{properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    "</D:multistatus>"
)
PRINCIPAL = "<D:current-user-principal><D:href>{href}</D:href></D:current-user-principal>"
HOME = "<C:calendar-home-set><D:href>{href}</D:href></C:calendar-home-set>"

Find = Callable[..., str]


@pytest.fixture
def find(calendar_person: Person) -> Find:
    """The home that is found from an address."""

    def found(address: str, password: str = PASSWORD, **how: Any) -> str:
        return CalDav().find(Login(address, calendar_person.name, password, **how)).address

    return found


@pytest.fixture
def through(relay: Relay) -> Iterator[str]:
    with SimulatorServer(relay) as server:
        yield server.url


@pytest.fixture
def other() -> Iterator[tuple[Typed, str]]:
    server = Typed()
    server.answers |= dict.fromkeys(["/", "/dav/", "/.well-known/caldav"], (404, [], b""))
    with SimulatorServer(server) as running:
        yield server, running.url


def dav(path: str, properties: str) -> tuple[int, list[tuple[str, str]], bytes]:
    return 207, [("Content-Type", "application/xml")], MULTISTATUS.format(path=path, properties=properties).encode()


# --- Found ------------------------------------------------------------------------------------------------------------


@pytest.mark.row("G-43")
@pytest.mark.parametrize("path", ["", "/", "/.well-known/caldav", "{home}", "{home}work/", "/?a=b#c"])
def test_the_home_is_found_from_any_address_of_the_server(find: Find, calendar_person: Person, path: str):
    calendar_person.calendar()
    server = calendar_person.server.url

    assert find(server + path.format(home=calendar_person.home)) == server + calendar_person.home


def test_a_path_that_is_none_does_not_keep_it_from_being_found(find: Find, calendar_person: Person, through: str):
    assert find(f"{through}/web/login") == through + calendar_person.home


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("icloud.com", "https://caldav.icloud.com/"),
        ("mina@ICLOUD.com", "https://caldav.icloud.com/"),
        ("fastmail.com", "https://caldav.fastmail.com/"),
        (" cloud.example.org ", "https://cloud.example.org/"),
        ("cloud.example.org/remote.php/dav", "https://cloud.example.org/remote.php/dav"),
        ("mina@example.org", "https://example.org/"),
        ("https://cloud.example.org:8443/dav/?x=1#y", "https://cloud.example.org:8443/dav/"),
        ("http://192.168.1.5:5232", "http://192.168.1.5:5232/"),
    ],
)
def test_an_address_is_understood_as_people_write_it(written: str, meant: str):
    assert discovery.typed(written) == meant


def test_the_home_may_lie_on_another_encrypted_host_of_the_service():
    there = "https://p42-caldav.icloud.com:443/123/calendars/"

    assert discovery.onward("https://caldav.icloud.com/123/principal/", there) == there


def test_whose_calendars_they_are(calendar_person: Person):
    login = Login(calendar_person.server.url + calendar_person.home, calendar_person.name, PASSWORD)
    with CalDav().session(login) as http:
        identity = CalDav().identify(http, login)

    assert (identity.external_id, identity.account_id) == (calendar_person.home, calendar_person.name)
    assert identity.email == calendar_person.name


def test_a_name_and_password_may_hold_any_character(find: Find, through: str, relay: Relay):
    with pytest.raises(AuthorizationLost):
        CalDav().find(Login(through, "mína@example.org", "pässwörd🔑"))

    assert relay.passwords[0].startswith("Basic ")


def test_a_server_that_wants_a_digest_gets_one(find: Find, calendar_person: Person, relay: Relay, through: str):
    relay.digest = True

    assert find(through) == through + calendar_person.home
    assert [word.partition(" ")[0] for word in relay.passwords].count("Basic") == 1


# --- Not found --------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_sent_once_and_speaks_of_app_passwords(find: Find, relay: Relay, through: str):
    with pytest.raises(AuthorizationLost, match="app password"):
        find(through, "wrong")

    assert relay.statuses.count(401) == 1


def test_a_web_site_is_no_calendar_server(find: Find, other: tuple[Typed, str]):
    server, url = other
    server.answers |= dict.fromkeys(["/", "/.well-known/caldav"], (200, [], b"<html>Welcome</html>"))

    with pytest.raises(RequestRejected, match="No calendars were found"):
        find(url)


def test_a_server_that_only_keeps_files_says_so(find: Find, other: tuple[Typed, str]):
    server, url = other
    server.answers["/"] = dav("/", PRINCIPAL.format(href="/me/"))
    server.answers["/me/"] = dav("/me/", "")

    with pytest.raises(RequestRejected, match="no calendars"):
        find(url)


def test_being_sent_on_to_another_server_carries_no_password_there(
    find: Find, other: tuple[Typed, str], relay: Relay, through: str
):
    server, url = other
    server.redirects("/.well-known/caldav", f"{through}/")

    with pytest.raises(RequestRejected, match=f"Enter its address instead: {through}/"):
        find(url)
    assert set(relay.passwords) == {""}


@pytest.mark.parametrize(
    "href", ["http://elsewhere.example.org/home/", "//169.254.169.254/latest/", "ftp://example.org/"]
)
def test_no_home_without_encryption_on_another_server(find: Find, other: tuple[Typed, str], href: str):
    server, url = other
    server.answers["/"] = dav("/", HOME.format(href=href))

    with pytest.raises(RequestRejected):
        find(url)


def test_a_public_server_must_be_encrypted(find: Find, monkeypatch: pytest.MonkeyPatch):
    resolver = Resolver()
    resolver.names["cloud.example.org"] = [["93.184.215.14"]]
    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    with pytest.raises(RequestRejected, match="https://"):
        find("http://cloud.example.org/")


def test_no_private_network_unless_the_operator_allows_it(find: Find, calendar_person: Person, settings: Any):
    settings.OUTWARD_PRIVATE_ADDRESSES = []

    with pytest.raises(RequestRejected, match="private network"):
        find(calendar_person.server.url)


def test_not_to_where_no_password_may_go(find: Find, calendar_person: Person):
    with pytest.raises(RequestRejected, match="No password"):
        find(calendar_person.server.url, no_password_at=("127.0.0.1",))


@pytest.mark.parametrize("address", ["", "cloud example org", "ftp://example.org", "https://mina:secret@example.org"])
def test_what_is_no_address_says_so(find: Find, address: str):
    with pytest.raises(RequestRejected):
        find(address)
