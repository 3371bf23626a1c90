"""Exchange: signing in once, acting for others, what it refuses, and how much it is asked."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from exchangelib.errors import UnauthorizedError
from exchangelib.protocol import CachingProtocol
from exchangelib.transport import BASIC

from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RateLimited, RequestRejected
from integrations.providers.exchange import schemes
from integrations.providers.exchange.calendar import Calendars
from integrations.providers.exchange.mailbox import Once
from integrations.providers.exchange.provider import Exchange
from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.simulator import PASSWORD, SERVICE, ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from integrations.types import EventRequest, Login, Response, ShowsAs
from tests.integrations.providers.desks import ExchangeDesk
from tests.integrations.test_safe_xml import BILLION_LAUGHS
from tests.integrations.typed_servers import Resolver, Typed

MINA = "mina@corp.example"
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WINDOW = (MONDAY - WEEK, MONDAY + 4 * WEEK)

Signed = Callable[..., AbstractContextManager[Any]]
pytestmark = pytest.mark.usefixtures("private_servers", "db")


@pytest.fixture
def address(exchange: ExchangeSimulator) -> Iterator[str]:
    with SimulatorServer(exchange) as server:
        yield server.url + PATH


@pytest.fixture
def login(address: str) -> Callable[..., Login]:
    """The service account for Mina, unless told otherwise."""

    def made(**how: Any) -> Login:
        return replace(Login(address, SERVICE, PASSWORD, acting_for=MINA), **how)

    return made


def listed(login: Login) -> list[str]:
    with Exchange().session(login) as http:
        return [calendar.name for calendar in Calendars().list_calendars(http)]


def seen(desk: ExchangeDesk, window: tuple[datetime, datetime] = WINDOW) -> list[Any]:
    pages = desk.calendaring.changes(desk.http, desk.calendar_id, window=window)
    return [event for page in pages for event in page.events]


# --- Signing in -------------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-16")
@pytest.mark.parametrize("offered", [("Basic",), ("NTLM",), ("NTLM", "Basic")])
def test_the_service_account_opens_the_mailbox_of_another(exchange, login, offered):
    exchange.switches.schemes = offered

    assert listed(login()) == ["Calendar"]
    assert {(call.who, call.anchor) for call in exchange.calls if call.operation} == {(MINA, MINA)}


def test_a_member_opens_his_own_mailbox_without_acting_for_anybody(exchange, login):
    exchange.add_calendar(MINA, "Choir")

    assert listed(login(username=MINA, password="mina-password", acting_for="")) == ["Calendar", "Choir"]
    assert {call.who for call in exchange.calls} == {""}


@pytest.mark.parametrize("scheme", ["Basic", "NTLM"])
def test_a_wrong_password_is_tried_once(exchange, login, scheme):
    exchange.switches.schemes = (scheme,)

    with pytest.raises(AuthorizationLost, match="name and password"):
        listed(login(password="wrong"))
    assert exchange.mailbox(SERVICE).wrong_passwords == 1


def test_a_refusal_on_a_connection_that_closes_is_still_one():
    """exchangelib takes it for a server that is busy, and trying on would lock the account."""
    refused = requests.Response()
    refused.status_code = 401
    refused.headers.update({"Connection": "close", "WWW-Authenticate": "Basic"})

    with pytest.raises(UnauthorizedError):
        Once("https://mail.example.com/EWS/Exchange.asmx", BASIC).raise_response_errors(refused)


def test_a_server_that_wants_to_be_signed_in_to_otherwise_has_not_refused_the_password(exchange, login):
    exchange.switches.schemes = ("NTLM",)
    assert listed(login()) == ["Calendar"]
    exchange.switches.schemes = ("Basic",)

    with pytest.raises(ProviderUnavailable):
        listed(login())
    assert listed(login()) == ["Calendar"]


def test_how_to_sign_in_is_asked_once(exchange, login):
    for _time in range(3):
        listed(login())

    assert [call.status for call in exchange.calls].count(401) == 1


def test_nothing_of_a_mailbox_stays_in_memory(login):
    CachingProtocol.clear_cache()
    listed(login())
    with pytest.raises(AuthorizationLost):
        listed(login(password="wrong"))

    assert CachingProtocol._protocol_cache == {}


@pytest.mark.parametrize("product", ["2013", "2016", "2019", "se"])
@pytest.mark.parametrize("chosen", ["2013", "2019", "se", ""])
def test_the_version_that_was_chosen_may_be_wrong(exchange, login, product, chosen):
    exchange.switches.version = product

    assert listed(login(version=chosen)) == ["Calendar"]


def test_whose_account_it_is_needs_no_mailbox(exchange, login):
    exchange.mailbox(SERVICE).has_moved = True
    service = login(acting_for="", username=SERVICE.upper())
    with Exchange().session(service) as http:
        identity = Exchange().identify(http, service)

    assert (identity.external_id, identity.email) == (SERVICE, SERVICE)


@pytest.mark.parametrize(("name", "email"), [("CORP\\mina", MINA), ("mina", MINA), (MINA, MINA), ("CORP\\eva", "")])
def test_the_address_behind_a_name_is_looked_up(exchange, login, name, email):
    """Rules about domains need it; of two who are called the same, it is nobody's."""
    for domain in ("corp.example", "other.example"):
        exchange.add_mailbox(f"eva@{domain}", "mina-password")
    own = login(username=name, password="mina-password", acting_for="")
    with Exchange().session(own) as http:
        assert Exchange().identify(http, own).email == email


