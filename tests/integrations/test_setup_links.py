"""The link that invites a Zoom admin: what it opens, for how long, and one attack a test."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connections as databases
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import now

from accounts.models import AuditEntry, Role
from integrations import setup_links
from integrations.models import Arrival, AuthorizationRequest, Connection, Grant, SetupLink
from integrations.providers.zoom.provider import Zoom
from integrations.simulators.zoom.errors import NotAuthorized
from integrations.types import AppKind
from tests import factories
from tests.integrations.conftest import ORGANIZATION_CALLBACK, PAULA, PEDRO, followed

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    """Has no account in Bridge."""
    return Client()


def nothing_is_stored() -> bool:
    return not Grant.objects.exists() and not Connection.objects.exists() and not Arrival.objects.exists()


def link_is_open() -> bool:
    return SetupLink.objects.get().is_open


# --- Made -------------------------------------------------------------------------------------------------------------


@pytest.mark.row("CL-5", "CL-6")
def test_the_button_on_the_providers_page_yields_a_link_to_send_or_follow(sign_in, adam, app_for_all, stranger):
    browser, harbour = sign_in(adam), adam.organization.slug
    integrations = browser.get(reverse("integrations", args=[harbour])).content.decode()
    path = reverse("organization_provider", args=[harbour, "zoom"])
    assert f'href="{path}"' in integrations
    assert "Connect Zoom for my organization" in browser.get(path).content.decode()

    page = browser.post(reverse("setup_link_issue", args=[harbour, "zoom"])).content.decode()

    assert f"{django_settings.BASE_URL}/connect/zoom/organization/" in page
    assert "mailto:" in page
    assert "Follow it myself" in page


@pytest.mark.row("CL-9")
def test_a_link_is_unguessable_shown_once_and_only_its_hash_is_kept(invite, adam, sign_in):
    secret = invite(adam).rpartition("/")[2]

    assert len(secret) >= 43
    assert secret not in str(SetupLink.objects.values())
    assert secret not in str(AuditEntry.objects.values())
    address = reverse("organization_provider", args=[adam.organization.slug, "zoom"])
    assert secret not in sign_in(adam).get(address).content.decode()


@pytest.mark.row("CL-9")
def test_a_link_lives_for_seventy_two_hours_at_most(invite, adam, stranger):
    link = invite(adam)
    assert SetupLink.objects.get().expires_at - now() <= timedelta(hours=72)
    SetupLink.objects.update(expires_at=now() - timedelta(seconds=1))

    assert stranger.get(link).status_code == 410
    assert stranger.get(f"{link}/start").status_code == 410


@pytest.mark.row("CL-9")
def test_a_revoked_link_opens_nothing(invite, adam, sign_in, stranger):
    link = invite(adam)
    uid = SetupLink.objects.get().uid

    sign_in(adam).post(reverse("setup_link_revoke", args=[adam.organization.slug, "zoom", uid]))

    assert stranger.get(link).status_code == 410
    assert adam.organization.name not in stranger.get(link).content.decode()


def test_a_new_link_revokes_the_one_before(invite, adam, stranger):
    first, second = invite(adam), invite(adam)

    assert (stranger.get(first).status_code, stranger.get(second).status_code) == (410, 200)


def test_a_link_goes_with_the_role_of_who_made_it(invite, adam, stranger):
    link = invite(adam)
    adam.role = Role.MEMBER
    adam.save()

    assert stranger.get(link).status_code == 410


def test_without_an_app_for_organizations_no_link_is_made(sign_in, adam, settings):
    settings.ZOOM_ADMIN_CLIENT_ID = ""
    browser, harbour = sign_in(adam), adam.organization.slug

    answer = browser.post(reverse("setup_link_issue", args=[harbour, "zoom"]), follow=True)

    assert not SetupLink.objects.exists()
    assert "Bring your own Zoom app" in answer.content.decode()


def test_the_audit_log_tells_who_made_and_who_revoked(invite, adam, olga):
    invite(adam)
    setup_links.revoke(SetupLink.objects.get(), by=olga.user)

    entries = AuditEntry.objects.filter(act__startswith="connection.link").order_by("pk")
    assert [(entry.act, entry.by) for entry in entries] == [
        ("connection.link_issued", adam.user),
        ("connection.link_revoked", olga.user),
    ]


# --- Followed ---------------------------------------------------------------------------------------------------------


@pytest.mark.row("CL-7", "CL-8")
def test_the_holder_reads_who_asks_and_for_what_and_needs_no_account(invite, adam, stranger):
    answer = stranger.get(invite(adam))

    page = answer.content.decode()
    assert answer.status_code == 200
    wanted = [str(scope.sentence) for scope in Zoom().scopes(AppKind.ORGANIZATION)]
    for said in (adam.organization.name, adam.user.name, adam.user.email, "you need no account in Bridge", *wanted):
        assert escape(said) in page


@pytest.mark.row("ZM-21")
def test_version_and_plan_are_named_where_the_connection_is_offered(invite, adam, sign_in, stranger):
    offered = sign_in(adam).get(reverse("organization_provider", args=[adam.organization.slug, "zoom"]))

    for page in (offered, stranger.get(invite(adam)), stranger.get(reverse("help_organization_zoom"))):
        assert "5.11.0" in page.content.decode()
        assert "Licensed" in page.content.decode()


def test_the_page_is_neither_kept_nor_indexed(invite, adam, stranger):
    answer = stranger.get(invite(adam))

    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] in ("no-referrer", "same-origin")


def test_looking_at_the_page_does_nothing(invite, adam, stranger):
    link = invite(adam)
    for _time in range(3):
        stranger.get(link)

    assert SetupLink.objects.get().followed_at is None
    assert not AuthorizationRequest.objects.exists()


@pytest.mark.row("CL-7")
def test_he_is_sent_to_zoom_with_the_app_for_accounts_state_and_pkce(invite, adam, stranger):
    address = followed(stranger, invite(adam))

    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{django_settings.ZOOM_OAUTH_URL}/oauth/authorize")
    assert query["client_id"] == [django_settings.ZOOM_ADMIN_CLIENT_ID]
    assert query["redirect_uri"] == [ORGANIZATION_CALLBACK]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 40


@pytest.mark.row("CL-8")
def test_he_comes_back_is_thanked_and_the_link_is_used_up(invite, adam, stranger, consent):
    link = invite(adam)

    answer = stranger.get(consent(followed(stranger, link), PAULA))

    assert answer.status_code == 200
    assert "has arrived" in answer.content.decode()
    assert SetupLink.objects.get().used_at
    assert Arrival.objects.get().grant.email == PAULA
    assert not Connection.objects.exists()


@pytest.mark.row("CL-6")
def test_an_admin_who_follows_it_himself_is_led_to_where_he_confirms(invite, adam, sign_in, consent):
    browser = sign_in(adam)

    answer = browser.get(consent(followed(browser, invite(adam)), PAULA))

    assert reverse("organization_provider", args=[adam.organization.slug, "zoom"]) in answer.content.decode()


# --- By the wrong person ----------------------------------------------------------------------------------------------


@pytest.mark.row("CL-4")
def test_zoom_itself_lets_no_member_through(invite, adam, stranger, consent):
    address = followed(stranger, invite(adam))

    with pytest.raises(NotAuthorized):
        consent(address, PEDRO)
    assert nothing_is_stored()
    assert link_is_open()


@pytest.mark.row("CL-4")
def test_who_is_no_zoom_admin_is_told_so_and_nothing_is_stored(invite, adam, stranger, consent, zoom, app_for_all):
    """Even if Zoom lets him through."""
    zoom.switches.members_pass = True

    answer = stranger.get(consent(followed(stranger, invite(adam)), PEDRO))

    assert answer.status_code == 400
    assert f"{PEDRO} is not an admin of the Zoom account" in answer.content.decode()
    assert "was not connected" in answer.content.decode()
    assert "Nothing was stored" in answer.content.decode()
    assert nothing_is_stored()
    assert not zoom.installed(PEDRO, app_for_all.client_id)
    assert link_is_open()


@pytest.mark.row("CL-4")
def test_an_account_that_allows_too_little_is_refused_and_its_access_given_back(
    invite, adam, stranger, consent, zoom, app_for_all
):
    app_for_all.scopes = tuple(scope for scope in app_for_all.scopes if scope != "meeting:delete:meeting:admin")

    answer = stranger.get(consent(followed(stranger, invite(adam)), PAULA))

    assert answer.status_code == 400
    assert nothing_is_stored()
    assert not zoom.installed(PAULA, app_for_all.client_id)
    assert link_is_open()


@pytest.mark.row("CL-9")
def test_a_leaked_link_followed_by_an_admin_of_another_account_connects_nothing_by_itself(
    arrive, adam, zoom, sign_in, app_for_all, after_commit
):
    zoom.add_account("Elsewhere")
    zoom.add_user("eve@elsewhere.example", account="Elsewhere", role_name="Owner")
    arrive(adam, "eve@elsewhere.example")
    page = sign_in(adam).get(reverse("organization_provider", args=[adam.organization.slug, "zoom"])).content.decode()
    assert "eve@elsewhere.example" in page
    assert not Connection.objects.exists()

    with after_commit():
        uid = Arrival.objects.get().uid
        sign_in(adam).post(reverse("arrival_decline", args=[adam.organization.slug, "zoom", uid]))

    assert nothing_is_stored()
    assert not zoom.installed("eve@elsewhere.example", app_for_all.client_id)


# --- Attacks on the authorization -------------------------------------------------------------------------------------


@pytest.mark.row("CL-9")
def test_a_link_is_used_once(invite, arrive, adam, stranger):
    link = invite(adam)
    arrive(adam, link=link)

    assert stranger.get(link).status_code == 410
    assert stranger.get(f"{link}/start").status_code == 410


@pytest.mark.row("CL-9")
def test_of_two_who_follow_it_at_once_only_the_first_arrives(invite, adam, consent, zoom, app_for_all, after_commit):
    link = invite(adam)
    zoom.add_user("anton@acme.example", account="Acme", role_name="Admin")
    first, second = Client(), Client()
    backs = [consent(followed(first, link), PAULA), consent(followed(second, link), "anton@acme.example")]
    first.get(backs[0])

    answer = second.get(backs[1])

    assert answer.status_code == 410
    assert [arrival.grant.email for arrival in Arrival.objects.all()] == [PAULA]


@pytest.mark.row("CL-9")
def test_a_link_revoked_while_he_is_at_zoom_stores_nothing(invite, adam, stranger, consent):
    back = consent(followed(stranger, invite(adam)), PAULA)
    setup_links.revoke(SetupLink.objects.get(), by=adam.user)

    assert stranger.get(back).status_code == 410
    assert nothing_is_stored()


@pytest.mark.row("CL-9")
def test_of_two_who_use_it_up_at_once_one_is_too_late(invite, adam):
    invite(adam)
    first, second = SetupLink.objects.get(), SetupLink.objects.get()
    setup_links.use_up(first)

    with pytest.raises(setup_links.Closed):
        setup_links.use_up(second)


def test_access_that_comes_too_late_for_the_link_is_given_back(
    transactional_db, invite, adam, stranger, consent, zoom, app_for_all
):
    """Revoked while Bridge waited for Zoom's answer."""
    back = consent(followed(stranger, invite(adam)), PAULA)
    zoom.faults.add("late_answer", path="/oauth/token", seconds=1)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_in_a_thread, stranger, back)
        time.sleep(0.4)
        setup_links.revoke(SetupLink.objects.get(), by=adam.user)

    assert answer.result() == 410
    assert nothing_is_stored()
    assert not zoom.installed(PAULA, app_for_all.client_id)


