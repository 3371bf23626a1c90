"""An organization's own app that the provider refuses: who is told, and how often."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Email, Membership
from integrations import grants
from integrations.exceptions import OperatorNeeded
from integrations.models import Grant, GrantStatus, VendorApp
from tests import factories
from tests.integrations.renewing import expire

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(olga: Membership, mina: Membership, zoom) -> VendorApp:
    """An app that Zoom does not know, with Olga's account and Mina's on it."""
    app = factories.vendor_app(olga)
    for member in (olga, mina):
        factories.connection(member, grant=factories.grant(app=app, client_id=app.client_id))
    return app


def renew_all(*, times: int = 1) -> None:
    """As workers try, whenever an account is used."""
    for grant in [*Grant.objects.all()] * times:
        with pytest.raises(OperatorNeeded):
            grants.access_token(expire(grant))
    assert set(Grant.objects.values_list("status", flat=True)) == {GrantStatus.MISCONFIGURED}


def told() -> list[str]:
    return sorted(Email.objects.values_list("to", flat=True))


def test_all_admins_are_told_once_for_all_accounts(own, olga, adam):
    renew_all(times=3)

    assert told() == ["adam@example.org", "olga@example.org"]
    mail = Email.objects.filter(to=olga.user.email).get()
    assert mail.subject == f"Action required: Zoom refuses the app of {olga.organization}"
    page = reverse("vendor_app", args=[olga.organization.slug, "zoom", own.kind])
    for text in (mail.text, mail.html):
        assert "Nothing is lost" in text
        assert page in text


def test_a_call_that_works_in_between_is_no_reason_to_tell_again(own, olga):
    renew_all()
    Grant.objects.update(status=GrantStatus.ACTIVE)

    renew_all()

    assert told() == [olga.user.email]


def test_an_app_that_was_saved_anew_and_is_refused_again_is_told_again(own, olga):
    renew_all()
    VendorApp.objects.update(refusal_told_at=now() - timedelta(hours=1))
    own.refresh_from_db()
    own.save()
    Grant.objects.update(status=GrantStatus.ACTIVE)

    renew_all()

    assert told() == [olga.user.email] * 2


def test_a_lost_encryption_key_is_nothing_that_admins_could_mend(own, settings):
    settings.SECRET_KEY = "another"
    renew_all()
    assert told() == []


def test_of_the_installations_app_the_operator_hears_and_nobody_by_mail(olga, zoom, settings, caplog):
    settings.ZOOM_CLIENT_SECRET = "rotated"
    factories.connection(olga, grant=factories.grant())

    renew_all()

    assert told() == []
    assert "cannot be used because of our own settings" in caplog.text
