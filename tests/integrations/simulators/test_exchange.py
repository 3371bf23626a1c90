"""The simulated Exchange behaves as the contract's section on EWS says (behaviours 67 to 76)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import CalendarItem
from exchangelib.errors import (
    ErrorCalendarViewRangeTooBig,
    ErrorExceededConnectionCount,
    ErrorImpersonateUserDenied,
    ErrorInvalidSyncStateData,
    ErrorIrresolvableConflict,
    ErrorNonExistentMailbox,
    ErrorServerBusy,
    UnauthorizedError,
)
from exchangelib.transport import BASIC, NTLM

from integrations.simulators.exchange.simulator import PASSWORD, SERVICE, ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from tests.integrations.simulators.exchange_client import MINA, MONDAY, ExchangeClient

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
CALENDAR = '<m:{}><t:DistinguishedFolderId Id="calendar"/></m:{}>'
SHAPE = "<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>"


@pytest.fixture
def exchange() -> ExchangeSimulator:
    return ExchangeSimulator()


@pytest.fixture
def client(exchange: ExchangeSimulator, settings: Any) -> Iterator[ExchangeClient]:
    """Bridge guards exchangelib's connections wherever it is used; the operator allows this machine."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    with SimulatorServer(exchange) as server, ExchangeClient(server.url) as client:
        yield client


def _subjects(client: ExchangeClient, days: int = 60) -> list[str]:
    view = client.account().calendar.view(start=MONDAY - DAY, end=MONDAY + timedelta(days=days))
    return [item.subject for item in view.only("subject", "start")]


# --- Signing in (67) and the version (68) -----------------------------------------------------------------------------


