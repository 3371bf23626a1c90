"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Application, Membership, Organization, User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.each_example]


def _refuses(name: str, write) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    assert name in str(refused.value) or "UNIQUE constraint failed" in str(refused.value)


def test_one_user_per_email(olga):
    _refuses("one_user_per_email", lambda: factories.user("OLGA@example.org"))


@pytest.mark.parametrize("custom_url", ["abcd", "x" * 26, "Olga-Berg", "olga_berg", ""])
def test_custom_url_is_well_formed(olga, custom_url):
    mine = User.objects.filter(pk=olga.user_id)
    with pytest.raises(Exception, match=r"custom_url_is_well_formed|too long"), transaction.atomic():
        mine.update(custom_url=custom_url)


def test_custom_urls_differ(olga):
    _refuses("custom_url", lambda: factories.user(custom_url="olga-berg"))


def test_one_membership_per_person(olga):
    _refuses("one_membership_per_person", lambda: factories.membership(olga.user, olga.organization))


def test_one_delegation_between_two(olga, mina):
    factories.delegation(olga, mina)
    _refuses("one_delegation_between_two", lambda: factories.delegation(olga, mina))


def test_nobody_is_his_own_delegate(olga):
    _refuses("nobody_is_his_own_delegate", lambda: factories.delegation(olga, olga))


def test_membership_role_is_known(olga):
    _refuses("membership_role_is_known", lambda: Membership.objects.update(role="king"))


def test_application_state_is_known(olga):
    factories.application(olga)
    _refuses("application_state_is_known", lambda: Application.objects.update(state="asleep"))


def test_one_consent_per_person_and_application(olga):
    application = factories.application(olga)
    factories.consent(application, olga)
    elsewhere = factories.membership(olga.user)
    _refuses("one_consent_per_person_and_application", lambda: factories.consent(application, elsewhere))


def test_registration_is_known(olga):
    _refuses("registration_is_known", lambda: Organization.objects.update(registration="nobody"))
