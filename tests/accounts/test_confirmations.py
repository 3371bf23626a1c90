"""A session left open does not suffice for everything: some things ask once more who it is."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Email, Membership, Role
from tests import factories

PASSWORD = "correct horse battery"
ADDRESSES = "/account/email/"
CHANGES = [
    {"email": "thief@example.com", "action_add": ""},
    {"email": "second@example.org", "action_primary": ""},
    {"email": "second@example.org", "action_remove": ""},
]


@pytest.fixture
def two_addresses(olga: Membership) -> Membership:
    factories.address(olga.user, primary=True)
    factories.address(olga.user, "second@example.org")
    return olga


def addresses(member: Membership) -> dict[str, bool]:
    """And whether each is the main one."""
    return dict(EmailAddress.objects.filter(user=member.user).values_list("email", "primary"))


def confirm(client: Client, password: str = PASSWORD, then: str = ADDRESSES) -> str:
    """Where it leads."""
    answer = client.post("/account/reauthenticate/", {"password": password, "next": then})
    return str(answer.headers.get("Location", ""))


@pytest.mark.parametrize("typed", CHANGES)
def test_an_address_is_changed_only_by_who_knows_the_password(sign_in, two_addresses, typed):
    client = sign_in(two_addresses)
    before = addresses(two_addresses)

    answer = client.post(ADDRESSES, typed)

    assert answer["Location"].startswith("/account/reauthenticate/")
    confirm(client, "a guess")
    assert addresses(two_addresses) == before
    assert not Email.objects.exists()
    confirm(client)
    assert Email.objects.exists()  # a code to the new one, or what was changed


def test_for_some_minutes_it_is_not_asked_again(sign_in, two_addresses):
    client = sign_in(two_addresses)
    confirm(client)

    client.post(ADDRESSES, CHANGES[1])

    assert addresses(two_addresses)["second@example.org"]


def test_the_proof_runs_out(sign_in, two_addresses, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    client = sign_in(two_addresses)
    confirm(client)
    assert client.post(ADDRESSES, CHANGES[1])["Location"].startswith("/account/reauthenticate/")


def test_ownership_is_handed_over_only_by_who_knows_the_password(sign_in, olga, adam):
    client, page = sign_in(olga), f"/o/{olga.organization.slug}/members/{adam.uid}/hand-over"

    assert client.post(page)["Location"] == page
    asked = client.get(page)["Location"]
    assert asked.startswith("/account/reauthenticate/?next=")
    adam.refresh_from_db()
    assert adam.role == Role.ADMIN

    assert confirm(client, then=page) == page
    assert "Nothing has happened yet." in client.get(page).content.decode()
    client.post(page)
    adam.refresh_from_db()
    assert adam.role == Role.OWNER
