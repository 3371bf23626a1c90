"""Who must not be led anywhere, and whose way must not be finished by others."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Application, ApplicationState, Membership
from integrations import hosted
from integrations.hosted_results import Result
from integrations.models import AuthorizationRequest, Connection, Grant, HostedRequest
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO
from tests.integrations.hosting import BACK, address, is_open, opened, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(db: None) -> Application:
    return factories.application(name="Tall Ships CRM")


@pytest.fixture
def olgas(olga: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(olga)


def refused(answer: object, sentence: str) -> bool:
    """A page of ours, which leads nowhere else."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert not HostedRequest.objects.exists()
    assert "evil" not in page
    assert 'href="http' not in page
    return sentence in page


# --- What applications ask wrongly ------------------------------------------------------------------------------------

TRICKS = [
    "https://evil.example/callback",
    "https://crm.example.org/callback/",
    "https://crm.example.org/callback?x=1",
    "https://crm.example.org/callback#evil",
    "https://crm.example.org/callback/../evil",
    "https://crm.example.org/Callback",
    "https://crm.example.org:444/callback",
    "http://crm.example.org/callback",
    "https://evil@crm.example.org/callback",
    "https://crm.example.org@evil.example/callback",
    "https://crm.example.org.evil.example/callback",
    "https://crm.example.org\\@evil.example/callback",
    "https://crm.example.org/call\nback",
    "https://crm.example.org/callback\x00",
    " https://crm.example.org/callback",
    "//crm.example.org/callback",
    "/callback",
    "javascript:alert(1)//crm.example.org/callback",
    "https://[evil/callback",
    "https://crm.example.org:port/callback",
    "https://crm.example.org/callback https://evil.example/",
    "",
    BACK + "x" * 2000,
]


@pytest.mark.row("CR-9")
@pytest.mark.parametrize("number", range(len(TRICKS)))
def test_nobody_is_led_to_an_address_that_is_not_registered(client, crm, number):
    assert refused(client.get(address(crm, redirect_uri=TRICKS[number])), "redirect_uri")


@pytest.mark.parametrize(
    "client_id", ["", "nobody", "x" * 5000, "a\x00b", "' OR 1=1"], ids=["none", "nobody", "long", "null", "code"]
)
def test_an_unknown_application_leads_nowhere(client, crm, client_id):
    assert refused(client.get(address(crm, client_id=client_id)), "client_id")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(ApplicationState.WAITING, "has to approve this application"), (ApplicationState.BLOCKED, "is blocked")],
)
def test_an_application_that_may_not_act_leads_nowhere(client, crm, state, sentence):
    Application.objects.update(state=state)

    assert refused(client.get(address(crm)), sentence)


@pytest.mark.parametrize("query", ["state=%FF", "state=a%00b", f"state={'x' * 2001}", "state=a&state=b"], ids=range(4))
def test_a_state_that_could_not_come_back_unchanged_is_refused(client, crm, query):
    known = urlencode({"client_id": crm.client_id, "redirect_uri": BACK})

    assert refused(client.get(f"/connect/conferencing?{known}&{query}"), "state")


def test_a_second_address_is_refused(client, crm):
    twice = f"{address(crm)}&{urlencode({'redirect_uri': 'https://evil.example/'})}"

    assert refused(client.get(twice), "redirect_uri")
    assert refused(client.get(f"/connect/conferencing?redirect_uri=https://evil.example/&{address(crm)}"), "Send it")


@pytest.mark.parametrize("provider", ["caldav", "builtin", "nobody", "x" * 300], ids=range(4))
def test_a_service_that_holds_no_meetings_is_refused(client, crm, provider):
    assert refused(client.get(address(crm, provider=provider)), "provider")


def test_nothing_begins_by_posting(olgas, crm):
    assert olgas.post(address(crm)).status_code == 405


# --- What changes on the way ------------------------------------------------------------------------------------------


@pytest.mark.row("CR-9")
@pytest.mark.parametrize(
    "change",
    [{"state": ApplicationState.BLOCKED}, {"redirect_uris": "https://crm.example.org/new"}],
    ids=["blocked", "address"],
)
def test_nobody_is_led_back_to_an_application_that_was_stopped_meanwhile(olgas, crm, consent, change):
    here = opened(olgas, crm)
    back = consent(olgas.get(f"{here}/connect/zoom")["Location"], PAULA)
    Application.objects.filter(pk=crm.pk).update(**change)

    for step in (f"{here}/back", f"{here}/use/builtin", back):
        answer = olgas.get(step)
        assert answer.status_code == 410
        assert BACK not in answer.content.decode()
    assert not Grant.objects.exists()


def test_an_application_that_is_gone_leaves_nothing_to_finish(olgas, crm, consent):
    here = opened(olgas, crm)
    back = consent(olgas.get(f"{here}/connect/zoom")["Location"], PAULA)
    crm.delete()

    assert olgas.get(here).status_code == 404
    assert olgas.get(back).status_code == 400
    assert not Grant.objects.exists()


def test_what_was_begun_for_one_organization_is_not_finished_for_another(olgas, olga, crm, consent):
    quay = factories.membership(olga.user, factories.organization("Quay"))
    here = opened(olgas, crm)
    back = consent(olgas.get(f"{here}/connect/zoom")["Location"], PAULA)
    HostedRequest.objects.update(membership=quay)

    assert olgas.get(back).status_code == 404
    assert not Grant.objects.exists()
    assert is_open()