# --- The address ------------------------------------------------------------------------------------------------------


def test_the_name_of_the_server_is_enough(exchange, login, address):
    assert Exchange().find(login(address=address.removesuffix(PATH))).address == address
    assert Exchange().find(login(address=address)).address == address
    assert [call.status for call in exchange.calls] == [401, 401], "no password is sent to find out"


def test_where_no_exchange_answers_says_so(login):
    with SimulatorServer(Typed()) as other, pytest.raises(RequestRejected, match="No Exchange answers"):
        Exchange().find(login(address=other.url))


@pytest.mark.parametrize("typed", ["http://mail.example.com/EWS/Exchange.asmx", "ftp://mail.example.com/"])
def test_a_password_needs_encryption(login, settings, typed):
    settings.SIMULATORS = False

    with pytest.raises(RequestRejected, match="https://"):
        Exchange().find(login(address=typed))


def test_a_private_address_is_refused_unless_the_operator_allows_it(exchange, login, settings):
    settings.OUTWARD_PRIVATE_ADDRESSES = []

    with pytest.raises(RequestRejected, match="private network"):
        Exchange().find(login())
    with pytest.raises(RequestRejected, match="private network"):
        listed(login())
    assert exchange.calls == []


@pytest.mark.row("ZM-35")
@pytest.mark.parametrize(
    "host", ["outlook.office365.com", "outlook.office.com", "partner.outlook.cn", "x.office365.us"]
)
def test_no_password_goes_to_the_microsoft_cloud(login, monkeypatch, host):
    monkeypatch.setattr("socket.getaddrinfo", lambda name, port, **how: [(2, 1, 6, name, ("52.96.0.1", port))])

    with pytest.raises(RequestRejected, match="No password"):
        Exchange().find(login(address=f"https://{host}/EWS/Exchange.asmx"))
    with pytest.raises(RequestRejected, match="No password"):
        listed(login(address=f"https://{host}/EWS/Exchange.asmx"))


@pytest.mark.row("ZM-35")
def test_a_server_that_moves_to_the_cloud_later_gets_no_password(exchange, login, address, monkeypatch):
    """It was asked how to sign in while it was at home; then its name became an alias."""
    resolver = Resolver()
    monkeypatch.setattr("socket.getaddrinfo", resolver)
    resolver.names["mail.example.com"] = [["127.0.0.1"]]
    named = login(address=address.replace("127.0.0.1", "mail.example.com"))
    assert listed(named) == ["Calendar"]
    resolver.aliases["mail.example.com"] = "outlook.office365.com"
    before = len(exchange.calls)

    with pytest.raises(RequestRejected, match="No password"):
        listed(named)
    assert len(exchange.calls) == before


@pytest.mark.row("ZM-35")
def test_a_redirect_is_not_followed_with_a_password(exchange, login, address):
    server = Typed()
    server.answers[PATH] = (401, [("WWW-Authenticate", "Basic")], b"")
    with SimulatorServer(server) as running:
        schemes.found(running.url + PATH)
        server.redirects(PATH, "https://outlook.office365.com/EWS/Exchange.asmx")
        with pytest.raises(RequestRejected, match="another address"):
            listed(login(address=running.url + PATH))

    assert len(server.asked) == 2


# --- What it refuses --------------------------------------------------------------------------------------------------


def _outside_the_scope(exchange: ExchangeSimulator) -> None:
    exchange.mailbox(SERVICE).scope = {"olga@corp.example"}


