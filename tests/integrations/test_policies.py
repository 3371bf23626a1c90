"""Who may use which calendar service, by what his organization decided: before connecting, before anything is kept,
and on each look.
"""

import socket
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts import organizations
from accounts.models import AuditEntry, Email, Membership, Role
from integrations import calendars, impacts, password_connections, policies, policy_changes, prompts
from integrations.exceptions import RequestRejected
from integrations.models import Calendar, CalendarPolicy, CalendarSettings, Connection, Grant, Why
from integrations.providers.caldav.provider import CalDav
from integrations.providers.exchange.provider import Exchange
from integrations.simulators.server import SimulatorServer
from integrations.types import Login, Permission
from scheduling.models import Booking
from tests import factories
from tests.integrations.typed_servers import Resolver, Typed

pytestmark = pytest.mark.django_db

ALL = sorted({Permission.CALENDAR_READ, Permission.CALENDAR_WRITE, Permission.CONTACTS_READ})
"""What is asked for where nobody has decided."""


def connected(member: Membership, provider: str = "exchange", **fields: Any) -> Connection:
    """By a password, as a row."""
    grant = factories.grant(
        provider=provider,
        kind="password",
        scopes=[],
        email=fields.pop("email", member.user.email),
        api_url=fields.pop("api_url", "https://mail.example.org/EWS/Exchange.asmx"),
    )
    return factories.connection(member, grant=grant, **{"permissions": ALL} | fields)


def decided(member: Membership, **fields: Any) -> CalendarPolicy:
    return factories.calendar_policy(member.organization, **fields)


def saved(member: Membership, **fields: Any) -> impacts.Impact:
    """What an admin changes, with what follows."""
    wanted = policies.of(member.organization)
    for name, value in fields.items():
        setattr(wanted, name, value)
    return policy_changes.save(wanted, by=member.user)


# --- May he? ----------------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-3")
def test_where_nobody_has_decided_members_may_set_up_calendars(mina):
    assert policies.of(mina.organization).enabled
    assert policies.refusal(mina, Exchange()) == ""


@pytest.mark.row("ZM-3")
def test_switched_off_nobody_may(mina):
    decided(mina, enabled=False)

    assert "switched calendars and contacts off" in policies.refusal(mina, Exchange())


@pytest.mark.row("ZM-11")
def test_a_lock_lets_the_default_service_through_and_no_other(mina):
    decided(mina, level="enforced", service="exchange")

    assert policies.refusal(mina, Exchange()) == ""
    assert policies.refusal(mina, CalDav()) == "Your organization uses Exchange for everybody."


@pytest.mark.row("ZM-46")
@pytest.mark.parametrize("level", ["off", "suggested"])
def test_the_softer_levels_leave_the_service_to_members(mina, level):
    decided(mina, level=level, service="exchange")

    assert policies.refusal(mina, CalDav()) == ""


@pytest.mark.row("ZM-29", "ZM-32")
def test_only_members_in_an_allowed_domain_may(mina, mallory):
    decided(mina, allowed_domains=["example.net", "example.org"])
    newcomer = factories.membership(factories.user("new@elsewhere.example"), mina.organization, role=Role.MEMBER)

    assert policies.refusal(mina, Exchange()) == ""
    assert "new@elsewhere.example is another" in policies.refusal(newcomer, Exchange())


@pytest.mark.row("ZM-29")
@pytest.mark.parametrize(
    ("email", "inside"),
    [
        ("mina@EXAMPLE.org", True),
        ("mina@mail.example.org", False),
        ("mina@notexample.org", False),
        ("mina@example.org.evil.example", False),
        ("mina@exämple.org", True),
        ("ACME\\mina", True),
    ],
)
def test_the_domain_of_the_account_is_compared_whole(mina, email, inside):
    """A name that is no address is of no domain; the member's own decides."""
    decided(mina, allowed_domains=["example.org", "xn--exmple-cua.org"])

    assert (policies.refusal(mina, Exchange(), email=email) == "") is inside


