"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.models import AuthorizationRequest, ConferencingPreference, Connection, Grant, HostedRequest
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.each_example]


def _refuses(write, *, name: str = "UNIQUE|duplicate key") -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_one_grant_per_client_and_user():
    factories.grant(external_id="z1")
    _refuses(lambda: factories.grant(external_id="z1"))
    factories.grant(external_id="z1", client_id="another-app")


def test_grant_status_is_known():
    factories.grant()
    _refuses(lambda: Grant.objects.update(status="fine"), name="grant_status_is_known")


def test_one_personal_connection_per_grant(olga):
    grant = factories.connection(olga).grant
    _refuses(lambda: factories.connection(olga, grant=grant))


def test_one_organization_connection_per_grant(olga):
    grant = factories.grant()
    Connection.objects.create(organization=olga.organization, grant=grant)
    _refuses(lambda: Connection.objects.create(organization=olga.organization, grant=grant))


def test_the_builtin_default_needs_no_connection(olga):
    connection = factories.connection(olga)
    _refuses(
        lambda: ConferencingPreference.objects.create(membership=olga, place="builtin", connection=connection),
        name="builtin_default_needs_no_connection",
    )


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (
            "level",
            "authorization_level_is_known|authorization_is_for_a_member_or_by_a_link",
        ),  # whichever is asked first
        ("purpose", "authorization_purpose_is_known"),
    ],
)
def test_an_authorization_says_what_it_is_for(olga, field, name):
    asked = AuthorizationRequest.objects.create(
        state_hash="s", session_hash="t", membership=olga, provider="zoom", level="personal", purpose="connect"
    )
    _refuses(lambda: AuthorizationRequest.objects.filter(pk=asked.pk).update(**{field: "other"}), name=name)


@pytest.mark.parametrize("fields", [{"result": "denied"}, {"answered_at": timezone.now()}], ids=["result", "answered"])
def test_a_hosted_request_is_open_or_answered(fields):
    sent = HostedRequest.objects.create(application=factories.application(), session_hash="s", redirect_uri="https://a")
    mine = HostedRequest.objects.filter(pk=sent.pk)
    _refuses(lambda: mine.update(**fields), name="hosted_request_is_open_or_answered")
    mine.update(result="denied", answered_at=timezone.now())
