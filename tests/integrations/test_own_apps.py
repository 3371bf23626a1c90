"""An organization's own apps: what is kept, what the provider says to them, what hangs on them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db import connections as databases
from django.utils.timezone import now

from accounts.models import AuditEntry, Membership
from integrations import conferencing, grants, own_apps, vendor_app_checks, vendor_apps
from integrations.models import Connection, Grant, VendorApp
from integrations.providers.zoom.provider import Zoom
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import APP_KINDS, App, AppKind
from tests import factories
from tests.integrations.conftest import PEDRO, REQUEST

OWN_CALLBACK = "http://testserver/connect/zoom/callback"


@pytest.fixture
def server(zoom: ZoomSimulator) -> App:
    """Acme's server-to-server app, as its admin would type it."""
    made = zoom.add_app("own-server", "server-secret", kind="server_to_server", account="Acme")
    return App("zoom", AppKind.SERVER, "own-server", "server-secret", account_id=made.account_id)


@pytest.fixture
def personal(zoom: ZoomSimulator) -> App:
    zoom.add_app("own-personal", "personal-secret", [OWN_CALLBACK], account="Acme")
    return App("zoom", AppKind.PERSONAL, "own-personal", "personal-secret")


@pytest.fixture
def connected(olga: Membership, server: App) -> Connection:
    """Harbour, by server-to-server credentials."""
    return own_apps.connect(own_apps.keep(olga.organization, server, by=olga.user), by=olga.user)


def token_requests(zoom: ZoomSimulator) -> int:
    return sum(call.path == "/oauth/token" for call in zoom.calls)


def test_the_installations_app_serves_where_there_is_no_own_one(olga, settings):
    app = vendor_apps.app_for(olga.organization, Zoom(), AppKind.PERSONAL)

    assert (app.client_id, app.own) == (settings.ZOOM_CLIENT_ID, None)


def test_an_own_app_goes_before_the_installations_and_serves_nobody_else(olga, mallory, personal):
    own = own_apps.keep(olga.organization, personal, by=olga.user)

    assert vendor_apps.app_for(olga.organization, Zoom(), AppKind.PERSONAL).own == own.pk
    assert vendor_apps.app_for(mallory.organization, Zoom(), AppKind.PERSONAL).own is None


def test_a_member_connects_by_the_own_app(olga, mina, personal, connect_zoom, zoom):
    own = own_apps.keep(olga.organization, personal, by=olga.user)

    connection = connect_zoom(mina)

    assert (connection.grant.client_id, connection.grant.app) == ("own-personal", own)
    assert conferencing.create_meeting(connection, REQUEST).join_url


def test_an_own_app_is_renewed_with_its_own_keys(olga, mina, personal, connect_zoom):
    own_apps.keep(olga.organization, personal, by=olga.user)
    connection = connect_zoom(mina)
    Grant.objects.update(expires_at=now() - timedelta(minutes=1))

    assert grants.access_token(connection.grant)


@pytest.mark.parametrize("kind", ["personal", "server"])
def test_secrets_are_sealed_and_an_empty_one_stays_as_it_was(olga, request, kind):
    app: App = request.getfixturevalue(kind)
    own_apps.keep(olga.organization, app, by=olga.user)

    typed = App("zoom", app.kind, app.client_id, "", webhook_secret="token", account_id=app.account_id)
    own = own_apps.keep(olga.organization, typed, by=olga.user)

    assert app.client_secret not in own.sealed_client_secret
    assert (own.app.client_secret, own.app.webhook_secret) == (app.client_secret, "token")
    assert VendorApp.objects.count() == 1


def test_the_audit_log_tells_who_saved_what_without_secrets(olga, personal):
    own_apps.keep(olga.organization, personal, by=olga.user)

    entry = AuditEntry.objects.filter(act="app.saved").get()
    assert (entry.by, entry.subject) == (olga.user, "own-personal")
    assert "secret" not in str(entry.details)


