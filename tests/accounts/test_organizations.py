"""Founding, renaming, switching; several organizations kept apart on one installation."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts import organizations
from accounts.models import Act, AuditEntry, Membership, Organization, Role
from tests import factories

NAMES_REFUSED = ["", "   ", "x" * 121, "a\x00b", "two\nlines", "\u202eevil", "\u200b", "<b>"]


@pytest.fixture
def elsewhere(olga: Membership) -> Membership:
    """Olga in a second organization, as a member."""
    return factories.membership(olga.user, factories.organization("Lighthouse", slug="lighthouse"), role=Role.MEMBER)


def acts(organization: Organization) -> list[str]:
    return list(AuditEntry.objects.filter(organization=organization).order_by("number").values_list("act", flat=True))


@pytest.mark.row("G-68")
def test_somebody_founds_another_and_owns_it(sign_in, olga):
    answer = sign_in(olga).post("/organizations", {"name": "  Quay & Sons  "})

    founded = Membership.objects.get(user=olga.user, organization__name="Quay & Sons")
    assert founded.role == Role.OWNER
    assert answer["Location"] == f"/o/{founded.organization.slug}/schedules"
    assert acts(founded.organization) == [Act.ORGANIZATION_FOUNDED]
    assert Membership.objects.filter(user=olga.user).count() == 2


@pytest.mark.parametrize("name", NAMES_REFUSED)
def test_a_name_that_nobody_can_read_is_refused_and_nothing_founded(sign_in, olga, name):
    answer = sign_in(olga).post("/organizations", {"name": name})

    assert answer.status_code == 422
    assert Organization.objects.count() == 1


def test_founding_many_in_an_hour_is_slowed_down(sign_in, olga, settings):
    settings.ACCOUNT_RATE_LIMITS = {"organization": "2/h/user"}
    client = sign_in(olga)
    for number in range(3):
        answer = client.post("/organizations", {"name": f"Number {number}"})

    assert answer.status_code == 422
    assert Organization.objects.count() == 3


def test_the_same_name_twice_gets_another_address(olga):
    first, second = (organizations.found(olga.user, name="Quay").organization for _time in range(2))
    assert first.slug != second.slug


def test_an_admin_renames_it_and_its_address_stays(sign_in, adam):
    slug = adam.organization.slug

    answer = sign_in(adam).post(f"/o/{slug}/settings", {"name": "Marina"}, follow=True)

    adam.organization.refresh_from_db()
    assert (adam.organization.name, adam.organization.slug) == ("Marina", slug)
    assert "Saved." in answer.content.decode()
    entry = AuditEntry.objects.get(organization=adam.organization)
    assert (entry.act, entry.by, entry.details) == (Act.ORGANIZATION_RENAMED, adam.user, {"former": "Harbour"})


@pytest.mark.parametrize("name", NAMES_REFUSED)
def test_an_unreadable_new_name_is_refused(sign_in, adam, name):
    answer = sign_in(adam).post(f"/o/{adam.organization.slug}/settings", {"name": name})

    adam.organization.refresh_from_db()
    assert answer.status_code == 422
    assert adam.organization.name == "Harbour"


def test_the_same_name_again_is_no_news(sign_in, adam):
    sign_in(adam).post(f"/o/{adam.organization.slug}/settings", {"name": "Harbour"})
    assert acts(adam.organization) == []


@pytest.mark.row("G-68")
def test_switching_is_remembered(sign_in, olga, elsewhere):
    client = sign_in(olga)
    client.get(f"/o/{olga.organization.slug}/schedules")

    answer = client.post("/o/lighthouse/switch")

    assert answer["Location"] == "/o/lighthouse/schedules"
    assert client.get("/dashboard/")["Location"].startswith("/o/lighthouse/")


def test_nobody_switches_to_where_he_does_not_belong(sign_in, mallory, olga):
    assert sign_in(mallory).post(f"/o/{olga.organization.slug}/switch").status_code == 404


def test_the_menu_offers_the_other_organizations_and_no_strangers(sign_in, olga, elsewhere, mallory):
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/bookings").content.decode()

    assert 'action="/o/lighthouse/switch"' in page
    assert f"/o/{mallory.organization.slug}/" not in page


@pytest.mark.parametrize(("role", "sees"), [(Role.MEMBER, False), (Role.ADMIN, True), (Role.OWNER, True)])
def test_the_menu_shows_settings_to_those_who_may(sign_in, olga, role, sees):
    member = factories.membership(organization_=olga.organization, role=role)
    slug = olga.organization.slug

    page = sign_in(member).get(f"/o/{slug}/bookings").content.decode()

    assert (f'href="/o/{slug}/settings"' in page) == sees
    assert f'href="/o/{slug}/members"' in page


@pytest.mark.row("G-68")
def test_a_role_counts_only_where_it_was_given(sign_in, olga, elsewhere):
    """Olga owns Harbour; in Lighthouse she is a member."""
    client = sign_in(olga)

    assert client.get(f"/o/{olga.organization.slug}/settings").status_code == 200
    assert client.get("/o/lighthouse/settings").status_code == 403


@pytest.mark.row("G-68")
def test_what_belongs_to_another_organization_is_not_found_through_ones_own(sign_in, olga, mallory):
    """Mallory owns an organization; its address with things of Olga's leads nowhere."""
    team = olga.organization.teams.create(name="Pilots")
    invitation = factories.invitation(olga)
    mine, client = f"/o/{mallory.organization.slug}", sign_in(mallory)
    client.post("/account/reauthenticate/", {"password": "correct horse battery"})
    addresses = [
        f"members/{olga.uid}",
        f"members/{olga.uid}/remove",
        f"members/{olga.uid}/hand-over",
        f"teams/{team.uid}",
        f"teams/{team.uid}/delete",
        f"invitations/{invitation.uid}/resend",
        f"invitations/{invitation.uid}/withdraw",
    ]

    assert {client.post(f"{mine}/{address}", {"role": "member"}).status_code for address in addresses} == {404}
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    assert Membership.objects.filter(pk=olga.pk, role=Role.OWNER).exists()


def test_the_list_asks_as_often_for_three_as_for_one(sign_in, olga):
    client = sign_in(olga)
    one = _queries(client, "/organizations")
    for _number in range(2):
        factories.membership(olga.user, factories.organization())
        factories.invitation(factories.membership(), email=olga.user.email)

    assert _queries(client, "/organizations") == one


def _queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(database) as asked:
        client.get(address)
    return len(asked)
