"""The page where admins decide about calendars and contacts, as a browser without scripts goes through it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Email, Membership
from integrations import policies
from integrations.models import CalendarPolicy, Connection
from tests import factories
from tests.integrations.test_policies import connected

PLAIN = {"service": "", "calendar": "write", "contacts": "read", "level": "off", "allowed_domains": ""}


@pytest.fixture
def admin(adam: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(adam)


@pytest.fixture
def policy_page(olga: Membership) -> str:
    return reverse("calendar_policy", args=[olga.organization.slug])


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def onward(answer: Any) -> dict[str, str]:
    """What the page that asks hands on when one presses its button."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.content.decode())
    return {name: unescape(value) for name, value in fields}


def decide(browser: Client, policy_page: str, **typed: str) -> Any:
    """Through the page that shows who is affected."""
    asked = browser.post(policy_page, PLAIN | typed)
    assert asked.status_code == 200, text_of(asked)
    return browser.post(policy_page, onward(asked), follow=True)


@pytest.mark.row("ZM-1")
def test_it_is_reached_from_the_settings_and_the_integrations(admin, olga, policy_page):
    for name in ("integrations", "organization_settings"):
        assert f'href="{policy_page}"' in admin.get(reverse(name, args=[olga.organization.slug])).content.decode()


@pytest.mark.row("ZM-3")
def test_it_is_on_until_somebody_decides(admin, policy_page):
    assert "On: members choose their service." in text_of(admin.get(policy_page))


# --- On and off -------------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-2", "ZM-43")
def test_switching_asks_first_and_says_who_is_affected(admin, olga, mina, policy_page):
    connected(mina)

    asked = admin.get(f"{policy_page}/switch")

    assert "Nothing has happened yet." in text_of(asked)
    assert "Mina Sol" in text_of(asked)
    assert "Disable" in text_of(asked)
    assert Connection.objects.exists()
    done = admin.post(f"{policy_page}/switch", onward(asked), follow=True)
    assert "switched off. 1 member was told" in text_of(done)
    assert not Connection.objects.exists()


@pytest.mark.row("ZM-2", "ZM-43")
def test_it_can_be_switched_on_again_and_keeps_what_was_decided(admin, olga, policy_page):
    factories.calendar_policy(olga.organization, enabled=False, level="suggested", service="caldav")

    asked = admin.get(f"{policy_page}/switch")
    assert "Enable" in text_of(asked)
    done = admin.post(f"{policy_page}/switch", onward(asked), follow=True)

    assert "On: CalDAV is suggested." in text_of(done)


@pytest.mark.row("ZM-2")
def test_the_dialog_on_the_page_asks_the_same(admin, mina, policy_page):
    connected(mina)

    shown = admin.get(policy_page).content.decode()

    dialog = shown[shown.index("<dialog") : shown.index("</dialog>")]
    assert "Mina Sol" in dialog
    assert 'data-dialog="switch"' in shown


def test_nothing_is_switched_without_having_been_asked(admin, mina, policy_page):
    connected(mina)

    answer = admin.post(f"{policy_page}/switch", {"on": ""})

    assert "Nothing has happened yet." in text_of(answer)
    assert Connection.objects.exists()


# --- What is decided --------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-4", "ZM-46")
@pytest.mark.parametrize("level", ["off", "suggested", "enforced"])
def test_the_default_service_and_its_level_are_saved(admin, olga, policy_page, level):
    done = decide(admin, policy_page, service="caldav", level=level)

    assert "Saved." in text_of(done)
    policy = policies.of(olga.organization)
    assert (policy.service, policy.level) == ("caldav", level)


@pytest.mark.row("ZM-4")
def test_the_suggested_service_stands_first_for_members(admin, policy_page, mina, sign_in):
    decide(admin, policy_page, service="caldav", level="suggested")

    shown = text_of(sign_in(mina).get(reverse("add_calendar")))

    assert "Set up your calendar" in shown
    assert shown.index("Chosen by your organization") < shown.index("Connect Exchange")
    assert shown.index("Connect CalDAV") < shown.index("Connect Exchange")


@pytest.mark.row("ZM-11")
def test_locking_asks_for_confirmation_and_members_cannot_choose_another(admin, policy_page, mina, sign_in):
    asked = admin.post(policy_page, PLAIN | {"service": "caldav", "level": "enforced"})
    assert "Lock the service for everybody?" in text_of(asked)
    assert not CalendarPolicy.objects.exists()

    admin.post(policy_page, onward(asked))

    shown = text_of(sign_in(mina).get(reverse("add_calendar")))
    assert "Your organization uses CalDAV for everybody." in shown
    assert "Connect Exchange" not in shown


@pytest.mark.row("ZM-8")
def test_exchange_is_offered_by_its_address_with_a_warning(admin, olga, policy_page, settings):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    shown = text_of(admin.get(policy_page))
    assert "By Exchange Web Services (EWS)" in shown
    assert "Access is to the full mailbox" in shown

    without = admin.post(policy_page, PLAIN | {"service": "exchange", "level": "suggested"})
    assert without.status_code == 422
    assert "Enter the address of your server" in text_of(without)

    decide(
        admin,
        policy_page,
        service="exchange",
        level="suggested",
        address_exchange="http://127.0.0.1:5/EWS/Exchange.asmx",
    )
    assert policies.of(olga.organization).ews_url == "http://127.0.0.1:5/EWS/Exchange.asmx"