# --- Somebody else's way ----------------------------------------------------------------------------------------------

STEPS = ["", "/connect/zoom", "/use/builtin", "/back"]


@pytest.mark.row("CR-9")
@pytest.mark.parametrize("step", STEPS)
def test_a_victim_does_not_finish_what_an_attacker_began(olgas, mallory, sign_in, crm, step):
    """Mallory sends Olga the address of his own request."""
    here = opened(sign_in(mallory), crm)

    assert olgas.get(f"{here}{step}").status_code == 404
    assert is_open()
    assert not AuthorizationRequest.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_nor_when_he_began_it_without_signing_in(olgas, crm, step):
    here = opened(Client(), crm)

    assert olgas.get(f"{here}{step}").status_code == 404
    assert is_open()


@pytest.mark.parametrize("step", STEPS)
def test_an_attacker_does_not_finish_what_a_victim_began(olgas, mallory, sign_in, crm, step):
    here = opened(olgas, crm)

    assert sign_in(mallory).get(f"{here}{step}").status_code == 404
    assert Client().get(f"{here}{step}").status_code == 404
    assert is_open()


@pytest.mark.parametrize("step", STEPS)
def test_in_the_same_browser_it_stays_with_who_signed_in_first(olgas, mallory, sign_in, crm, step):
    """Even if the other's session holds the secret of this browser."""
    here = opened(olgas, crm)
    olgas.get(here)
    mallorys = sign_in(mallory)
    session = mallorys.session
    session[hosted.KEY] = olgas.session[hosted.KEY]
    session.save()

    assert mallorys.get(f"{here}{step}").status_code == 404
    assert is_open()


def test_a_planted_session_is_worth_nothing_once_the_victim_signs_in(olga, crm):
    """The attacker knows the cookie of before; signing in exchanges it, and he is left with nothing."""
    attackers = Client()
    here = opened(attackers, crm)
    victims = Client()
    victims.cookies[settings.SESSION_COOKIE_NAME] = attackers.cookies[settings.SESSION_COOKIE_NAME].value

    victims.force_login(olga.user)
    assert victims.get(here).status_code == 200

    assert attackers.get(here).status_code == 404
    assert told(victims.get(f"{here}/back"))["result"] == "denied"


def test_the_answer_of_a_provider_to_an_attacker_does_not_finish_a_victims_way(olgas, mallory, sign_in, crm, consent):
    """Mallory began at Zoom with his own request, and lets Olga's browser come back with it."""
    mallorys = sign_in(mallory)
    there = mallorys.get(f"{opened(mallorys, crm)}/connect/zoom")["Location"]
    olgas_way = opened(olgas, crm)

    assert olgas.get(consent(there, PEDRO)).status_code == 400
    assert not Connection.objects.exists()
    assert olgas.get(olgas_way).status_code == 200


def test_an_ordinary_connection_answers_no_application(olgas, crm, connect_zoom, olga):
    here = opened(olgas, crm)
    connect_zoom(olga, PAULA, client=olgas)

    assert is_open()
    assert olgas.get(here).status_code == 200


def test_who_is_somebody_else_signs_out_and_goes_on(olgas, olga, mina, crm):
    here = opened(olgas, crm, state="x" * 2000)
    olgas.get(here)

    assert olgas.post(f"{here}/sign-out")["Location"] == here
    assert "First sign in to Bridge" in olgas.get(here).content.decode()
    olgas.force_login(mina.user)

    assert mina.user.email in olgas.get(here).content.decode()
    assert HostedRequest.objects.get().membership == mina
    assert told(olgas.get(f"{here}/use/builtin"))["state"] == "x" * 2000


def test_what_was_answered_is_not_handed_on(olgas, mina, crm):
    here = opened(olgas, crm)
    olgas.get(f"{here}/use/builtin")
    olgas.post(f"{here}/sign-out")
    olgas.force_login(mina.user)

    assert olgas.get(here).status_code == 404


def test_signing_out_needs_the_cross_site_token(olga, crm):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olga.user)
    here = opened(strict, crm)

    assert strict.post(f"{here}/sign-out").status_code == 403
    assert strict.post(f"{here}/organization", {"membership": "x"}).status_code == 403


def test_the_pages_are_kept_and_told_to_nobody(olgas, crm):
    answer = olgas.get(opened(olgas, crm))

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "form-action 'self'" in answer["Content-Security-Policy"]


def test_of_two_answers_at_once_one_counts(crm):
    sent = hosted.begin(crm, redirect_uri=BACK, state="", provider="", session={})
    hosted.answer(HostedRequest.objects.get(), Result.ALREADY_CONNECTED, service="zoom")

    with pytest.raises(hosted.Answered):
        hosted.answer(sent, Result.DENIED)
    assert HostedRequest.objects.get().result == "already_connected"


def test_of_session_and_secret_only_a_hash_is_kept(olgas, crm):
    opened(olgas, crm)

    row = str(HostedRequest.objects.values().get())

    assert olgas.session[hosted.KEY] not in row
    assert olgas.session.session_key not in row
