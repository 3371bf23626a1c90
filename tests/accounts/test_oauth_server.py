"""Our OAuth server, as an application meets it when all goes well."""

import base64

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Act, Application, AuditEntry, Consent
from accounts.scopes import Scope
from tests import factories
from tests.accounts import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(olga):
    return factories.application(olga)


@pytest.mark.row("G-55")
def test_an_application_gets_what_somebody_allowed_it(sign_in, olga, crm):
    said = asking.allow(sign_in(olga), crm, olga)
    assert said.keys() == {"code", "state", "iss"}
    assert (said["state"], said["iss"]) == ("as-it-was", "http://testserver")

    given = asking.exchange(crm, said["code"]).json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "events:read events:write")
    assert asking.works(given["access_token"])
    assert Consent.objects.get(application=crm).membership == olga
    assert AuditEntry.objects.filter(act=Act.APPLICATION_ALLOWED, subject=crm.name, by=olga.user).exists()


def test_it_can_send_its_secret_in_the_header(sign_in, olga, crm):
    code = asking.allow(sign_in(olga), crm, olga)["code"]
    basic = base64.b64encode(f"{crm.client_id}:{asking.SECRET}".encode()).decode()
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": asking.CALLBACK}

    answer = Client().post(
        "/oauth/token", sent | {"code_verifier": asking.VERIFIER}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json", "no-store")


def test_a_program_without_a_secret_goes_the_same_way(sign_in, olga):
    program = factories.application(olga, client_type=Application.CLIENT_PUBLIC)
    given = asking.tokens(sign_in(olga), program, olga)
    renewed = asking.refresh(program, given["refresh_token"]).json()

    assert asking.works(renewed["access_token"])
    assert asking.ask(program, "revoke", token=renewed["refresh_token"]).status_code == 200
    assert not asking.works(renewed["access_token"])


def test_a_refresh_gives_new_tokens_for_old(sign_in, olga, crm):
    given = asking.tokens(sign_in(olga), crm, olga)
    renewed = asking.refresh(crm, given["refresh_token"]).json()

    assert renewed["refresh_token"] != given["refresh_token"]
    assert renewed["scope"] == given["scope"]
    assert (asking.works(given["access_token"]), asking.works(renewed["access_token"])) == (False, True)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_token_that_is_given_back_ends_its_pair(sign_in, olga, crm, kind):
    given = asking.tokens(sign_in(olga), crm, olga)
    assert asking.ask(crm, "revoke", token=given[kind]).status_code == 200

    assert not asking.works(given["access_token"])
    assert asking.refresh(crm, given["refresh_token"]).json()["error"] == "invalid_grant"
    assert asking.ask(crm, "revoke", token="unknown").status_code == 200


def test_it_may_ask_what_its_tokens_are_worth(sign_in, olga, crm):
    given = asking.tokens(sign_in(olga), crm, olga, scope="events:read")
    for kind in ("access_token", "refresh_token"):
        said = asking.ask(crm, "introspect", token=given[kind]).json()
        assert said.pop("exp") > said.pop("iat")
        expected = {"active": True, "scope": "events:read", "client_id": crm.client_id, "sub": str(olga.uid)}
        assert said == expected

    own = asking.ask(crm, grant_type="client_credentials", scope="webhooks").json()["access_token"]
    assert asking.ask(crm, "introspect", token=own).json()["scope"] == "webhooks"
    Consent.objects.all().delete()
    assert asking.ask(crm, "introspect", token=given["access_token"]).json() == {"active": False}


def test_it_says_what_it_can_do_and_nothing_else(client):
    said = client.get("/.well-known/oauth-authorization-server").json()

    assert said == {
        "issuer": "http://testserver",
        "authorization_endpoint": "http://testserver/oauth/authorize",
        "token_endpoint": "http://testserver/oauth/token",
        "revocation_endpoint": "http://testserver/oauth/revoke",
        "introspection_endpoint": "http://testserver/oauth/introspect",
        "scopes_supported": Scope.values,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": "http://testserver/developers",
    }


def test_nothing_of_the_toolkits_own_pages_is_served(client):
    for path in ("o/authorize/", "oauth/device", "oauth/applications/", "oauth/register/", "oauth/userinfo/"):
        assert client.get(f"/{path}").status_code == 404
    for path in ("openid-configuration", "jwks.json"):
        assert client.get(f"/.well-known/{path}").status_code == 404


def test_its_libraries_are_quiet_because_they_would_write_tokens_down():
    assert {name: settings.LOGGING["loggers"][name]["level"] for name in ("oauthlib", "oauth2_provider")} == {
        "oauthlib": "WARNING",
        "oauth2_provider": "WARNING",
    }