def test_an_address_that_bridge_does_not_go_to_is_refused(admin, policy_page):
    answer = admin.post(policy_page, PLAIN | {"address_exchange": "http://169.254.169.254/latest"})

    assert answer.status_code == 422
    assert "private network" in text_of(answer)
    assert not CalendarPolicy.objects.exists()


@pytest.mark.row("ZM-9", "ZM-45", "ZM-21", "ZM-28")
@pytest.mark.parametrize(
    "words",
    [
        "Exchange by desktop MAPI It works only on Windows",
        "Chat bot Starting or joining meetings by a chat bot is outside",
        "no minimum version of an app is required",
        "for Exchange Server 2013, 2016, 2019 and Subscription Edition",
        "This is separate from the services’ own add-ons",
    ],
)
def test_what_cannot_be_had_and_what_is_needed_stands_there(admin, policy_page, words):
    assert words in text_of(admin.get(policy_page))


@pytest.mark.row("ZM-29")
def test_several_domains_are_separated_by_commas(admin, olga, policy_page):
    decide(admin, policy_page, allowed_domains=" Example.org, @sub.example.COM,, exämple.org , example.org")

    assert policies.of(olga.organization).allowed_domains == ["example.org", "sub.example.com", "xn--exmple-cua.org"]


@pytest.mark.parametrize(
    "typed", ["localhost", "mina@example.org", "exa mple.org", "-a.org", "a..org", "x" * 300 + ".org"]
)
def test_what_is_no_domain_is_refused_at_its_field(admin, policy_page, typed):
    answer = admin.post(policy_page, PLAIN | {"allowed_domains": typed})

    assert answer.status_code == 422
    assert "is no domain" in text_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.row("ZM-35")
def test_oauth_can_be_enforced(admin, olga, policy_page):
    assert "Enforce OAuth 2.0 for Microsoft 365" in text_of(admin.get(policy_page))

    decide(admin, policy_page, enforce_oauth="on")

    assert policies.of(olga.organization).enforce_oauth


def test_a_level_without_a_service_is_refused(admin, policy_page):
    answer = admin.post(policy_page, PLAIN | {"level": "enforced"})

    assert answer.status_code == 422
    assert "Choose the service" in text_of(answer)


def test_a_service_that_nobody_knows_is_refused(admin, policy_page):
    assert admin.post(policy_page, PLAIN | {"service": "zoom"}).status_code == 422


@pytest.mark.row("ZM-12", "ZM-13")
def test_each_change_shows_who_is_affected_and_changes_nothing_yet(admin, adam, olga, mina, policy_page):
    connected(mina, provider="exchange")

    asked = admin.post(policy_page, PLAIN | {"service": "caldav", "level": "enforced"})

    shown = text_of(asked)
    assert "1 connection ends" in shown
    assert "Mina Sol Exchange, mina@example.org Another service is prescribed" in shown
    assert "2 members are asked to set up a calendar" in shown
    assert Connection.objects.exists()
    assert not Email.objects.exists()


def test_if_it_would_concern_others_by_then_it_is_shown_again(admin, olga, mina, policy_page):
    asked = admin.post(policy_page, PLAIN | {"service": "caldav", "level": "enforced"})
    connected(mina, provider="exchange")

    answer = admin.post(policy_page, onward(asked))

    assert "Meanwhile something changed, so nothing was saved." in text_of(answer)
    assert "1 connection ends" in text_of(answer)
    assert Connection.objects.exists()


def test_a_member_who_is_named_like_markup_is_shown_as_he_is_named(admin, mina, policy_page):
    mina.user.name = '<script>alert("x")</script>'
    mina.user.save()
    connected(mina)

    assert b"<script>alert" not in admin.get(f"{policy_page}/switch").content


@pytest.mark.row("ZM-15")
def test_each_member_sets_up_on_his_own(mina, sign_in):
    shown = sign_in(mina).get(reverse("add_calendar")).content.decode()

    assert 'href="/connect/exchange?next=' in shown
    assert 'href="/connect/caldav?next=' in shown


@pytest.mark.row("ZM-7", "ZM-21")
@pytest.mark.parametrize(
    "words",
    [
        "Microsoft 365 by EWS By Exchange Web Services (EWS), at https://outlook.office365.com/EWS/Exchange.asmx.",
        "Access is to the full mailbox and cannot be narrowed; it ends on 1 April 2027",
    ],
)
def test_the_old_way_into_the_cloud_says_what_it_opens_and_until_when(admin, policy_page, words):
    assert words in text_of(admin.get(policy_page))


@pytest.mark.row("ZM-7")
def test_the_old_way_into_the_cloud_is_chosen_with_its_address(admin, olga, policy_page, settings):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    without = admin.post(policy_page, PLAIN | {"service": "office365_ews", "level": "enforced"})
    assert "Enter the address of your server" in text_of(without)

    decide(
        admin, policy_page, service="office365_ews", level="enforced", address_office365_ews="http://127.0.0.1:5/EWS"
    )

    policy = policies.of(olga.organization)
    assert (policy.service, policy.ews_url) == ("office365_ews", "http://127.0.0.1:5/EWS")
