"""Every URL, as everyone: a URL without a declared access class fails the suite."""

import re

import pytest
from django.test import Client

from integrations.models import Connection
from tests import addresses as addresses_of

PUBLIC, FLOW, MEMBERS, HARBOUR, OLGAS, SECRET = "public", "flow", "members", "harbour", "olgas", "secret"
ADMINS, OWNERS = "admins", "owners"
OWN = "own"
"""All; in the middle of signing in; signed in; in the organization; Olga alone; who has the link.
Of the organization: its admins and owners; its owners. Members are told that their role does not include it.
Of what somebody has himself: signed in, and who has none finds nothing (tests/accounts/test_second_factor.py).
"""

ACCESS = {
    "home": PUBLIC,
    "help_zoom": PUBLIC,
    "help_organization_zoom": PUBLIC,
    "developers": PUBLIC,
    "developers_reference": PUBLIC,
    "developers_webhooks": PUBLIC,
    "developers_errors": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "mailbox": PUBLIC,  # the try-out's only; tests/accounts/test_emails.py
    "mailbox_email": PUBLIC,
    "mailbox_html": PUBLIC,
    "mailbox_attachment": PUBLIC,
    "account_login": PUBLIC,
    "account_signup": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_email_verification_sent": FLOW,
    "account_reset_password": PUBLIC,
    "account_confirm_login_code": FLOW,
    "account_confirm_password_reset_code": FLOW,
    "account_password_reset_completed": PUBLIC,
    "account_complete_password_reset": PUBLIC,
    "account_email": MEMBERS,
    "account_change_password": MEMBERS,
    "account_set_password": MEMBERS,
    "account_reauthenticate": MEMBERS,
    "mfa_index": MEMBERS,
    "mfa_authenticate": FLOW,
    "mfa_reauthenticate": MEMBERS,
    "mfa_activate_totp": MEMBERS,
    "mfa_deactivate_totp": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_download_recovery_codes": OWN,
    "mfa_generate_recovery_codes": MEMBERS,
    "mfa_list_webauthn": MEMBERS,
    "mfa_add_webauthn": MEMBERS,
    "mfa_reauthenticate_webauthn": MEMBERS,
    "mfa_remove_webauthn": OWN,
    "mfa_edit_webauthn": OWN,
    "mfa_login_webauthn": FLOW,  # scripts ask it for a question; everybody else is led to the form
    "usersessions_list": MEMBERS,
    "session_end": MEMBERS,  # by POST alone; tests/accounts/test_sessions_list.py
    "require_second_factor": ADMINS,
    "profile": MEMBERS,
    "calendar": HARBOUR,
    "event": OLGAS,
    "event_delete": OLGAS,
    "contacts": HARBOUR,
    "contact_save": HARBOUR,  # by POST alone; tests/scheduling/test_contacts.py
    "contact_suggestions": HARBOUR,
    "calendars": MEMBERS,
    "calendars_switch": MEMBERS,
    "calendars_sync": MEMBERS,
    "feed": MEMBERS,
    "feed_renew": MEMBERS,  # by POST alone; tests/scheduling/test_feeds.py
    "feed_end": MEMBERS,
    "feed_file": SECRET,
    "delegates": MEMBERS,
    "delegate_limit": MEMBERS,  # by POST alone, and for one's own alone; tests/accounts/test_delegations.py
    "delegate_take_back": MEMBERS,
    "api_keys": MEMBERS,
    "api_key_new": MEMBERS,  # asks for the password first
    "api_key_revoke": MEMBERS,  # by POST alone, and for one's own alone; tests/accounts/test_api_keys.py
    "oauth_authorize": MEMBERS,
    "oauth_token": PUBLIC,  # by POST alone, with the application's secret; tests/accounts/test_oauth_server.py
    "oauth_revoke": PUBLIC,
    "oauth_introspect": PUBLIC,
    "oauth_metadata": PUBLIC,
    "application_logo": MEMBERS,
    "applications": HARBOUR,
    "application": OLGAS,
    "application_new": HARBOUR,
    "application_secret": OLGAS,
    "application_former_secret": OLGAS,
    "application_delete": OLGAS,
    "application_state": ADMINS,
    "application_end": ADMINS,
    "applications_rules": ADMINS,
    "connected_applications": MEMBERS,
    "consent_end": MEMBERS,  # by POST alone; tests/accounts/test_consents.py
    "webhooks": OLGAS,
    "webhook_new": OLGAS,
    "webhook_one": OLGAS,
    "webhook_edit": OLGAS,
    "webhook_secret": OLGAS,
    "webhook_act": OLGAS,  # by POST alone; tests/scheduling/test_webhook_pages.py
    "webhook_delivery": OLGAS,
    "webhook_send_again": OLGAS,  # by POST alone
    "custom_url": MEMBERS,
    "custom_url_check": MEMBERS,
    "organizations": MEMBERS,
    "invitation_accept": MEMBERS,  # 404 unless one is invited; tests/accounts/test_invitation_answers.py
    "invitation": SECRET,
    "organization_switch": HARBOUR,
    "organization_settings": ADMINS,
    "leave": HARBOUR,
    "members": HARBOUR,
    "invite": ADMINS,
    "member": ADMINS,
    "member_hand_over": OWNERS,
    "member_remove": ADMINS,
    "invitation_resend": ADMINS,
    "invitation_withdraw": ADMINS,
    "audit_log": ADMINS,
    "audit_table": ADMINS,
    "audit_chain": ADMINS,
    "audit_verify": ADMINS,
    "teams": HARBOUR,
    "team_new": ADMINS,
    "team": ADMINS,
    "team_delete": ADMINS,
    "conferencing": MEMBERS,
    "add_conferencing": MEMBERS,
    "make_default": MEMBERS,
    "hosted_begin": PUBLIC,
    "hosted": PUBLIC,  # in the browser that began it alone; tests/integrations/test_hosted_attacks.py
    "hosted_organization": PUBLIC,
    "hosted_connect": PUBLIC,
    "hosted_use": PUBLIC,
    "hosted_leave": PUBLIC,
    "hosted_sign_out": PUBLIC,
    "connect": MEMBERS,
    "connect_callback": MEMBERS,
    "disconnect": OLGAS,
    "connection": OLGAS,
    "connection_test": OLGAS,
    "connection_reconnect": OLGAS,
    "organization_health": ADMINS,
    "organization_health_test": ADMINS,
    "seat_remove": HARBOUR,
    "seat_take_back": MEMBERS,  # by POST alone; tests/integrations/test_seat_choices.py
    "calendar_policy": ADMINS,
    "calendar_policy_switch": ADMINS,
    "calendar_impersonation": ADMINS,
    "account_consent": ADMINS,
    "account_consent_callback": MEMBERS,
    "add_calendar": MEMBERS,
    "connect_password": MEMBERS,
    "connect_mailbox": MEMBERS,  # by POST alone; tests/integrations/test_impersonation.py
    "integrations": ADMINS,
    "organization_provider": ADMINS,
    "members_may_remove": ADMINS,
    "organization_disconnect": ADMINS,
    "arrival_confirm": ADMINS,
    "arrival_decline": ADMINS,
    "setup_link_issue": ADMINS,
    "setup_link_revoke": ADMINS,
    "roster_export": ADMINS,
    "roster_look_up": ADMINS,
    "seat": ADMINS,
    "seat_look_up": ADMINS,
    "setup_link": SECRET,
    "setup_link_start": SECRET,
    "connect_organization_callback": PUBLIC,
    "webhook": PUBLIC,  # by POST alone, signed; tests/integrations/test_webhooks.py
    "calendar_push": PUBLIC,  # by POST alone, with the watch's secret; tests/integrations/test_calendar_pushes.py
    "vendor_apps": ADMINS,
    "vendor_app": ADMINS,
    "vendor_app_check": ADMINS,
    "vendor_app_remove": ADMINS,
    "dashboard": MEMBERS,
    "dashboard_schedules": MEMBERS,
    "load_demo": MEMBERS,
    "schedulers": HARBOUR,
    "scheduler_new": HARBOUR,
    "scheduler_import": HARBOUR,
    "scheduler_edit": OLGAS,
    "scheduler_preview": OLGAS,
    "scheduler_switch": OLGAS,
    "scheduler_delete": OLGAS,
    "availability": HARBOUR,
    "schedule_new": HARBOUR,
    "schedule_edit": OLGAS,
    "schedule_delete": OLGAS,
    "bookings": HARBOUR,
    "bookings_export": HARBOUR,
    "booking": OLGAS,
    "booking_retry": OLGAS,
    "booking_cancel": OLGAS,
    "booking_reschedule": OLGAS,
    "booking_place": OLGAS,
    "booking_follow": OLGAS,
    "booking_restore": OLGAS,
    "person": PUBLIC,
    "booking_page": PUBLIC,
    "manage": SECRET,
    "manage_reschedule": SECRET,
    "manage_cancel": SECRET,
    "manage_ics": SECRET,
    "room_policy": ADMINS,
    "room": SECRET,
    "room_enter": SECRET,
    "room_exchange": SECRET,
    "room_admit": SECRET,
    "room_refuse": SECRET,
    "room_leave": SECRET,
}
ROLES = (ADMINS, OWNERS)
PRIVATE = (MEMBERS, OWN, HARBOUR, OLGAS, *ROLES)
METHODS = ("GET", "POST")
CALM = {("disconnect", "POST"): 302}
"""Ending a connection twice is calm, so one that is not there at all is answered like one that has gone."""

