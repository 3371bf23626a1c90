"""The members table of an organization's connection: who can host, as whom, why, and who could not tomorrow."""

import csv
from io import StringIO

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role
from integrations import roster, roster_search
from integrations.models import Connection, GrantStatus, Seat
from integrations.providers.zoom.provider import Zoom
from integrations.roster import Line, Type
from integrations.roster_search import Search
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(adam) -> Connection:
    return factories.shared_connection(adam)


def sit(shared: Connection, member: Membership, **fields) -> Seat:
    known = {"state": "found", "external_id": "abc", "email": member.user.email, "licensed": True}
    return Seat.objects.create(connection=shared, membership=member, **known | fields)


def find(admin: Membership, **search) -> list[str]:
    found = roster_search.find(admin.organization, Zoom(), Search(**search))
    return [member.user.name for member in found]


def line(member: Membership) -> Line:
    found = roster.lines(member.organization, Zoom(), [member])
    return found[0]


@pytest.fixture
def page(sign_in, adam):
    """page(**query): the table as an admin sees it."""
    browser: Client = sign_in(adam)

    def shown(**query: str) -> str:
        address = reverse("organization_provider", args=[adam.organization.slug, "zoom"])
        return browser.get(address, query).content.decode()

    return shown


@pytest.mark.row("CL-19", "CL-20")
def test_every_member_is_listed_with_state_and_type(shared, olga, adam, mina, page):
    sit(shared, mina)
    sit(shared, adam, state="not_found", external_id="")
    own = factories.connection(olga)

    said = {member: (line(member).state, line(member).type) for member in (olga, adam, mina)}

    assert said == {
        olga: ("Connected", Type.PERSONAL),
        adam: ("Not connected", Type.ORGANIZATION),
        mina: ("Connected", Type.ORGANIZATION),
    }
    for text in ("Olga Berg", "Adam Reed", "Mina Sol", "Personal", own.grant.email, "matched by e-mail"):
        assert text in page()


@pytest.mark.row("CL-19")
def test_without_any_connection_everybody_is_listed_as_not_connected(adam, mina, page):
    assert (line(mina).state, line(mina).type) == ("Not connected", Type.NONE)
    assert "No account is connected." in page()


@pytest.mark.parametrize(
    ("fields", "state", "why"),
    [
        ({}, "Connected", "matched by e-mail"),
        ({"wanted": "sol@acme.example", "email": "sol@acme.example"}, "Connected", "named by an admin"),
        ({"state": "not_found", "external_id": ""}, "Not connected", "does not know mina@example.org"),
        ({"state": "pending", "external_id": ""}, "Not connected", "has not accepted yet"),
        ({"state": "inactive", "external_id": ""}, "Not connected", "is deactivated"),
        ({"state": "unknown", "external_id": "", "licensed": None}, "Being looked up", "matched by e-mail"),
        ({"state": "unknown", "external_id": "", "problem": "Zoom is down."}, "Connected", "Zoom is down."),
    ],
)
def test_the_line_says_why(shared, mina, fields, state, why):
    sit(shared, mina, **fields)

    assert (line(mina).state, why in line(mina).why) == (state, True)


@pytest.mark.row("ZM-21")
@pytest.mark.parametrize(
    ("licensed", "said"), [(True, "Licensed"), (False, "Basic: meetings end after 40 minutes"), (None, "Unknown")]
)
def test_the_licence_stands_beside_the_host(shared, mina, licensed, said):
    sit(shared, mina, licensed=licensed)

    assert line(mina).licence == said


def test_the_user_who_will_host_is_named(shared, mina):
    sit(shared, mina, wanted="u1", email="mina.sol@acme.example")

    assert line(mina).hosts_as == "mina.sol@acme.example"


def test_his_own_account_that_broke_gives_way_to_the_organizations(shared, mina):
    sit(shared, mina)
    factories.connection(mina, grant=factories.grant(status=GrantStatus.EXPIRED))

    assert line(mina).connection == shared


def test_what_is_broken_for_everybody_is_not_connected(shared, mina):
    sit(shared, mina)
    shared.grant.end(GrantStatus.ROLE_LOST)

    assert (line(mina).state, line(mina).hosts_as) == ("Not connected", "")
    assert line(mina).why == "The organization’s connection does not work."


@pytest.mark.row("CL-19")
def test_who_could_not_host_tomorrow(shared, olga, adam, mina, page):
    sit(shared, mina)
    sit(shared, adam, state="not_found", external_id="")
    sit(shared, olga, state="inactive", external_id="")
    factories.connection(olga)

    assert find(adam, without=True) == ["Adam Reed"]
    assert "Mina Sol" not in page(show="without")
    Seat.objects.filter(membership=adam).update(state="found", external_id="x")
    assert "Everybody could host tomorrow." in page(show="without")


