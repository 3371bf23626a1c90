"""An authorised session: repeats once after a refused token, tells failures apart, and says no secrets."""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from django.db import transaction
from django.utils.timezone import now

from accounts import encryption
from accounts.models import Membership
from integrations import conferencing, connections, grants, sessions, stand_ins
from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RequestRejected
from integrations.models import AuthorizationRequest, Connection, Grant, GrantStatus
from integrations.providers.zoom.provider import Zoom
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import AppKind
from outbox import intents
from tests.integrations.conftest import PAULA, REQUEST, ConnectZoom


@pytest.fixture
def connection(db: None, olga: Membership, connect_zoom: ConnectZoom) -> Connection:
    return connect_zoom(olga)


@pytest.fixture
def oauth_libraries_heard(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """At their own loggers, before the console redacts what it is told."""
    loggers = [logging.getLogger(name) for name in ("requests_oauthlib", "oauthlib")]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    yield
    for logger in loggers:
        logger.removeHandler(caplog.handler)


def paths(zoom: ZoomSimulator) -> list[str]:
    return [call.path for call in zoom.calls]


def test_a_refused_token_is_renewed_and_the_call_repeated_once(connection, zoom):
    zoom.advance(hours=2)  # Zoom's clock, not ours: we think the token is fresh

    created = conferencing.create_meeting(connection, REQUEST)

    assert [str(meeting.id) for meeting in zoom.meetings(PAULA)] == [created.external_id]
    assert paths(zoom)[-3:] == ["/v2/users/me/meetings", "/oauth/token", "/v2/users/me/meetings"]


def test_a_token_that_another_worker_has_just_rotated_away_is_no_end(connection, zoom):
    with sessions.of(connection) as http:
        old = http.credential.token()
        grants.renew(Grant.objects.get(pk=connection.grant.pk))
        http.credential.token = lambda: old

        assert http.get("/users/me").json()["email"] == PAULA


def test_a_second_refusal_of_a_fresh_token_ends_the_grant(connection, zoom, settings):
    """Zoom renews, but takes none of its own tokens."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        wire.add_passthru(settings.ZOOM_OAUTH_URL + "/oauth")
        refusal = {"code": 124, "message": "Invalid access token."}
        wire.post(settings.ZOOM_API_URL + "/users/me/meetings", json=refusal, status=401)

        with pytest.raises(AuthorizationLost):
            conferencing.create_meeting(connection, REQUEST)

        assert sum("/users/me/meetings" in call.request.url for call in wire.calls) == 2
    grant = Grant.objects.get(pk=connection.grant.pk)
    assert grant.status == GrantStatus.ENDED
    assert grant.sealed_access_token == ""


def test_an_uninstall_at_zoom_is_noticed_at_the_next_call(connection, zoom):
    zoom.uninstall(PAULA)

    with pytest.raises(AuthorizationLost):
        conferencing.create_meeting(connection, REQUEST)

    assert Grant.objects.get().status == GrantStatus.REVOKED


def test_a_missing_scope_is_never_taken_for_an_expired_token(connection, zoom):
    zoom.app().scopes = tuple(scope for scope in zoom.app().scopes if scope != "meeting:delete:meeting")
    created = conferencing.create_meeting(connection, REQUEST)
    zoom.world.grants[zoom.app().client_id, zoom.user(PAULA).id].scopes = zoom.app().scopes

    with pytest.raises(AuthorizationLost) as caught:
        conferencing.delete_meeting(connection, created.external_id)

    grant = Grant.objects.get()
    assert "meeting:delete:meeting" in caught.value.missing_scopes
    assert grant.status == GrantStatus.ACTIVE
    assert Zoom().missing_scopes(frozenset(grant.scopes), AppKind.PERSONAL) == {"meeting:delete:meeting"}
    assert paths(zoom).count("/oauth/token") == 1


def test_a_scope_that_an_older_app_lacks_is_recorded_in_the_newer_names(connection, settings):
    Grant.objects.update(scopes=["meeting:write", "meeting:read", "user:read"])
    refusal = {"code": 4711, "message": "Invalid access token, does not contain scopes:[meeting:delete:meeting]."}
    with responses.RequestsMock() as wire:
        wire.delete(settings.ZOOM_API_URL + "/meetings/123", json=refusal, status=400)
        with pytest.raises(AuthorizationLost):
            conferencing.delete_meeting(connection, "123")

    assert Zoom().missing_scopes(frozenset(Grant.objects.get().scopes), AppKind.PERSONAL) == {"meeting:delete:meeting"}


@pytest.mark.row("CR-12")
def test_a_connection_that_was_disconnected_meanwhile_makes_no_meeting(connection, mina, zoom, connect_zoom):
    connect_zoom(mina)  # the grant lives on
    Connection.objects.filter(pk=connection.pk).delete()

    with pytest.raises(AuthorizationLost):
        conferencing.create_meeting(connection, REQUEST)

    assert zoom.meetings(PAULA) == []


def test_what_worked_last_is_noted(connection, zoom):
    Grant.objects.update(last_call="", last_call_at=None)

    conferencing.create_meeting(connection, REQUEST)

    grant = Grant.objects.get()
    assert grant.last_call == "made"
    assert now() - grant.last_call_at < timedelta(minutes=1)


def test_what_failed_is_not_noted(connection, zoom):
    Grant.objects.update(last_call="", last_call_at=None)
    zoom.faults.add("status", path="/v2/*", status=500)

    with pytest.raises(ProviderUnavailable):
        conferencing.create_meeting(connection, REQUEST)

    assert Grant.objects.get().last_call == ""


def test_a_connection_that_is_refused_never_reached_zoom(connection, zoom, settings):
    settings.ZOOM_API_URL = "http://127.0.0.1:9/v2"

    with pytest.raises(ProviderUnavailable) as caught:
        conferencing.create_meeting(connection, REQUEST)

    assert caught.value.reached is False


def test_a_name_that_is_not_found_never_reached_zoom(connection, zoom, settings, monkeypatch):
    settings.ZOOM_API_URL = "http://nowhere.invalid/v2"

    with pytest.raises(ProviderUnavailable) as caught:
        conferencing.create_meeting(connection, REQUEST)

    assert caught.value.reached is False


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "truncated", "empty"])
def test_a_call_that_breaks_off_may_have_taken_effect(connection, zoom, fault):
    zoom.faults.add(fault, path="/v2/users/me/meetings", times=1)

    with pytest.raises(ProviderUnavailable) as caught:
        conferencing.create_meeting(connection, REQUEST)

    assert caught.value.reached is True
    assert paths(zoom).count("/v2/users/me/meetings") == 1  # nobody repeated it on his own


def test_a_slow_answer_is_given_up_and_may_have_taken_effect(connection, zoom, settings):
    settings.PROVIDER_TIMEOUT = (1.0, 0.2)
    zoom.faults.add("late_answer", path="/v2/users/me/meetings", seconds=1.0)

    with pytest.raises(ProviderUnavailable, match="too long") as caught:
        conferencing.create_meeting(connection, REQUEST)

    assert caught.value.reached is True


def test_a_redirect_does_not_carry_our_token_away(connection, settings):
    with responses.RequestsMock() as wire:
        wire.get(settings.ZOOM_API_URL + "/users/me", status=302, headers={"Location": "https://evil.example/"})

        with pytest.raises(ProviderUnavailable), sessions.of(connection) as http:
            http.get("/users/me")

        assert len(wire.calls) == 1


def test_a_netrc_of_the_machine_does_not_replace_our_token(connection, zoom, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))

    with sessions.of(connection) as http:
        assert http.get("/users/me").status_code == 200


GLOBAL = "https://api.zoom.us/v2"
HTTP_ALLOWED = "OAUTHLIB_INSECURE_TRANSPORT"


@pytest.mark.parametrize(
    ("named", "root"),
    [
        ("", GLOBAL),
        ("https://api.zoom.us", GLOBAL),
        ("https://api-eu.zoom.us", "https://api-eu.zoom.us/v2"),
        ("https://acme.zoom.us", "https://acme.zoom.us/v2"),
        ("http://api-eu.zoom.us", GLOBAL),
        ("https://api-eu.zoom.us:8443", GLOBAL),
        ("https://zoom.us.evil.example", GLOBAL),
        ("https://evilzoom.us", GLOBAL),
        ("https://evil.example/.zoom.us", GLOBAL),
        ("https://api.zoom.us@evil.example", GLOBAL),
        ("https://169.254.169.254", GLOBAL),
        ("file:///etc/passwd", GLOBAL),
        ("nonsense", GLOBAL),
    ],
)
def test_only_zooms_own_regional_addresses_are_believed(settings, named, root):
    settings.ZOOM_API_URL = GLOBAL

    assert Zoom().api_root(named) == root


@pytest.mark.parametrize("named", ["https://api.zoom.us", "https://api-eu.zoom.us", "https://evil.example"])
def test_a_stand_in_is_never_left_for_the_real_zoom(settings, named):
    settings.ZOOM_API_URL = "http://127.0.0.1:8000/simulators/zoom/v2"

    assert Zoom().api_root(named) == "http://127.0.0.1:8000/simulators/zoom/v2"


@pytest.mark.row("CR-16")
def test_no_log_and_no_error_shows_a_secret(connection, zoom, caplog, olga, connect_zoom, settings):
    caplog.set_level(logging.DEBUG)
    known = {connection.grant.access_token, connection.grant.refresh_token, settings.ZOOM_CLIENT_SECRET}
    created = conferencing.create_meeting(connection, REQUEST)
    known |= {created.join_url, created.passcode, created.join_url.partition("pwd=")[2]}
    connect_zoom(olga)
    Grant.objects.update(expires_at=now())
    told = []
    for fault in ("status", "truncated", "drop_after", "rate_limit"):
        zoom.faults.clear()
        zoom.faults.add(fault, path="/oauth/token", times=1)
        zoom.faults.add(fault, path="/v2/*", times=1)
        for _ in range(2):
            try:
                conferencing.update_meeting(connection, created.external_id, REQUEST)
            except Exception as error:
                told += [str(error), repr(error), getattr(error, "detail", ""), repr(error.__cause__)]
    stored = Grant.objects.get()
    known |= {stored.access_token, stored.refresh_token} - {""}

    said = "\n".join([caplog.text, *told])

    assert said
    assert [secret for secret in known if secret and secret in said] == []


@pytest.mark.row("CR-16")
def test_even_where_everything_is_logged_the_oauth_libraries_tell_no_token(
    olga, sign_in, consent, zoom, settings, caplog, oauth_libraries_heard
):
    caplog.set_level(logging.DEBUG)  # as with LOG_LEVEL=DEBUG
    browser = sign_in(olga)
    back = consent(browser.get("/connect/zoom")["Location"], PAULA)
    asked = AuthorizationRequest.objects.get()
    browser.get(back)
    known = {encryption.decrypt(asked.sealed_verifier, owner=asked.state_hash), *parse_qs(urlsplit(back).query)["code"]}
    connection = Connection.objects.get()
    for _twice in range(2):
        grant = Grant.objects.get()
        known |= {grant.access_token, grant.refresh_token, settings.ZOOM_CLIENT_SECRET}
        conferencing.list_meetings(connection)
        grants.renew(grant)
    connections.disconnect(connection, by=olga.user)
    intents.drain()

    assert "/v2/users/me/meetings" in caplog.text
    assert [secret for secret in known if secret in caplog.text] == []


@pytest.mark.parametrize("name", ["ZOOM_OAUTH_URL", "ZOOM_API_URL"])
def test_http_is_spoken_only_where_a_provider_of_the_settings_speaks_it(settings, monkeypatch, name):
    monkeypatch.delenv(HTTP_ALLOWED, raising=False)
    for address in settings.PROVIDER_ADDRESSES:
        setattr(settings, address, "https://provider.example")
    stand_ins.allow_http()
    assert HTTP_ALLOWED not in os.environ

    setattr(settings, name, "http://127.0.0.1:9000")
    stand_ins.allow_http()
    assert HTTP_ALLOWED in os.environ


def test_zooms_tracking_id_is_logged(connection, settings, caplog):
    caplog.set_level(logging.INFO)
    with responses.RequestsMock() as wire:
        wire.get(settings.ZOOM_API_URL + "/users/me", json={}, headers={"X-Zm-TrackingId": "v=2.0;clid=us04;rid=WEB_1"})
        with sessions.of(connection) as http:
            http.get("/users/me")

    assert "rid=WEB_1" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_no_call_is_made_inside_a_transaction(olga, connect_zoom, zoom):
    connection = connect_zoom(olga)

    with pytest.raises(RuntimeError), transaction.atomic():
        conferencing.create_meeting(connection, REQUEST)

    assert zoom.meetings(PAULA) == []


def test_a_broken_answer_of_a_stranger_in_between_is_no_verdict_of_zoom(connection, settings):
    """A gateway's 404 in HTML must not pass for a deleted meeting."""
    with responses.RequestsMock() as wire:
        wire.delete(settings.ZOOM_API_URL + "/meetings/123", status=404, body="<html>not here</html>")

        with pytest.raises(ProviderUnavailable):
            conferencing.delete_meeting(connection, "123")


def test_an_error_that_is_zooms_own_is_a_verdict(connection, zoom):
    with pytest.raises(RequestRejected) as caught:
        conferencing.update_meeting(connection, "12345678901", REQUEST)

    assert caught.value.missing is True
