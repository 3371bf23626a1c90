"""Our OAuth server, as an application meets it when all goes well."""


import pytest

from accounts.models import Act, AuditEntry, Consent
from tests import factories
from tests.accounts import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(olga):
    return factories.application(olga)


@pytest.mark.row("G-55")
def test_an_application_gets_what_somebody_allowed_it(sign_in, olga, crm):
    said = asking.allow(sign_in(olga), crm, olga)
    assert said.keys() == {"code", "state", "iss"}
    assert (said["state"], said["iss"]) == ("as-it-was", "http://testserver")

    given = asking.exchange(crm, said["code"]).json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "events:read events:write")
    assert asking.works(given["access_token"])
    assert Consent.objects.get(application=crm).membership == olga
    assert AuditEntry.objects.filter(act=Act.APPLICATION_ALLOWED, subject=crm.name, by=olga.user).exists()