def test_services_without_calendars_are_not_concerned(mina, zoom, connect_zoom):
    decided(mina, enabled=False)

    assert connect_zoom(mina).is_usable


# --- Before anything is kept ------------------------------------------------------------------------------------------


def login(address: str, name: str = "mina") -> Login:
    return Login(address, f"{name}@example.org", f"{name}-password")


def test_what_may_be_connected_is_kept_with_exactly_the_permissions(mina, exchange):
    decided(mina, calendar="read", contacts="none")

    connection = password_connections.connect(mina, Exchange(), login(exchange[1]))

    assert connection.asked == {Permission.CALENDAR_READ}
    assert not calendars.may(connection, Permission.CALENDAR_WRITE)


@pytest.mark.row("ZM-11", "ZM-32")
@pytest.mark.parametrize(
    "decision",
    [{"enabled": False}, {"level": "enforced", "service": "caldav"}, {"allowed_domains": ["example.net"]}],
)
def test_a_password_is_not_even_sent_where_it_is_not_wanted(mina, exchange, decision):
    decided(mina, **decision)

    with pytest.raises(policies.Refused):
        password_connections.connect(mina, Exchange(), login(exchange[1]))

    assert exchange[0].calls == []
    assert not Grant.objects.exists()


@pytest.mark.row("ZM-29")
def test_an_account_of_another_domain_is_not_kept(mina, exchange):
    decided(mina, allowed_domains=["example.org"])

    with pytest.raises(policies.Refused, match=r"mina@corp\.example is another"):
        password_connections.connect(mina, Exchange(), Login(exchange[1], "mina@corp.example", "mina-password"))

    assert not Connection.objects.exists()


# --- On each look -----------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-11")
@pytest.mark.parametrize(
    ("decision", "why"),
    [
        ({}, None),
        ({"enabled": False}, Why.OFF),
        ({"level": "enforced", "service": "caldav"}, Why.SERVICE),
        ({"level": "suggested", "service": "caldav"}, None),
        ({"calendar": "read"}, Why.PERMISSIONS),
        ({"contacts": "write"}, None),
        ({"contacts": "write", "level": "enforced", "service": "exchange"}, Why.PERMISSIONS),
        ({"allowed_domains": ["example.net"]}, Why.DOMAIN),
        ({"allowed_domains": ["example.org"]}, None),
        ({"enforce_oauth": True}, None),
    ],
)
def test_a_connection_fits_or_does_not(mina, decision, why):
    """Where it is locked anything else does not; elsewhere only what is more than is wanted."""
    connection = connected(mina)
    policy = decided(mina, **decision)

    assert policies.misfit(policy, connection) == why
    assert policies.allows(connection) is (why is None)


@pytest.mark.row("ZM-11")
def test_no_calendar_is_looked_into_that_does_not_fit(mina, exchange):
    connection = password_connections.connect(mina, Exchange(), login(exchange[1]))
    asked = len(exchange[0].calls)
    decided(mina, level="enforced", service="caldav")

    with pytest.raises(RequestRejected, match="does not want this account"):
        calendars.list_calendars(connection)

    assert len(exchange[0].calls) == asked


# --- No passwords in the cloud ----------------------------------------------------------------------------------------


@pytest.mark.row("ZM-35")
@pytest.mark.parametrize("host", ["outlook.office365.com", "eu.outlook.com", "OUTLOOK.OFFICE.com."])
def test_with_oauth_enforced_no_password_account_in_the_cloud_fits(mina, host):
    connection = connected(mina, provider="caldav", api_url=f"https://{host}/dav")

    assert policies.misfit(decided(mina, enforce_oauth=True), connection) == Why.OAUTH


