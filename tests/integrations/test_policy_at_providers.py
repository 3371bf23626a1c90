"""The policy where people sign in at the service itself: what is asked there, and what is not kept."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.urls import reverse

from integrations import policies, policy_changes
from integrations.models import AuthorizationRequest, Connection, Grant
from integrations.providers.google.provider import Google
from integrations.types import AppKind
from tests import factories
from tests.integrations.test_policy_page import decide, text_of

MICROSOFT_SIGN_IN = {"openid", "profile", "email", "offline_access", "User.Read"}


def asked_of(browser: Any, provider: str) -> set[str]:
    """The scopes in the address that a member is sent to."""
    address = browser.get(reverse("connect", args=[provider]))["Location"]
    return set(parse_qs(urlsplit(address).query)["scope"][0].split())


def signed_in(browser: Any, provider: str) -> Any:
    """There and back; the page that he comes out at."""
    address = browser.get(reverse("connect", args=[provider]))["Location"]
    back = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
    return browser.get(back.removeprefix("http://testserver"))


@pytest.mark.row("ZM-5", "ZM-26")
@pytest.mark.parametrize(
    ("calendar", "contacts", "scopes"),
    [
        ("read", "none", {"Calendars.Read"}),
        ("write", "none", {"Calendars.ReadWrite"}),
        ("read", "read", {"Calendars.Read", "Contacts.Read"}),
        ("write", "write", {"Calendars.ReadWrite", "Contacts.ReadWrite"}),
    ],
)
def test_microsoft_is_asked_for_exactly_what_the_admin_chose(
    adam, mina, microsoft, sign_in, calendar, contacts, scopes
):
    page = reverse("calendar_policy", args=[adam.organization.slug])
    decide(sign_in(adam), page, service="microsoft", level="enforced", calendar=calendar, contacts=contacts)

    assert asked_of(sign_in(mina), "microsoft") == MICROSOFT_SIGN_IN | scopes


@pytest.mark.row("ZM-10")
@pytest.mark.parametrize(("calendar", "contacts"), [("read", "none"), ("write", "read"), ("write", "write")])
def test_google_is_asked_for_exactly_what_the_admin_chose(adam, mina, google, sign_in, calendar, contacts):
    page = reverse("calendar_policy", args=[adam.organization.slug])
    decide(sign_in(adam), page, service="google", level="suggested", calendar=calendar, contacts=contacts)

    wanted = Google().scopes(AppKind.PERSONAL, policies.of(adam.organization).permissions)
    asked = asked_of(sign_in(mina), "google")

    assert asked == {scope.name for scope in wanted}
    assert any("contacts" in name for name in asked) is (contacts != "none")


@pytest.mark.row("ZM-5", "ZM-6", "ZM-10", "ZM-21")
@pytest.mark.parametrize(
    "words",
    [
        "Microsoft 365 By Microsoft Graph, the default way",
        "Hybrid Microsoft 365 is not supported this way",
        "Google Calendar and Contacts: members sign in at Google",
        "Calendar See See and change Contacts Nothing See See and change",
    ],
)
def test_the_services_stand_there_with_their_notices(adam, sign_in, words):
    assert words in text_of(sign_in(adam).get(reverse("calendar_policy", args=[adam.organization.slug])))


@pytest.mark.row("ZM-11")
@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_who_may_not_is_not_even_sent_to_the_service(mina, google, microsoft, sign_in, provider):
    factories.calendar_policy(mina.organization, level="enforced", service="caldav")

    answer = sign_in(mina).get(reverse("connect", args=[provider]))

    assert answer.status_code == 403
    assert "Your organization uses CalDAV for everybody." in text_of(answer)
    assert not AuthorizationRequest.objects.exists()


@pytest.mark.row("ZM-29", "ZM-32")
def test_an_account_of_another_domain_is_given_back(mina, google, sign_in):
    factories.calendar_policy(mina.organization, allowed_domains=["example.org"])
    google.switches.consents_as = "olga@harbour.example"

    answer = signed_in(sign_in(mina), "google")

    assert "olga@harbour.example is another" in text_of(answer)
    assert not Grant.objects.exists()
    assert [call.path for call in google.calls if "revoke" in call.path], "the access was given back"


def test_a_policy_that_changed_while_he_was_away_is_kept_to(mina, microsoft, sign_in):
    browser = sign_in(mina)
    address = browser.get(reverse("connect", args=["microsoft"]))["Location"]
    microsoft.switches.consents_as = "carla@contoso.example"
    back = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
    factories.calendar_policy(mina.organization, calendar="read")

    answer = browser.get(back.removeprefix("http://testserver"))

    assert "has just changed what Bridge may ask for" in text_of(answer)
    assert not Connection.objects.exists()


def test_an_account_that_another_organization_uses_is_not_taken_from_it(olga, mallory, google, connect_google, sign_in):
    """Giving back what is not wanted here would end the very access that is in use there."""
    used = connect_google(mallory)
    factories.calendar_policy(olga.organization, allowed_domains=["example.org"])

    signed_in(sign_in(olga), "google")

    used.refresh_from_db()
    assert used.is_usable
    assert not [call for call in google.calls if "revoke" in call.path]


@pytest.mark.row("ZM-12")
def test_a_lock_gives_the_access_of_other_services_back(olga, mina, google, connect_google, after_commit):
    connect_google(mina)
    wanted = policies.of(olga.organization)
    wanted.level, wanted.service = "enforced", "microsoft"

    with after_commit():
        policy_changes.save(wanted, by=olga.user)

    assert not Grant.objects.exists()
    assert [call.path for call in google.calls if "revoke" in call.path]


@pytest.mark.row("ZM-35")
def test_with_oauth_enforced_signing_in_at_microsoft_is_still_the_way(adam, mina, connect_microsoft, sign_in):
    page = reverse("calendar_policy", args=[adam.organization.slug])
    decide(sign_in(adam), page, enforce_oauth="on")

    assert connect_microsoft(mina).is_usable


@pytest.mark.row("ZM-4")
def test_the_default_service_is_the_main_way_on_the_members_page(mina, sign_in):
    factories.calendar_policy(mina.organization, level="suggested", service="microsoft")

    shown = sign_in(mina).get(reverse("add_calendar")).content.decode()

    assert shown.index('href="/connect/microsoft?next=') < shown.index('href="/connect/exchange?next=')
    assert shown.count("button button--primary") == 1
