"""Addresses that people typed lead nowhere but where they may, and never hold Bridge up."""

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations import checks, outward
from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.guarded import GuardedAdapter, Limits
from integrations.outward import Outward
from integrations.simulators.server import SimulatorServer
from tests.integrations.typed_servers import Resolver, Typed, dripping, encrypted

PUBLIC = "93.184.215.14"
HERE = "127.0.0.1"
HOSTILE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://127.0.0.1./",
    "http://①②⑦.⓪.⓪.①/",
    "http://10.0.0.5/",
    "http://172.31.255.1/",
    "http://192.168.1.1/",
    "http://100.100.100.200/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://user:password@mail.example.com/",
    "http://mail.example.com:80@127.0.0.1/",
    "http://mail.example.com\\@127.0.0.1/",
    "http://127.0.0.1 /",
    "http://mail.example.com/\r\nX-Evil: 1",
    "ftp://mail.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "//mail.example.com/",
    "mail.example.com",
    "http://",
    "",
]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


@pytest.fixture
def here(settings: Any) -> None:
    """The operator allows this machine."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]


@pytest.fixture
def typed() -> Iterator[tuple[Typed, str]]:
    server = Typed()
    with SimulatorServer(server) as running:
        yield server, running.url


@pytest.fixture
def http() -> Iterator[Outward]:
    with Outward("mail.example.com", credentials=requests.auth.HTTPBasicAuth("mina", "hunter2")) as session:
        yield session


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_refused_when_it_is_typed_and_when_it_is_used(address: str, http: Outward):
    with pytest.raises(RequestRejected) as typed_in:
        outward.check(address)
    with pytest.raises(RequestRejected) as used:
        http.get(address)

    assert typed_in.value.sentence == used.value.sentence
    assert typed_in.value.sentence


@pytest.mark.parametrize("address", ["https://mail.example.com/EWS/Exchange.asmx", "http://mail.example.com:8443/"])
def test_a_public_address_is_taken(address: str, resolver: Resolver):
    resolver.names["mail.example.com"] = [[PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]]

    outward.check(address)


def test_a_public_address_behind_nat64_is_taken(resolver: Resolver):
    resolver.names["mail.example.com"] = [["64:ff9b::5db8:d70e"]]

    outward.check("https://mail.example.com/")


def test_one_private_address_among_several_spoils_the_name(resolver: Resolver):
    resolver.names["mail.example.com"] = [[PUBLIC, "10.0.0.7"]]

    with pytest.raises(RequestRejected, match="private network"):
        outward.check("https://mail.example.com/")


def test_a_name_that_nobody_has_says_so(resolver: Resolver):
    with pytest.raises(RequestRejected, match="No server of this name"):
        outward.check("https://nobody.invalid/")


def test_a_name_that_does_not_resolve_while_syncing_is_tried_again(http: Outward):
    with pytest.raises(ProviderUnavailable) as problem:
        http.get("http://nobody.invalid/")

    assert not problem.value.reached


def test_the_operator_can_allow_a_network(here: None, typed: tuple[Typed, str], http: Outward):
    assert http.get(typed[1] + "/").content == b"here"
    with pytest.raises(RequestRejected):
        outward.check("http://10.0.0.5/")


def test_a_network_that_is_none_is_named_before_anything_starts(settings: Any):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["10.0.0.0/8", "exchange.corp.example"]

    [error] = checks.private_networks_are_networks(None)

    assert (error.id, "exchange.corp.example" in error.msg) == ("integrations.E005", True)


def test_the_simulators_of_the_try_out_are_reached_at_bridges_own_address(typed: tuple[Typed, str], settings: Any):
    settings.BASE_URL = typed[1]
    outward.check(typed[1] + "/simulators/exchange/EWS/Exchange.asmx")
    settings.SIMULATORS = False

    with pytest.raises(RequestRejected):
        outward.check(typed[1] + "/simulators/exchange/EWS/Exchange.asmx")


def test_a_name_that_turns_around_after_it_was_looked_at_does_not_get_there(
    resolver: Resolver, typed: tuple[Typed, str], http: Outward
):
    """DNS rebinding: the connection goes to the address that was judged, so the second answer is never asked for."""
    resolver.names["mail.example.com"] = [[PUBLIC], [HERE]]
    port = typed[1].rpartition(":")[2]

    with pytest.raises(AssertionError, match=PUBLIC):  # the closed network of the tests
        http.get(f"http://mail.example.com:{port}/")

    assert resolver.looks == ["mail.example.com"]
    assert typed[0].asked == []


def test_a_form_that_saw_a_good_address_does_not_open_the_door_for_a_bad_one(
    resolver: Resolver, typed: tuple[Typed, str], http: Outward
):
    resolver.names["mail.example.com"] = [[PUBLIC], [HERE]]
    address = f"http://mail.example.com:{typed[1].rpartition(':')[2]}/"
    outward.check(address)

    with pytest.raises(RequestRejected, match="private network"):
        http.get(address)

    assert typed[0].asked == []


@pytest.mark.parametrize(
    ("name", "trusted", "good"),
    [("mail.example.com", True, True), ("other.example.com", True, False), ("mail.example.com", False, False)],
    ids=["its own name", "another name", "a stranger's"],
)
def test_the_certificate_is_held_against_the_name(
    here: None, resolver: Resolver, settings: Any, tmp_path: Path, name: str, trusted: bool, good: bool
):
    resolver.names[name] = [[HERE]]
    with encrypted(tmp_path, "mail.example.com") as (port, certificate), Outward("mail") as http:
        settings.OUTWARD_CA_FILE = str(certificate) if trusted else ""
        if good:
            assert http.get(f"https://{name}:{port}/").content == b"here"
        else:
            with pytest.raises(ProviderUnavailable) as problem:
                http.get(f"https://{name}:{port}/")
            assert not problem.value.reached


# --- Redirects --------------------------------------------------------------------------------------------------------


def test_a_redirect_into_a_private_network_is_refused(typed: tuple[Typed, str], http: Outward, settings: Any):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.1/32"]
    server, url = typed
    server.redirects("/", "http://127.0.0.2:6379/")

    with pytest.raises(RequestRejected, match="private network"):
        http.get(url + "/")


def test_a_redirect_to_something_else_than_http_is_refused(here: None, typed: tuple[Typed, str], http: Outward):
    server, url = typed
    server.redirects("/", "file:///etc/passwd")

    with pytest.raises(RequestRejected, match="https://"):
        http.get(url + "/")


def test_a_redirect_on_the_same_server_keeps_method_and_credentials(
    here: None, typed: tuple[Typed, str], http: Outward
):
    server, url = typed
    server.redirects("/.well-known/caldav", "/dav/", 301)

    assert http.request("PROPFIND", url + "/.well-known/caldav", data="<propfind/>").status_code == 200

    assert [(method, path, bool(secret)) for method, _host, path, secret in server.asked] == [
        ("PROPFIND", "/.well-known/caldav", True),
        ("PROPFIND", "/dav/", True),
    ]


def test_no_credentials_follow_to_another_origin(
    here: None, resolver: Resolver, typed: tuple[Typed, str], http: Outward
):
    resolver.names["other.example.net"] = [[HERE]]
    server, url = typed
    server.redirects("/", f"http://other.example.net:{url.rpartition(':')[2]}/there")
    http.headers["Authorization"] = "Bearer of-the-session"

    http.get(url + "/", headers={"Cookie": "session=secret", "authorization": "Bearer of-the-call"})

    assert server.asked[-1][2:] == ("/there", None)


def test_another_port_is_another_origin(here: None, typed: tuple[Typed, str], http: Outward):
    other = Typed()
    with SimulatorServer(other) as running:
        typed[0].redirects("/", running.url + "/there")
        http.get(typed[1] + "/")

    assert other.asked[0][2:] == ("/there", None)


def test_what_changes_something_is_not_sent_on_to_another_origin(here: None, typed: tuple[Typed, str], http: Outward):
    other = Typed()
    with SimulatorServer(other) as running:
        typed[0].redirects("/", running.url + "/there", 307)
        with pytest.raises(RequestRejected, match="Enter that address instead"):
            http.put(typed[1] + "/", data=b"BEGIN:VCALENDAR")

    assert other.asked == []


def test_a_server_that_redirects_for_ever_is_left(here: None, typed: tuple[Typed, str], http: Outward):
    server, url = typed
    server.redirects("/", "/")

    with pytest.raises(RequestRejected, match="never answers"):
        http.get(url + "/")

    assert len(server.asked) == 1 + outward.MOST_REDIRECTS


def test_encryption_is_not_given_up_on_the_way():
    answer = requests.Response()
    answer.status_code, answer.headers["location"] = 302, "http://mail.example.com/"

    with pytest.raises(RequestRejected, match="without encryption"):
        outward.onward("GET", "https://mail.example.com/", answer, {})


# --- Passwords that may not go to some hosts --------------------------------------------------------------------------


BARRED = Limits(bars=("cloud.test",))


@pytest.fixture
def own_server_only() -> Iterator[Outward]:
    with Outward("mail", credentials=requests.auth.HTTPBasicAuth("a", "b"), limits=BARRED) as session:
        yield session


@pytest.mark.row("ZM-35")
@pytest.mark.parametrize("host", ["cloud.test", "outlook.cloud.test", "OUTLOOK.Cloud.Test", "outlook.cloud.test."])
def test_no_password_goes_to_a_barred_host(here: None, resolver: Resolver, own_server_only: Outward, host: str):
    resolver.names |= {name: [[HERE]] for name in (host, host.lower())}

    with pytest.raises(RequestRejected, match="No password"):
        own_server_only.get(f"http://{host}/")
    with pytest.raises(RequestRejected, match="No password"):
        outward.check(f"http://{host}/", limits=BARRED)


@pytest.mark.row("ZM-35")
def test_no_password_goes_to_a_barred_host_by_redirect(
    here: None, resolver: Resolver, typed: tuple[Typed, str], own_server_only: Outward
):
    resolver.names["outlook.cloud.test"] = [[HERE]]
    server, url = typed
    server.redirects("/", f"http://outlook.cloud.test:{url.rpartition(':')[2]}/")

    with pytest.raises(RequestRejected, match="No password"):
        own_server_only.get(url + "/")

    assert len(server.asked) == 1


@pytest.mark.row("ZM-35")
def test_no_password_goes_to_a_name_that_is_an_alias_of_a_barred_host(resolver: Resolver, own_server_only: Outward):
    resolver.names["mail.example.com"] = [[PUBLIC]]
    resolver.aliases["mail.example.com"] = "outlook.cloud.test"

    with pytest.raises(RequestRejected, match="No password"):
        own_server_only.get("https://mail.example.com/")


# --- Slow and huge ----------------------------------------------------------------------------------------------------

BEGINNING = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.mark.parametrize(
    ("beginning", "forever"),
    [(BEGINNING, b"X"), (BEGINNING + b"X: ", b"y"), (BEGINNING + b"\r\n", b"z"), (b"", b"")],
    ids=["a header", "a header's value", "the body", "nothing at all"],
)
def test_a_server_that_drips_is_left_after_the_whole_time(here: None, settings: Any, beginning: bytes, forever: bytes):
    settings.PROVIDER_TIMEOUT = (1.0, 0.4)
    limits = Limits(seconds=0.3)

    with (
        dripping(beginning, forever=forever) as url,
        Outward("mail", limits=limits) as http,
        pytest.raises(ProviderUnavailable),
    ):
        http.get(url)


def test_chunks_that_drip_are_left_too(here: None):
    chunked = BEGINNING + b"Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n"

    with (
        dripping(chunked, forever=b"x") as url,
        Outward("mail", limits=Limits(seconds=0.3)) as http,
        pytest.raises(ProviderUnavailable),
    ):
        http.get(url)


def test_a_huge_answer_is_not_read(here: None, typed: tuple[Typed, str]):
    server, url = typed
    server.answers["/"] = (200, [], b"x" * 200_000)

    with Outward("mail", limits=Limits(bytes=100_000)) as http, pytest.raises(RequestRejected, match="too large"):
        http.get(url + "/")


def test_an_answer_is_never_read_byte_by_byte(here: None, typed: tuple[Typed, str], http: Outward):
    """As some libraries ask for: megabytes would take seconds."""
    typed[0].answers["/"] = (200, [], b"x" * 1_000_000)
    pieces = list(http.get(typed[1] + "/").iter_content(1))

    assert (sum(len(piece) for piece in pieces), len(pieces) < 100) == (1_000_000, True)


def test_an_answer_that_unpacks_into_a_huge_one_is_not_read(here: None, typed: tuple[Typed, str]):
    server, url = typed
    server.answers["/"] = (200, [("Content-Encoding", "gzip")], gzip.compress(b"x" * 10_000_000))

    with Outward("mail", limits=Limits(bytes=1_000_000)) as http, pytest.raises(RequestRejected, match="too large"):
        http.get(url + "/")


def test_a_dead_address_of_a_name_does_not_hide_its_living_one(
    here: None, resolver: Resolver, typed: tuple[Typed, str], http: Outward
):
    resolver.names["mail.example.com"] = [["127.9.9.9", HERE]]

    assert http.get(f"http://mail.example.com:{typed[1].rpartition(':')[2]}/").content == b"here"


def test_proxies_and_passwords_of_the_machine_are_left_alone(
    here: None, typed: tuple[Typed, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login root password toor")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")

    with Outward("mail") as http:
        assert http.get(typed[1] + "/").content == b"here"

    assert typed[0].asked[0][3] is None


def test_a_session_of_somebody_elses_takes_no_proxy_either(
    here: None, typed: tuple[Typed, str], monkeypatch: pytest.MonkeyPatch
):
    """A library brings its own, which listens to the environment."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")

    with requests.Session() as theirs:
        theirs.mount("http://", GuardedAdapter())
        assert theirs.get(typed[1] + "/", timeout=5).content == b"here"


def test_a_server_cannot_leave_a_cookie(here: None, typed: tuple[Typed, str], http: Outward):
    typed[0].answers["/"] = (200, [("Set-Cookie", "spy=1; Path=/")], b"")
    http.get(typed[1] + "/")

    assert list(http.cookies) == []
