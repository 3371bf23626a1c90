"""One account opens every member's mailbox: set up by an admin, used by members without a password."""

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import organizations
from accounts.models import AuditEntry, Membership, Role
from integrations import calendar_lists, calendars, grants, impersonators, policies, policy_changes, states
from integrations.models import Calendar, CalendarPolicy, Connection, Grant, Why
from integrations.providers.exchange.provider import Exchange
from integrations.simulators.exchange.simulator import PASSWORD, SERVICE
from integrations.types import EndReason, EventRequest, Login
from tests import factories
from tests.integrations.test_policy_page import onward, text_of
from tests.integrations.typed_servers import Resolver

DAY = timedelta(days=1)
MAILBOX = "/connect/exchange/mailbox"


@pytest.fixture
def admin(adam: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    cache.clear()
    return sign_in(adam)


@pytest.fixture
def form(olga: Membership) -> str:
    return reverse("calendar_impersonation", args=[olga.organization.slug])


@pytest.fixture
def policy_page(olga: Membership) -> str:
    return reverse("calendar_policy", args=[olga.organization.slug])


@pytest.fixture
def typed(exchange: Any) -> dict[str, str]:
    return {"address": exchange[1], "on": "on", "username": SERVICE, "password": PASSWORD, "version": "2016"}


@pytest.fixture
def opener(olga: Membership, exchange: Any) -> Connection:
    login = Login(exchange[1], SERVICE, PASSWORD, version="2016")
    return impersonators.set_up(olga.organization, Exchange(), login, by=olga.user)


@pytest.mark.row("ZM-18")
def test_the_form_asks_for_address_checkbox_email_password_and_version(admin, form):
    shown = admin.get(form).content.decode()

    places = [shown.index(f'name="{name}"') for name in ("address", "on", "username", "password", "version")]
    assert places == sorted(places)
    for version in ("2013", "2016", "2019", "Subscription Edition"):
        assert f"Exchange Server {version}" in shown


@pytest.mark.row("ZM-19", "ZM-20")
def test_after_saving_email_and_version_are_shown_and_the_password_never(admin, form, policy_page, typed):
    saved = admin.post(form, typed, follow=True)

    for answer in (saved, admin.get(policy_page), admin.get(form)):
        assert SERVICE in text_of(answer) or SERVICE in answer.content.decode()
        assert "Exchange Server 2016" in text_of(answer)
        assert PASSWORD not in answer.content.decode()
    assert (
        f'href="{form}?service=exchange" title="Change the impersonation account"'
        in admin.get(policy_page).content.decode()
    )
    policy = CalendarPolicy.objects.get()
    assert (policy.ews_url, policy.ews_version) == (typed["address"], "2016")
    assert PASSWORD not in str(list(AuditEntry.objects.values()))
    assert PASSWORD not in str(list(Grant.objects.values()))


def test_it_is_tried_with_the_admins_own_mailbox(admin, form, typed, exchange):
    assert "tried with your own mailbox, and works" in text_of(admin.post(form, typed, follow=True))

    exchange[0].add_mailbox("narrow@example.org", "narrow-password", scope={"mina@example.org"})
    narrow = typed | {"username": "narrow@example.org", "password": "narrow-password"}
    assert "Saved, but adam@example.org’s mailbox could not be opened" in text_of(admin.post(form, narrow, follow=True))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"password": "wrong"}, "password"), ({"password": ""}, "password"), ({"username": ""}, "username")],
)
def test_what_is_refused_is_not_kept(admin, form, typed, wrong, field):
    answer = admin.post(form, typed | wrong)

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not CalendarPolicy.objects.exists()
    assert not Grant.objects.exists()


@pytest.mark.row("ZM-16")
def test_members_connect_without_a_password_of_their_own(mina, opener, sign_in, after_commit):
    browser = sign_in(mina)
    assert "Use my mailbox" in text_of(browser.get(reverse("add_calendar")))

    with after_commit():
        answer = browser.post(MAILBOX, follow=True)

    assert "Your mailbox is connected." in text_of(answer)
    assert not Connection.objects.filter(membership=mina).exists()
    assert {(one.connection, one.account) for one in Calendar.objects.filter(membership=mina)} == {
        (opener, "mina@example.org")
    }


@pytest.mark.row("ZM-13")
def test_the_mailboxes_of_others_are_not_opened_by_themselves(olga, mina, opener, exchange, sign_in, after_commit):
    exchange[0].add_mailbox("new@example.org", "new-password")
    with after_commit():
        sign_in(mina).post(MAILBOX)
    with after_commit():
        calendar_lists.want(opener)
        organizations.add(factories.user("new@example.org"), olga.organization, Role.MEMBER)

    assert {one.membership for one in Calendar.objects.all()} == {mina}


@pytest.mark.row("ZM-16")
def test_a_mailbox_that_cannot_be_opened_says_so(olga, opener, sign_in):
    stranger = factories.membership(factories.user("nobody@example.org"), olga.organization)

    answer = sign_in(stranger).post(MAILBOX, follow=True)

    assert "Your mailbox is connected." not in text_of(answer)
    assert not Calendar.objects.exists()