def test_the_webhook_address_is_known_before_and_stays(olga, personal):
    planned = own_apps.address_key(olga.organization, "zoom", AppKind.PERSONAL)

    own = own_apps.keep(olga.organization, personal, by=olga.user)

    assert own.uid == planned == own_apps.address_key(olga.organization, "zoom", AppKind.PERSONAL)


def test_each_kind_and_organization_has_a_webhook_address_of_its_own(olga, mallory):
    keys = {own_apps.address_key(who.organization, "zoom", kind) for who in (olga, mallory) for kind in APP_KINDS}

    assert len(keys) == 6


def test_rotating_the_encryption_key_writes_the_secrets_anew(olga, personal, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    own = own_apps.keep(olga.organization, personal, by=olga.user)
    settings.ENCRYPTION_KEYS = [new, old]

    call_command("rotate_encryption_key")

    settings.ENCRYPTION_KEYS = [new]
    own.refresh_from_db()
    assert own.app.client_secret == "personal-secret"


def test_rotating_names_an_app_whose_secrets_no_key_opens(olga, personal, settings):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    own = own_apps.keep(olga.organization, personal, by=olga.user)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match=str(own.pk)):
        call_command("rotate_encryption_key")


# --- The check on saving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("kind", ["personal", "server"])
def test_a_wrong_secret_is_named(request, zoom, kind, status):
    app: App = request.getfixturevalue(kind)
    zoom.switches.client_error_status = status
    wrong = App("zoom", app.kind, app.client_id, "wrong", account_id=app.account_id)

    finding = vendor_app_checks.check(wrong)

    assert finding is not None
    assert (finding.field, finding.certain) == ("client_secret", True)


@pytest.mark.parametrize("kind", ["personal", "server"])
def test_the_right_keys_pass(request, kind):
    assert vendor_app_checks.check(request.getfixturevalue(kind)) is None


def test_a_wrong_account_is_named(server):
    finding = vendor_app_checks.check(App("zoom", AppKind.SERVER, "own-server", "server-secret", account_id="other"))

    assert finding is not None
    assert finding.certain
    assert "account" in finding.sentence.lower()


def test_missing_scopes_are_named_in_words(zoom, server):
    zoom.app("own-server").scopes = tuple(
        scope for scope in zoom.app("own-server").scopes if scope != "meeting:delete:meeting:admin"
    )

    finding = vendor_app_checks.check(server)

    assert finding is not None
    assert "Remove that meeting" in finding.sentence


def test_a_provider_that_is_down_leaves_it_unchecked(zoom, personal):
    zoom.faults.add("status", status=503)

    finding = vendor_app_checks.check(personal)

    assert finding is not None
    assert finding.certain is False


# --- Server-to-server -------------------------------------------------------------------------------------------------


def test_credentials_alone_connect_the_organization(olga, connected, zoom):
    assert (connected.membership, connected.grant.kind) == (None, "server")
    assert connected.is_usable
    assert AuditEntry.objects.filter(act="connection.connected").exists()


def test_a_member_hosts_his_own_meeting_and_nobody_is_me(olga, mina, connected, zoom):
    zoom.add_user(mina.user.email, account="Acme")

    created = conferencing.create_meeting(connected, REQUEST, host=mina.user)

    assert zoom.meeting(created.external_id).host_id == zoom.user(mina.user.email).id
    assert [call.path for call in zoom.calls if "/users/me" in call.path] == []


def test_fifty_users_of_expired_credentials_ask_for_one_token(transactional_db, olga, connected, zoom):
    Grant.objects.update(expires_at=now() - timedelta(minutes=1))
    before = token_requests(zoom)

    def use(_number: int) -> str:
        try:
            return grants.access_token(Grant.objects.get())
        finally:
            databases.close_all()

    with ThreadPoolExecutor(50) as pool:
        tokens = set(pool.map(use, range(50)))

    assert (len(tokens), token_requests(zoom) - before) == (1, 1)


