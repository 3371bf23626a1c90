"""Registering applications, keeping them, and what admins decide."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from accounts import tasks
from accounts.models import Act, Application, ApplicationState, AuditEntry, Consent, Email, Organization, Registration
from tests import factories
from tests.accounts import asking

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
FORM = {
    "name": "CRM",
    "website": "https://crm.example.org",
    "redirect_uris": f"{asking.CALLBACK}\r\nhttp://127.0.0.1:8080/back\r\n",
    "scopes": ["events:read", "events:write"],
    "kind": "confidential",
}


def form(**changed):
    return FORM | {"submission": str(uuid.uuid4())} | changed


def base(member):
    return f"/o/{member.organization.slug}/applications"


def noted(member, act):
    return AuditEntry.objects.filter(organization=member.organization, act=act)


@pytest.fixture
def crm(mina):
    """Registered by Mina."""
    return factories.application(mina, name="CRM")


class TestRegistering:
    @pytest.mark.row("G-55")
    def test_a_member_registers_one_and_sees_its_secret_once(self, sign_in, mina):
        client = sign_in(mina)
        page = client.post(f"{base(mina)}/new", form())
        made = Application.objects.get()
        secret = page.context["secret"]

        assert page.content.decode().count(secret) >= 1
        assert "no-store" in page["Cache-Control"]
        assert (made.organization, made.user, made.state) == (mina.organization, mina.user, "active")
        assert made.addresses == [asking.CALLBACK, "http://127.0.0.1:8080/back"]
        assert secret not in client.get(made.get_absolute_url()).content.decode()
        assert secret not in str(Application.objects.values().get())
        assert noted(mina, Act.APPLICATION_REGISTERED).exists()
        given = asking.allow(client, made, mina)
        assert asking.exchange(made, given["code"], client_secret=secret).status_code == 200

    def test_a_form_that_is_sent_twice_makes_one(self, sign_in, mina):
        client, sent = sign_in(mina), form()
        client.post(f"{base(mina)}/new", sent)
        again = client.post(f"{base(mina)}/new", sent)

        assert again["Location"] == Application.objects.get().get_absolute_url()

    def test_nobody_registers_them_by_the_dozen(self, sign_in, mina, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"application": "1/h/user"}
        client = sign_in(mina)
        client.post(f"{base(mina)}/new", form())
        page = client.post(f"{base(mina)}/new", form())

        assert page.status_code == 422
        assert "Please go on in an hour." in page.content.decode()
        assert Application.objects.count() == 1

    def test_one_that_cannot_keep_a_secret_gets_none(self, sign_in, mina):
        page = sign_in(mina).post(f"{base(mina)}/new", form(kind="public"))

        assert page.context["secret"] == ""
        assert not Application.objects.get().is_confidential

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "<b>CRM"),
            ("name", "Bridge Support"),
            ("name", "CRM\u202egnp"),
            ("website", "javascript:alert(1)"),
            ("website", "ftp://crm.example.org"),
            ("redirect_uris", ""),
            ("redirect_uris", "http://crm.example.org/callback"),
            ("redirect_uris", "https://crm.example.org/callback#here"),
            ("redirect_uris", "https://*.example.org/callback"),
            ("redirect_uris", "https://me@crm.example.org/callback"),
            ("redirect_uris", "https://"),
            ("redirect_uris", "https:///callback"),
            ("redirect_uris", "crm.example.org/callback"),
            ("redirect_uris", "javascript:alert(1)"),
            ("redirect_uris", "com.example.app:/callback"),
            ("redirect_uris", "https://a;script-src"),
            ("redirect_uris", "https://crm.example.org:99999/"),
            ("redirect_uris", "https://crm.example.org/?code=mine"),
            ("redirect_uris", "https://[2001:db8::1]/callback"),
            ("redirect_uris", "https://müller.example/callback"),
            ("redirect_uris", "http://127.0.0.1.example.org/callback"),
            ("redirect_uris", "https://crm.example.org/" + "x" * 500),
            ("redirect_uris", "\n".join(f"https://crm.example.org/{number}" for number in range(21))),
            ("scopes", []),
            ("scopes", ["everything"]),
            ("kind", "trusted"),
            ("submission", "x"),
        ],
        ids=str,
    )
    def test_what_cannot_be_is_told_at_its_field(self, sign_in, mina, field, value):
        page = sign_in(mina).post(f"{base(mina)}/new", form(**{field: value}))

        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
        assert not Application.objects.exists()

    def test_without_a_secret_there_are_no_webhooks(self, sign_in, mina):
        page = sign_in(mina).post(f"{base(mina)}/new", form(kind="public", scopes=["events:read", "webhooks"]))

        assert list(page.context["form"].errors) == ["scopes"]

    def test_if_admins_register_members_do_not(self, sign_in, mina, adam):
        Organization.objects.update(registration=Registration.ADMINS)

        assert sign_in(mina).post(f"{base(mina)}/new", form()).status_code == 403
        assert not Application.objects.exists()
        assert f"{base(mina)}/new" not in sign_in(mina).get(base(mina)).content.decode()
        assert sign_in(adam).post(f"{base(adam)}/new", form()).status_code == 200

    def test_if_admins_approve_it_waits_and_they_are_told(self, sign_in, olga, mina, adam):
        Organization.objects.update(registration=Registration.APPROVAL)
        sign_in(mina).post(f"{base(mina)}/new", form())
        made = Application.objects.get()

        assert made.state == ApplicationState.WAITING
        assert set(Email.objects.values_list("to", flat=True)) == {olga.user.email, adam.user.email}
        assert sign_in(olga).get(asking.address(made)).status_code == 400

        sign_in(adam).post(f"{made.get_absolute_url()}/state", {"act": "approve"})
        assert Email.objects.filter(to=mina.user.email).count() == 1
        assert noted(adam, Act.APPLICATION_APPROVED).get().by == adam.user
        assert sign_in(olga).get(asking.address(made)).status_code == 200

    def test_what_an_admin_registers_waits_for_nobody(self, sign_in, adam):
        Organization.objects.update(registration=Registration.APPROVAL)
        sign_in(adam).post(f"{base(adam)}/new", form())

        assert Application.objects.get().state == ApplicationState.ACTIVE


class TestLogos:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [(PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF0000WEBPVP8 ", "image/webp")],
        ids=["png", "jpeg", "webp"],
    )
    def test_it_is_told_by_its_content_and_served_as_that_alone(self, sign_in, mina, mallory, content, kind):
        sent = SimpleUploadedFile("logo.html", content, content_type="text/html")
        sign_in(mina).post(f"{base(mina)}/new", form(logo=sent))
        shown = sign_in(mallory).get(f"/applications/{Application.objects.get().uid}/logo")

        assert (shown.content, shown["Content-Type"]) == (content, kind)
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in shown["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "content",
        [b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"GIF89a", PNG + b"\x00" * 102_400, b"RIFF", b""],
        ids=["svg", "gif", "large", "short", "empty"],
    )
    def test_anything_else_is_refused(self, sign_in, mina, content):
        sent = SimpleUploadedFile("logo.png", content, content_type="image/png")
        page = sign_in(mina).post(f"{base(mina)}/new", form(logo=sent))

        assert list(page.context["form"].errors) == ["logo"]

    def test_it_stays_until_it_is_removed(self, sign_in, mina):
        shown = factories.application(mina, logo=PNG, logo_type="image/png")
        sign_in(mina).post(shown.get_absolute_url(), FORM)
        shown.refresh_from_db()
        assert bytes(shown.logo) == PNG

        sign_in(mina).post(shown.get_absolute_url(), FORM | {"remove_logo": "on"})
        assert sign_in(mina).get(f"/applications/{shown.uid}/logo").status_code == 404


class TestKeeping:
    def test_changes_are_saved_and_noted(self, sign_in, mina, crm):
        answer = sign_in(mina).post(crm.get_absolute_url(), FORM | {"name": "CRM 2", "scopes": ["events:read"]})
        crm.refresh_from_db()

        assert answer.status_code == 302
        assert (crm.name, crm.scopes, crm.website) == ("CRM 2", ["events:read"], "https://crm.example.org")
        changed = noted(mina, Act.APPLICATION_CHANGED).get().details["changed"]
        assert changed == ["name", "redirect_uris", "scopes", "website"]

    def test_what_it_may_not_ask_for_any_more_it_may_not_do(self, sign_in, mina, olga, crm):
        given = asking.tokens(sign_in(olga), crm, olga)
        sign_in(mina).post(crm.get_absolute_url(), FORM | {"scopes": ["events:read"]})

        assert Consent.objects.get().scopes == ["events:read"]
        assert asking.refresh(crm, given["refresh_token"]).json()["scope"] == "events:read"

    def test_a_wrong_change_changes_nothing(self, sign_in, mina, crm):
        page = sign_in(mina).post(crm.get_absolute_url(), FORM | {"redirect_uris": "http://evil.example"})

        assert page.status_code == 422
        assert Application.objects.get().addresses == [asking.CALLBACK]

    def test_a_renewed_secret_works_beside_the_old_one_for_a_week(self, sign_in, mina, crm):
        new = sign_in(mina).post(f"{crm.get_absolute_url()}/secret").context["secret"]
        sent = {"grant_type": "client_credentials", "scope": "webhooks"}
        assert asking.ask(crm, **sent).status_code == 200
        assert asking.ask(crm, **sent, client_secret=new).status_code == 200

        Application.objects.update(former_secret_until=now() - timedelta(seconds=1))
        assert asking.ask(crm, **sent).status_code == 401
        assert asking.ask(crm, **sent, client_secret=new).status_code == 200

    def test_renewing_again_keeps_the_one_that_is_in_use(self, sign_in, mina, crm):
        """A page that is loaded again must not end what runs."""
        client, sent = sign_in(mina), {"grant_type": "client_credentials", "scope": "webhooks"}
        first = client.post(f"{crm.get_absolute_url()}/secret").context["secret"]
        second = client.post(f"{crm.get_absolute_url()}/secret").context["secret"]

        assert asking.ask(crm, **sent).status_code == 200
        assert asking.ask(crm, **sent, client_secret=second).status_code == 200
        assert asking.ask(crm, **sent, client_secret=first).status_code == 401

    def test_the_old_secret_can_be_ended_at_once(self, sign_in, mina, crm):
        client = sign_in(mina)
        client.post(f"{crm.get_absolute_url()}/secret")
        client.post(f"{crm.get_absolute_url()}/secret/old")

        assert asking.ask(crm, grant_type="client_credentials", scope="webhooks").status_code == 401
        assert noted(mina, Act.APPLICATION_SECRET_RENEWED).count() == 2

    def test_one_without_a_secret_has_none_to_renew(self, sign_in, mina):
        program = factories.application(mina, client_type=Application.CLIENT_PUBLIC)

        assert sign_in(mina).post(f"{program.get_absolute_url()}/secret").status_code == 302

    def test_deleting_it_ends_all_it_had(self, sign_in, mina, olga, crm):
        given = asking.tokens(sign_in(olga), crm, olga)
        assert "1 person" in sign_in(mina).get(f"{crm.get_absolute_url()}/delete").content.decode()
        sign_in(mina).post(f"{crm.get_absolute_url()}/delete")

        assert not asking.works(given["access_token"])
        assert not Application.objects.exists()
        assert not Consent.objects.exists()
        assert noted(mina, Act.APPLICATION_DELETED).exists()

    def test_only_who_registered_it_and_admins_find_it(self, sign_in, mina, adam, mallory, crm):
        other = factories.membership(organization_=mina.organization, role="member")
        paths = ("", "/secret", "/secret/old", "/delete")
        for who, status in ((other, 404), (mallory, 404), (mina, 200), (adam, 200)):
            assert sign_in(who).get(crm.get_absolute_url()).status_code == status
        for path in paths:
            assert sign_in(other).post(crm.get_absolute_url() + path).status_code == 404
        assert not sign_in(other).get(base(mina)).context["applications"]


class TestRuling:
    def test_an_admin_blocks_and_lets_it_again(self, sign_in, mina, adam, olga, crm):
        given, admin = asking.tokens(sign_in(olga), crm, olga), sign_in(adam)
        admin.post(f"{crm.get_absolute_url()}/state", {"act": "block"})
        assert not asking.works(given["access_token"])
        assert Email.objects.filter(to=mina.user.email).count() == 1

        admin.post(f"{crm.get_absolute_url()}/state", {"act": "approve"})
        assert asking.works(given["access_token"])
        assert noted(adam, Act.APPLICATION_BLOCKED).count() == 1

    def test_outside_applications_are_let_in_or_not(self, sign_in, olga, mallory):
        foreign = factories.application(mallory, name="Outside CRM")
        given = asking.tokens(sign_in(olga), foreign, olga)
        sign_in(olga).post(f"{base(olga)}/rules", {"registration": "approval"})

        olga.organization.refresh_from_db()
        assert (olga.organization.registration, olga.organization.outside_applications) == ("approval", False)
        assert not asking.works(given["access_token"])
        assert noted(olga, Act.APPLICATIONS_RULED).count() == noted(olga, Act.APPLICATION_ENDED).count() == 1
        page = sign_in(olga).get(asking.address(foreign))
        assert b"does not let applications of others in" in page.content
        answer = sign_in(olga).post(asking.address(foreign), {"membership": olga.uid, "scopes": ["events:read"]})
        assert answer.status_code == 422
        assert not Consent.objects.exists()

    def test_ones_own_are_not_from_outside(self, sign_in, olga, crm):
        Organization.objects.update(outside_applications=False)

        assert "code" in asking.allow(sign_in(olga), crm, olga)

    def test_a_rule_that_does_not_exist_changes_nothing(self, sign_in, olga):
        sign_in(olga).post(f"{base(olga)}/rules", {"registration": "nobody", "outside": "on"})

        olga.organization.refresh_from_db()
        assert olga.organization.registration == Registration.MEMBERS

    def test_an_admin_ends_the_access_of_one_here_and_nowhere_else(self, sign_in, olga, mina, adam, mallory):
        foreign = factories.application(mallory, name="Outside CRM")
        here = [asking.tokens(sign_in(who), foreign, who) for who in (olga, mina)]
        there = asking.tokens(sign_in(mallory), foreign, mallory)
        page = sign_in(adam).get(f"{base(adam)}/{foreign.uid}/end").content.decode()
        assert (str(olga.user) in page, str(mallory.user) in page) == (True, False)

        sign_in(adam).post(f"{base(adam)}/{foreign.uid}/end")
        assert [asking.works(given["access_token"]) for given in (*here, there)] == [False, False, True]

    def test_what_does_not_act_here_cannot_be_ended_here(self, sign_in, adam, mallory):
        foreign = factories.application(mallory)
        factories.consent(foreign, mallory)

        assert sign_in(adam).post(f"{base(adam)}/{foreign.uid}/end").status_code == 404

    def test_three_cost_as_many_queries_as_one(self, sign_in, olga):
        client = sign_in(olga)

        def queries():
            with CaptureQueriesContext(connection) as seen:
                assert client.get(base(olga)).status_code == 200
            return len(seen)

        factories.consent(factories.application(olga), olga)
        queries()
        one = queries()
        for _ in range(2):
            factories.consent(factories.application(olga), olga)
        assert queries() == one


def test_what_is_over_is_forgotten(sign_in, olga):
    crm = factories.application(olga)
    first = asking.tokens(sign_in(olga), crm, olga)
    second = asking.refresh(crm, first["refresh_token"]).json()
    asking.allow(sign_in(olga), crm, olga)
    Grant.objects.update(expires=now() - timedelta(minutes=1))
    tasks.forget_tokens()

    assert not Grant.objects.exists()
    assert RefreshToken.objects.count() == 2
    assert asking.works(second["access_token"])

    AccessToken.objects.update(expires=now() - timedelta(days=181))
    RefreshToken.objects.filter(revoked__isnull=False).update(revoked=now() - timedelta(days=181))
    tasks.forget_tokens()
    tasks.forget_tokens()
    assert (AccessToken.objects.count(), RefreshToken.objects.count()) == (0, 0)