def test_without_such_an_account_the_button_does_nothing(mina, sign_in):
    assert "has no account that opens mailboxes" in text_of(sign_in(mina).post(MAILBOX, follow=True))


@pytest.mark.row("ZM-29")
def test_a_member_outside_the_domains_gets_no_mailbox(olga, mina, opener, sign_in):
    policy = policies.of(olga.organization)
    policy.allowed_domains = ["example.net"]
    policy_changes.save(policy, by=olga.user)

    answer = sign_in(mina).post(MAILBOX, follow=True)

    assert "allows calendars only for addresses at example.net" in text_of(answer)


def test_the_admin_decides_how_much_it_may_do(olga, opener):
    policy = policies.of(olga.organization)
    policy.calendar = "read"
    policy_changes.save(policy, by=olga.user)

    opener.refresh_from_db()
    assert opener.asked == policy.permissions


@pytest.mark.row("ZM-20")
def test_another_account_of_the_same_server_changes_nothing_for_members(admin, form, typed, mina, opener, exchange):
    factories.calendar(mina, connection=opener, account="mina@example.org")
    exchange[0].add_mailbox("second@example.org", "second-password", scope={"*"})

    admin.post(form, typed | {"username": "second@example.org", "password": "second-password"})

    policy = CalendarPolicy.objects.get()
    assert policy.impersonator.grant.account_id == "second@example.org"
    assert Calendar.objects.get().connection == policy.impersonator
    assert not Connection.objects.filter(pk=opener.pk).exists()


def test_doing_without_it_shows_first_who_is_affected(admin, form, typed, policy_page, mina, opener):
    factories.calendar(mina, connection=opener, account="mina@example.org")

    asked = admin.post(form, {**typed, "on": "", "password": ""})

    assert "Mina Sol" in text_of(asked)
    assert Calendar.objects.exists()
    admin.post(form, onward(asked))
    assert not Calendar.objects.exists()
    assert not Connection.objects.exists()
    assert CalendarPolicy.objects.get().impersonator is None
    assert mina.calendar_settings.asked_why == Why.SHARED


@pytest.mark.row("ZM-43")
def test_switched_off_its_password_is_forgotten(olga, mina, opener, after_commit):
    factories.calendar(mina, connection=opener, account="mina@example.org")
    policy = policies.of(olga.organization)
    policy.enabled = False

    with after_commit():
        policy_changes.save(policy, by=olga.user)

    assert not Grant.objects.exists()
    assert not Calendar.objects.exists()


def test_when_its_password_is_refused_admins_are_led_to_the_form(adam, opener, form, sign_in):
    grants.end(opener.grant, EndReason.EXPIRED)
    opener.refresh_from_db()

    assert states.mend_url(opener) == f"{form}?service=exchange"
    assert "Exchange for the whole organization" in text_of(sign_in(adam).get(reverse("conferencing")))


@pytest.mark.row("ZM-17")
def test_through_it_both_sides_are_kept_in_step(mina, opener, exchange, sign_in, after_commit):
    start = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    exchange[0].add_event("mina@example.org", "Dentist", start, start + timedelta(hours=1))

    with after_commit():
        sign_in(mina).post(MAILBOX)
    calendar = Calendar.objects.get(membership=mina, receives=True)
    request = EventRequest("Intro call", start + DAY, start + 2 * DAY, "Europe/Berlin", "BR-ABCDEF123456")
    calendars.create_event(calendar, request)

    assert list(calendar.events.values_list("title", "start")) == [("Dentist", start)]
    assert "Intro call" in [event.subject for event in exchange[0].events("mina@example.org")]
    assert exchange[0].events("olga@example.org") == []


# --- In the cloud, by an application ----------------------------------------------------------------------------------


@pytest.fixture
def cloud(exchange: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What an admin types for an application that may open mailboxes in the cloud, which is this machine."""
    simulator, address = exchange
    simulator.to_the_cloud("app", "app-secret")
    resolver = Resolver()
    resolver.names["outlook.office365.com"] = [["127.0.0.1"]]
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    settings.MICROSOFT_OAUTH_URL = address.removesuffix("/EWS/Exchange.asmx")
    there = address.replace("127.0.0.1", "outlook.office365.com")
    return {"address": there, "on": "on", "username": "tenant/app", "password": "app-secret", "version": "online"}


@pytest.mark.row("ZM-7", "ZM-16")
def test_an_application_opens_mailboxes_in_the_cloud_even_where_passwords_are_barred(
    admin, form, cloud, mina, olga, sign_in, after_commit
):
    factories.calendar_policy(olga.organization, enforce_oauth=True)

    saved = admin.post(f"{form}?service=office365_ews", cloud, follow=True)
    assert "tried with your own mailbox, and works" in text_of(saved)
    assert "app-secret" not in saved.content.decode()
    with after_commit():
        sign_in(mina).post("/connect/office365_ews/mailbox")

    assert Calendar.objects.filter(membership=mina, account="mina@example.org").exists()


def test_members_are_not_asked_for_the_secret_of_an_application(mina, sign_in):
    answer = sign_in(mina).get("/connect/office365_ews/password")

    assert answer.status_code == 403
    assert "connects it once for everybody" in text_of(answer)
