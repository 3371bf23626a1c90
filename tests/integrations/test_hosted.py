"""An application sends somebody to choose a conferencing service: what he sees, and where he is led."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from accounts import organizations
from accounts.models import Application, Email, Membership
from integrations import connections, queries, registry
from integrations.models import AuthorizationRequest, Connection, GrantStatus, HostedRequest
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO
from tests.integrations.hosting import ISS, address, is_open, opened, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(db: None) -> Application:
    """Registered elsewhere than where Olga works."""
    by = factories.membership(organization_=factories.organization("Tall Ships Ltd"))
    return factories.application(by, name="Tall Ships CRM")


@pytest.fixture
def olgas(olga: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(olga)


def read(browser: Client, here: str) -> str:
    answer = browser.get(here)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def code_from_mail() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", Email.objects.latest("pk").text, re.M)
    assert found
    return found[1]


@pytest.mark.row("CR-3", "CR-8", "CR-9")
def test_from_the_application_to_zoom_and_back(olgas, olga, crm, consent):
    here = opened(olgas, crm)
    assert f'href="{here}/connect/zoom"' in read(olgas, here)

    there = olgas.get(f"{here}/connect/zoom")
    answer = olgas.get(consent(there["Location"], PAULA))

    assert told(answer) == {"result": "conferencing_connected", "service": "zoom", "state": "s-1", "iss": ISS}
    assert Connection.objects.get().membership == olga


@pytest.mark.row("CR-8", "CR-9")
@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_every_service_that_can_hold_meetings_leads_back_as_well(olgas, crm, provider, google, microsoft):
    google.switches.consents_as, microsoft.switches.consents_as = "olga@harbour.example", "carla@contoso.example"
    here = opened(olgas, crm)
    assert all(f"{here}/connect/{known.key}" in read(olgas, here) for known in registry.with_meetings())

    there = olgas.get(f"{here}/connect/{provider}")
    back = requests.get(there["Location"], allow_redirects=False, timeout=10).headers["Location"]
    answer = olgas.get(back.removeprefix("http://testserver"))

    assert told(answer) == {"result": "conferencing_connected", "service": provider, "state": "s-1", "iss": ISS}


@pytest.mark.row("CR-2", "CR-8")
def test_the_page_says_who_asks_for_what_and_what_is_never_seen(olgas, crm):
    page = read(olgas, opened(olgas, crm))

    assert "Tall Ships CRM" in page
    assert "Tall Ships Ltd" in page
    assert "crm.example.org" in page
    assert "Have meetings made for the events it creates for you" in page
    assert "see your account at the service, its address, or its password" in page
    assert "asks you for that separately" in page
    assert "Not registered in your organization" in page
    assert "paid Zoom plan" in page


def test_names_are_shown_as_text(client, olga, crm):
    Application.objects.update(name='<script>alert("x")</script>')
    here = opened(client, crm)
    pages = [read(client, here)]
    client.force_login(olga.user)
    pages += [read(client, here), client.get(f"{here}/use/builtin").content.decode()]

    pages.append(client.get(here).content.decode())

    assert all("<script>alert" not in page for page in pages)
    assert all("&lt;script&gt;alert" in page for page in (pages[0], pages[1], pages[3]))


def test_the_page_knows_an_application_that_has_access_already(olgas, olga, crm):
    factories.consent(crm, olga)

    page = read(olgas, opened(olgas, crm))

    assert "you allowed that before" in page
    assert "asks you for that separately" not in page


def test_an_application_of_his_own_organization_needs_no_warning(olgas, olga):
    page = read(olgas, opened(olgas, factories.application(olga)))

    assert "Not registered in your organization" not in page


@pytest.mark.row("CR-8", "CR-9")
def test_the_way_survives_signing_up_with_its_code_by_mail(client, crm, consent):
    here = opened(client, crm, state="x" * 2000)
    welcome = read(client, here)
    assert "Tall Ships CRM" in welcome
    sign_up = re.search(r'href="(/account/signup/\?next=[^"]+)"', welcome)
    assert sign_up
    hidden = re.search(r'name="next" value="([^"]+)"', read(client, sign_up[1]))
    assert hidden

    typed = {"name": "Nora Fell", "email": "nora@example.org", "password1": "correct horse battery"}
    client.post("/account/signup/", typed | {"time_zone": "Asia/Kathmandu", "next": hidden[1]})
    assert client.post("/account/confirm-email/", {"code": code_from_mail()})["Location"] == here

    there = client.get(f"{here}/connect/zoom")
    assert told(client.get(consent(there["Location"], PAULA)))["state"] == "x" * 2000
    assert Connection.objects.get().membership.user.email == "nora@example.org"


def test_the_way_survives_signing_in(client, olga, crm):
    here = opened(client, crm)
    factories.address(olga.user, primary=True)

    answer = client.post(
        "/account/login/", {"login": olga.user.email, "password": "correct horse battery", "next": here}
    )

    assert answer["Location"] == here
    assert "Zoom" in read(client, here)


def test_the_way_survives_the_second_factor(client, olga, crm):
    here = opened(client, crm)
    factories.address(olga.user, primary=True)
    secret = factories.authenticator_app(olga.user)
    typed = {"login": olga.user.email, "password": "correct horse battery", "next": here}

    asked = client.post("/account/login/", typed)["Location"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))

    assert client.post(asked, {"code": code})["Location"] == here


def test_the_way_survives_a_forgotten_password(client, olga, crm):
    here = opened(client, crm)
    factories.address(olga.user, primary=True)
    link = re.search(r'href="(/account/password/reset/\?next=[^"]+)"', read(client, f"/account/login/?next={here}"))
    assert link
    assert f'name="next" value="{here}"' in read(client, link[1])

    step = client.post("/account/password/reset/", {"email": olga.user.email, "next": here})["Location"]
    step = client.post(step, {"code": code_from_mail()})["Location"]
    step = client.post(step, dict.fromkeys(("password1", "password2"), "another horse battery"))["Location"]

    assert step == here


def test_who_is_not_signed_in_connects_nothing_yet(client, crm, zoom):
    here = opened(client, crm)

    for step in ("connect/zoom", "use/builtin"):
        assert client.get(f"{here}/{step}")["Location"] == here
    assert not AuthorizationRequest.objects.exists()
    assert is_open()


@pytest.mark.parametrize("signed_in", [True, False])
def test_he_can_go_back_at_once(client, olga, crm, signed_in):
    if signed_in:
        client.force_login(olga.user)
    here = opened(client, crm)
    assert f'href="{here}/back"' in read(client, here)

    assert told(client.get(f"{here}/back")) == {"result": "denied", "state": "s-1", "iss": ISS}


def test_without_a_state_none_comes_back(olgas, crm):
    assert told(olgas.get(f"{opened(olgas, crm, state='')}/back")) == {"result": "denied", "iss": ISS}


@pytest.mark.parametrize(
    "state",
    ["x" * 2000, " a+b%20&c=d#e?f;/ ", "Ж漢\U0001f469‍\U0001f467" * 400, '"<script>', "a\r\nSet-Cookie: b"],
    ids=["long", "signs", "letters", "html", "lines"],
)
def test_any_state_comes_back_unchanged(olgas, crm, state):
    here = opened(olgas, crm, state=state)
    read(olgas, here)

    assert told(olgas.get(f"{here}/back"))["state"] == state


def test_an_address_with_a_query_keeps_it(olgas, olga):
    to = "https://crm.example.org/in?tenant=7&x=%20"
    crm = factories.application(olga, redirect_uris=to)

    place = olgas.get(f"{opened(olgas, crm, redirect_uri=to)}/back")["Location"]

    assert place.startswith(f"{to}&result=denied&")
    assert parse_qs(urlsplit(place).query)["tenant"] == ["7"]


def test_a_program_on_ones_own_machine_gets_its_port_back(olgas, olga):
    crm = factories.application(olga, redirect_uris="http://127.0.0.1/callback")

    place = olgas.get(f"{opened(olgas, crm, redirect_uri='http://127.0.0.1:54321/callback')}/back")["Location"]

    assert place.startswith("http://127.0.0.1:54321/callback?result=denied&")


# --- What he has already ----------------------------------------------------------------------------------------------


@pytest.mark.row("CR-7", "CR-8")
def test_what_he_has_connected_stands_first_and_can_be_chosen(olgas, olga, crm):
    factories.connection(olga, grant=factories.grant(email=PAULA))
    here = opened(olgas, crm)
    page = read(olgas, here)
    assert PAULA in page
    assert page.index("service-zoom") < page.index("Another service") < page.index("service-google")

    answer = olgas.get(f"{here}/use/zoom")

    assert told(answer) == {"result": "already_connected", "service": "zoom", "state": "s-1", "iss": ISS}


@pytest.mark.row("CR-7")
def test_one_connection_serves_every_application(olgas, olga, crm, consent):
    there = olgas.get(f"{opened(olgas, crm)}/connect/zoom")
    olgas.get(consent(there["Location"], PAULA))
    another = factories.application(name="Quay Recruiting")

    here = opened(olgas, another)

    assert PAULA in read(olgas, here)
    assert PAULA in read(olgas, reverse("conferencing"))
    assert told(olgas.get(f"{here}/use/zoom"))["result"] == "already_connected"
    assert queries.connection_for(olga, "zoom") == Connection.objects.get()


@pytest.mark.row("CR-7", "CR-12")
def test_disconnecting_in_bridge_ends_it_for_every_application(olgas, olga, crm):
    connections.disconnect(factories.connection(olga, grant=factories.grant(email=PAULA)), by=olga.user)

    for application in (crm, factories.application()):
        here = opened(olgas, application)
        assert f"{here}/use/zoom" not in read(olgas, here)
        assert olgas.get(f"{here}/use/zoom")["Location"] == here
        assert queries.connection_for(olga, "zoom") is None


def test_what_his_organization_provides_can_be_chosen(olgas, olga, crm):
    factories.shared_connection(olga)
    here = opened(olgas, crm)

    assert "Via your organization" in read(olgas, here)
    assert told(olgas.get(f"{here}/use/zoom"))["service"] == "zoom"


def test_bridges_own_room_can_be_chosen(olgas, crm):
    here = opened(olgas, crm)

    assert told(olgas.get(f"{here}/use/builtin")) == {
        "result": "already_connected",
        "service": "builtin",
        "state": "s-1",
        "iss": ISS,
    }


def test_an_account_that_ended_is_reconnected_on_the_way(olgas, olga, crm, consent, zoom):
    there = olgas.get(f"{opened(olgas, crm)}/connect/zoom")
    olgas.get(consent(there["Location"], PAULA))
    mine = Connection.objects.get()
    type(mine.grant).objects.update(status=GrantStatus.REVOKED, ended_at=now())
    here = opened(olgas, crm)
    page = read(olgas, here)
    assert "Access was taken back" in page
    assert f"{here}/use/zoom" not in page
    assert olgas.get(f"{here}/use/zoom")["Location"] == here

    there = olgas.get(f"{here}/connect/zoom?account={mine.uid}")
    assert AuthorizationRequest.objects.latest("pk").connection == mine

    assert told(olgas.get(consent(there["Location"], PAULA)))["result"] == "conferencing_connected"
    assert Connection.objects.get() == mine
    assert Connection.objects.get().is_usable


def test_who_has_nothing_yet_sees_all_at_once_our_own_room_last(olgas, crm):
    page = read(olgas, opened(olgas, crm))

    assert "Another service" not in page
    assert page.index("service-zoom") < page.index("service-google") < page.index("service-builtin")


def test_an_account_of_somebody_else_is_not_reconnected(olgas, mallory, crm, zoom):
    his = factories.connection(mallory)
    here = opened(olgas, crm)

    for wish in (his.uid, "nonsense"):
        olgas.get(f"{here}/connect/zoom?account={wish}")
    assert not AuthorizationRequest.objects.exclude(connection=None).exists()


def test_a_service_without_keys_says_so_and_leaves_the_others(olgas, crm, settings):
    settings.ZOOM_CLIENT_ID = ""
    here = opened(olgas, crm, provider="zoom")
    page = read(olgas, here)

    assert "Zoom is not set up on this Bridge" in page
    assert f'href="{here}/connect/zoom"' not in page
    assert f'href="{here}/use/builtin"' in page


def test_the_service_that_was_asked_for_stands_first(olgas, olga, crm):
    factories.connection(olga)
    page = read(olgas, opened(olgas, crm, provider="google"))

    assert page.index("service-google") < page.index("Another service") < page.index("service-zoom")


@pytest.mark.parametrize("service", ["caldav", "nobody", "exchange"])
def test_what_holds_no_meetings_is_not_found(olgas, crm, service):
    here = opened(olgas, crm)

    assert olgas.get(f"{here}/use/{service}").status_code == 404
    assert olgas.get(f"{here}/connect/{service}").status_code == 404


def test_a_page_of_many_accounts_costs_as_many_queries_as_of_one(olgas, olga, crm):
    factories.connection(olga)
    here = opened(olgas, crm)
    read(olgas, here)
    with CaptureQueriesContext(database) as one:
        read(olgas, here)
    factories.connection(olga)
    factories.connection(olga)
    with CaptureQueriesContext(database) as three:
        read(olgas, here)

    assert len(one) == len(three)


# --- For which organization -------------------------------------------------------------------------------------------


def test_who_belongs_to_several_organizations_chooses_one(olgas, olga, crm, consent):
    quay = factories.membership(olga.user, factories.organization("Quay"))
    organizations.remember(olga)
    here = opened(olgas, crm)
    assert "For which of your organizations?" in read(olgas, here)

    assert olgas.post(f"{here}/organization", {"membership": quay.organization.slug})["Location"] == here
    there = olgas.get(f"{here}/connect/zoom")

    assert told(olgas.get(consent(there["Location"], PAULA)))["result"] == "conferencing_connected"
    assert Connection.objects.get().membership == quay


def test_a_choice_leads_around_the_second_factor_of_another_organization(olgas, olga, crm, consent):
    """Who comes back from the provider works in the organization that he has chosen."""
    quay = factories.membership(olga.user, factories.organization("Quay"))
    organizations.remember(olga)
    here = opened(olgas, crm)
    olgas.post(f"{here}/organization", {"membership": quay.organization.slug})
    type(olga.organization).objects.filter(pk=olga.organization_id).update(requires_second_factor=True)

    there = olgas.get(f"{here}/connect/zoom")

    assert told(olgas.get(consent(there["Location"], PAULA)))["result"] == "conferencing_connected"


def test_who_belongs_to_one_is_not_asked(olgas, crm):
    assert "For which of your organizations?" not in read(olgas, opened(olgas, crm))


def test_where_the_application_has_access_already_stays(olgas, olga, crm):
    quay = factories.membership(olga.user, factories.organization("Quay"))
    organizations.remember(olga)
    factories.consent(crm, quay)
    here = opened(olgas, crm)
    page = read(olgas, here)
    assert "for Quay" in page
    assert "For which of your organizations?" not in page

    olgas.post(f"{here}/organization", {"membership": olga.organization.slug})

    assert HostedRequest.objects.get().membership == quay


def test_an_organization_of_others_cannot_be_chosen(olgas, olga, mallory, crm):
    here = opened(olgas, crm)
    read(olgas, here)

    for wish in (mallory.organization.slug, "", "a\x00b"):
        assert olgas.post(f"{here}/organization", {"membership": wish}).status_code == 404
    assert HostedRequest.objects.get().membership == olga


def test_one_that_admits_it_is_proposed(olgas, olga, crm):
    quay = factories.membership(olga.user, factories.organization("Quay"))
    organizations.remember(olga)
    type(olga.organization).objects.filter(pk=olga.organization_id).update(outside_applications=False)
    read(olgas, opened(olgas, crm))

    assert HostedRequest.objects.get().membership == quay


# --- In the product ---------------------------------------------------------------------------------------------------


@pytest.mark.row("CR-17")
def test_the_documentation_for_developers_is_public_and_linked_from_the_page(client, olgas):
    documentation = reverse("developers")

    assert "connect/conferencing" in read(client, documentation)
    assert f'href="{documentation}"' in read(olgas, reverse("conferencing"))


@pytest.mark.row("CR-3")
def test_connected_in_the_product_or_by_an_application_is_the_same(olgas, olga, crm, connect_zoom, consent):
    connect_zoom(olga, PAULA, client=olgas)
    there = olgas.get(f"{opened(olgas, crm)}/connect/zoom")
    olgas.get(consent(there["Location"], PEDRO))

    page = read(olgas, reverse("conferencing"))

    assert PAULA in page
    assert PEDRO in page
    assert "Applications that you allow may have meetings made with these services" in page


def test_what_a_browser_fetches_ahead_answers_nothing(olgas, crm):
    here = opened(olgas, crm)

    for step in ("back", "use/builtin"):
        assert olgas.get(f"{here}/{step}", headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 503
    assert is_open()


def test_old_requests_are_forgotten(olgas, crm):
    opened(olgas, crm)
    HostedRequest.objects.update(created_at=now() - timedelta(days=2))

    opened(olgas, crm)

    assert HostedRequest.objects.count() == 1


def test_too_many_requests_wait(olgas, crm, settings):
    settings.ACCOUNT_RATE_LIMITS = django_settings.ACCOUNT_RATE_LIMITS | {"hosted": "2/m/ip"}
    answers = [olgas.get(address(crm)).status_code for _ in range(3)]

    assert answers == [302, 302, 429]