Asked = tuple[str, str]


@pytest.fixture
def addresses(olga, scheduler) -> dict[str, str]:
    """Of each URL, the one that is about Olga."""
    return addresses_of.everything(olga, scheduler, list(ACCESS))


def _named(*accesses: str) -> list[str]:
    return [name for name, access in ACCESS.items() if access in accesses]


def _statuses(client: Client, addresses: dict[str, str], names: list[str], *methods: str) -> dict[Asked, int]:
    return {(name, method): client.generic(method, addresses[name]).status_code for name in names for method in methods}


def _other_than(expected: set[int], statuses: dict[Asked, int]) -> dict[Asked, int]:
    return {asked: status for asked, status in statuses.items() if status not in expected}


def _closed(statuses: dict[Asked, int]) -> dict[Asked, int]:
    """What is refused, or breaks."""
    return {asked: status for asked, status in statuses.items() if status in {403, 404} or status >= 500}


def _to_sign_in(client: Client, address: str, method: str) -> bool:
    answer = client.generic(method, address)
    return answer.status_code == 302 and answer["Location"].startswith("/account/login/")


def test_every_url_declares_who_may_open_it():
    assert set(addresses_of.PATTERNS) == set(ACCESS)


def test_a_stranger_is_asked_to_sign_in(client, addresses):
    asked = [(name, method) for name in _named(*PRIVATE) for method in METHODS]

    assert [(name, method) for name, method in asked if not _to_sign_in(client, addresses[name], method)] == []


