"""Inviting people, and what they do then."""

import re
from html import unescape

from django.test import Client

from accounts.models import Email, Membership, User
from tests import factories

NINA = "nina@example.org"


def link_to(email: str) -> str:
    """In the newest mail to this address."""
    found = re.search(r"http://testserver(/invitations/\S+)", Email.objects.filter(to=email).latest("pk").text)
    assert found
    return found[1]


def sign_up(client: Client, link: str, **changes: str):
    typed = {"name": "Nina Fell", "password": "correct horse battery", "time_zone": "Asia/Kathmandu"}
    return client.post(link, typed | changes)


def words(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def nina(*, verified: bool = True, email: str = NINA) -> User:
    """She has an account, without belonging to Olga's organization."""
    made = factories.membership(factories.user(email, name="Nina Fell")).user
    factories.address(made, verified=verified, primary=True)
    return made


def belongs(user: User, olga: Membership) -> bool:
    return Membership.objects.filter(user=user, organization=olga.organization).exists()
