"""The page of consent, the way to it, and the list of what acts for oneself."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken

from accounts import memberships
from accounts.models import Act, Application, AuditEntry, Consent, Email, Organization
from tests import factories
from tests.accounts import asking

pytestmark = pytest.mark.django_db

MINE = "/account/applications"


@pytest.fixture
def crm(olga):
    return factories.application(olga, name="Recruiting Tool", website="https://recruiting.example.org")


@pytest.fixture
def elsewhere(olga):
    """Olga belongs to a second organization."""
    return factories.membership(olga.user, factories.organization("Lighthouse"))


def read(client, application, **changed):
    page = client.get(asking.address(application, **changed))
    assert page.status_code == 200
    return page.content.decode()


class TestThePage:
    @pytest.mark.row("CR-2", "G-55")
    def test_it_says_who_asks_for_what_and_where_one_ends_up(self, sign_in, olga, crm):
        page = read(sign_in(olga), crm)

        assert "Recruiting Tool" in page
        assert "https://recruiting.example.org" in page
        assert "See the events it made for you, with the links to join" in page
        assert "Make, change and delete events for you" in page
        assert "Book, move and cancel for you" not in page
        assert "crm.example.org" in page
        assert str(olga.user) in page
        assert olga.user.email in page
        assert "It never sees your password" in page
        assert "Not registered in your organization" not in page

    def test_it_warns_of_what_was_registered_elsewhere(self, sign_in, olga, mallory):
        page = read(sign_in(olga), factories.application(mallory))

        assert "Not registered in your organization" in page
        assert str(mallory.organization) in page

    def test_nothing_that_others_wrote_becomes_markup(self, sign_in, olga, mallory):
        named = factories.application(mallory, name="<script>alert(1)</script>", website='https://a.example/"onclick=x')
        Organization.objects.filter(pk=mallory.organization_id).update(name="<img src=x>")
        page = read(sign_in(olga), named, state='"><script>')

        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert '"onclick' not in page
        assert '"><script>' not in page

    def test_what_was_allowed_before_is_asked_again_and_replaced(self, sign_in, olga, crm):
        client = sign_in(olga)
        asking.allow(client, crm, olga)
        assert "What you choose now replaces that." in read(client, crm)

        asking.allow(client, crm, olga, scope="events:read bookings:read")
        assert Consent.objects.get().scopes == ["bookings:read", "events:read"]

    def test_single_things_can_be_left_out(self, sign_in, olga, crm):
        sent = {"membership": str(olga.uid), "scopes": ["events:read"]}
        code = asking.answer(sign_in(olga).post(asking.address(crm), sent))["code"]

        assert asking.exchange(crm, code).json()["scope"] == "events:read"
        assert Consent.objects.get().scopes == ["events:read"]

    def test_with_nothing_ticked_nothing_is_allowed(self, sign_in, olga, crm):
        page = sign_in(olga).post(asking.address(crm), {"membership": str(olga.uid)})

        assert page.status_code == 422
        assert "Tick what you allow, or refuse." in page.content.decode()

    def test_with_several_organizations_one_is_chosen(self, client, sign_in, olga, elsewhere, crm):
        hers = sign_in(olga)
        assert "Lighthouse" in read(hers, crm)
        token = asking.tokens(hers, crm, elsewhere)["access_token"]

        said = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert said["organization"]["name"] == "Lighthouse"
        assert AuditEntry.objects.filter(organization=elsewhere.organization, act=Act.APPLICATION_ALLOWED).exists()

    def test_choosing_another_organization_is_noted_in_both(self, sign_in, olga, elsewhere, crm):
        asking.allow(sign_in(olga), crm, elsewhere)
        asking.allow(sign_in(olga), crm, olga)

        assert AuditEntry.objects.filter(organization=elsewhere.organization, act=Act.APPLICATION_ENDED).exists()
        assert Consent.objects.get().membership == olga

    def test_the_second_factor_of_the_chosen_organization_is_asked_for(self, sign_in, olga, elsewhere, crm):
        """Also where he was last does not matter."""
        Organization.objects.filter(pk=olga.organization_id).update(requires_second_factor=True)
        hers = sign_in(olga)
        sent = {"membership": str(olga.uid), "scopes": ["events:read"]}

        refused = hers.post(asking.address(crm), sent)
        assert refused.status_code == 422
        assert "asks for a second factor" in refused.content.decode()
        assert not Consent.objects.exists()

        assert "code" in asking.allow(hers, crm, elsewhere)
        factories.authenticator_app(olga.user)
        assert "code" in asking.allow(hers, crm, olga)

    def test_refusing_leaves_what_was_allowed_before(self, sign_in, olga, crm):
        given = asking.tokens(sign_in(olga), crm, olga)
        sign_in(olga).post(asking.address(crm), {"refuse": "yes"})

        assert asking.works(given["access_token"])


class TestTheWayThere:
    def test_signing_in_leads_back(self, client, olga, crm):
        factories.address(olga.user)
        olga.user.set_password("correct horse battery")
        olga.user.save()
        there = client.get(asking.address(crm))["Location"]
        assert there == f"/account/login/?next={quote(asking.address(crm), safe='/')}"

        typed = {"login": olga.user.email, "password": "correct horse battery", "next": asking.address(crm)}
        assert client.post("/account/login/", typed)["Location"] == asking.address(crm)

    def test_signing_up_with_the_code_in_the_mail_leads_back(self, client, crm):
        there = asking.address(crm)
        page = client.get(client.get(there)["Location"]).content.decode()
        sign_up = re.search(r'href="(/account/signup/\?next=[^"]+)"', page)[1].replace("&amp;", "&")
        form = client.get(sign_up).content.decode()
        assert 'name="next"' in form
        typed = {"name": "Nora Fell", "email": "nora@example.org", "password1": "correct horse battery", "next": there}
        client.post("/account/signup/", typed | {"time_zone": "UTC"})
        code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", Email.objects.latest("pk").text, re.M)[1]

        assert client.post("/account/confirm-email/", {"code": code})["Location"] == there

    def test_another_account_can_be_used(self, sign_in, olga, crm):
        hers = sign_in(olga)
        page = read(hers, crm)
        after = re.search(r'name="next" value="([^"]+)"', page)[1].replace("&amp;", "&")

        assert hers.post("/account/logout/", {"next": after})["Location"] == after
        assert after.startswith("/account/login/?next=%2Foauth%2Fauthorize")

    def test_who_cannot_go_on_is_told_why(self, sign_in, olga, crm):
        Application.objects.update(state="waiting")
        assert "waits for an admin" in sign_in(olga).get(asking.address(crm)).content.decode()
        Application.objects.update(state="blocked")
        assert "is blocked" in sign_in(olga).get(asking.address(crm)).content.decode()
        assert "not one Bridge can follow" in sign_in(olga).get("/oauth/authorize").content.decode()


class TestMyApplications:
    def test_they_are_listed_with_what_they_may_do(self, sign_in, olga, crm):
        hers = sign_in(olga)
        assert "No application acts for you" in hers.get(MINE).content.decode()
        given = asking.tokens(hers, crm, olga)
        assert "never used" in hers.get(MINE).content.decode()

        asking.works(given["access_token"])
        page = hers.get(MINE).content.decode()
        assert "Recruiting Tool" in page
        assert "See the events it made for you" in page
        assert "last used" in page

    def test_ending_one_ends_its_tokens_at_once(self, sign_in, olga, crm):
        hers = sign_in(olga)
        given = asking.tokens(hers, crm, olga)
        code = asking.allow(hers, crm, olga)["code"]
        hers.post(f"{MINE}/{Consent.objects.get().uid}/end")

        assert not asking.works(given["access_token"])
        assert not AccessToken.objects.exists()
        assert asking.refresh(crm, given["refresh_token"]).status_code == 400
        assert asking.exchange(crm, code).status_code == 400
        entry = AuditEntry.objects.get(act=Act.APPLICATION_ENDED)
        assert (entry.by, entry.subject) == (olga.user, "Recruiting Tool")

    def test_ending_one_twice_is_calm(self, sign_in, olga, crm):
        consent = factories.consent(crm, olga)
        for _ in range(2):
            assert sign_in(olga).post(f"{MINE}/{consent.uid}/end").status_code == 302
        assert AuditEntry.objects.filter(act=Act.APPLICATION_ENDED).count() == 1

    def test_those_of_others_are_theirs(self, sign_in, olga, adam, crm):
        consent = factories.consent(crm, olga)
        sign_in(adam).post(f"{MINE}/{consent.uid}/end")

        assert Consent.objects.exists()
        assert "Recruiting Tool" not in sign_in(adam).get(MINE).content.decode()

    def test_who_lacks_a_second_factor_can_still_end_them(self, sign_in, olga, crm):
        consent = factories.consent(crm, olga)
        Organization.objects.update(requires_second_factor=True)

        assert sign_in(olga).get(MINE).status_code == 200
        sign_in(olga).post(f"{MINE}/{consent.uid}/end")
        assert not Consent.objects.exists()

    def test_who_leaves_takes_them_along(self, sign_in, olga, mina, crm):
        given = asking.tokens(sign_in(mina), crm, mina)
        losses = memberships.losses(mina)
        assert ("Recruiting Tool", "Applications that act for this member here lose their access") in [
            (loss.label, loss.consequence) for loss in losses
        ]
        memberships.remove(mina, by=olga)

        assert not asking.works(given["access_token"])
        assert not AccessToken.objects.exists()
        assert asking.refresh(crm, given["refresh_token"]).status_code == 400

    def test_three_cost_as_many_queries_as_one(self, sign_in, olga):
        hers = sign_in(olga)

        def queries():
            with CaptureQueriesContext(connection) as seen:
                hers.get(MINE)
            return len(seen)

        factories.consent(factories.application(olga), olga)
        queries()
        one = queries()
        factories.consent(factories.application(olga), olga)
        factories.consent(factories.application(), olga)
        assert queries() == one


class TestMeanwhile:
    """What changes between the page and the answer."""

    @pytest.fixture
    def sent(self, olga):
        return {"membership": str(olga.uid), "scopes": ["events:read"]}

    @pytest.fixture
    def look(self, monkeypatch):
        """look(deed): it is done when the form has been checked, before anything is written."""

        def arranged(deed):
            usual = QuerySet.select_for_update

            def later(self, *args, **kwargs):
                monkeypatch.setattr(QuerySet, "select_for_update", usual)
                deed()
                return usual(self, *args, **kwargs)

            monkeypatch.setattr(QuerySet, "select_for_update", later)

        return arranged

    def test_who_was_removed_allows_nothing(self, sign_in, olga, crm, sent, elsewhere, look):
        hers = sign_in(olga)
        look(olga.delete)

        page = hers.post(asking.address(crm), sent)
        assert (page.status_code, Consent.objects.exists()) == (422, False)
        assert "It cannot act there any more." in page.content.decode()

    def test_an_organization_that_closed_lets_nothing_in(self, sign_in, olga, mallory, sent, look):
        foreign, hers = factories.application(mallory), sign_in(olga)
        look(lambda: Organization.objects.update(outside_applications=False))

        assert hers.post(asking.address(foreign), sent).status_code == 422
        assert not Consent.objects.exists()
