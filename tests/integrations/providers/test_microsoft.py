"""What is Microsoft's own: signing in, scopes, consent, identities."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.urls import reverse

from integrations import registry, sessions
from integrations.exceptions import RequestRejected
from integrations.models import Connection, Grant
from integrations.providers.microsoft import people, scopes
from integrations.providers.microsoft.consent import TenantConsent
from integrations.providers.microsoft.provider import Microsoft
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.types import App, AppKind, Permission
from tests.integrations.conftest import CARLA, ConnectZoom

READ = frozenset({Permission.CALENDAR_READ})
WRITE = READ | {Permission.CALENDAR_WRITE}
BOTH_READ = READ | {Permission.CONTACTS_READ}
ALL = WRITE | {Permission.CONTACTS_READ, Permission.CONTACTS_WRITE}
PETRA, FATIMA, FELIX = "petra@outlook.com", "fatima@fabrikam.example", "felix@fabrikam.example"
APP = App("microsoft", AppKind.PERSONAL, "client", "secret")
PROVIDER = Microsoft()


# --- Scopes -----------------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-26")
@pytest.mark.parametrize(
    ("permissions", "asked"),
    [
        (READ, {"Calendars.Read"}),
        (WRITE, {"Calendars.ReadWrite"}),
        (BOTH_READ, {"Calendars.Read", "Contacts.Read"}),
        (ALL, {"Calendars.ReadWrite", "Contacts.ReadWrite"}),
        (frozenset({Permission.CONTACTS_READ, Permission.CONTACTS_WRITE}), {"Contacts.ReadWrite"}),
        (frozenset(), set()),
    ],
)
def test_exactly_what_was_decided_is_asked_for(permissions, asked):
    parameters = PROVIDER.authorization_parameters(AppKind.PERSONAL, permissions)

    assert set(parameters["scope"].split()) == {*scopes.SIGN_IN, "User.Read"} | asked
    assert {scope.name for scope in PROVIDER.scopes(AppKind.PERSONAL, permissions)} == {"User.Read"} | asked
    assert parameters["prompt"] != "consent"


@pytest.mark.parametrize(
    ("granted", "permits", "missing"),
    [
        ({"Calendars.ReadWrite", "Contacts.ReadWrite", "User.Read"}, ALL, set()),
        ({"Calendars.ReadWrite"}, WRITE, set()),
        ({"Calendars.Read"}, READ, {"Calendars.ReadWrite"}),
        ({"User.Read"}, frozenset(), {"Calendars.Read", "Calendars.ReadWrite"}),
    ],
)
def test_what_was_granted_says_what_can_be_done(granted, permits, missing):
    assert PROVIDER.permits(frozenset(granted)) == permits
    assert PROVIDER.missing_scopes(frozenset(granted), AppKind.PERSONAL, ALL) == missing


@pytest.mark.parametrize("long", [True, False])
def test_scopes_are_kept_by_their_short_names(olga, microsoft: MicrosoftSimulator, connect_microsoft, long):
    microsoft.switches.long_scopes = long
    connection = connect_microsoft(olga)

    assert not set(connection.grant.scopes) & set(scopes.SIGN_IN)
    assert "User.Read" in connection.grant.scopes


# --- Who it is --------------------------------------------------------------------------------------------------------


def test_an_account_is_known_by_its_id_and_its_tenant(olga, microsoft: MicrosoftSimulator, connect_microsoft):
    grant = connect_microsoft(olga).grant
    carla = microsoft.user(CARLA)

    assert (grant.external_id, grant.account_id, grant.email) == (carla.id, carla.tenant_id, CARLA)


def test_a_renamed_account_stays_one_connection(olga, microsoft: MicrosoftSimulator, connect_microsoft):
    connect_microsoft(olga)
    microsoft.change_user(CARLA, mail="new@contoso.example", upn="new@contoso.example")
    connect_microsoft(olga, "new@contoso.example")

    assert [grant.email for grant in Grant.objects.all()] == ["new@contoso.example"]
    assert Connection.objects.count() == 1


def test_a_personal_account_belongs_to_the_tenant_of_all_of_them(olga, connect_microsoft):
    grant = connect_microsoft(olga, PETRA).grant
    assert (grant.account_id, grant.email) == (people.CONSUMERS, PETRA)


def test_an_address_is_believed_where_its_domain_is_proved(olga, microsoft: MicrosoftSimulator, connect_microsoft):
    """Whoever administers a tenant may write any address into it."""
    microsoft.change_user(CARLA, mail="ceo@harbour.example")
    assert connect_microsoft(olga, "ceo@harbour.example").grant.email == CARLA
    microsoft.tenant("Contoso").domains = ("contoso.example", "harbour.example")
    assert connect_microsoft(olga, "ceo@harbour.example").grant.email == "ceo@harbour.example"


def test_a_tenant_that_is_not_told_is_unknown(olga, microsoft: MicrosoftSimulator, connect_microsoft):
    microsoft.switches.organization_told = False
    grant = connect_microsoft(olga).grant
    assert (grant.account_id, grant.email) == ("", CARLA)


def test_a_guest_is_told_to_use_the_account_at_home(olga, microsoft: MicrosoftSimulator, sign_in):
    microsoft.switches.consents_as = microsoft.add_guest(FELIX, "Contoso").id
    browser = sign_in(olga)
    there = browser.get(reverse("connect", args=["microsoft"]))["Location"]
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    page = browser.get(back.removeprefix("http://testserver"), follow=True)

    assert "guests have no calendar" in page.content.decode()
    assert not Connection.objects.exists()


# --- Tokens -----------------------------------------------------------------------------------------------------------


def test_each_refresh_is_kept_and_the_old_one_still_works(olga, microsoft: MicrosoftSimulator, connect_microsoft):
    connection = connect_microsoft(olga)
    sealed = []
    for _time in range(2):
        microsoft.world.access_tokens.clear()
        with sessions.of(connection) as http:
            assert http.get("/me").json()["mail"] == CARLA
        connection.grant.refresh_from_db()
        sealed.append(connection.grant.sealed_refresh_token)

    assert len(set(sealed)) == 2


def test_a_refresh_that_brings_no_refresh_token_keeps_the_old_one(
    olga, microsoft: MicrosoftSimulator, connect_microsoft
):
    connection = connect_microsoft(olga)
    microsoft.switches.refresh_brings_refresh_token = False
    for _time in range(2):
        microsoft.world.access_tokens.clear()
        with sessions.of(connection) as http:
            assert http.get("/me").ok


# --- Consent for a whole tenant ---------------------------------------------------------------------------------------


def consent_page(microsoft: MicrosoftSimulator, permissions: frozenset[Permission]) -> requests.Response:
    redirect_uri = "http://testserver/connect/microsoft/consent"
    app = PROVIDER.installed_app(AppKind.PERSONAL)
    address = TenantConsent().address(app, state="s", redirect_uri=redirect_uri, permissions=permissions)
    return requests.get(address, allow_redirects=False, timeout=10)


def answered(response: requests.Response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


@pytest.mark.row("ZM-33")
def test_an_admin_consents_for_everybody(microsoft: MicrosoftSimulator, olga, connect_microsoft: ConnectZoom):
    microsoft.switches.consents_as = FATIMA
    consented = TenantConsent().read(answered(consent_page(microsoft, ALL)))

    assert consented.account_id == microsoft.tenant("Fabrikam").id
    assert consented.scopes == {"User.Read", "Calendars.ReadWrite", "Contacts.ReadWrite"}
    assert connect_microsoft(olga, FELIX).grant.email == FELIX


@pytest.mark.row("ZM-34")
def test_without_it_a_member_meets_the_wall_at_microsoft(microsoft: MicrosoftSimulator, olga, sign_in):
    microsoft.switches.consents_as = FELIX
    there = sign_in(olga).get(reverse("connect", args=["microsoft"]))["Location"]
    page = requests.get(there, allow_redirects=False, timeout=10)

    assert (page.status_code, "Need admin approval" in page.text) == (403, True)
    assert not Connection.objects.exists()


GIVEN = {"admin_consent": "True", "tenant": "6b1f7c4e-3a0f-4e9b-9d8e-2f1f0c3a9a01", "scope": "Calendars.Read openid"}


@pytest.mark.parametrize(
    "answer",
    [
        {**GIVEN, "error": "consent_required", "error_description": "AADSTS65004: declined"},
        {"error": "permission_denied", "error_description": "The admin canceled the request"},
        {**GIVEN, "error": "server_error"},
        {**GIVEN, "tenant": "contoso.example"},
        {**GIVEN, "tenant": people.CONSUMERS},
        {**GIVEN, "admin_consent": "False"},
        {},
    ],
)
def test_what_is_no_consent_is_not_taken_for_one(answer: dict[str, Any]):
    with pytest.raises(RequestRejected):
        TenantConsent().read(answer)


def test_consent_is_read_by_short_names():
    long = "https://graph.microsoft.com/Calendars.Read https://graph.microsoft.com/User.Read profile"
    assert TenantConsent().read({**GIVEN, "scope": long}).scopes == {"Calendars.Read", "User.Read"}
    assert TenantConsent().read({name: GIVEN[name] for name in ("admin_consent", "tenant")}).scopes == frozenset()


def test_the_known_tenant_is_asked_and_otherwise_any_organization(settings):
    where = {"state": "s", "redirect_uri": "http://x.test/", "permissions": READ}
    asked = [TenantConsent().address(APP, **where, account_id=tenant) for tenant in ("", "tenant-1")]

    paths = [urlsplit(address).path for address in asked]
    assert paths == ["/organizations/v2.0/adminconsent", "/tenant-1/v2.0/adminconsent"]
    assert "common" not in asked[0]


def test_it_is_listed_and_configured_by_its_keys(settings):
    assert registry.oauth("microsoft").is_configured
    settings.MICROSOFT_CLIENT_ID = ""
    assert not registry.oauth("microsoft").is_configured
    assert PROVIDER.revoke_url == ""