@pytest.mark.parametrize("end", [GrantStatus.EXPIRED, GrantStatus.ROLE_LOST])
def test_nobody_without_an_own_account_could_host_with_a_broken_one(shared, olga, adam, mina, end):
    factories.connection(olga)
    shared.grant.end(end)

    assert find(adam, without=True) == ["Adam Reed", "Mina Sol"]


def test_the_filters_say_the_same_as_the_lines(shared, olga, adam, mina):
    """Each combination of an own account and a seat."""
    people = [olga, adam, mina]
    for number, state in enumerate(("found", "not_found", "inactive", "unknown", "pending")):
        for own in (None, GrantStatus.ACTIVE, GrantStatus.EXPIRED):
            person = factories.membership(organization_=adam.organization, role=Role.MEMBER)
            people.append(person)
            sit(shared, person, state=state, external_id=f"id-{number}" if state == "found" else "")
            if own:
                factories.connection(person, grant=factories.grant(status=own))
    said = roster.lines(adam.organization, Zoom(), people)

    for kind in Type:
        assert find(adam, type=kind.value) == sorted(line.membership.user.name for line in said if line.type == kind), (
            kind
        )
    unable = sorted(line.membership.user.name for line in said if not line.is_connected)
    assert find(adam, without=True) == unable


@pytest.mark.parametrize("text", ["mina", "SOL", "mina@example.org"])
def test_a_member_is_found_by_name_or_address(adam, mina, text):
    assert find(adam, text=text) == ["Mina Sol"]


@pytest.mark.parametrize("query", [{"type": "other"}, {"show": "x"}, {"page": "99"}, {"page": "x"}, {"q": "\x00"}])
def test_what_cannot_be_read_does_not_narrow(adam, mina, page, query):
    assert "Mina Sol" in page(**query)


def test_htmx_gets_the_table_alone_and_asks_again_while_somebody_is_looked_up(shared, adam, mina, sign_in):
    sit(shared, mina, state="unknown", external_id="")
    address = reverse("organization_provider", args=[adam.organization.slug, "zoom"])

    fragment = sign_in(adam).get(address, headers={"hx-request": "true"}).content.decode()

    assert fragment.strip().startswith("<section")
    assert 'hx-trigger="load delay:3s"' in fragment
    Seat.objects.filter(membership=mina).update(state="found", external_id="x")
    sit(shared, adam)
    sit(shared, Membership.objects.get(role=Role.OWNER))
    assert "hx-trigger" not in sign_in(adam).get(address, headers={"hx-request": "true"}).content.decode()


def test_the_export_has_what_the_filters_show(shared, olga, adam, mina, sign_in):
    sit(shared, mina)
    sit(shared, adam, state="not_found", external_id="")
    factories.connection(olga, grant=factories.grant(email="olga.zoom@example.org", paid=True))
    address = reverse("roster_export", args=[adam.organization.slug, "zoom"])

    rows = list(csv.reader(StringIO(sign_in(adam).get(address).content.decode())))

    assert rows[0] == ["Member", "E-mail", "Connection", "Type", "Hosts as", "Why", "Licence"]
    assert [row[0] for row in rows[1:]] == ["Adam Reed", "Mina Sol", "Olga Berg"]
    own = ["Connected", "Personal", "olga.zoom@example.org", "his own account goes first", "Licensed"]
    assert rows[3][2:] == own
    narrowed = sign_in(adam).get(address, {"show": "without"}).content.decode()
    assert [row[0] for row in csv.reader(StringIO(narrowed))][1:] == ["Adam Reed"]


def test_no_cell_of_the_export_is_a_formula(adam, sign_in):
    factories.membership(factories.user(name="=1+1"), adam.organization)
    address = reverse("roster_export", args=[adam.organization.slug, "zoom"])

    assert '"=1+1' not in sign_in(adam).get(address).content.decode()
    assert "\n=1+1" not in sign_in(adam).get(address).content.decode()


def test_nobody_of_another_organization_is_listed(shared, adam, mallory):
    factories.shared_connection(mallory)

    assert find(adam) == ["Adam Reed", "Olga Berg"]
    assert {line.shared for line in roster.lines(adam.organization, Zoom(), [adam])} == {shared}


def test_more_than_a_page_is_paged_and_the_filters_go_along(shared, adam, page):
    for number in range(26):
        member = factories.membership(factories.user(name=f"Person {number:02}"), adam.organization)
        sit(shared, member, state="inactive", external_id="")

    first, second = page(show="without"), page(show="without", page="2")

    assert "page=2&amp;show=without" in first
    assert ("Person 24" in first, "Person 25" in first) == (True, False)
    assert "Person 25" in second


def test_the_table_costs_the_same_for_one_member_and_for_three(shared, adam, page):
    def cost() -> int:
        page()
        with CaptureQueriesContext(database) as seen:
            page()
        return len(seen)

    sit(shared, adam)
    one = cost()
    for _more in range(2):
        member = factories.membership(organization_=adam.organization, role=Role.MEMBER)
        sit(shared, member)
        factories.connection(member)

    assert cost() == one
