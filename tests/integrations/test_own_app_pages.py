"""The pages where an organization's admins bring their own apps, as a browser without scripts goes through them."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from accounts.models import Membership
from integrations import own_apps
from integrations.models import Connection, VendorApp
from integrations.providers.zoom.provider import Zoom
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import APP_KINDS, AppKind
from tests import factories

APPS = "/o/{slug}/integrations/zoom/apps"
CALLBACKS = {"personal": "/connect/zoom/callback", "organization": "/connect/zoom/organization/callback"}


@pytest.fixture
def admin(adam: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(adam)


@pytest.fixture
def apps(olga: Membership) -> str:
    return APPS.format(slug=olga.organization.slug)


@pytest.fixture
def known(zoom: ZoomSimulator) -> dict[str, str]:
    """What an admin copies from an app that is registered as the page told him."""
    zoom.add_app("own-personal", "personal-secret", ["http://testserver" + CALLBACKS["personal"]], account="Acme")
    return {"client_id": "own-personal", "client_secret": "personal-secret"}


@pytest.fixture
def server(zoom: ZoomSimulator) -> dict[str, str]:
    made = zoom.add_app("own-server", "server-secret", kind="server_to_server", account="Acme")
    return {"client_id": "own-server", "client_secret": "server-secret", "account_id": made.account_id}


def text_of(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_overview_says_for_each_kind_which_app_is_in_force(admin, olga, apps):
    factories.vendor_app(olga, kind="personal", client_id="ours")

    said = text_of(admin.get(apps))

    assert "Your own app is used" in said
    assert "This Bridge’s own app is used" in said
    assert "Not set up" in said
    assert "ours" in said


@pytest.mark.parametrize("kind", ["personal", "organization"])
def test_the_exact_addresses_are_there_to_copy(admin, olga, apps, kind):
    shown = text_of(admin.get(f"{apps}/{kind}"))

    key = own_apps.address_key(olga.organization, "zoom", AppKind(kind))
    assert f"http://testserver{CALLBACKS[kind]} " in shown
    assert f"http://testserver/webhooks/zoom/{key} " in shown


def test_server_credentials_need_no_redirect_address(admin, apps):
    shown = text_of(admin.get(f"{apps}/server"))

    assert "/callback" not in shown
    assert "Account ID" in shown


@pytest.mark.parametrize("kind", APP_KINDS)
def test_the_scopes_to_tick_are_those_that_bridge_asks_for(admin, apps, kind):
    shown = text_of(admin.get(f"{apps}/{kind.value}"))

    assert [scope.name for scope in Zoom().scopes(kind) if scope.name not in shown] == []


def test_right_keys_are_kept_and_called_checked(admin, apps, known):
    answer = admin.post(f"{apps}/personal", known, follow=True)

    assert "Checked: nothing is missing." in text_of(answer)
    assert VendorApp.objects.get().client_id == "own-personal"


def test_secrets_are_never_shown_again(admin, apps, known):
    answer = admin.post(f"{apps}/personal", known | {"webhook_secret": "hook-token"}, follow=True)

    assert "Set. Leave this empty to keep it." in text_of(answer)
    assert "personal-secret" not in answer.content.decode()
    assert "hook-token" not in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"client_secret": "wrong"}, "does not know this client ID with this secret"),
        ({"client_secret": ""}, "Please copy the client secret too."),
        ({"client_id": ""}, "This field is required."),
        ({"client_id": "two words"}, "This is no key"),
        ({"client_id": "ключ"}, "This is no key"),
        ({"client_secret": "x" * 3000}, "This is too long to be a key."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(admin, apps, known, wrong, sentence):
    answer = admin.post(f"{apps}/personal", known | wrong)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not VendorApp.objects.exists()


def test_a_provider_that_is_down_does_not_lose_what_was_typed(admin, apps, known, zoom):
    zoom.faults.add("status", status=503)

    said = text_of(admin.post(f"{apps}/personal", known, follow=True))

    assert "It could not be checked just now." in said
    assert "Not checked yet" in said
    zoom.faults.clear()
    assert "Checked: nothing is missing." in text_of(admin.post(f"{apps}/personal/check", follow=True))
    assert "Not checked yet" not in text_of(admin.get(f"{apps}/personal"))


def test_server_credentials_connect_the_organization_on_saving(admin, olga, apps, server):
    answer = admin.post(f"{apps}/server", server, follow=True)

    assert answer.redirect_chain[-1][0] == f"/o/{olga.organization.slug}/integrations/zoom"
    assert "Zoom is connected for your organization." in text_of(answer)
    assert Connection.objects.get().membership is None


def test_another_client_is_refused_while_accounts_hang_on_the_first(admin, mina, apps, known, zoom, connect_zoom):
    admin.post(f"{apps}/personal", known)
    connect_zoom(mina)
    zoom.add_app("newer", "newer-keys", ["http://testserver" + CALLBACKS["personal"]], account="Acme")

    answer = admin.post(f"{apps}/personal", {"client_id": "newer", "client_secret": "newer-keys"})

    assert "Accounts are connected by the present app." in text_of(answer)
    assert VendorApp.objects.get().client_id == "own-personal"


def test_removing_names_first_what_hangs_on_it(admin, mina, apps, known, connect_zoom, after_commit):
    admin.post(f"{apps}/personal", known)
    connect_zoom(mina)

    asked = text_of(admin.get(f"{apps}/personal/remove"))

    assert "1 account is connected by this app" in asked
    assert "Mina Sol" in asked
    with after_commit():
        admin.post(f"{apps}/personal/remove")
    assert not VendorApp.objects.exists()
    assert not Connection.objects.exists()


@pytest.mark.parametrize("path", ["/other", "/personal/remove", "/personal/check"])
def test_what_is_not_there_is_not_found(admin, apps, path):
    assert admin.post(apps + path).status_code == 404


def test_an_app_of_another_organization_cannot_be_reached(admin, mallory, apps):
    factories.vendor_app(mallory, kind="personal", client_id="theirs")

    assert "theirs" not in text_of(admin.get(apps))
    assert admin.get(f"{apps}/personal/remove").status_code == 404
