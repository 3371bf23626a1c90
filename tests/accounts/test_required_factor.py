"""An organization that asks a second factor of everybody."""

import pytest
from django.test import Client

from accounts.models import Act, AuditEntry, Organization, Role
from tests import factories

HOME = "/account/second-factor/"


def require(client: Client, organization: Organization, wanted: str = "yes"):
    return client.post(f"/o/{organization.slug}/settings/second-factor", {"wanted": wanted})


def test_an_admin_with_a_factor_may_require_it_of_everybody_and_stop(sign_in, adam):
    factories.authenticator_app(adam.user)
    client = sign_in(adam)

    require(client, adam.organization)
    adam.organization.refresh_from_db()
    assert adam.organization.requires_second_factor
    require(client, adam.organization)
    require(client, adam.organization, "no")

    adam.organization.refresh_from_db()
    assert not adam.organization.requires_second_factor
    entries = AuditEntry.objects.filter(act=Act.SECOND_FACTOR_REQUIRED).order_by("number")
    assert [entry.details["required"] for entry in entries] == [True, False]


def test_who_has_none_himself_cannot_require_it(sign_in, olga):
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/settings").content.decode()
    assert "Set up your own first" in page

    answer = require(sign_in(olga), olga.organization)

    olga.organization.refresh_from_db()
    assert answer["Location"] == HOME
    assert not olga.organization.requires_second_factor


def test_a_member_may_not_require_it(sign_in, mina):
    factories.authenticator_app(mina.user)
    assert require(sign_in(mina), mina.organization).status_code == 403


def test_settings_say_how_many_have_none(sign_in, adam, mina):
    factories.authenticator_app(adam.user)
    page = sign_in(adam).get(f"/o/{adam.organization.slug}/settings").content.decode()
    assert "2 members have none yet." in page


@pytest.fixture
def strict(olga):
    """Harbour asks for a second factor."""
    Organization.objects.filter(pk=olga.organization_id).update(requires_second_factor=True)
    olga.organization.refresh_from_db()
    return olga.organization


def test_admins_see_who_has_none_yet(sign_in, strict, adam, mina):
    factories.authenticator_app(adam.user)
    page = sign_in(adam).get(f"/o/{strict.slug}/members").content.decode()
    assert page.count("No second factor yet") == 2  # Olga and Mina

    factories.passkey(mina.user)
    page = sign_in(mina).get(f"/o/{strict.slug}/members").content.decode()
    assert "No second factor yet" not in page


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "path", ["schedules", "bookings", "bookings.csv", "members", "settings", "settings/second-factor", "integrations"]
)
def test_without_a_factor_every_page_of_the_organization_asks_for_one(sign_in, strict, role, method, path):
    member = factories.membership(organization_=strict, role=role)

    answer = getattr(sign_in(member), method)(f"/o/{strict.slug}/{path}")

    if answer.status_code != 404:  # no such page
        assert answer.status_code == 403
        assert f"{strict} asks for a second factor" in answer.content.decode()


@pytest.mark.parametrize("path", ["/dashboard/", "/account/conferencing", "/connect/zoom"])
def test_pages_that_name_no_organization_ask_for_it_too(sign_in, strict, olga, path):
    answer = sign_in(olga).get(path)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/account/profile", HOME, "/account/sessions/", "/account/password/change/", "/organizations"]
)
def test_his_own_account_stays_open_to_him(sign_in, strict, olga, path):
    assert sign_in(olga).get(path).status_code == 200


def test_he_may_switch_leave_and_sign_out(sign_in, strict, olga):
    member = factories.membership(organization_=strict, role=Role.MEMBER)
    client = sign_in(member)

    assert client.get(f"/o/{strict.slug}/leave").status_code == 200
    assert client.post(f"/o/{strict.slug}/switch").status_code == 302
    assert client.post("/account/sessions/end").status_code == 302
    assert client.post("/account/logout/").status_code == 302


@pytest.mark.parametrize("set_up", [factories.authenticator_app, factories.passkey])
def test_with_a_factor_the_organization_opens(sign_in, strict, olga, set_up):
    set_up(olga.user)
    assert sign_in(olga).get(f"/o/{strict.slug}/schedules").status_code == 200


def test_the_page_that_asks_for_it_tells_nothing_else_of_the_organization(sign_in, strict, olga):
    """The banner names accounts and bookings that need action."""
    factories.connection(olga).grant.end("revoked")
    client = sign_in(olga)
    for path in ("/dashboard/", "/account/profile"):
        assert 'class="banner' not in client.get(path).content.decode()
    factories.authenticator_app(olga.user)
    assert 'class="banner' in client.get("/account/profile").content.decode()


def test_other_organizations_of_his_stay_open(sign_in, strict, olga):
    elsewhere = factories.membership(olga.user)
    assert sign_in(olga).get(f"/o/{elsewhere.organization.slug}/schedules").status_code == 200


def test_strangers_learn_nothing_of_the_requirement(sign_in, strict, mallory):
    assert sign_in(mallory).get(f"/o/{strict.slug}/schedules").status_code == 404