def _moved(exchange: ExchangeSimulator) -> None:
    exchange.mailbox(MINA).has_moved = True


def _denied(exchange: ExchangeSimulator) -> None:
    exchange.switches.refuses = {"GetFolder": "ErrorAccessDenied"}


def _switched_off(exchange: ExchangeSimulator) -> None:
    exchange.faults.add("status", status=403, skip=1)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (_outside_the_scope, "may not open this mailbox"),
        (_moved, "no mailbox for this address"),
        (_denied, "does not let this account"),
        (_switched_off, "switched off"),
    ],
)
def test_a_refusal_says_what_to_do(exchange, login, trouble, words):
    trouble(exchange)

    with pytest.raises(RequestRejected, match=words):
        listed(login())


@pytest.mark.parametrize("code", ["ErrorAccountDisabled", "ErrorPasswordExpired", "ErrorPasswordChangeRequired"])
def test_an_account_that_has_ended_says_so(exchange, login, code):
    exchange.switches.refuses = {"GetFolder": code}

    with pytest.raises(AuthorizationLost):
        listed(login())


@pytest.mark.parametrize(
    ("busy", "pause", "wait"),
    [
        ("fault", 2500, timedelta(seconds=2.5)),
        ("fault", None, timedelta(seconds=10)),
        ("inner", 60_000, timedelta(seconds=10)),
        ("fault", 90_000_000, timedelta(hours=1)),
        ("connections", None, timedelta(minutes=1)),
    ],
)
def test_a_busy_server_is_left_alone_for_as_long_as_it_says(exchange, login, busy, pause, wait):
    """Without a word of the server's, exchangelib's own ten seconds."""
    exchange.switches.busy, exchange.switches.back_off = busy, pause

    with pytest.raises(RateLimited) as limited:
        listed(login())
    assert limited.value.retry_after == wait
    assert exchange.asked.count("GetFolder") == 1, "it never sleeps, and never repeats by itself"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 200},
        {"kind": "truncated"},
        {"kind": "empty"},
        {"kind": "drop_before"},
        {"kind": "drop_after"},
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_read_is_no_refusal(exchange, login, fault):
    exchange.faults.add(**fault, skip=1)

    with pytest.raises(ProviderUnavailable):
        listed(login())


def test_a_server_that_is_too_slow_is_left(exchange, login, settings):
    settings.PROVIDER_TIMEOUT = (1.0, 0.2)
    exchange.faults.add("latency", seconds=1, skip=1)

    with pytest.raises(ProviderUnavailable, match="took too long"):
        listed(login())


def test_entities_in_an_answer_are_not_opened(login):
    server = Typed()
    server.answers[PATH] = (401, [("WWW-Authenticate", "Basic")], b"")
    with SimulatorServer(server) as running:
        schemes.found(running.url + PATH)
        server.answers[PATH] = (200, [("Content-Type", "text/xml")], BILLION_LAUGHS)
        with pytest.raises(ProviderUnavailable) as problem:
            listed(login(address=running.url + PATH))
    assert problem.value.detail == "Hostile", "before exchangelib's own parser saw it"


# --- Events -----------------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-38")
@pytest.mark.parametrize("sensitivity", ["Private", "Personal", "Confidential"])
def test_whatever_outlook_hides_is_private(exchange, desk_exchange, sensitivity):
    exchange.add_event(MINA, "Salary", MONDAY, MONDAY + HOUR, sensitivity=sensitivity)

    assert [event.is_private for event in seen(desk_exchange)] == [True]


@pytest.mark.parametrize(
    ("status", "shows"),
    [
        ("Free", ShowsAs.FREE),
        ("Tentative", ShowsAs.TENTATIVE),
        ("OOF", ShowsAs.OUT_OF_OFFICE),
        ("WorkingElsewhere", ShowsAs.ELSEWHERE),
        ("NoData", ShowsAs.BUSY),
    ],
)
def test_how_the_owner_appears(exchange, desk_exchange, status, shows):
    exchange.add_event(MINA, "Away", MONDAY, MONDAY + HOUR, free_busy=status)

    assert [event.shows_as for event in seen(desk_exchange)] == [shows]