def test_connecting_again_renews_the_same_connection(olga, connected):
    again = own_apps.connect(VendorApp.objects.get(), by=olga.user)

    assert again == connected
    assert Grant.objects.count() == 1


# --- Removing, and two organizations with one client ------------------------------------------------------------------


def test_removing_the_app_disconnects_what_hangs_on_it_and_nothing_else(
    olga, mina, personal, connect_zoom, after_commit
):
    installations = connect_zoom(olga)
    own = own_apps.keep(olga.organization, personal, by=olga.user)
    connect_zoom(mina, PEDRO)

    with after_commit():
        own_apps.remove(own, by=olga.user)

    assert list(Connection.objects.all()) == [installations]
    assert not VendorApp.objects.exists()


def test_another_client_does_not_take_the_place_of_one_that_is_used(olga, mina, personal, connect_zoom):
    own_apps.keep(olga.organization, personal, by=olga.user)
    connect_zoom(mina)

    with pytest.raises(own_apps.StillUsed):
        own_apps.keep(olga.organization, App("zoom", AppKind.PERSONAL, "other", "secret"), by=olga.user)

    assert VendorApp.objects.get().client_id == "own-personal"


def test_two_organizations_with_one_client_share_the_grant_and_part_in_peace(olga, mallory, personal, connect_zoom):
    claimant = factories.membership(factories.user("zed@example.net", custom_url="zed-claims"))
    claimed = App("zoom", AppKind.PERSONAL, "own-personal", "guessed")
    own_apps.keep(claimant.organization, claimed, by=claimant.user)
    mine = own_apps.keep(olga.organization, personal, by=olga.user)
    theirs = own_apps.keep(mallory.organization, personal, by=mallory.user)
    connect_zoom(mallory)
    connection = connect_zoom(olga)
    assert connection.grant.app == mine

    own_apps.remove(mine, by=olga.user)

    kept = Grant.objects.get()
    assert kept.app == theirs
    assert conferencing.create_meeting(Connection.objects.get(), REQUEST).join_url


def test_claiming_anothers_client_with_a_wrong_secret_harms_nobody(olga, mallory, personal, connect_zoom):
    own_apps.keep(olga.organization, personal, by=olga.user)
    connection = connect_zoom(olga)
    claimed = App("zoom", AppKind.PERSONAL, "own-personal", "guessed")

    own_apps.keep(mallory.organization, claimed, by=mallory.user)

    false = vendor_apps.app_for(mallory.organization, Zoom(), AppKind.PERSONAL)
    assert not vendor_apps.serves(false, connection.grant)
    Grant.objects.update(expires_at=now() - timedelta(minutes=1))
    assert grants.access_token(connection.grant)


def test_an_app_that_is_exchanged_keeps_no_grant_of_the_old_one(olga, personal, connect_zoom):
    own = own_apps.keep(olga.organization, personal, by=olga.user)
    connection = connect_zoom(olga)
    VendorApp.objects.filter(pk=own.pk).update(client_id="another")

    with pytest.raises(vendor_apps.Exchanged):
        vendor_apps.app_of(Grant.objects.get(pk=connection.grant.pk))


# --- The database -----------------------------------------------------------------------------------------------------


def broken(olga: Membership, **fields: Any) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        factories.vendor_app(olga, **fields)
    return str(caught.value)


def test_an_organization_has_one_own_app_of_a_kind(olga):
    factories.vendor_app(olga)

    assert "one_own_app_of_a_kind" in broken(olga) or "UNIQUE" in broken(olga)


def test_the_kind_of_an_app_is_known(olga):
    assert "app_kind_is_known" in broken(olga, kind="other")


def test_server_credentials_name_their_account(olga):
    assert "server_app_names_its_account" in broken(olga, kind="server")
