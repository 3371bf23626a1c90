"""Sent to Zoom and back: what is stored, and one attack a test."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import organizations
from accounts.models import Membership
from integrations.models import AuthorizationRequest, Connection, Grant, Level
from tests import factories
from tests.integrations.conftest import FRED, PAULA, PEDRO

pytestmark = pytest.mark.django_db

CONNECT = "/connect/zoom"


@pytest.fixture
def olgas(olga: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(olga)


def start(olgas: Client, path: str = CONNECT) -> str:
    answer = olgas.get(path)
    assert answer.status_code == 302
    return answer["Location"]


def nothing_is_stored() -> bool:
    return not Grant.objects.exists() and not Connection.objects.exists()


@pytest.mark.row("CB-4")
def test_connecting_sends_the_browser_to_zoom_with_state_and_pkce(olgas, zoom):
    address = start(olgas)

    parts, query = urlsplit(address), parse_qs(urlsplit(address).query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{django_settings.ZOOM_OAUTH_URL}/oauth/authorize"
    assert query["client_id"] == [django_settings.ZOOM_CLIENT_ID]
    assert query["redirect_uri"] == ["http://testserver/connect/zoom/callback"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 40
    assert "scope" not in query


@pytest.mark.row("CB-4")
def test_no_page_asks_for_a_zoom_password(olgas, zoom):
    for name in ("conferencing", "add_conferencing"):
        assert 'type="password"' not in olgas.get(reverse(name)).content.decode()


@pytest.mark.row("CB-5")
def test_authorizing_leads_back_to_the_page_he_started_from(olgas, olga, consent):
    address = start(olgas, f"{CONNECT}?next=/o/harbour/schedules%3Fshow%3Dall")

    answer = olgas.get(consent(address, PAULA))

    assert answer.status_code == 302
    assert answer.url == "/o/harbour/schedules?show=all"
    assert Connection.objects.get().grant.email == PAULA


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y", ""]
)
def test_another_sites_address_is_never_returned_to(olgas, consent, elsewhere):
    address = olgas.get(CONNECT, {"next": elsewhere}).url

    assert olgas.get(consent(address, PAULA)).url == "/account/conferencing"


@pytest.mark.row("CB-6")
def test_approving_first_and_then_authorizing_returns_the_same_way(olgas, zoom, consent):
    zoom.approve("Guarded Bank")

    answer = olgas.get(consent(start(olgas, f"{CONNECT}?next=/dashboard/"), "gerda@guarded.example"))

    assert answer.url == "/dashboard/"
    assert Connection.objects.get().grant.email == "gerda@guarded.example"


@pytest.mark.row("CB-6", "CB-7")
def test_the_page_says_what_to_do_when_the_app_is_not_approved(olgas, zoom, settings):
    settings.ZOOM_MARKETPLACE_URL = "https://marketplace.zoom.us/apps/bridge"

    page = olgas.get(reverse("add_conferencing")).content.decode()

    assert "pre-approve" in page
    assert "ask your Zoom admin" in page
    assert "https://marketplace.zoom.us/apps/bridge" in page
    assert "data-copy" in page


@pytest.mark.row("CB-8")
def test_refusing_leaves_nothing_and_names_cause_and_next_step(olgas, zoom):
    state = parse_qs(urlsplit(start(olgas)).query)["state"][0]

    answer = olgas.get(f"{CONNECT}/callback", {"error": "access_denied", "state": state})

    assert answer.status_code == 400
    assert "You did not allow Bridge" in answer.content.decode()
    assert "start again and allow it there" in answer.content.decode()
    assert nothing_is_stored()


@pytest.mark.row("CB-8")
def test_an_error_at_zoom_leaves_nothing_and_is_shown_harmlessly(olgas, zoom):
    state = parse_qs(urlsplit(start(olgas)).query)["state"][0]

    answer = olgas.get(f"{CONNECT}/callback", {"error": "<script>alert(1)</script>", "state": state})

    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()
    assert nothing_is_stored()


@pytest.mark.row("CB-8")
def test_coming_back_after_ten_minutes_is_refused(olgas, consent):
    back = consent(start(olgas), PAULA)
    AuthorizationRequest.objects.update(created_at=now() - timedelta(minutes=10))

    answer = olgas.get(back)

    assert answer.status_code == 400
    assert "More than ten minutes" in answer.content.decode()
    assert nothing_is_stored()


@pytest.mark.row("CB-8")
def test_coming_back_without_a_code_is_refused(olgas, zoom):
    state = parse_qs(urlsplit(start(olgas)).query)["state"][0]

    assert olgas.get(f"{CONNECT}/callback", {"state": state}).status_code == 400
    assert nothing_is_stored()


@pytest.mark.row("CB-8")
@pytest.mark.parametrize("state", ["", "forged", "x" * 5000, "\x00", "../../etc/passwd", "\U0001f469‍\U0001f467"])
def test_a_forged_state_is_refused(olgas, consent, zoom, state):
    consent(start(olgas), PAULA)

    answer = olgas.get(f"{CONNECT}/callback", {"code": "stolen", "state": state})

    assert answer.status_code == 400
    assert "does not belong" in answer.content.decode()
    assert nothing_is_stored()


@pytest.mark.row("CB-8")
def test_a_state_is_used_once(olgas, consent):
    back = consent(start(olgas), PAULA)
    olgas.get(back)

    answer = olgas.get(back)

    assert answer.status_code == 400
    assert "used once already" in answer.content.decode()
    assert Connection.objects.count() == 1


def test_a_state_started_by_somebody_else_is_refused(olgas, mallory, sign_in, consent):
    """Mallory lets Olga's browser finish what he started, so that his Zoom account ends up with her."""
    back = consent(start(sign_in(mallory)), PEDRO)

    assert olgas.get(back).status_code == 400
    assert nothing_is_stored()


