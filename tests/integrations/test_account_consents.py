"""An administrator at the provider consents for everybody in his account; Bridge compares it with what was decided."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Membership
from integrations.models import AccountConsent
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests import factories
from tests.integrations.test_policy_page import text_of

CARLA, FATIMA = "carla@contoso.example", "fatima@fabrikam.example"


@pytest.fixture
def admin(adam: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    factories.calendar_policy(adam.organization, consent=True, calendar="read", contacts="none")
    return sign_in(adam)


@pytest.fixture
def way(olga: Membership) -> str:
    return reverse("account_consent", args=[olga.organization.slug, "microsoft"])


@pytest.fixture
def policy_page(olga: Membership) -> str:
    return reverse("calendar_policy", args=[olga.organization.slug])


def back_from(microsoft: MicrosoftSimulator, browser: Client, way: str, user: str = FATIMA) -> str:
    """The address that Microsoft sends the browser back to."""
    microsoft.switches.consents_as = user
    there = requests.get(browser.get(way)["Location"], allow_redirects=False, timeout=10)
    return there.headers["Location"].removeprefix("http://testserver")


@pytest.mark.row("ZM-33")
def test_exactly_what_was_decided_is_asked_for(admin, way, microsoft):
    asked = parse_qs(urlsplit(admin.get(way)["Location"]).query)

    assert {name for name in asked["scope"][0].split() if "." in name} == {"User.Read", "Calendars.Read"}


@pytest.mark.row("ZM-33")
def test_consent_for_the_whole_account_is_kept_and_matches(admin, way, microsoft, policy_page, adam):
    answer = admin.get(back_from(microsoft, admin, way), follow=True)

    assert "Consent is given for everybody, and matches what you decided here." in text_of(answer)
    consent = AccountConsent.objects.get()
    assert (consent.provider, consent.by_email) == ("microsoft", adam.user.email)
    assert "Calendars.Read" in consent.scopes
    assert "Consent for everybody" in AuditEntry.objects.first().subject


@pytest.mark.row("ZM-33")
def test_a_later_change_of_the_permissions_shows_that_they_do_not_match(admin, way, microsoft, policy_page, adam):
    admin.get(back_from(microsoft, admin, way))
    adam.organization.calendar_policy.calendar = "write"
    adam.organization.calendar_policy.save()

    shown = text_of(admin.get(policy_page))

    assert "Does not match" in shown
    assert "Not consented to there: Read your calendars, and write, move and remove" in shown
    assert "Consented to there, but not wanted here: Calendars.Read." in shown


@pytest.mark.row("ZM-33")
def test_members_of_another_account_are_counted(admin, way, microsoft, policy_page, mina, connect_microsoft):
    admin.get(back_from(microsoft, admin, way))
    connect_microsoft(mina, CARLA)

    assert "1 connected member belongs to another account there." in text_of(admin.get(policy_page))


@pytest.mark.row("ZM-34")
def test_without_it_each_member_or_the_administrator_consents(admin, policy_page, mina, adam, connect_microsoft):
    """Off, nothing of it is offered, and a member goes through his own consent as ever."""
    assert "Until then each member, or that administrator for him, has to consent." in text_of(admin.get(policy_page))
    adam.organization.calendar_policy.consent = False
    adam.organization.calendar_policy.save()

    assert "Consent for everybody at Microsoft 365" not in text_of(admin.get(policy_page))
    assert connect_microsoft(mina, CARLA).is_usable


@pytest.mark.parametrize("forged", ["&state=other", "&state="])
def test_an_answer_that_was_not_asked_for_is_refused(admin, way, microsoft, forged):
    address = back_from(microsoft, admin, way)
    state = parse_qs(urlsplit(address).query)["state"][0]

    answer = admin.get(
        address.replace(f"&state={state}", forged).replace(f"state={state}&", forged[1:] + "&"), follow=True
    )

    assert "does not belong to anything that was started" in text_of(answer)
    assert not AccountConsent.objects.exists()


def test_an_answer_works_once_and_in_one_browser(admin, way, microsoft, olga, sign_in):
    address = back_from(microsoft, admin, way)

    assert "does not belong" in text_of(sign_in(olga).get(address, follow=True))
    assert not AccountConsent.objects.exists()
    admin.get(address)
    AccountConsent.objects.all().delete()
    assert "does not belong" in text_of(admin.get(address, follow=True))


def test_a_refusal_at_the_provider_changes_nothing(admin, way, microsoft):
    state = parse_qs(urlsplit(admin.get(way)["Location"]).query)["state"][0]

    back = f"/connect/microsoft/consent?admin_consent=True&error=consent_required&state={state}"
    answer = admin.get(back, follow=True)

    assert "It was not approved at Microsoft." in text_of(answer)
    assert not AccountConsent.objects.exists()


def test_a_provider_without_such_a_consent_says_so(admin, olga):
    answer = admin.get(reverse("account_consent", args=[olga.organization.slug, "google"]), follow=True)

    assert "knows no consent for everybody" in text_of(answer)


def test_who_is_no_admin_any_more_brings_nothing_back(admin, way, microsoft, adam):
    address = back_from(microsoft, admin, way)
    adam.role = "member"
    adam.save()

    answer = admin.get(address)

    assert answer.status_code in (302, 403)
    assert not AccountConsent.objects.exists()
