"""Each way it can end: the person reads why and decides, the application learns one code and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import Application, Membership, Organization
from integrations.hosted_results import GOOD, Result
from integrations.models import AuthorizationRequest, CalendarPolicy, Connection, Grant, HostedRequest
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests import factories, leaks
from tests.integrations.conftest import FRED, PAULA, Consent
from tests.integrations.hosting import ISS, is_open, opened, told

pytestmark = pytest.mark.django_db

NOTHING = "Nothing was stored now, and"


@dataclass
class Way:
    """Olga's, sent by an application. page: the last one that she was shown; codes: all that she came back with."""

    browser: Client
    olga: Membership
    application: Application
    zoom: ZoomSimulator
    settings: Any
    consent: Consent
    here: str
    page: str = ""

    def go(self, path: str) -> Any:
        answer = self.browser.get(path)
        self.page = answer.content.decode()
        return answer

    def to_zoom(self) -> str:
        return str(self.browser.get(f"{self.here}/connect/zoom")["Location"])

    def back(self, **said: str) -> Any:
        """From Zoom, with its answer."""
        state = parse_qs(urlsplit(self.to_zoom()).query)["state"][0]
        return self.go(f"/connect/zoom/callback?{urlencode(said | {'state': state})}")

    def back_as(self, user: str) -> Any:
        return self.go(self.consent(self.to_zoom(), user))


@pytest.fixture
def way(
    olga: Membership, sign_in: Callable[[Membership], Client], zoom: ZoomSimulator, settings: Any, consent: Consent
) -> Way:
    crm, browser = factories.application(name="Tall Ships CRM"), sign_in(olga)
    return Way(browser, olga, crm, zoom, settings, consent, opened(browser, crm))


# --- The ways ---------------------------------------------------------------------------------------------------------


def declines(way: Way) -> None:
    way.back(error="access_denied")


def meets_an_error(way: Way) -> None:
    way.back(error="server_error", error_description="access-secret")


def brings_no_code(way: Way) -> None:
    way.back()


def needs_an_admin(way: Way) -> None:
    way.back(error="consent_required")


def has_a_free_account(way: Way) -> None:
    way.back_as(FRED)


def allows_too_little(way: Way) -> None:
    way.zoom.app().scopes = tuple(scope for scope in way.zoom.app().scopes if scope != "meeting:delete:meeting")
    way.back_as(PAULA)


def comes_while_zoom_is_down(way: Way) -> None:
    back = way.consent(way.to_zoom(), PAULA)
    way.zoom.faults.add("status", path="/oauth/token", status=503)
    way.go(back)


def comes_while_zoom_is_busy(way: Way) -> None:
    back = way.consent(way.to_zoom(), PAULA)
    way.zoom.faults.add("status", path="/v2/users/me", status=429)
    way.go(back)


def brings_a_code_that_is_too_old(way: Way) -> None:
    way.back(code="never-given-out")


def takes_too_long_there(way: Way) -> None:
    back = way.consent(way.to_zoom(), PAULA)
    AuthorizationRequest.objects.update(created_at=now() - timedelta(minutes=10))
    way.go(back)


def meets_wrong_keys(way: Way) -> None:
    back = way.consent(way.to_zoom(), PAULA)
    way.settings.ZOOM_CLIENT_SECRET = "rotated"
    way.go(back)


def meets_no_keys(way: Way) -> None:
    way.settings.ZOOM_CLIENT_ID = ""
    way.go(f"{way.here}/connect/zoom")


def may_not_use_the_service(way: Way) -> None:
    CalendarPolicy.objects.create(organization=way.olga.organization, enabled=False)
    way.go(f"{way.here}/connect/google")


REFUSALS: dict[Callable[[Way], None], Result] = {
    declines: Result.DENIED,
    meets_an_error: Result.PROVIDER_ERROR,
    brings_no_code: Result.PROVIDER_ERROR,
    needs_an_admin: Result.NOT_ADMIN,
    has_a_free_account: Result.NO_PAID_PLAN,
    allows_too_little: Result.PERMISSIONS_MISSING,
    comes_while_zoom_is_down: Result.PROVIDER_UNAVAILABLE,
    comes_while_zoom_is_busy: Result.PROVIDER_UNAVAILABLE,
    brings_a_code_that_is_too_old: Result.EXPIRED,
    takes_too_long_there: Result.EXPIRED,
    meets_wrong_keys: Result.NOT_SET_UP,
    meets_no_keys: Result.NOT_SET_UP,
    may_not_use_the_service: Result.NOT_ALLOWED,
}


def _connects(way: Way) -> None:
    way.back_as(PAULA)


def _uses_what_is_there(way: Way) -> None:
    factories.connection(way.olga)
    way.go(f"{way.here}/use/zoom")


def _is_barred(way: Way) -> None:
    Organization.objects.filter(pk=way.olga.organization_id).update(outside_applications=False)
    way.go(way.here)


def _lacks_a_factor(way: Way) -> None:
    Organization.objects.filter(pk=way.olga.organization_id).update(requires_second_factor=True)
    way.go(way.here)


def _comes_after_an_hour(way: Way) -> None:
    HostedRequest.objects.update(created_at=now() - timedelta(hours=1))
    way.go(way.here)


def _goes_back_at_once(way: Way) -> None:
    way.go(way.here)


ALL = {
    **REFUSALS,
    _connects: Result.CONNECTED,
    _uses_what_is_there: Result.ALREADY_CONNECTED,
    _is_barred: Result.NOT_ALLOWED,
    _lacks_a_factor: Result.SECOND_FACTOR_REQUIRED,
    _comes_after_an_hour: Result.EXPIRED,
    _goes_back_at_once: Result.DENIED,
}


