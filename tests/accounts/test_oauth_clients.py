"""OAuth clients that we did not write go the whole way, over HTTP: Authlib, and requests-oauthlib."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from oauthlib.oauth2 import InvalidGrantError
from requests_oauthlib import OAuth2Session as RequestsSession

from accounts.models import Consent
from tests import factories, visitors
from tests.visitors import Visitor

BACK = "https://crm.example.org/callback"
SCOPE = "conferencing:read events:read"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db, live_server, settings, monkeypatch):
    """Plain http on this machine: both libraries want to be told that it is meant."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    yield live_server.url
    visitors.are_gone()


@pytest.fixture
def olga(transactional_db):
    olga = factories.membership(factories.user("olga@example.org", name="Olga Berg"))
    factories.address(olga.user)
    return olga


@pytest.fixture
def person(site, olga):
    visitor = Visitor(site)
    visitor.sign_in("olga@example.org")
    return visitor


@pytest.fixture
def application(olga):
    return factories.application(olga, name="CRM", redirect_uris=BACK)


@pytest.fixture
def known(site):
    """What the server says of itself, and Authlib finds nothing wrong with."""
    answer = requests.get(f"{site}/.well-known/oauth-authorization-server", timeout=10)
    known = AuthorizationServerMetadata(answer.json())
    known.validate()
    assert known["issuer"] == site
    return known


@pytest.fixture
def client(application, known):
    with OAuth2Session(
        application.client_id,
        "application-secret",
        scope=SCOPE,
        redirect_uri=BACK,
        code_challenge_method="S256",
        token_endpoint=known["token_endpoint"],
        revocation_endpoint_auth_method="client_secret_basic",
    ) as session:
        yield session


def consented(client, person, known):
    """The client's tokens, after the person has said yes in his browser."""
    verifier = generate_token(48)
    question, state = client.create_authorization_url(known["authorization_endpoint"], code_verifier=verifier)
    person.open(question)
    came_back = person.press("Allow")
    assert parse_qs(urlsplit(came_back).query)["iss"] == [known["issuer"]]
    return dict(client.fetch_token(authorization_response=came_back, code_verifier=verifier, state=state))


def me(client, site):
    return client.get(f"{site}/api/v1/me")


def test_a_client_of_others_goes_the_whole_way(client, person, known, site, olga):
    tokens = consented(client, person, known)

    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, SCOPE)
    assert me(client, site).json()["id"] == str(olga.uid)
    assert sorted(Consent.objects.get().scopes) == sorted(SCOPE.split())


def test_a_refresh_gives_a_new_pair_and_ends_the_former(client, person, known, site):
    first = consented(client, person, known)
    second = dict(client.refresh_token())

    assert {first[name] for name in ("access_token", "refresh_token")}.isdisjoint(second.values())
    assert me(client, site).status_code == 200
    client.token = first
    assert me(client, site).status_code == 401


def test_a_refresh_token_that_comes_twice_ends_the_whole_family(client, person, known, site):
    stolen = consented(client, person, known)["refresh_token"]
    client.refresh_token()

    with pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token(refresh_token=stolen)
    assert me(client, site).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token()


def test_what_is_revoked_is_worth_nothing(client, person, known, site):
    tokens = consented(client, person, known)
    answer = client.revoke_token(known["revocation_endpoint"], token_type_hint="refresh_token")

    assert answer.status_code == 200
    assert me(client, site).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token(refresh_token=tokens["refresh_token"])


def test_introspection_tells_whether_a_token_works(client, person, known):
    tokens = consented(client, person, known)

    said = client.introspect_token(known["introspection_endpoint"], token=tokens["access_token"]).json()
    assert (said["active"], said["client_id"], said["scope"]) == (True, client.client_id, SCOPE)
    client.revoke_token(known["revocation_endpoint"], token=tokens["access_token"])
    assert client.introspect_token(known["introspection_endpoint"], token=tokens["access_token"]).json() == {
        "active": False
    }


def test_who_says_no_comes_back_with_that(client, person, known):
    question, state = client.create_authorization_url(known["authorization_endpoint"], code_verifier=generate_token(48))
    person.open(question)
    answer = parse_qs(urlsplit(person.press("Refuse")).query)

    assert (answer["error"], answer["state"], answer["iss"]) == (["access_denied"], [state], [known["issuer"]])


def test_another_verifier_opens_nothing(client, person, known):
    question, state = client.create_authorization_url(known["authorization_endpoint"], code_verifier=generate_token(48))
    person.open(question)
    came_back = person.press("Allow")

    with pytest.raises(OAuthError, match="invalid_grant"):
        client.fetch_token(authorization_response=came_back, code_verifier=generate_token(48), state=state)


def test_an_application_acts_for_itself_with_its_secret(client, known, site):
    client.fetch_token(grant_type="client_credentials", scope="webhooks")

    assert (me(client, site).status_code, me(client, site).json()["code"]) == (403, "forbidden")


def test_a_public_client_needs_no_secret(olga, person, known, site):
    mobile = factories.application(olga, client_type="public", client_secret="", redirect_uris=BACK)
    with OAuth2Session(mobile.client_id, scope=SCOPE, redirect_uri=BACK, code_challenge_method="S256") as client:
        client.metadata["token_endpoint"] = known["token_endpoint"]
        consented(client, person, known)

        assert me(client, site).status_code == 200
        assert dict(client.refresh_token())["access_token"]


def test_requests_oauthlib_goes_the_whole_way_too(application, person, known, site):
    with RequestsSession(application.client_id, redirect_uri=BACK, scope=SCOPE.split(), pkce="S256") as client:
        question, _ = client.authorization_url(known["authorization_endpoint"])
        person.open(question)
        client.fetch_token(
            known["token_endpoint"], authorization_response=person.press("Allow"), client_secret="application-secret"
        )
        assert me(client, site).status_code == 200

        secret = requests.auth.HTTPBasicAuth(application.client_id, "application-secret")
        first = dict(client.token)
        client.refresh_token(known["token_endpoint"], auth=secret)
        assert me(client, site).status_code == 200
        with pytest.raises(InvalidGrantError):
            client.refresh_token(known["token_endpoint"], refresh_token=first["refresh_token"], auth=secret)