def test_what_the_owner_answered(exchange, desk_exchange):
    for answer in ("Accept", "Tentative", "Decline", "NoResponseReceived", "Organizer"):
        how = {"response": answer, "organizer": "olga@corp.example", "cancelled": answer == "Decline"}
        exchange.add_event(MINA, answer, MONDAY, MONDAY + HOUR, **how)

    found = {event.title: event for event in seen(desk_exchange)}

    assert {title: event.response for title, event in found.items()} == {
        "Accept": Response.ACCEPTED,
        "Tentative": Response.TENTATIVE,
        "Decline": Response.DECLINED,
        "NoResponseReceived": Response.NEEDS_ACTION,
        "Organizer": Response.NONE,
    }
    assert [title for title, event in found.items() if event.is_organizer] == ["Organizer"]
    assert [title for title, event in found.items() if event.is_cancelled] == ["Decline"]
    assert found["Accept"].organizer == "olga@corp.example"


@pytest.mark.parametrize(
    ("windows", "zone"),
    [
        ("Line Islands Standard Time", "Pacific/Kiritimati"),
        ("SA Pacific Standard Time", "America/Bogota"),
        ("GTB Standard Time", "Europe/Bucharest"),
    ],
)
def test_all_day_means_the_days_where_it_was_made(exchange, desk_exchange, windows, zone):
    noon = datetime(2027, 3, 2, 12, tzinfo=ZoneInfo(zone))
    exchange.add_event(MINA, "Off", noon, noon + DAY, all_day=True, zone=windows)

    [event] = seen(desk_exchange)

    assert (event.start, event.end, event.time_zone) == (date(2027, 3, 2), date(2027, 3, 4), zone)


def test_an_unknown_zone_of_a_whole_day_fails_loudly(exchange, desk_exchange):
    exchange.add_event(MINA, "Off", MONDAY, MONDAY + HOUR, all_day=True, zone="Middle Earth Standard Time")

    with pytest.raises(RequestRejected, match="Middle Earth Standard Time"):
        seen(desk_exchange)


def test_an_unknown_zone_of_an_instant_does_no_harm(exchange, desk_exchange):
    item = exchange.add_event(MINA, "Call", MONDAY, MONDAY + HOUR, zone="Middle Earth Standard Time")
    event = desk_exchange.calendaring.read_event(desk_exchange.http, desk_exchange.calendar_id, item.id)

    assert (event.start, event.time_zone) == (MONDAY, "")


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Chatham"])
def test_an_event_is_written_in_any_zone(exchange, desk_exchange, zone):
    request = EventRequest("Call", MONDAY, MONDAY + HOUR, zone)
    made = desk_exchange.calendaring.create_event(desk_exchange.http, desk_exchange.calendar_id, request)

    assert (made.start, made.end) == (MONDAY, MONDAY + HOUR)
    assert exchange.world.sent == [], "nobody is written to"


def test_one_instance_of_a_series_is_moved_and_another_deleted_from_here(exchange, desk_exchange):
    desk_exchange.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=3)
    first, second, third = sorted(seen(desk_exchange), key=lambda event: event.start)
    request = EventRequest("Weekly", second.start + HOUR, second.end + HOUR, "Europe/Berlin")
    desk_exchange.calendaring.update_event(desk_exchange.http, desk_exchange.calendar_id, second.external_id, request)
    desk_exchange.calendaring.delete_event(desk_exchange.http, desk_exchange.calendar_id, third.external_id)

    assert sorted(event.start for event in seen(desk_exchange)) == [first.start, second.start + HOUR]


def test_an_instance_keeps_the_zone_of_its_series(exchange, desk_exchange):
    desk_exchange.repeat("Weekly", MONDAY, MONDAY + HOUR, weeks=3)
    second = sorted(seen(desk_exchange), key=lambda event: event.start)[1]
    request = EventRequest("Weekly", second.start + HOUR, second.end + HOUR, "Asia/Tokyo")
    desk_exchange.calendaring.update_event(desk_exchange.http, desk_exchange.calendar_id, second.external_id, request)
    [series] = exchange.events(MINA)

    assert [one.zone for one in series.changed.values()] == ["W. Europe Standard Time"]


@pytest.mark.parametrize(("conflicts", "title"), [(1, "Later"), (2, "Call")])
def test_somebody_who_is_quicker_is_overtaken_once(exchange, desk_exchange, conflicts, title):
    item = exchange.add_event(MINA, "Call", MONDAY, MONDAY + HOUR)
    exchange.switches.conflicts = conflicts
    request = EventRequest("Later", MONDAY, MONDAY + HOUR, "UTC")
    with contextlib.suppress(ProviderUnavailable):
        desk_exchange.calendaring.update_event(desk_exchange.http, desk_exchange.calendar_id, item.id, request)

    assert [one.subject for one in exchange.events(MINA)] == [title]


