"""What people try at an OAuth server (RFC 9700), and what they get."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.test import Client
from oauth2_provider.models import AccessToken, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator

from accounts.models import Application, ApplicationState, Consent, User
from tests import factories
from tests.accounts import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(olga) -> Application:
    return factories.application(olga, name="CRM")


@pytest.fixture
def hers(sign_in, olga):
    return sign_in(olga)


@pytest.fixture
def code(hers, crm, olga) -> str:
    return asking.allow(hers, crm, olga)["code"]


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[[str, Callable[[], dict[str, str]]], dict[str, str]]:
    """meanwhile(step, deed): the deed is done by another request, once, when the toolkit comes to its step."""

    def arranged(step: str, deed: Callable[[], dict[str, str]]) -> dict[str, str]:
        usual, said = getattr(OAuth2Validator, step), {}

        def interrupted(self: OAuth2Validator, *args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(OAuth2Validator, step, usual)
            said.update(deed())
            return usual(self, *args, **kwargs)

        monkeypatch.setattr(OAuth2Validator, step, interrupted)
        return said

    return arranged


def refused(response, error: str) -> bool:
    return (response.status_code, response.json()["error"]) in {(400, error), (401, error)}


class TestCodes:
    def test_another_application_cannot_use_it(self, crm, code, mallory):
        thief = factories.application(mallory)

        assert refused(asking.exchange(thief, code), "invalid_grant")
        assert asking.exchange(crm, code).status_code == 200

    def test_it_is_worth_nothing_without_its_verifier(self, crm, code):
        assert refused(asking.exchange(crm, code, code_verifier="x" * 43), "invalid_grant")
        assert refused(asking.exchange(crm, code, code_verifier=None), "invalid_request")
        assert refused(asking.exchange(crm, code, code_verifier=asking.challenge()), "invalid_grant")
        assert not AccessToken.objects.exists()

    def test_it_is_worth_nothing_without_the_secret(self, crm, code):
        for secret in (None, "", "wrong", "application-secret "):
            assert refused(asking.exchange(crm, code, client_secret=secret), "invalid_client")
        assert not AccessToken.objects.exists()

    def test_it_is_bound_to_its_redirect_address(self, crm, code):
        Application.objects.update(redirect_uris=f"{asking.CALLBACK} https://crm.example.org/other")

        answer = asking.exchange(crm, code, redirect_uri="https://crm.example.org/other")
        assert refused(answer, "invalid_request")
        assert not AccessToken.objects.exists()

    def test_used_twice_it_ends_what_it_gave(self, crm, code):
        given = asking.exchange(crm, code).json()
        renewed = asking.refresh(crm, given["refresh_token"]).json()
        assert asking.works(renewed["access_token"])

        assert refused(asking.exchange(crm, code), "invalid_grant")
        assert not asking.works(renewed["access_token"])
        assert refused(asking.refresh(crm, renewed["refresh_token"]), "invalid_grant")

    @pytest.mark.parametrize("step", ["get_code_challenge", "confirm_redirect_uri", "invalidate_authorization_code"])
    def test_of_two_uses_at_one_moment_both_lose(self, crm, code, meanwhile, step):
        """The second has looked before the first was through."""
        first = meanwhile(step, lambda: asking.exchange(crm, code).json())

        assert refused(asking.exchange(crm, code), "invalid_grant")
        assert not asking.works(first["access_token"])

    def test_it_lives_for_a_minute(self, crm, code):
        Grant.objects.update(expires="2020-01-01T00:00:00Z")

        assert refused(asking.exchange(crm, code), "invalid_grant")


class TestDowngrades:
    """PKCE is S256 or nothing."""

    @pytest.mark.parametrize(
        "changed",
        [
            {"code_challenge": None, "code_challenge_method": None},
            {"code_challenge": None},
            {"code_challenge": ""},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": None},
            {"code_challenge_method": "s256"},
            {"code_challenge": "short"},
            {"code_challenge": "x" * 200},
        ],
        ids=["nothing", "no-challenge", "empty", "plain", "no-method", "lower-case", "short", "long"],
    )
    def test_what_is_less_is_told_so(self, hers, crm, changed):
        for said in (hers.get(asking.address(crm, **changed)), hers.post(asking.address(crm, **changed))):
            assert asking.answer(said)["error"] == "invalid_request"
        assert not Grant.objects.exists()

    def test_a_code_without_a_challenge_is_worth_nothing(self, crm, code):
        """No way of ours makes one; if there was one, a verifier would not help."""
        Grant.objects.update(code_challenge="", code_challenge_method="")

        assert asking.exchange(crm, code).status_code == 400
        assert asking.exchange(crm, code, code_verifier=None).status_code == 400
        assert not AccessToken.objects.exists()

    def test_a_program_without_a_secret_needs_it_too(self, hers, olga):
        program = factories.application(olga, client_type=Application.CLIENT_PUBLIC)
        code = asking.allow(hers, program, olga)["code"]

        assert refused(asking.exchange(program, code, code_verifier=None), "invalid_request")
        assert asking.exchange(program, code).status_code == 200


class TestRedirects:
    REGISTERED = "https://crm.example.org/callback http://127.0.0.1/back http://[::1]:1/back http://localhost:7000/back"

    FORGED = (
        "https://crm.example.org/callback/more",
        "https://crm.example.org/callback/",
        "https://crm.example.org/other/../callback",
        "https://crm.example.org/callback/..",
        "https://crm.example.org/Callback",
        "https://CRM.example.org/callback",
        "HTTPS://crm.example.org/callback",
        "https://crm.example.org/callback?next=https://evil.example",
        "https://crm.example.org/callback?",
        "https://crm.example.org/callback#",
        "https://crm.example.org/callback#fragment",
        "https://crm.example.org/callback;evil=1",
        "https://crm.example.org/callback%2f",
        "https://crm.example.org:443/callback",
        "https://crm.example.org:8443/callback",
        "https://crm.example.org@evil.example/callback",
        "https://evil@crm.example.org/callback",
        "https://crm.example.org.evil.example/callback",
        "https://evil.crm.example.org/callback",
        "https://crm.example.org\\@evil.example/callback",
        "http://crm.example.org/callback",
        "//crm.example.org/callback",
        "javascript:alert(1)",
        "http://127.0.0.1:70000/back",
        "http://127.0.0.1:0/back",
        "http://127.0.0.1:80@evil.example/back",
        "http://127.0.0.1:8000/other",
        "http://127.0.0.1.evil.example/back",
        "https://127.0.0.1:8000/back",
        "http://localhost:7001/back",
        "http://localhost/back",
        "http://127.1:8000/back",
    )

    def test_nobody_is_sent_where_nothing_is_registered(self, hers, crm):
        Application.objects.update(redirect_uris=self.REGISTERED)
        for address in self.FORGED:
            url = asking.address(crm, redirect_uri=address)
            answer = hers.get(url)
            assert (answer.status_code, "Location" in answer) == (400, False), address
            assert "evil" not in answer.content.decode()
        assert hers.post(url, {"scopes": "events:read"}).status_code == 400

    @pytest.mark.parametrize(
        "address", ["http://127.0.0.1:49152/back", "http://127.0.0.1/back", "http://[::1]:50000/back"]
    )
    def test_programs_on_ones_own_machine_take_any_port(self, hers, crm, olga, address):
        Application.objects.update(redirect_uris=self.REGISTERED)
        sent = hers.post(
            asking.address(crm, redirect_uri=address), {"membership": str(olga.uid), "scopes": "events:read"}
        )

        assert sent["Location"].startswith(f"{address}?code=")
        code = asking.answer(sent)["code"]
        assert asking.exchange(crm, code, redirect_uri=address).status_code == 200

    def test_with_one_address_it_need_not_be_named(self, hers, crm, olga):
        sent = hers.post(asking.address(crm, redirect_uri=None), {"membership": olga.uid, "scopes": "events:read"})

        assert sent["Location"].startswith(asking.CALLBACK)

    def test_an_unknown_application_is_told_to_nobody(self, hers, crm):
        for client_id in ("unknown", "", "\x00", "x" * 5000):
            assert hers.get(asking.address(crm, client_id=client_id)).status_code == 400
        for name in ("state", "scope", "redirect_uri", "code_challenge", "anything"):
            assert hers.get(asking.address(crm, **{name: "a\x00b"})).status_code == 400

    def test_a_parameter_that_comes_twice_is_refused(self, hers, crm):
        for extra in ("client_id=other", "redirect_uri=https://evil.example", "scope=events:read", "state=2"):
            answer = hers.get(f"{asking.address(crm)}&{extra}")
            assert answer.status_code == 400
            assert "Location" not in answer

    def test_what_cannot_be_read_is_refused(self, hers):
        for query in ("%zz", "client_id=%ff", "client_id=%", "=", "a=b;c", "client_id=a b"):
            assert hers.get(f"/oauth/authorize?{query}").status_code == 400


class TestAnswers:
    def test_state_comes_back_unchanged(self, hers, crm, olga):
        for state in ("as it was", "a&b=c", "ü+%2B/?#", "x" * 3000, "0"):
            assert asking.allow(hers, crm, olga, state=state)["state"] == state
            assert asking.answer(hers.post(asking.address(crm, state=state), {"refuse": "yes"}))["state"] == state

    def test_without_a_state_none_is_made_up(self, hers, crm, olga):
        assert "state" not in asking.allow(hers, crm, olga, state=None)

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"scope": "everything"}, "invalid_scope"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": "code id_token"}, "unauthorized_client"),
            ({"response_type": "none"}, "unauthorized_client"),
            ({"response_type": None}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"response_mode": "fragment"}, "invalid_request"),
        ],
    )
    def test_every_answer_says_whose_it_is(self, hers, crm, changed, error):
        """RFC 9207: a program that talks to several servers must not take one for another."""
        said = asking.answer(hers.get(asking.address(crm, **changed)))

        assert (said["error"], said["iss"], said["state"]) == (error, "http://testserver", "as-it-was")

    def test_a_refusal_says_whose_it_is(self, hers, crm):
        said = asking.answer(hers.post(asking.address(crm), {"refuse": "yes"}))

        assert said == {
            "error": "access_denied",
            "state": "as-it-was",
            "iss": "http://testserver",
        }
        assert not Consent.objects.exists()


class TestThePageOfConsent:
    def test_it_cannot_be_framed_and_leads_nowhere_else(self, hers, crm):
        page = hers.get(asking.address(crm))

        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert "form-action 'self' https://crm.example.org;" in page["Content-Security-Policy"] + ";"
        assert "no-store" in page["Cache-Control"]

    def test_nothing_is_allowed_without_the_page(self, olga, crm):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(olga.user)
        sent = strict.post(asking.address(crm), {"membership": str(olga.uid), "scopes": "events:read"})

        assert sent.status_code == 403
        assert not Consent.objects.exists()

    def test_looking_at_it_allows_nothing(self, hers, crm):
        for more in ("", "&allow=true", "&approval_prompt=auto", "&prompt=none", "&scopes=events:read"):
            assert hers.get(asking.address(crm) + more).status_code == 200
        assert not Consent.objects.exists()

    def test_a_form_cannot_change_what_was_asked(self, hers, crm, olga, mallory):
        thief = factories.application(mallory, redirect_uris="https://evil.example/callback")
        sent = {
            "membership": str(olga.uid),
            "scopes": ["events:read"],
            "client_id": thief.client_id,
            "redirect_uri": "https://evil.example/callback",
            "scope": "bookings:write",
            "state": "forged",
            "code_challenge": asking.challenge("mallory's own verifier, which he knows, is long"),
        }
        answer = hers.post(asking.address(crm), sent)

        assert urlsplit(answer["Location"]).netloc == "crm.example.org"
        assert asking.answer(answer)["state"] == "as-it-was"
        assert asking.exchange(crm, asking.answer(answer)["code"]).json()["scope"] == "events:read"

    def test_more_cannot_be_allowed_than_was_asked(self, hers, crm, olga):
        sent = {"membership": str(olga.uid), "scopes": ["events:read", "bookings:write"]}

        assert hers.post(asking.address(crm), sent).status_code == 422
        assert not Consent.objects.exists()

    def test_it_acts_in_none_but_ones_own_organizations(self, hers, crm, mallory):
        sent = {"membership": str(mallory.uid), "scopes": ["events:read"]}

        assert hers.post(asking.address(crm), sent).status_code == 422
        assert not Consent.objects.exists()


class TestScopes:
    def test_no_application_asks_for_more_than_it_registered(self, hers, crm):
        Application.objects.update(scopes=["events:read"])

        said = asking.answer(hers.get(asking.address(crm, scope="events:read bookings:write")))
        assert said["error"] == "invalid_scope"

    @pytest.mark.parametrize("scope", ["webhooks", "events:read webhooks", "", None, "introspection", "events:*"])
    def test_what_nobody_can_consent_to_is_refused(self, hers, crm, scope):
        assert asking.answer(hers.get(asking.address(crm, scope=scope)))["error"] == "invalid_scope"

    def test_a_refresh_gives_no_more_than_before(self, hers, crm, olga):
        given = asking.tokens(hers, crm, olga, scope="events:read")

        assert refused(asking.refresh(crm, given["refresh_token"], scope="events:read events:write"), "invalid_scope")

    def test_what_was_taken_back_does_not_come_again(self, hers, crm, olga):
        given = asking.tokens(hers, crm, olga, scope="events:read events:write")
        asking.allow(hers, crm, olga, scope="events:read")

        assert asking.refresh(crm, given["refresh_token"]).json()["scope"] == "events:read"

    @pytest.mark.parametrize("scope", ["events:read", "webhooks events:read", "bookings:write webhooks"])
    def test_an_application_by_itself_reaches_nobody(self, crm, scope):
        assert refused(asking.ask(crm, grant_type="client_credentials", scope=scope), "invalid_scope")

    def test_an_application_by_itself_may_manage_its_webhooks(self, crm):
        given = asking.ask(crm, grant_type="client_credentials", scope="webhooks").json()

        assert (given["scope"], "refresh_token" in given) == ("webhooks", False)
        assert not asking.works(given["access_token"])

    def test_a_program_without_a_secret_is_nothing_by_itself(self, olga):
        program = factories.application(olga, client_type=Application.CLIENT_PUBLIC)
        for secret in (None, "", "guessed"):
            answer = asking.ask(program, grant_type="client_credentials", scope="webhooks", client_secret=secret)
            assert answer.status_code in {400, 401}
        assert not AccessToken.objects.exists()

    def test_an_empty_secret_is_none(self, olga):
        keyless = factories.application(olga, client_secret="")
        for sent in ({"client_secret": ""}, {"client_secret": None}):
            assert refused(
                asking.ask(keyless, grant_type="client_credentials", scope="webhooks", **sent), "invalid_client"
            )

    @pytest.mark.parametrize(
        "grant", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "", "constructor", None]
    )
    def test_other_ways_to_a_token_do_not_exist(self, crm, olga, grant):
        answer = asking.ask(crm, grant_type=grant, username=olga.user.email, password="password", scope="events:read")

        assert refused(answer, "unsupported_grant_type")


class TestRefreshTokens:
    def test_a_replay_ends_the_whole_family(self, hers, crm, olga):
        first = asking.tokens(hers, crm, olga)
        second = asking.refresh(crm, first["refresh_token"]).json()
        third = asking.refresh(crm, second["refresh_token"]).json()
        assert not asking.works(first["access_token"])
        assert asking.works(third["access_token"])

        assert refused(asking.refresh(crm, first["refresh_token"]), "invalid_grant")
        assert not asking.works(third["access_token"])
        assert refused(asking.refresh(crm, third["refresh_token"]), "invalid_grant")

    def test_of_two_at_one_moment_the_second_is_a_replay(self, hers, crm, olga, meanwhile):
        """Both have looked before one of them was through."""
        given = asking.tokens(hers, crm, olga)
        first = meanwhile("get_original_scopes", lambda: asking.refresh(crm, given["refresh_token"]).json())

        assert refused(asking.refresh(crm, given["refresh_token"]), "invalid_grant")
        assert not asking.works(first["access_token"])

    def test_another_familys_member_lives_on(self, hers, crm, olga):
        other = asking.tokens(hers, crm, olga)
        given = asking.tokens(hers, crm, olga)
        asking.refresh(crm, given["refresh_token"])
        asking.refresh(crm, given["refresh_token"])

        assert asking.works(other["access_token"])

    def test_another_application_cannot_use_it(self, hers, crm, olga, mallory):
        given = asking.tokens(hers, crm, olga)

        assert refused(asking.refresh(factories.application(mallory), given["refresh_token"]), "invalid_grant")

    def test_nothing_that_opens_something_is_kept(self, hers, crm, olga):
        given = asking.tokens(hers, crm, olga)

        assert [*AccessToken.objects.values_list("token", flat=True)] == [""]
        assert [*RefreshToken.objects.values_list("token", flat=True)] == [""]
        assert given["access_token"] not in str([*AccessToken.objects.values()])
        assert "application-secret" not in str([*Application.objects.values()])


class TestOrganizations:
    @pytest.fixture
    def elsewhere(self, olga):
        """Olga belongs to a second organization."""
        return factories.membership(olga.user, factories.organization("Lighthouse"))

    def test_a_token_never_shows_another_organization(self, client, hers, crm, olga, elsewhere):
        here = asking.tokens(hers, crm, olga)
        asking.tokens(hers, crm, elsewhere)

        assert not asking.works(here["access_token"])
        assert refused(asking.refresh(crm, here["refresh_token"]), "invalid_grant")

    def test_a_code_for_the_former_one_is_worth_nothing(self, hers, crm, olga, elsewhere):
        here = asking.allow(hers, crm, olga)["code"]
        asking.allow(hers, crm, elsewhere)

        assert refused(asking.exchange(crm, here), "invalid_grant")

    def test_tokens_of_a_membership_that_ended_do_not_wake_up(self, hers, crm, olga, elsewhere):
        there = asking.tokens(hers, crm, elsewhere)
        elsewhere.delete()
        asking.tokens(hers, crm, olga)

        assert not asking.works(there["access_token"])
        assert refused(asking.refresh(crm, there["refresh_token"]), "invalid_grant")


class TestConsents:
    def test_without_one_nothing_is_given_out(self, hers, crm, olga):
        """Even where its row went without anybody hearing of it."""
        code, given = asking.allow(hers, crm, olga)["code"], asking.tokens(hers, crm, olga)
        Consent.objects.all()._raw_delete(DEFAULT_DB_ALIAS)

        assert not asking.works(given["access_token"])
        assert refused(asking.exchange(crm, code), "invalid_grant")
        assert refused(asking.refresh(crm, given["refresh_token"]), "invalid_grant")

    def test_who_may_not_sign_in_any_more_is_nobody(self, hers, crm, olga):
        code, given = asking.allow(hers, crm, olga)["code"], asking.tokens(hers, crm, olga)
        User.objects.update(is_active=False)

        assert not asking.works(given["access_token"])
        assert refused(asking.exchange(crm, code), "invalid_grant")
        assert refused(asking.refresh(crm, given["refresh_token"]), "invalid_grant")


class TestTokensOfOthers:
    def test_they_are_not_explained(self, hers, crm, olga, mallory):
        given = asking.tokens(hers, crm, olga)
        thief = factories.application(mallory)
        factories.consent(thief, olga)

        for token in (given["access_token"], given["refresh_token"], "made-up"):
            assert asking.ask(thief, "introspect", token=token).json() == {"active": False}

    def test_they_cannot_be_ended(self, hers, crm, olga, mallory):
        given = asking.tokens(hers, crm, olga)

        answer = asking.ask(factories.application(mallory), "revoke", token=given["access_token"])
        assert (answer.status_code, answer.content) == (200, b"")
        assert asking.works(given["access_token"])

    def test_without_a_secret_nothing_is_explained(self, hers, crm, olga):
        given = asking.tokens(hers, crm, olga)
        program = factories.application(olga, client_type=Application.CLIENT_PUBLIC)

        for secret in (None, asking.SECRET):
            said = asking.ask(program, "introspect", token=given["access_token"], client_secret=secret)
            assert refused(said, "invalid_client")
        bearer = {"Authorization": f"Bearer {given['access_token']}"}
        said = Client().post("/oauth/introspect", {"token": given["access_token"]}, headers=bearer)
        assert refused(said, "invalid_client")
        assert asking.ask(crm, "introspect", token=given["access_token"], client_secret="no").status_code == 401
        assert Client().get(f"/oauth/introspect?token={given['access_token']}").status_code == 405


class TestApplicationsThatMayNotAct:
    @pytest.mark.parametrize("state", [ApplicationState.BLOCKED, ApplicationState.WAITING])
    def test_nothing_works_any_more(self, hers, crm, olga, state):
        code, given = asking.allow(hers, crm, olga)["code"], asking.tokens(hers, crm, olga)
        Application.objects.update(state=state)

        assert not asking.works(given["access_token"])
        for answer in (
            asking.exchange(crm, code),
            asking.refresh(crm, given["refresh_token"]),
            asking.ask(crm, grant_type="client_credentials", scope="webhooks"),
            asking.ask(crm, "introspect", token=given["access_token"]),
        ):
            assert refused(answer, "invalid_client")
        page = hers.get(asking.address(crm))
        assert (page.status_code, "Location" in page) == (400, False)
        assert "CRM" in page.content.decode()


class TestRubbish:
    @pytest.mark.parametrize(
        "value", ["\x00", "x" * 20_000, "%00", "\r\nSet-Cookie: a=b"], ids=["nul", "long", "%", "line"]
    )
    def test_it_is_answered_calmly(self, crm, value):
        for name in ("code", "client_id", "grant_type", "redirect_uri", "token"):
            for path in ("token", "revoke", "introspect"):
                sent = {"grant_type": "authorization_code", "code": "x", "token": "x"} | {name: value}
                assert asking.ask(crm, path, **sent).status_code in {200, 400, 401}

    def test_secrets_do_not_belong_into_addresses(self, crm, code):
        query = f"?client_id={crm.client_id}&client_secret={asking.SECRET}"
        sent = {"grant_type": "authorization_code", "code": code, "code_verifier": asking.VERIFIER}
        assert Client().post(f"/oauth/token{query}", sent).status_code in {400, 401}

    def test_a_resource_that_is_named_is_not_kept(self, hers, crm, olga):
        code = asking.allow(hers, crm, olga, resource="no where", nonce="x" * 500, claims="{}")["code"]

        assert asking.exchange(crm, code, resource="not an address").status_code == 200
