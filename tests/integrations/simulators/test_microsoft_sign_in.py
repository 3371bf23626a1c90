"""The simulated identity platform: authorizing, consent, codes (behaviours 1 to 7 and 15 to 26 of the contract)."""

import base64
import hashlib
import json
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from integrations.simulators.microsoft.errors import Stay
from integrations.simulators.microsoft.records import CONSUMERS
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.integrations.simulators.microsoft_client import CALLBACK, MicrosoftClient, returned

CARLA, CONRAD = "carla@contoso.example", "conrad@contoso.example"
FATIMA, FELIX = "fatima@fabrikam.example", "felix@fabrikam.example"
GUSTAV, PETRA = "gustav@guarded.example", "petra@outlook.com"
SIGN_IN = "openid profile User.Read"


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims(token: str) -> dict[str, Any]:
    return dict(json.loads(decoded(token.split(".")[1])))


def is_signed(token: str, keys: list[dict[str, str]]) -> bool:
    head, content, signature = token.split(".")
    key = next(known for known in keys if known["kid"] == json.loads(decoded(head))["kid"])
    numbers = rsa.RSAPublicNumbers(*(int.from_bytes(decoded(key[name])) for name in ("e", "n")))
    signed = f"{head}.{content}".encode()
    numbers.public_key().verify(decoded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
    return True


def error(answer: requests.Response) -> tuple[int, str, int]:
    content = answer.json()
    return answer.status_code, content["error"], content["error_codes"][0]


def test_1_discovery_and_keys(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    contoso = microsoft.tenant("Contoso")
    found = graph.http.get(f"{graph.url}/{contoso.id}/v2.0/.well-known/openid-configuration", timeout=5).json()
    shared = graph.http.get(f"{graph.url}/common/v2.0/.well-known/openid-configuration", timeout=5).json()
    token = graph.connect(CARLA)["id_token"]

    assert found["issuer"] == f"{graph.url}/{contoso.id}/v2.0" == claims(token)["iss"]
    assert "{tenantid}" in shared["issuer"]
    assert "revocation_endpoint" not in found
    assert is_signed(token, graph.http.get(found["jwks_uri"], timeout=5).json()["keys"])
    microsoft.rotate_keys()
    later = graph.connect(CARLA)["id_token"]
    assert later.split(".")[0] != token.split(".")[0]
    keys = graph.http.get(found["jwks_uri"], timeout=5).json()["keys"]
    assert is_signed(later, keys)
    assert is_signed(token, keys)


@pytest.mark.parametrize(
    ("tenant", "more", "number"),
    [
        ("common", {"redirect_uri": "http://elsewhere.test/"}, 50011),
        ("common", {"client_id": "nobody"}, 700016),
        ("nowhere.example", {}, 90002),
        ("common", {"response_type": "token"}, 700054),
        ("common", {"scope": "User.Read https://graph.microsoft.com/.default"}, 70011),
    ],
)
def test_2_what_is_not_in_order_stays_on_a_page(
    graph: MicrosoftClient, tenant: str, more: dict[str, str], number: int
) -> None:
    page = graph.authorize_page(tenant, **more)

    assert (page.status_code, "Location" in page.headers) == (400, False)
    assert f"AADSTS{number}" in page.text


def test_3_code_and_state_come_back_by_query_and_by_form(graph: MicrosoftClient) -> None:
    page = graph.authorize_page(scope=SIGN_IN)
    consent = graph.step("user", CARLA, page)
    back = returned(graph.step("decision", CARLA, page, decision="accept"))

    assert "Permissions requested" in consent.text
    assert (back["state"], set(back)) == ("s 1/ä", {"code", "state"})
    form = graph.step("user", CARLA, graph.authorize_page(scope=SIGN_IN, response_mode="form_post"))
    assert f'action="{CALLBACK}"' in form.text
    assert 'name="code"' in form.text


def test_4_a_code_works_once_for_ten_minutes_and_where_it_was_issued(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient
) -> None:
    code = microsoft.authorize(CARLA)
    assert graph.exchange(code).status_code == 200
    assert error(graph.exchange(code)) == (400, "invalid_grant", 54005)
    assert error(graph.exchange(microsoft.authorize(CARLA), "organizations")) == (400, "invalid_grant", 700005)
    late = microsoft.authorize(CARLA)
    microsoft.advance(minutes=11)
    assert error(graph.exchange(late)) == (400, "invalid_grant", 70008)


def test_5_the_verifier_must_match(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    verifier = "v" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}

    wrong = graph.exchange(microsoft.authorize(CARLA, **asked), code_verifier="w" * 64)
    missing = graph.exchange(microsoft.authorize(CARLA, **asked))
    right = graph.exchange(microsoft.authorize(CARLA, **asked), code_verifier=verifier)

    assert [error(wrong), error(missing)] == [(400, "invalid_grant", 501481)] * 2
    assert right.status_code == 200


def test_6_refresh_and_id_tokens_are_asked_for_by_scope(graph: MicrosoftClient) -> None:
    bare = graph.connect(CARLA, "User.Read")
    whole = graph.connect(CARLA, "openid offline_access User.Read")

    assert {"refresh_token", "id_token"} & set(bare) == set()
    assert {"refresh_token", "id_token"} <= set(whole)
    assert whole["scope"].split() == ["User.Read", "openid"]


def test_7_one_resource_at_a_time(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    both = "https://graph.microsoft.com/User.Read https://outlook.office365.com/EWS.AccessAsUser.All"
    mixed = "https://graph.microsoft.com/.default User.Read"
    assert error(graph.exchange(microsoft.authorize(CARLA), scope=both)) == (400, "invalid_scope", 700022)
    assert error(graph.exchange(microsoft.authorize(CARLA), scope=mixed)) == (400, "invalid_scope", 70011)


def test_15_tenants_and_apps_that_do_not_fit(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    microsoft.app().tenant_id = microsoft.tenant("Contoso").id

    assert "AADSTS50194" in graph.authorize_page("common").text
    assert error(graph.refresh("x")) == (400, "invalid_request", 50194)
    assert error(graph.refresh("x", "nowhere.example")) == (400, "invalid_request", 90002)
    assert error(graph.app_token("fabrikam.example")) == (400, "unauthorized_client", 700016)


@pytest.mark.parametrize(
    ("policy", "number"), [("users", None), ("managed", 90094), ("nobody", 90094), ("workflow", 90095)]
)
def test_16_policies_say_who_may_consent_to_calendars(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient, policy: str, number: int | None
) -> None:
    microsoft.set_policy("Fabrikam", policy)

    page = graph.step("user", FELIX, graph.authorize_page())

    assert ("Need admin approval" in page.text) == (number is not None)
    assert number is None or f"AADSTS{number}" in page.text


def test_16_signing_in_is_allowed_under_microsofts_policy_and_not_where_nobody_may(
    microsoft: MicrosoftSimulator,
) -> None:
    assert microsoft.authorize(FELIX, SIGN_IN)
    microsoft.set_policy("Guarded", "nobody")
    with pytest.raises(Stay):
        microsoft.authorize(GUSTAV, SIGN_IN)


def test_16_a_request_reaches_the_admin(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    page = graph.authorize_page()
    assert "Request approval" in graph.step("user", GUSTAV, page).text
    assert "Your request was sent" in graph.step("request", GUSTAV, page).text
    assert microsoft.tenant("Guarded").requested == {("client", microsoft.user(GUSTAV).id)}


def test_17_what_is_granted_is_not_asked_again_but_one_scope_more_is(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient
) -> None:
    microsoft.grant_for_tenant("Fabrikam", "User.Read", "Calendars.Read")
    enough, more = "openid User.Read Calendars.Read", "openid User.Read Calendars.ReadWrite"

    assert "code" in returned(graph.step("user", FELIX, graph.authorize_page(scope=enough)))
    assert "Need admin approval" in graph.step("user", FELIX, graph.authorize_page(scope=more)).text


def test_17_an_admin_may_accept_for_everybody_while_signing_in(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient
) -> None:
    page = graph.authorize_page()
    graph.step("user", FATIMA, page)
    graph.step("decision", FATIMA, page, decision="everybody")

    assert "code" in returned(graph.step("user", FELIX, graph.authorize_page()))


def test_18_silent_sign_in(graph: MicrosoftClient) -> None:
    nobody = returned(graph.authorize_page(prompt="none", scope=SIGN_IN))
    page = graph.authorize_page(scope=SIGN_IN)
    graph.step("user", CARLA, page)
    missing = returned(graph.authorize_page(prompt="none", scope=SIGN_IN))
    graph.step("decision", CARLA, page, decision="accept")
    silent = returned(graph.authorize_page(prompt="none", scope=SIGN_IN))

    assert (nobody["error"], missing["error"]) == ("login_required", "interaction_required")
    assert "code" in silent


def test_19_cancelling_goes_back_with_the_error(graph: MicrosoftClient) -> None:
    page = graph.authorize_page()
    graph.step("user", CARLA, page)
    back = returned(graph.step("decision", CARLA, page, decision="cancel"))

    assert (back["error"], back["state"]) == ("access_denied", "s 1/ä")
    assert "65004" in back["error_description"]


def test_20_an_admin_consents_for_everybody(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    fabrikam = microsoft.tenant("Fabrikam")
    page = graph.admin_page(fabrikam.id, "User.Read Calendars.ReadWrite")
    refused = graph.step("user", FELIX, page)
    assert (refused.status_code, "Location" in refused.headers) == (400, False)
    assert "accept for your organization" in graph.step("user", FATIMA, page).text
    back = returned(graph.step("decision", FATIMA, page, decision="accept"))

    scope = "User.Read Calendars.ReadWrite"
    assert back == {"admin_consent": "True", "tenant": fabrikam.id, "scope": scope, "state": "s2"}
    assert microsoft.consented(FELIX) == {"User.Read", "Calendars.ReadWrite"}


def test_21_declining_says_true_and_an_error(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    page = graph.admin_page("organizations", "Calendars.Read")
    graph.step("user", FATIMA, page)
    back = returned(graph.step("decision", FATIMA, page, decision="cancel"))

    assert (back["admin_consent"], back["error"], "tenant" in back) == ("True", "consent_required", False)
    assert microsoft.consented(FELIX) == set()
    older = f"{graph.url}/organizations/adminconsent?client_id=client&redirect_uri={CALLBACK}"
    again = graph.http.get(older, timeout=5)
    assert returned(graph.step("decision", FATIMA, again, decision="cancel"))["error"] == "permission_denied"


def test_21_personal_accounts_approve_nothing(graph: MicrosoftClient) -> None:
    assert "AADSTS90009" in graph.admin_page("common", "Calendars.Read").text
    page = graph.admin_page("organizations", "Calendars.Read")
    assert graph.step("user", PETRA, page).status_code == 400


def test_23_application_permissions_come_with_default_only(
    microsoft: MicrosoftSimulator, graph: MicrosoftClient
) -> None:
    fabrikam = microsoft.tenant("Fabrikam")
    graph.step("decision", FATIMA, graph.admin_page(fabrikam.id, "Calendars.ReadWrite"), decision="accept")
    assert fabrikam.roles == {}
    page = graph.admin_page(fabrikam.id, "https://graph.microsoft.com/.default")
    graph.step("decision", FATIMA, page, decision="accept")
    assert fabrikam.roles == {"client": {"Calendars.ReadWrite", "Contacts.ReadWrite"}}


def test_24_the_app_itself_signs_in_at_one_tenant(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    microsoft.grant_for_tenant("Fabrikam", "User.Read")
    token = graph.app_token("fabrikam.example").json()

    assert error(graph.app_token("common")) == (400, "invalid_request", 9001023)
    assert error(graph.app_token("fabrikam.example", scope="Calendars.Read"))[1] == "invalid_scope"
    assert {"refresh_token", "id_token", "scope"} & set(token) == set()
    path = f"/users/{FELIX}/events"
    assert graph.call("GET", path, token["access_token"]).status_code == 403
    microsoft.grant_to_app("Fabrikam", "Calendars.ReadWrite")
    granted = graph.app_token("fabrikam.example").json()["access_token"]
    assert graph.call("GET", path, granted).status_code == 200


def test_25_who_signed_in(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    microsoft.add_app("other", "secret", [CALLBACK])
    user = microsoft.user(CARLA)
    here = claims(graph.connect(CARLA)["id_token"])
    code = microsoft.authorize(CARLA, client_id="other", nonce="n-1")
    other = claims(graph.exchange(code, client_id="other").json()["id_token"])
    personal = claims(graph.connect(PETRA)["id_token"])
    microsoft.change_user(CARLA, claimed_email=None)

    assert (here["tid"], here["oid"], here["preferred_username"]) == (user.tenant_id, user.id, CARLA)
    assert (other["oid"], other["nonce"]) == (user.id, "n-1")
    assert other["sub"] != here["sub"]
    assert personal["tid"] == CONSUMERS
    assert "email" not in claims(graph.connect(CARLA)["id_token"])


def test_26_a_guest_is_somebody_else_there(microsoft: MicrosoftSimulator, graph: MicrosoftClient) -> None:
    guest = microsoft.add_guest(FELIX, "Contoso")
    scope = "openid profile User.Read"
    code = microsoft.authorize(guest.id, scope, tenant="contoso.example")
    told = graph.exchange(code, "contoso.example").json()

    assert claims(told["id_token"])["oid"] == guest.id != microsoft.user(FELIX).id
    assert "#EXT#" in graph.get("/me", told["access_token"])["userPrincipalName"]
    assert claims(told["id_token"])["idp"].endswith(f"{microsoft.user(FELIX).tenant_id}/")


@pytest.mark.parametrize(
    ("tenant", "email", "number"),
    [("organizations", PETRA, 50020), ("consumers", CARLA, 500208), ("contoso.example", FELIX, 50020)],
)
def test_26_accounts_of_the_wrong_kind_stay_outside(
    graph: MicrosoftClient, tenant: str, email: str, number: int
) -> None:
    page = graph.step("user", email, graph.authorize_page(tenant))
    assert f"AADSTS{number}" in page.text