def _in_a_thread(browser: Client, address: str) -> int:
    try:
        return browser.get(address).status_code
    finally:
        databases.close_all()


@pytest.mark.parametrize("state", ["", "forged", "x" * 5000, "\x00", "../../etc/passwd"])
def test_a_forged_state_is_refused(invite, adam, stranger, consent, state):
    consent(followed(stranger, invite(adam)), PAULA)

    answer = stranger.get(ORGANIZATION_CALLBACK, {"code": "stolen", "state": state})

    assert answer.status_code == 400
    assert "does not belong" in answer.content.decode()
    assert nothing_is_stored()


def test_a_state_is_used_once(invite, adam, stranger, consent):
    back = consent(followed(stranger, invite(adam)), PAULA)
    stranger.get(back)

    answer = stranger.get(back)

    assert answer.status_code == 400
    assert "used once already" in answer.content.decode()
    assert Arrival.objects.count() == 1


def test_coming_back_after_ten_minutes_is_refused(invite, adam, stranger, consent):
    back = consent(followed(stranger, invite(adam)), PAULA)
    AuthorizationRequest.objects.update(created_at=now() - timedelta(minutes=10))

    answer = stranger.get(back)

    assert "More than ten minutes" in answer.content.decode()
    assert nothing_is_stored()
    assert link_is_open()


