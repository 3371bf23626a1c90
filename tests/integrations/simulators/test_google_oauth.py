"""Consent and tokens at the simulated Google: the behaviours 1 to 18 that the contract numbers."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from integrations.simulators.google.identity.scopes import AUTH
from integrations.simulators.google.simulator import GoogleSimulator
from tests.integrations.simulators.google_client import CALLBACK, GINA, OLGA, GoogleClient, back, challenge, reason

CALENDAR, CONTACTS = AUTH + "calendar", AUTH + "contacts"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"redirect_uri": CALLBACK + "/"}, "redirect_uri_mismatch"),
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_a_request_that_is_not_in_order_ends_on_googles_page(
    app: GoogleClient, query: dict[str, str], error: str
) -> None:
    answer = app.authorize(GINA, **query)

    assert answer.status_code >= 400
    assert "Location" not in answer.headers
    assert error in answer.text


def test_who_cancels_comes_back_with_the_same_state(app: GoogleClient, google: GoogleSimulator) -> None:
    query = app.authorize(state="a b&c").text.partition('name="query" value="')[2].partition('"')[0]
    fields = {"query": query.replace("&amp;", "&"), "person": google.person(GINA).sub, "decision": "cancel"}
    answer = app.http.post(f"{app.url}/o/oauth2/v2/auth/decision", data=fields, allow_redirects=False)

    assert back(answer) == {"error": "access_denied", "state": "a b&c"}


def test_a_person_chooses_himself_and_unticks_what_he_does_not_want(app: GoogleClient, google: GoogleSimulator) -> None:
    query = app.authorize().text.partition('name="query" value="')[2].partition('"')[0].replace("&amp;", "&")
    who = {"query": query, "person": google.person(GINA).sub}
    page = app.http.post(f"{app.url}/o/oauth2/v2/auth/person", data=who)
    ticked = {**who, "decision": "continue", "scope": CALENDAR}
    answer = app.http.post(f"{app.url}/o/oauth2/v2/auth/decision", data=ticked, allow_redirects=False)

    assert page.text.count('type="checkbox"') == 3
    granted = app.exchange(back(answer)["code"]).json()["scope"].split()
    assert CALENDAR in granted
    assert CONTACTS not in granted
    assert AUTH + "userinfo.email" in granted


def test_a_code_works_once(app: GoogleClient) -> None:
    code = app.code(GINA)

    assert app.exchange(code).status_code == 200
    assert (app.exchange(code).status_code, app.exchange(code).json()["error"]) == (400, "invalid_grant")


def test_a_code_is_for_its_client_and_address_and_not_for_ever(app: GoogleClient, google: GoogleSimulator) -> None:
    google.add_app("other", "secret", [CALLBACK])
    late = app.code(GINA)
    google.advance(minutes=11)

    assert app.exchange(app.code(GINA), client_id="other").json()["error"] == "invalid_grant"
    assert app.exchange(app.code(GINA), redirect_uri=CALLBACK + "2").status_code == 400
    assert app.exchange(late).json()["error"] == "invalid_grant"


def test_a_challenge_wants_its_verifier(app: GoogleClient) -> None:
    asked = {"code_challenge": challenge("verifier"), "code_challenge_method": "S256"}

    assert app.exchange(app.code(GINA, **asked)).json()["error"] == "invalid_grant"
    assert app.exchange(app.code(GINA, **asked), code_verifier="another").json()["error"] == "invalid_grant"
    assert app.exchange(app.code(GINA, **asked), code_verifier="verifier").status_code == 200


def test_a_refresh_token_comes_with_the_first_consent_and_when_consent_is_asked_for(app: GoogleClient) -> None:
    first, second = app.connect(GINA), app.connect(GINA)
    third, online = app.connect(GINA, prompt="consent"), app.connect(OLGA, access_type="online")

    assert "refresh_token" in first
    assert "refresh_token" not in second
    assert "refresh_token" not in online
    assert third["refresh_token"] != first["refresh_token"]
    assert app.refresh(first["refresh_token"]).status_code == app.refresh(third["refresh_token"]).status_code == 200


def test_a_refresh_brings_no_new_refresh_token(app: GoogleClient) -> None:
    token = app.connect(GINA)["refresh_token"]

    assert "refresh_token" not in app.refresh(token).json()
    assert app.refresh(token).json()["token_type"] == "Bearer"


def test_what_was_unticked_is_refused(app: GoogleClient, google: GoogleSimulator) -> None:
    google.switches.unticked = frozenset({CALENDAR})
    granted = app.connect(GINA)["scope"].split()
    answer = app.events()

    assert CALENDAR not in granted
    assert CONTACTS in granted
    assert reason(answer) == (403, "insufficientPermissions")
    assert answer.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_earlier_scopes_are_kept_where_that_is_asked_for(app: GoogleClient) -> None:
    app.connect(GINA, scope=CALENDAR)
    alone = app.connect(GINA, scope=CONTACTS)
    union = app.connect(GINA, scope=CONTACTS, include_granted_scopes="true")

    assert alone["scope"] == CONTACTS
    assert set(union["scope"].split()) == {CALENDAR, CONTACTS}


def test_an_access_token_expires(gina: GoogleClient, google: GoogleSimulator) -> None:
    assert gina.events().status_code == 200
    google.advance(hours=1)

    answer = gina.events()
    assert reason(answer) == (401, "authError")
    assert answer.json()["error"]["errors"][0]["location"] == "Authorization"


def test_a_project_in_testing_ends_after_a_week_and_knows_its_testers(
    app: GoogleClient, google: GoogleSimulator
) -> None:
    google.project.status, google.project.testers = "testing", {GINA}
    token = app.connect(GINA)["refresh_token"]
    who = app.connect(GINA, scope="openid email", prompt="consent")["refresh_token"]
    google.advance(days=7, minutes=1)

    assert app.refresh(token).json()["error"] == "invalid_grant"
    assert app.refresh(who).status_code == 200
    assert "access_denied" in app.authorize(OLGA).text


def test_the_hundred_and_first_refresh_token_ends_the_first(app: GoogleClient) -> None:
    tokens = [app.connect(GINA, prompt="consent")["refresh_token"] for _ in range(101)]

    assert app.refresh(tokens[0]).json()["error"] == "invalid_grant"
    assert app.refresh(tokens[1]).status_code == 200


def test_six_idle_months_end_a_refresh_token(app: GoogleClient, google: GoogleSimulator) -> None:
    idle, used = app.connect(GINA)["refresh_token"], app.connect(OLGA)["refresh_token"]
    google.advance(days=100)
    app.refresh(used)
    google.advance(days=100)

    assert (app.refresh(idle).status_code, app.refresh(used).status_code) == (400, 200)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_ends_everything_once(app: GoogleClient, kind: str) -> None:
    token = app.connect(GINA)

    assert [app.post("revoke", token=token[kind]).status_code for _ in range(2)] == [200, 400]
    assert app.refresh(token["refresh_token"]).json() == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }
    assert reason(app.events()) == (401, "authError")


def test_a_wrong_secret_hurts_no_grant(app: GoogleClient) -> None:
    token = app.connect(GINA)["refresh_token"]
    refused = app.refresh(token, client_secret="wrong")

    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert app.refresh(token).status_code == 200


def test_the_id_token_is_signed_and_says_who_it_is(app: GoogleClient, google: GoogleSimulator) -> None:
    gina, olga = (_claims(app, app.connect(email, nonce="n")["id_token"]) for email in (GINA, OLGA))
    google.person(GINA).email = "gina@new.example"

    assert (gina["iss"], gina["aud"], gina["nonce"]) == ("https://accounts.google.com", "client", "n")
    assert (gina["email"], gina["email_verified"]) == (GINA, True)
    assert "hd" not in gina
    assert olga["hd"] == "harbour.example"
    changed = _claims(app, app.connect("gina@new.example")["id_token"])
    assert (changed["sub"], changed["email"]) == (gina["sub"], "gina@new.example")


def test_an_admins_policy_bars_connecting_and_refreshing_until_it_is_off(
    app: GoogleClient, google: GoogleSimulator
) -> None:
    token = app.connect(OLGA)["refresh_token"]
    google.project.barred = True

    assert "admin_policy_enforced" in app.authorize(OLGA).text
    assert app.refresh(token).json()["error"] == "admin_policy_enforced"
    google.project.barred = False
    assert app.refresh(token).status_code == 200


def test_an_internal_project_is_for_its_organization(app: GoogleClient, google: GoogleSimulator) -> None:
    google.project.status, google.project.domain = "internal", "harbour.example"
    refused = app.authorize(GINA)

    assert (refused.status_code, "org_internal" in refused.text) == (403, True)
    assert app.authorize(OLGA).status_code == 302


def test_a_trusted_app_is_consented_to_as_a_whole(app: GoogleClient, google: GoogleSimulator) -> None:
    google.project.trusted = True
    query = app.authorize().text.partition('name="query" value="')[2].partition('"')[0].replace("&amp;", "&")
    page = app.http.post(f"{app.url}/o/oauth2/v2/auth/person", data={"query": query, "person": google.person(OLGA).sub})

    assert 'type="checkbox"' not in page.text


def test_userinfo_in_both_spellings(gina: GoogleClient) -> None:
    newer, older = gina.call("GET", "/v1/userinfo").json(), gina.call("GET", "/oauth2/v2/userinfo").json()

    assert (newer["email"], newer["email_verified"], newer["sub"]) == (GINA, True, older["id"])


def _claims(app: GoogleClient, token: str) -> dict[str, Any]:
    """Of a token whose signature is right."""
    head, body, signature = token.split(".")
    key = requests.get(f"{app.url}/oauth2/v3/certs", timeout=5).json()["keys"][0]
    n, e = (int.from_bytes(_decoded(key[name]), "big") for name in ("n", "e"))
    public = rsa.RSAPublicNumbers(e, n).public_key()
    public.verify(_decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
    claims: dict[str, Any] = json.loads(_decoded(body))
    return claims


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
