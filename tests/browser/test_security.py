"""A passkey made and used by a device that Chromium plays; and the pages about signing in safely."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Membership, Organization
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser

HOME = "/account/second-factor/"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_a_device(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_a_passkey_signs_in_without_the_password(visit: Visit, olga: Membership) -> None:
    factories.address(olga.user)
    page = visit("phone")
    give_a_device(page)
    host.sign_in(page, olga)
    page.goto(HOME)
    page.get_by_role("link", name="Add a passkey").click()
    host.confirm_password(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_role("button", name="Add passkey").click()
    page.get_by_text("The passkey is added.").wait_for()
    expect(page.locator(".codes li")).to_have_count(10)

    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/schedules")

    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(olga.user.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/schedules")

    page.goto(f"{HOME}webauthn/")
    expect(page.locator(".row", has_text="My phone")).to_contain_text("Signs in alone")


def test_without_a_passkey_the_page_says_that_nothing_happened(visit: Visit, olga: Membership) -> None:
    page = visit()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    unverified = DEVICE | {"hasResidentKey": False, "hasUserVerification": False, "isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": unverified})
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Your browser gave no passkey.")).to_be_visible()


def test_an_app_is_set_up_without_scripts(visit: Visit, olga: Membership, settings) -> None:
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may end in between
    page = visit("phone", java_script_enabled=False)
    host.sign_in(page, olga)
    page.goto(f"{HOME}webauthn/add/")
    host.confirm_password(page)
    expect(page.get_by_text("Passkeys do not work here")).to_be_visible()
    expect(page.get_by_role("button", name="Add passkey")).to_be_hidden()

    page.goto(f"{HOME}totp/activate/")
    secret = page.locator(".copy__text").inner_text().strip()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Authenticator code").fill(code)
    page.get_by_role("button", name="Turn it on").click()

    expect(page.locator(".codes li")).to_have_count(10)


def test_the_pages_about_signing_in_safely(visit: Visit, look: Look, olga: Membership) -> None:
    factories.address(olga.user)
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"})
    elsewhere.post("/account/login/", {"login": olga.user.email, "password": "correct horse battery"})
    page = visit()
    page.goto("/account/login/")
    look(page, "sign-in-passkey")
    page.get_by_label("Email").fill(olga.user.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/schedules")
    show(page, look, {"second-factor-none": HOME, "sessions": "/account/sessions/"})
    show(page, look, {"requirement-none": f"/o/{olga.organization.slug}/settings"})
    page.goto(f"{HOME}totp/activate/")
    look(page, "confirm-password")
    host.confirm_password(page)
    page.get_by_text("scan this picture").wait_for()
    look(page, "totp")
    show(page, look, {"passkey-add": f"{HOME}webauthn/add/", "passkeys-none": f"{HOME}webauthn/"})
    Organization.objects.filter(pk=olga.organization_id).update(requires_second_factor=True)
    show(page, look, {"second-factor-asked": "/dashboard/"})

    factories.authenticator_app(olga.user)
    key = factories.passkey(olga.user)
    ways = ["recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/"]
    ways += [f"webauthn/keys/{key.pk}/edit/", f"webauthn/keys/{key.pk}/remove/"]
    show(page, look, {"second-factor": HOME, "requirement": f"/o/{olga.organization.slug}/settings"})
    show(page, look, {re.sub(r"\W+|\d+", "-", way).strip("-"): HOME + way for way in ways})
    key.delete()
    show(page, look, {"second-factor-again": f"{HOME}reauthenticate/"})
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(olga.user.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("One more step").first.wait_for()
    look(page, "second-step")


def show(page: Page, look: Look, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        page.goto(path)
        look(page, f"security-{name}")