def test_a_victim_cannot_be_made_to_finish_what_an_attacker_started(invite, adam, consent):
    """Mallory follows the link and sends a Zoom admin to Zoom with the state of her own browser."""
    mallorys, victims = Client(), Client()
    back = consent(followed(mallorys, invite(adam)), PAULA)
    victims.get("/")

    assert victims.get(back).status_code == 400
    assert nothing_is_stored()
    assert link_is_open()


def test_the_admins_own_browser_does_not_finish_what_a_stranger_started(invite, adam, sign_in, consent):
    """Else Mallory's account would arrive as if the admin had brought it himself."""
    back = consent(followed(Client(), invite(adam)), PAULA)

    assert sign_in(adam).get(back).status_code == 400
    assert nothing_is_stored()


def test_nobody_is_sent_to_zoom_past_the_page_that_says_who_asks(invite, adam, stranger):
    """Zoom does not ask twice, so a link straight to the start would connect by one careless click."""
    link = invite(adam)
    shown_to_another = followed_page_address(Client(), link)

    for address in (f"{link}/start", f"{link}/start?seen=", shown_to_another):
        assert stranger.get(address)["Location"] == link
    assert not AuthorizationRequest.objects.exists()


def followed_page_address(browser: Client, link: str) -> str:
    page = browser.get(link).content.decode()
    return page[page.index(f"{link}/start") :].split('"')[0]