def test_words_that_xml_has_no_letters_for_are_left_out(desk_exchange):
    request = EventRequest("Bell\x07 & <b>", MONDAY, MONDAY + HOUR, "UTC", description="a\x00b\tc")
    made = desk_exchange.calendaring.create_event(desk_exchange.http, desk_exchange.calendar_id, request)

    assert (made.title, made.description) == ("Bell & <b>", "ab\tc")


def test_a_calendar_that_may_only_be_read_says_so(exchange, desk_exchange):
    shared = exchange.add_calendar(MINA, "Shared")
    shared.read_only = True
    listed = {one.name: one.can_write for one in desk_exchange.calendaring.list_calendars(desk_exchange.http)}

    assert listed == {"Calendar": True, "Shared": False}
    with pytest.raises(RequestRejected, match="does not let"):
        desk_exchange.calendaring.create_event(
            desk_exchange.http, shared.id, EventRequest("Call", MONDAY, MONDAY + HOUR, "UTC")
        )


def test_a_calendar_that_is_gone_says_so(exchange, desk_exchange):
    shared = exchange.add_calendar(MINA, "Shared")
    del exchange.mailbox(MINA).folders[shared.id]

    with pytest.raises(RequestRejected, match="calendar is no longer") as refused:
        list(desk_exchange.calendaring.changes(desk_exchange.http, shared.id, window=WINDOW))
    assert refused.value.missing


def test_an_event_that_was_moved_out_of_the_window_is_removed(exchange, desk_exchange):
    item = exchange.add_event(MINA, "Call", MONDAY, MONDAY + HOUR)
    *_pages, last = desk_exchange.calendaring.changes(desk_exchange.http, desk_exchange.calendar_id, window=WINDOW)
    exchange.move_event(MINA, item.id, 40 * WEEK)
    [page] = desk_exchange.calendaring.changes(
        desk_exchange.http, desk_exchange.calendar_id, window=WINDOW, since=last.sync_token
    )

    assert (page.events, page.removed) == ((), (item.id,))


def test_a_single_event_that_becomes_a_series_is_not_there_twice(exchange, desk_exchange):
    item = exchange.add_event(MINA, "Call", MONDAY, MONDAY + HOUR)
    pages = list(desk_exchange.calendaring.changes(desk_exchange.http, desk_exchange.calendar_id, window=WINDOW))
    exchange.change_event(MINA, item.id, rule="FREQ=WEEKLY;COUNT=2")
    [page] = desk_exchange.calendaring.changes(
        desk_exchange.http, desk_exchange.calendar_id, window=WINDOW, since=pages[-1].sync_token
    )

    assert (page.removed, page.series, len(page.events)) == ((item.id,), (item.uid,), 2)
    exchange.change_event(MINA, item.id, rule="")
    [page] = desk_exchange.calendaring.changes(
        desk_exchange.http, desk_exchange.calendar_id, window=WINDOW, since=page.sync_token
    )
    assert (page.removed, [event.external_id for event in page.events]) == ((item.uid,), [item.id])


# --- How much it is asked ---------------------------------------------------------------------------------------------


def test_more_events_than_one_answer_holds_come_each_once(exchange, desk_exchange):
    for number in range(1300):
        start = MONDAY + number * HOUR / 4
        exchange.add_event(MINA, f"Number {number}", start, start + 3 * HOUR)
    found = seen(desk_exchange, (MONDAY, MONDAY + 30 * DAY))

    assert len(found) == len({event.external_id for event in found}) == 1300
    assert exchange.asked.count("FindItem") <= 6
    assert exchange.asked.count("SyncFolderItems") == 3


@pytest.mark.row("ZM-27")
def test_an_incremental_look_costs_what_changed(exchange, desk_exchange):
    items = [exchange.add_event(MINA, f"Number {number}", MONDAY, MONDAY + HOUR) for number in range(300)]
    *_pages, last = desk_exchange.calendaring.changes(desk_exchange.http, desk_exchange.calendar_id, window=WINDOW)
    before = len(exchange.calls)
    exchange.move_event(MINA, items[7].id, HOUR)
    [page] = desk_exchange.calendaring.changes(
        desk_exchange.http, desk_exchange.calendar_id, window=WINDOW, since=last.sync_token
    )

    assert [event.external_id for event in page.events] == [items[7].id]
    assert exchange.asked[before:] == ["SyncFolderItems"]