def test_what_is_public_asks_nobody_to_sign_in(client, addresses):
    open_to_all = _named(PUBLIC, SECRET)

    assert [name for name in open_to_all if _to_sign_in(client, addresses[name], "GET")] == []
    assert [asked for asked, status in _statuses(client, addresses, open_to_all, "GET").items() if status >= 500] == []


def test_who_belongs_elsewhere_finds_nothing(sign_in, mallory, addresses):
    found = _statuses(sign_in(mallory), addresses, _named(HARBOUR, OLGAS, *ROLES), *METHODS)

    assert _other_than({404}, found) == CALM
    assert Connection.objects.exists()


def test_a_colleague_finds_nothing_of_olgas(sign_in, mina, addresses):
    found = _statuses(sign_in(mina), addresses, _named(OLGAS), *METHODS)

    assert _other_than({404, 405}, found) == CALM
    assert Connection.objects.exists()


def test_a_colleague_opens_what_is_for_members(sign_in, mina, addresses):
    assert _closed(_statuses(sign_in(mina), addresses, _named(MEMBERS, HARBOUR), "GET")) == {}


def test_who_has_none_finds_nothing(sign_in, mina, addresses):
    """Or is asked for the password first."""
    assert _other_than({302, 404}, _statuses(sign_in(mina), addresses, _named(OWN), "GET")) == {}


@pytest.mark.row("CL-3", "G-56", "ZM-1")
def test_a_member_may_not_do_what_is_for_admins(sign_in, mina, addresses):
    assert _other_than({403, 405}, _statuses(sign_in(mina), addresses, _named(*ROLES), *METHODS)) == {}


def test_an_admin_may_not_do_what_is_for_owners(sign_in, adam, addresses):
    assert _other_than({403, 405}, _statuses(sign_in(adam), addresses, _named(OWNERS), *METHODS)) == {}


def test_an_admin_opens_what_is_for_admins(sign_in, adam, addresses):
    assert _closed(_statuses(sign_in(adam), addresses, _named(ADMINS), "GET")) == {}


def test_an_owner_opens_what_is_for_owners(sign_in, olga, addresses):
    assert _closed(_statuses(sign_in(olga), addresses, _named(OWNERS), "GET")) == {}


def test_a_step_of_signing_in_cannot_be_entered_from_outside(client, addresses):
    assert _other_than({302}, _statuses(client, addresses, _named(FLOW), "GET")) == {}


def test_olga_opens_what_is_hers(sign_in, olga, addresses):
    assert _other_than({200, 405}, _statuses(sign_in(olga), addresses, _named(OLGAS), "GET")) == {}


def test_a_forged_secret_opens_nothing(client, addresses):
    nouns = r"/(b|room|feeds|invitations|organization)/"
    forged = {name: re.sub(nouns, r"/\1/x", address) for name, address in addresses.items()}

    assert _other_than({404}, _statuses(client, forged, _named(SECRET), "GET")) == {}


def test_nobody_is_let_in_without_his_own_cross_site_token(olga, addresses):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olga.user)
    names = [name for name in _named(*PRIVATE) if not name.startswith("account_")]

    assert _other_than({403, 405}, _statuses(strict, addresses, names, "POST")) == {}