def _named(ways: dict[Callable[[Way], None], Result]) -> list[Any]:
    return [pytest.param(goes, result, id=goes.__name__.strip("_")) for goes, result in ways.items()]


# --- What follows -----------------------------------------------------------------------------------------------------


@pytest.mark.row("CR-8", "CR-9")
@pytest.mark.parametrize(("goes", "result"), _named(REFUSALS))
def test_after_a_refusal_he_reads_why_and_the_application_waits(way, goes, result):
    goes(way)

    assert NOTHING in way.page
    assert f'href="{way.here}?others"' in way.page
    assert f'href="{way.here}/back"' in way.page
    assert is_open()
    assert not Connection.objects.exists()
    assert told(way.browser.get(f"{way.here}/back")) == {"result": result.value, "state": "s-1", "iss": ISS}


@pytest.mark.row("CR-8")
@pytest.mark.parametrize("goes", [declines, has_a_free_account, takes_too_long_there], ids=lambda goes: goes.__name__)
def test_after_a_refusal_he_can_try_again(way, goes):
    goes(way)
    assert f'href="{way.here}/connect/zoom"' in way.page

    assert told(way.back_as(PAULA))["result"] == "conferencing_connected"


def test_a_try_that_was_begun_anew_is_forgotten(way):
    has_a_free_account(way)
    way.to_zoom()

    assert told(way.browser.get(f"{way.here}/back"))["result"] == "denied"


def test_a_way_that_is_begun_again_after_an_answer_used_twice_goes_on(way):
    back = way.consent(way.to_zoom(), FRED)
    way.go(back)
    way.go(back)

    assert "used once already" in way.page
    assert told(way.browser.get(f"{way.here}/back"))["result"] == "expired"


def test_where_the_organization_forbids_outside_applications_nothing_is_connected(way):
    _is_barred(way)
    assert "lets only its own applications make meetings" in way.page

    assert way.browser.get(f"{way.here}/connect/zoom")["Location"] == way.here
    assert way.browser.get(f"{way.here}/use/builtin")["Location"] == way.here
    assert told(way.browser.get(f"{way.here}/back"))["result"] == "not_allowed"


def test_its_own_application_is_welcome_there(way):
    Organization.objects.filter(pk=way.olga.organization_id).update(outside_applications=False)
    here = opened(way.browser, factories.application(way.olga))

    assert told(way.browser.get(f"{here}/use/builtin"))["result"] == "already_connected"


def test_an_organization_that_forbids_it_meanwhile_stops_the_way(way):
    back = way.consent(way.to_zoom(), PAULA)
    Organization.objects.filter(pk=way.olga.organization_id).update(outside_applications=False)

    assert way.browser.get(back).status_code == 404
    assert not Grant.objects.exists()


def test_without_the_second_factor_that_is_asked_for_nothing_is_connected(way):
    _lacks_a_factor(way)
    assert "Set up a second factor" in way.page
    assert way.browser.get(f"{way.here}/connect/zoom")["Location"] == way.here

    factories.authenticator_app(way.olga.user)

    assert told(way.back_as(PAULA))["result"] == "conferencing_connected"


def test_after_an_hour_he_is_only_led_back(way):
    _comes_after_an_hour(way)
    assert "More than an hour went by" in way.page

    for step in ("connect/zoom", "use/builtin"):
        assert way.browser.get(f"{way.here}/{step}").status_code == 410
    assert told(way.browser.get(f"{way.here}/back"))["result"] == "expired"


def test_an_answer_is_given_once(way):
    assert told(way.browser.get(f"{way.here}/use/builtin"))["result"] == "already_connected"

    for step in ("", "/use/builtin", "/connect/zoom", "/back"):
        answer = way.go(f"{way.here}{step}")
        assert answer.status_code == 410
        assert "has its answer already" in way.page
    assert HostedRequest.objects.get().result == "already_connected"


def test_who_has_gone_back_in_another_window_connects_nothing(way):
    back = way.consent(way.to_zoom(), PAULA)
    way.browser.get(f"{way.here}/back")

    assert way.browser.get(back).status_code == 410
    assert not Grant.objects.exists()


def test_every_result_is_reached_and_has_a_sentence():
    assert set(ALL.values()) == set(Result)
    assert all(str(result.label).endswith(".") for result in Result)
    assert {Result.CONNECTED, Result.ALREADY_CONNECTED} == GOOD


@pytest.mark.row("CR-2")
@pytest.mark.parametrize(("goes", "result"), _named(ALL))
def test_nothing_of_the_account_reaches_the_application(way, goes, result):
    """Whatever way it goes: no secret, no code, no id and no address of the account in what sends him back."""
    goes(way)
    if is_open():
        way.browser.get(f"{way.here}/back")
    sent = HostedRequest.objects.get()
    place = sent.result and way.browser.get(f"{way.here}/back").context["back"]

    said = dict(parse_qs(urlsplit(place).query))
    assert set(said) <= {"result", "service", "state", "iss"}
    assert said["result"] == [result.value]
    leaks.assert_none_in(place, "what the application is told")
    people = [way.zoom.user(email) for email in (PAULA, FRED)]
    about = [part for user in people for part in (user.id, user.email, user.email.split("@")[0])]
    about += [*way.zoom.world.codes, str(way.olga.uid), way.olga.user.email]
    about += [str(connection.uid) for connection in Connection.objects.all()]
    assert not [part for part in about if part in place]