def test_a_state_of_a_personal_flow_means_nothing_at_the_organizations_callback(
    adam, sign_in, consent, app_for_all, zoom
):
    browser = sign_in(adam)
    back = consent(browser.get("/connect/zoom")["Location"], PAULA)

    answer = browser.get(back.replace("/connect/zoom/callback", "/connect/zoom/organization/callback"))

    assert answer.status_code == 400
    assert nothing_is_stored()


def test_a_state_of_the_organizations_flow_means_nothing_at_the_personal_callback(invite, adam, sign_in, consent):
    browser = sign_in(adam)
    back = consent(followed(browser, invite(adam)), PAULA)

    answer = browser.get(back.replace("/organization/callback", "/callback"))

    assert answer.status_code == 400
    assert nothing_is_stored()


@pytest.mark.parametrize("provider", ["builtin", "google", "zoom2"])
def test_a_link_of_one_provider_opens_nothing_at_another(invite, adam, stranger, provider):
    link = invite(adam)

    assert stranger.get(link.replace("/zoom/", f"/{provider}/")).status_code == 404
    assert stranger.get(f"/connect/{provider}/organization/callback").status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_no_parameter_leads_elsewhere(invite, adam, stranger, consent, elsewhere):
    link = invite(adam)
    onward = followed_page_address(stranger, link)
    there = stranger.get(f"{onward}&next={elsewhere}&redirect_uri={elsewhere}&return_to={elsewhere}")["Location"]
    assert parse_qs(urlsplit(there).query)["redirect_uri"] == [ORGANIZATION_CALLBACK]

    answer = stranger.get(f"{consent(there, PAULA)}&next={elsewhere}")

    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


def test_what_zoom_answers_is_shown_harmlessly(invite, adam, stranger):
    state = parse_qs(urlsplit(followed(stranger, invite(adam))).query)["state"][0]

    answer = stranger.get(ORGANIZATION_CALLBACK, {"error": "<script>alert(1)</script>", "state": state})

    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()
    assert nothing_is_stored()
    assert link_is_open()


def test_refusing_at_zoom_leaves_the_link_open(invite, adam, stranger):
    link = invite(adam)
    state = parse_qs(urlsplit(followed(stranger, link)).query)["state"][0]

    stranger.get(ORGANIZATION_CALLBACK, {"error": "access_denied", "state": state})

    assert stranger.get(link).status_code == 200


def test_zoom_down_during_the_exchange_stores_nothing_and_leaves_the_link_open(invite, adam, stranger, consent, zoom):
    back = consent(followed(stranger, invite(adam)), PAULA)
    zoom.faults.add("status", path="/oauth/token", status=503)

    assert stranger.get(back).status_code == 400
    assert nothing_is_stored()
    assert link_is_open()


def test_guessing_links_is_slowed_down(client, settings, db):
    settings.ACCOUNT_RATE_LIMITS = {"setup_link": "2/m/ip"}

    answers = [client.get(f"/connect/zoom/organization/guess-{number}").status_code for number in range(3)]

    assert answers == [404, 404, 429]


def test_a_link_of_another_organization_cannot_be_revoked(invite, adam, mallory, sign_in):
    invite(adam)
    uid = SetupLink.objects.get().uid

    answer = sign_in(mallory).post(reverse("setup_link_revoke", args=[mallory.organization.slug, "zoom", uid]))

    assert answer.status_code == 404
    assert link_is_open()


def test_a_link_goes_with_who_made_it(invite, adam, stranger):
    link = invite(adam)
    factories.membership(adam.user)
    adam.delete()

    assert stranger.get(link).status_code == 404