def test_a_state_of_another_session_of_the_same_person_is_refused(olgas, olga, sign_in, consent):
    back = consent(start(sign_in(olga)), PAULA)

    assert olgas.get(back).status_code == 400
    assert nothing_is_stored()


def test_a_refused_stranger_does_not_use_up_the_state(olgas, olga, mallory, sign_in, consent):
    back = consent(start(olgas), PAULA)
    sign_in(mallory).get(back)

    assert olgas.get(back).status_code == 302
    assert Connection.objects.get().membership == olga


def test_the_connection_belongs_to_the_organization_it_was_started_in(olgas, olga, consent):
    other = factories.membership(olga.user)
    organizations.remember(olga)
    back = consent(start(olgas), PAULA)
    organizations.remember(other)

    olgas.get(back)

    assert Connection.objects.get().membership == olga


def test_a_state_for_an_organization_does_not_make_a_personal_connection(olga, olgas, consent):
    back = consent(start(olgas), PAULA)
    AuthorizationRequest.objects.update(level=Level.ORGANIZATION, membership=None, link=factories.setup_link(olga))

    assert olgas.get(back).status_code == 400
    assert nothing_is_stored()


def test_a_stolen_code_is_useless_without_the_verifier(olgas, consent, olga, sign_in):
    """Mallory caught Olga's code and brings it with a state of his own."""
    code = dict(parse_qsl(urlsplit(consent(start(olgas), PAULA)).query))["code"]
    state = parse_qs(urlsplit(start(olgas)).query)["state"][0]

    answer = olgas.get(f"{CONNECT}/callback", {"code": code, "state": state})

    assert answer.status_code == 400
    assert nothing_is_stored()


def test_a_visitor_who_is_not_signed_in_is_sent_to_sign_in(client, db):
    assert client.get(CONNECT).url.startswith("/account/login")
    assert client.get(f"{CONNECT}/callback").url.startswith("/account/login")


def test_neither_state_nor_verifier_is_readable_in_the_database(olgas, zoom):
    state = parse_qs(urlsplit(start(olgas)).query)["state"][0]

    row = AuthorizationRequest.objects.get()

    assert state not in str(row.__dict__)
    assert olgas.session.session_key not in str(row.__dict__)
    assert row.sealed_verifier.startswith("gAAAA")


def test_old_requests_are_forgotten(olgas, zoom):
    start(olgas)
    AuthorizationRequest.objects.update(created_at=now() - timedelta(days=2))

    start(olgas)

    assert AuthorizationRequest.objects.count() == 1


@pytest.mark.row("CB-8")
def test_zoom_down_during_the_exchange_stores_nothing(olgas, zoom, consent):
    back = consent(start(olgas), PAULA)
    zoom.faults.add("status", path="/oauth/token", status=503)

    answer = olgas.get(back)

    assert answer.status_code == 400
    assert "did not answer" in answer.content.decode()
    assert nothing_is_stored()


def test_wrong_keys_of_ours_are_named_and_nothing_is_stored(olgas, consent, settings):
    back = consent(start(olgas), PAULA)
    settings.ZOOM_CLIENT_SECRET = "rotated"

    answer = olgas.get(back)

    assert answer.status_code == 400
    assert "whoever runs Bridge" in answer.content.decode()
    assert nothing_is_stored()


def test_without_keys_the_page_says_so_instead_of_sending_anybody_away(olgas, settings):
    settings.ZOOM_CLIENT_ID = ""

    answer = olgas.get(CONNECT)

    assert answer.status_code == 400
    assert "not set up" in answer.content.decode()


@pytest.mark.parametrize("provider", ["builtin", "nobody", "zoom2"])
def test_an_unknown_provider_is_not_found(olgas, provider):
    assert olgas.get(f"/connect/{provider}").status_code == 404
    assert olgas.get(f"/connect/{provider}/callback").status_code == 404


@pytest.mark.row("CR-6")
def test_a_free_zoom_account_is_refused_with_that_reason_and_its_access_given_back(olgas, zoom, consent):
    answer = olgas.get(consent(start(olgas), FRED))

    assert answer.status_code == 400
    assert "is a free Zoom account" in answer.content.decode()
    assert nothing_is_stored()
    assert not zoom.installed(FRED)


@pytest.mark.row("CR-6")
def test_the_page_says_before_the_start_that_a_paid_plan_is_needed(olgas):
    for name in ("conferencing", "add_conferencing"):
        assert "paid Zoom plan" in olgas.get(reverse(name)).content.decode()


def test_an_account_that_allows_too_little_is_refused_and_told_what_is_missing(olgas, zoom, consent):
    zoom.app().scopes = tuple(scope for scope in zoom.app().scopes if scope != "meeting:delete:meeting")

    answer = olgas.get(consent(start(olgas), PAULA))

    assert answer.status_code == 400
    assert "Remove that meeting when the booking is cancelled" in answer.content.decode()
    assert nothing_is_stored()
    assert not zoom.installed(PAULA)


def test_classic_scopes_stand_for_the_newer_ones(olgas, zoom, consent):
    zoom.app().scopes = ("meeting:write", "meeting:read", "user:read")

    assert olgas.get(consent(start(olgas), PAULA)).status_code == 302