def test_both_ways_to_sign_in_are_offered_and_work(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.switches.schemes = ("NTLM", "Basic")
    exchange.add_event(MINA, "Review", MONDAY, MONDAY + HOUR)

    assert client.post("", auth=None).headers["WWW-Authenticate"] == 'NTLM, Basic realm="mail"'
    assert [one.subject for one in client.account(auth_type=NTLM).calendar.all()] == ["Review"]
    assert [one.subject for one in client.account(user=f"CORP\\{SERVICE}").calendar.all()] == ["Review"]


@pytest.mark.parametrize("scheme", [NTLM, BASIC])
def test_wrong_passwords_are_counted_and_lock_the_account(
    exchange: ExchangeSimulator, client: ExchangeClient, scheme: str
):
    exchange.switches.schemes, exchange.switches.lock_after = (scheme.replace("b", "B"),), 2
    for _try in range(2):
        with pytest.raises(UnauthorizedError):
            list(client.account(password="wrong", auth_type=scheme).calendar.all())

    with pytest.raises(UnauthorizedError):
        list(client.account(auth_type=scheme).calendar.all())
    assert exchange.mailbox(SERVICE).wrong_passwords == 2


@pytest.mark.parametrize(
    ("product", "build", "schema"),
    [
        ("2013", "15.0.1497", "Exchange2013_SP1"),
        ("2016", "15.1.2507", "Exchange2016"),
        ("se", "15.2.2562", "Exchange2016"),
    ],
)
def test_every_answer_names_the_product_and_a_schema_that_is_too_new_is_refused(
    exchange: ExchangeSimulator, client: ExchangeClient, product: str, build: str, schema: str
):
    exchange.switches.version = product
    body = '<m:GetFolder><m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>'

    for asked in (schema, "Exchange2010"):
        [info] = client.post(body, version=asked).all("ServerVersionInfo")
        said = [info.get(f"{part}Number") or info.get(f"{part}Version") for part in ("Major", "Minor", "MajorBuild")]
        assert ".".join(str(one) for one in said) == build
    refused = client.post(body, version="Exchange2016" if product == "2013" else "Exchange2099")

    assert (refused.status, refused.text("ResponseCode")) == (500, "ErrorInvalidServerVersion")


# --- Acting for others (69, 70) ---------------------------------------------------------------------------------------


def test_a_mailbox_outside_the_scope_is_refused(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.mailbox(SERVICE).scope = {"olga@corp.example"}

    with pytest.raises(ErrorImpersonateUserDenied):
        list(client.account().calendar.all())
    assert client.post("<m:GetFolder/>").status == 500


def test_whose_mailbox_is_opened_must_exist_and_be_named_by_its_first_address(
    exchange: ExchangeSimulator, client: ExchangeClient
):
    exchange.mailbox(MINA).aliases = {"mina.sol@corp.example"}

    with pytest.raises(ErrorNonExistentMailbox):
        list(client.account("nobody@corp.example").calendar.all())
    alias = client.post("<m:GetFolder/>", acting_for="mina.sol@corp.example")
    assert (alias.text("ResponseCode"), alias.text("Value")) == ("ErrorNonPrimarySmtpAddress", MINA)


def test_exchangelib_names_the_mailbox_to_the_balancer(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.switches.needs_anchor = True

    assert _subjects(client) == []
    assert client.post("<m:GetFolder/>").status == 503


# --- Windows and series (71, 74) --------------------------------------------------------------------------------------


def test_a_window_shows_instances_by_the_wall_clock_across_a_change_of_clocks(
    exchange: ExchangeSimulator, client: ExchangeClient
):
    exchange.add_event(
        MINA, "Weekly", MONDAY, MONDAY + HOUR, rule="FREQ=WEEKLY;COUNT=6", zone="W. Europe Standard Time"
    )
    view = client.account().calendar.view(start=MONDAY, end=MONDAY + 10 * WEEK).only("start", "type", "uid")
    found = list(view)

    assert [one.start.astimezone(ZoneInfo("Europe/Berlin")).hour for one in found] == [10] * 6
    assert {one.start.hour for one in found} == {9, 8}
    assert len({one.uid for one in found}) == 1


def test_a_window_of_more_than_two_years_is_refused(client: ExchangeClient):
    with pytest.raises(ErrorCalendarViewRangeTooBig):
        list(client.account().calendar.view(start=MONDAY, end=MONDAY + 800 * DAY).only("start"))


def test_finding_brings_no_bodies(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.add_event(MINA, "Review", MONDAY, MONDAY + HOUR, body="Agenda")
    window = '<m:CalendarView StartDate="2027-02-01T00:00:00Z" EndDate="2027-04-01T00:00:00Z"/>'
    view = window + CALENDAR.format(*["ParentFolderIds"] * 2)
    found = client.post(f'<m:FindItem Traversal="Shallow">{SHAPE}{view}</m:FindItem>')

    assert (found.text("Subject"), len(found.all("Body"))) == ("Review", 1)  # the envelope's own
    [item] = client.account().calendar.all().only("subject", "text_body", "body")
    assert item.body == "Agenda"


def test_one_instance_is_moved_and_another_deleted(exchange: ExchangeSimulator, client: ExchangeClient):
    weekly = exchange.add_event(MINA, "Weekly", MONDAY, MONDAY + HOUR, rule="FREQ=WEEKLY;COUNT=3", zone="UTC")
    first, second, third = exchange.instances(MINA, weekly.id, MONDAY + 10 * WEEK)
    exchange.move_event(MINA, second.id, HOUR)
    exchange.delete_event(MINA, third.id)

    found = list(client.account().calendar.view(start=MONDAY, end=MONDAY + 10 * WEEK).only("start", "type"))

    assert [(one.start, one.type) for one in found] == [
        (MONDAY, "Occurrence"),
        (MONDAY + WEEK + HOUR, "Exception"),
    ]
    assert [one.id for one in found] == [first.id, second.id]


def test_all_day_is_stretched_to_midnight_where_it_was_made(exchange: ExchangeSimulator):
    begins = MONDAY.astimezone(ZoneInfo("Asia/Tokyo"))
    item = exchange.add_event(MINA, "Off", begins, begins + HOUR, all_day=True, zone="Tokyo Standard Time")

    local = [at.astimezone(ZoneInfo("Asia/Tokyo")).isoformat() for at in (item.start, item.end)]
    assert local == ["2027-03-01T00:00:00+09:00", "2027-03-02T00:00:00+09:00"]


# --- Writing (72) -----------------------------------------------------------------------------------------------------


def test_an_item_is_made_changed_and_deleted(exchange: ExchangeSimulator, client: ExchangeClient):
    account = client.account()
    item = CalendarItem(account=account, folder=account.calendar, subject="Call", start=MONDAY, end=MONDAY + HOUR)
    item.save()
    [kept] = exchange.events(MINA)
    assert (kept.id, kept.subject, kept.start, kept.end) == (item.id, "Call", MONDAY, MONDAY + HOUR)

    item.subject, item.location = "Call with Ivan", "Room 1"
    item.save(update_fields=["subject", "location"])
    [kept] = exchange.events(MINA)
    assert (kept.subject, kept.location) == ("Call with Ivan", "Room 1")

    item.delete()
    assert exchange.events(MINA) == []


def test_what_is_sent_to_attendees_must_be_said(exchange: ExchangeSimulator, client: ExchangeClient):
    item = "<m:Items><t:CalendarItem><t:Subject>Call</t:Subject></t:CalendarItem></m:Items>"

    assert client.post(f"<m:CreateItem>{item}</m:CreateItem>").text("ResponseCode") == (
        "ErrorSendMeetingInvitationsRequired"
    )
    assert exchange.events(MINA) == []


def test_a_stale_change_key_is_refused(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.add_event(MINA, "Review", MONDAY, MONDAY + HOUR)
    [item] = client.account().calendar.all()
    exchange.change_event(MINA, item.id, subject="Moved on")
    item.subject = "Too late"

    with pytest.raises(ErrorIrresolvableConflict):
        item.save(update_fields=["subject"], conflict_resolution="NeverOverwrite")

    assert exchange.events(MINA)[0].subject == "Moved on"


# --- Syncing (73) -----------------------------------------------------------------------------------------------------


def test_syncing_tells_what_changed_and_nothing_twice(exchange: ExchangeSimulator, client: ExchangeClient):
    kept = exchange.add_event(MINA, "Kept", MONDAY, MONDAY + HOUR)
    gone = exchange.add_event(MINA, "Gone", MONDAY, MONDAY + HOUR)
    calendar = client.account().calendar

    assert [(what, item.subject) for what, item in calendar.sync_items()] == [("create", "Kept"), ("create", "Gone")]
    exchange.delete_event(MINA, gone.id)
    exchange.change_event(MINA, kept.id, subject="Renamed")
    passing = exchange.add_event(MINA, "Passing", MONDAY, MONDAY + HOUR)
    exchange.delete_event(MINA, passing.id)

    told = list(calendar.sync_items())
    assert [(what, item.id) for what, item in told] == [("delete", gone.id), ("update", kept.id)]
    assert list(calendar.sync_items()) == []


def test_syncing_goes_by_pages_of_at_most_512(exchange: ExchangeSimulator, client: ExchangeClient):
    for number in range(600):
        exchange.add_event(MINA, f"Number {number}", MONDAY, MONDAY + HOUR)
    body = f"{SHAPE}{CALENDAR.format(*['SyncFolderId'] * 2)}{{}}<m:MaxChangesReturned>5000</m:MaxChangesReturned>"
    first = client.post(f"<m:SyncFolderItems>{body.format('')}</m:SyncFolderItems>")
    state = f"<m:SyncState>{first.text('SyncState')}</m:SyncState>"
    second = client.post(f"<m:SyncFolderItems>{body.format(state)}</m:SyncFolderItems>")

    assert (len(first.all("Create")), first.text("IncludesLastItemInRange")) == (512, "false")
    assert (len(second.all("Create")), second.text("IncludesLastItemInRange")) == (88, "true")


@pytest.mark.parametrize("state", ["nonsense", "QUFNa0ZvbGRlcnwx"])
def test_a_damaged_or_forgotten_state_says_so(exchange: ExchangeSimulator, client: ExchangeClient, state: str):
    with pytest.raises(ErrorInvalidSyncStateData):
        list(client.account().calendar.sync_items(sync_state=state))

    calendar = client.account().calendar
    list(calendar.sync_items())
    exchange.forget_states(MINA)
    with pytest.raises(ErrorInvalidSyncStateData):
        list(calendar.sync_items())


# --- Others' times (75), trouble (76) ---------------------------------------------------------------------------------


def test_availability_hides_what_is_private(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.add_event(MINA, "Salary", MONDAY, MONDAY + HOUR, sensitivity="Private")
    exchange.add_event(MINA, "Review", MONDAY + HOUR, MONDAY + 2 * HOUR, free_busy="Tentative")
    box = f"<t:MailboxData><t:Email><t:Address>{MINA}</t:Address></t:Email></t:MailboxData>"
    times = "<t:StartTime>2027-03-01T00:00:00</t:StartTime><t:EndTime>2027-03-02T00:00:00</t:EndTime>"
    asked = f"<m:MailboxDataArray>{box}</m:MailboxDataArray><t:TimeWindow>{times}</t:TimeWindow>"
    found = client.post(f"<m:GetUserAvailabilityRequest>{asked}</m:GetUserAvailabilityRequest>", acting_for="")

    assert [one.text for one in found.all("BusyType")] == ["Busy", "Tentative"]
    assert [one.text for one in found.all("Subject")] == ["Review"]


@pytest.mark.parametrize(
    ("busy", "status", "error"),
    [
        ("503", 503, Exception),
        ("fault", 500, ErrorServerBusy),
        ("inner", 200, ErrorServerBusy),
        ("connections", 500, ErrorExceededConnectionCount),
    ],
)
def test_a_server_that_is_too_busy_says_so_in_four_ways(
    exchange: ExchangeSimulator, client: ExchangeClient, busy: str, status: int, error: type[Exception]
):
    exchange.switches.busy, exchange.switches.back_off, exchange.switches.busy_calls = busy, 2500, 2

    assert client.post("<m:GetFolder/>").status == status if busy != "503" else True
    with pytest.raises(error):
        list(client.account().calendar.all())


def test_a_truncated_answer_and_a_page_of_html_are_played(exchange: ExchangeSimulator, client: ExchangeClient):
    for kind in ("truncated", "status", "drop_before"):
        exchange.faults.add(kind, times=1, status=502)
        with pytest.raises(Exception, match=r".+"):
            list(client.account().calendar.all())

    assert _subjects(client) == []


def test_a_mailbox_that_moved_to_the_cloud_is_not_found(exchange: ExchangeSimulator, client: ExchangeClient):
    exchange.mailbox(MINA).has_moved = True

    with pytest.raises(ErrorNonExistentMailbox):
        list(client.account().calendar.all())


def test_the_mailbox_of_the_password_itself_is_opened_without_impersonation(
    exchange: ExchangeSimulator, client: ExchangeClient
):
    body = '<m:GetFolder><m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>'

    assert client.post(body, acting_for="", auth=(SERVICE, PASSWORD)).text("DisplayName") == "Calendar"