@pytest.fixture
def names(monkeypatch, settings) -> Resolver:
    """Every name leads to this machine, which the operator allows: whoever goes there would be answered."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    resolver = Resolver()
    resolver.names = {name: [["127.0.0.1"]] for name in ("outlook.office365.com", "dav.example.org")}
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


@pytest.mark.row("ZM-35")
@pytest.mark.parametrize("way", ["by its name", "by an alias", "by a redirect"])
def test_with_oauth_enforced_no_password_goes_to_the_cloud(mina, names, way):
    decided(mina, enforce_oauth=True)
    server = Typed()
    host = "outlook.office365.com" if way == "by its name" else "dav.example.org"
    names.aliases = {"dav.example.org": "eu.outlook.com"} if way == "by an alias" else {}

    with SimulatorServer(server) as served:
        port = served.url.rpartition(":")[2]
        server.redirects("/", f"http://outlook.office365.com:{port}/dav", status=308)
        server.redirects("/.well-known/caldav", f"http://outlook.office365.com:{port}/dav", status=308)
        with pytest.raises(RequestRejected, match="No password may be sent to this server"):
            password_connections.connect(mina, CalDav(), Login(f"http://{host}:{port}/", "mina", "secret-password"))

    assert [host for _method, host, _path, _credentials in server.asked if "office365" in host] == []
    assert not Grant.objects.exists()


@pytest.mark.row("ZM-35")
def test_an_account_that_several_organizations_use_is_held_to_the_strictest(mina, mallory):
    connection = connected(mina)
    factories.connection(mallory, grant=connection.grant)

    assert policies.no_password_for(connection.grant) == ()
    decided(mallory, enforce_oauth=True)
    assert "outlook.com" in policies.no_password_for(connection.grant)


# --- A change, and what follows ---------------------------------------------------------------------------------------


@pytest.mark.row("ZM-12", "ZM-13", "ZM-14")
def test_a_lock_ends_what_differs_and_asks_everybody_else(olga, adam, mina):
    fits, differs = connected(olga), connected(mina, provider="caldav")

    impact = saved(olga, level="enforced", service="exchange")

    assert [(one.membership, one.why) for one in impact.endings] == [(mina, Why.SERVICE)]
    assert impact.asked == [adam]
    assert list(Connection.objects.all()) == [fits]
    assert not Connection.objects.filter(pk=differs.pk).exists()
    assert {email.to for email in Email.objects.all()} == {"mina@example.org", "adam@example.org"}


@pytest.mark.row("ZM-12")
def test_a_lock_ends_connections_with_other_permissions(olga, mina):
    less = connected(mina, permissions=[Permission.CALENDAR_READ.value])

    impact = saved(olga, level="enforced", service="exchange")

    assert [(one.connection, one.why) for one in impact.endings] == [(less, Why.PERMISSIONS)]


@pytest.mark.row("ZM-13")
def test_a_lock_sets_up_nothing_by_itself(olga, mina, after_commit):
    with after_commit():
        saved(olga, level="enforced", service="exchange")

    assert not Connection.objects.exists()
    assert not Calendar.objects.exists()
    assert set(CalendarSettings.objects.values_list("asked_why", flat=True)) == {Why.NONE}


@pytest.mark.row("ZM-12")
def test_bookings_and_their_links_stay_when_a_connection_ends(olga, mina, after_commit):
    booking = factories.booking(factories.scheduler(mina))
    factories.meeting(booking, join_url="https://meet.example/abc")
    connected(mina, provider="caldav")

    with after_commit():
        saved(olga, level="enforced", service="exchange")

    booking.refresh_from_db()
    assert not booking.is_cancelled
    assert booking.meeting.join_url == "https://meet.example/abc"
    assert Booking.objects.count() == 1


@pytest.mark.row("ZM-30", "ZM-31")
def test_domains_ask_only_those_outside_them(olga, mina):
    outside = factories.membership(factories.user("ulf@elsewhere.example"), olga.organization, role=Role.MEMBER)
    inside = connected(mina)
    connected(outside)

    impact = saved(olga, allowed_domains=["example.org"])

    assert [(one.membership, one.why) for one in impact.endings] == [(outside, Why.DOMAIN)]
    assert impact.asked == []
    assert list(Connection.objects.all()) == [inside]
    assert [email.to for email in Email.objects.all()] == ["ulf@elsewhere.example"]
    assert prompts.notice(mina) is None
    assert "only for certain addresses" in prompts.notice(outside).text


@pytest.mark.row("ZM-43", "ZM-2")
def test_switching_off_ends_all_and_switching_on_asks_those_again(olga, adam, mina):
    connected(mina)

    off = saved(olga, enabled=False)
    told = Email.objects.get()
    assert [one.why for one in off.endings] == [Why.OFF]
    assert "switched off" in told.subject
    assert prompts.notice(mina) is None, "there is nothing that she could do"

    on = saved(olga, enabled=True)
    assert on.asked == [mina]
    assert "switched calendars on again" in prompts.notice(mina).text
    assert not Connection.objects.exists()


def test_who_keeps_another_account_that_fits_is_told_but_not_asked(olga, mina):
    connected(mina)
    connected(mina, provider="caldav", email="mina@example.com")

    saved(olga, level="enforced", service="exchange")

    assert prompts.notice(mina) is None
    assert "was disconnected" in Email.objects.get(to="mina@example.org").subject


@pytest.mark.row("ZM-14")
def test_the_banner_stays_until_he_has_connected_what_is_wanted(mina, olga, exchange, sign_in):
    saved(olga, level="enforced", service="exchange")
    browser = sign_in(mina)
    assert "asks you to connect your calendar" in browser.get("/account/conferencing").content.decode()

    password_connections.connect(mina, Exchange(), login(exchange[1]))

    assert "asks you to connect your calendar" not in browser.get("/account/conferencing").content.decode()


@pytest.mark.row("ZM-14", "ZM-32")
def test_who_joins_under_a_lock_is_asked_too_if_he_may(olga, after_commit):
    decided(olga, level="enforced", service="exchange", allowed_domains=["example.org"])

    with after_commit():
        for email in ("new@example.org", "new@elsewhere.example"):
            organizations.add(factories.user(email), olga.organization, Role.MEMBER)

    assert [asked.membership.user.email for asked in CalendarSettings.objects.all()] == ["new@example.org"]


@pytest.mark.row("ZM-14")
def test_the_mail_says_what_ended_and_what_to_do_in_the_readers_language(olga, mina):
    connected(mina, provider="caldav", email="mina@dav.example")

    saved(olga, level="enforced", service="exchange")

    mail = Email.objects.get(to="mina@example.org")
    assert mail.subject == "Action required: set up your calendar for Harbour"
    for words in ("CalDAV, mina@dav.example", "To connect: Exchange", "/account/calendars/add", "links stay"):
        assert words in mail.text, words


def test_what_was_seen_is_what_is_done(olga, mina):
    connected(mina)
    wanted = decided(olga)
    wanted.enabled = False
    seen = impacts.of(wanted).seen
    connected(olga)

    with pytest.raises(policy_changes.Outdated):
        policy_changes.save(wanted, by=olga.user, seen=seen)

    assert Connection.objects.count() == 2
    assert CalendarPolicy.objects.get().enabled


def test_what_changed_stands_in_the_book(olga):
    saved(olga, level="suggested", service="exchange", allowed_domains=["example.org"])

    entry = AuditEntry.objects.filter(act="connection.policy_changed").get()
    assert entry.by == olga.user
    assert entry.details == {"level": "suggested", "service": "exchange", "allowed_domains": ["example.org"]}


def test_accounts_elsewhere_are_left_alone(olga, mallory):
    kept = connected(mallory)

    saved(olga, enabled=False)

    assert Connection.objects.get() == kept


def test_the_dry_run_costs_the_same_for_one_member_and_for_three(olga, mina, adam):
    wanted = decided(olga)
    wanted.enabled = False
    costs = []
    for member in (olga, mina, adam):
        connected(member)
        with CaptureQueriesContext(database) as asked:
            impacts.of(wanted)
        costs.append(len(asked))

    assert len(set(costs)) == 1, costs
