"""Zoom connected once for everybody: who hosts as whom, what wins, and how it ends and comes back."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from accounts import newcomers
from accounts.models import AuditEntry, Membership, Role
from integrations import arrivals, connections, defaults, grants, own_apps, queries
from integrations.models import Arrival, Connection, Grant, Seat
from integrations.types import App, AppKind, EndReason
from scheduling import bookings
from scheduling.models import Booking, Scheduler
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY
from tests.integrations.conftest import PAULA, PEDRO

pytestmark = pytest.mark.django_db

ANTON = "anton@acme.example"
NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu", notes="")


@pytest.fixture
def staff(zoom, adam, mina):
    """Adam and Mina are users of Acme at Zoom, and there is a second admin."""
    zoom.add_user(adam.user.email, account="Acme")
    zoom.add_user(mina.user.email, account="Acme")
    zoom.add_user(ANTON, account="Acme", role_name="Admin")


@pytest.fixture
def shared(staff, adam, connect_organization) -> Connection:
    connection: Connection = connect_organization(adam)
    return connection


@pytest.fixture
def book(after_commit):
    """book(member or scheduler): what an invitee gets, with its meeting made."""

    def booked(of: Membership | Scheduler, start=NINE) -> Booking:
        scheduler = of if isinstance(of, Scheduler) else factories.scheduler(of)
        with after_commit():
            booking = bookings.book(scheduler, start=start, duration=30, invitee=IVAN, key=uuid.uuid4())
        return Booking.objects.select_related("meeting", "scheduler").get(pk=booking.pk)

    return booked


def host_at(zoom, booking: Booking) -> str:
    """By the provider itself."""
    host = zoom.world.users[zoom.meeting(booking.meeting.external_id).host_id]
    return str(host.email)


def page_of(browser, admin: Membership) -> str:
    answer = browser.get(reverse("organization_provider", args=[admin.organization.slug, "zoom"]))
    return str(answer.content.decode())


# --- From the link to everybody's bookings ----------------------------------------------------------------------------


@pytest.mark.row("CL-1", "CL-10")
def test_a_member_hosts_as_his_own_zoom_user_without_a_step_of_his_own(shared, mina, book, zoom):
    booking = book(mina)

    assert booking.meeting.join_url
    assert host_at(zoom, booking) == mina.user.email


@pytest.mark.row("CL-8")
def test_once_confirmed_the_page_shows_it_as_active(arrive, staff, adam, sign_in, after_commit):
    arrive(adam)
    browser = sign_in(adam)
    assert "Is it yours?" in page_of(browser, adam)
    assert PAULA in page_of(browser, adam)

    with after_commit():
        browser.post(reverse("arrival_confirm", args=[adam.organization.slug, "zoom", Arrival.objects.get().uid]))

    page = page_of(browser, adam)
    assert f"connected by {PAULA}" in page
    assert "Is it yours?" not in page
    assert not Arrival.objects.exists()


def test_that_it_waits_stands_in_the_banner_of_admins_alone(adam, mina, sign_in):
    factories.arrival(adam)

    said = "A Zoom account has arrived for your organization."
    assert said in sign_in(adam).get(reverse("profile")).content.decode()
    assert said not in sign_in(mina).get(reverse("profile")).content.decode()


def test_before_it_is_confirmed_nobody_can_use_it(arrive, staff, adam, mina, book, zoom):
    arrive(adam)

    assert book(mina).meeting.place == "builtin"
    assert zoom.meetings() == []


@pytest.mark.row("CL-2")
def test_who_joins_later_hosts_straight_away(shared, olga, zoom, book, after_commit):
    zoom.add_user("nina@example.org", account="Acme")
    invitation = factories.invitation(olga, email="nina@example.org", role=Role.MEMBER)
    with after_commit():
        nina = newcomers.welcome(invitation, name="Nina", password="correct horse battery", time_zone="Europe/Berlin")
    assert Seat.objects.get(membership__user=nina).state == "found"

    booking = book(Membership.objects.get(user=nina))

    assert host_at(zoom, booking) == "nina@example.org"


@pytest.mark.row("CL-10")
def test_the_admin_who_connected_it_never_hosts_for_others(shared, mina, zoom, book):
    zoom.remove_user(mina.user.email)
    Seat.objects.all().delete()

    booking = book(factories.scheduler(mina, place="zoom"))

    assert booking.meeting.external_id == ""
    assert zoom.meetings(PAULA) == []


def test_confirming_twice_and_after_declining_is_calm(arrive, adam, sign_in):
    arrive(adam)
    arrival, browser = Arrival.objects.get(), sign_in(adam)
    confirm = reverse("arrival_confirm", args=[adam.organization.slug, "zoom", arrival.uid])
    arrivals.decline(adam.organization, arrival.uid, by=adam.user)

    answer = browser.post(confirm, follow=True)

    assert "does not wait any more" in answer.content.decode()
    assert not Connection.objects.exists()


def test_an_account_whose_access_ended_cannot_be_confirmed(arrive, adam):
    arrive(adam)
    grants.end(Grant.objects.get(), EndReason.REVOKED)

    with pytest.raises(arrivals.NotThere):
        arrivals.confirm(adam.organization, Arrival.objects.get().uid, by=adam.user)


def test_an_arrival_of_another_organization_is_not_found(arrive, adam, mallory):
    arrive(adam)

    with pytest.raises(arrivals.NotThere):
        arrivals.confirm(mallory.organization, Arrival.objects.get().uid, by=mallory.user)


def test_an_account_that_nobody_confirms_is_given_back_after_three_days(arrive, adam, zoom, app_for_all, after_commit):
    arrive(adam)
    with after_commit():
        arrivals.expire()
    assert Arrival.objects.exists()
    Arrival.objects.update(arrived_at=now() - timedelta(hours=73))

    with after_commit():
        arrivals.expire()

    assert not Arrival.objects.exists()
    assert not Grant.objects.exists()
    assert not zoom.installed(PAULA, app_for_all.client_id)


def test_the_audit_log_tells_the_whole_story(shared, adam):
    acts = list(AuditEntry.objects.filter(act__startswith="connection.").order_by("pk").values_list("act", flat=True))

    assert acts == ["connection.link_issued", "connection.link_used", "connection.confirmed", "connection.connected"]


@pytest.mark.row("CL-1")
def test_credentials_alone_connect_everybody_at_once(zoom, adam, mina, sign_in, settings, book, after_commit):
    """The simple way: no link, and so nobody to confirm."""
    settings.ZOOM_ADMIN_CLIENT_ID = ""
    zoom.add_user(mina.user.email, account="Acme")
    account = zoom.add_app("own-server", "server-secret", kind="server_to_server", account="Acme").account_id
    app = App("zoom", AppKind.SERVER, "own-server", "server-secret", account_id=account)
    with after_commit():
        own_apps.connect(own_apps.keep(adam.organization, app, by=adam.user), by=adam.user)

    page = page_of(sign_in(adam), adam)

    assert "by credentials of your own app" in page
    assert "This Bridge has no Zoom app" not in page
    assert host_at(zoom, book(mina)) == mina.user.email


# --- Personal over organization ---------------------------------------------------------------------------------------


@pytest.mark.row("CL-11", "CL-16")
def test_a_personal_account_is_not_overwritten_and_both_exist(staff, adam, mina, connect_zoom, connect_organization):
    own = connect_zoom(mina, PEDRO)
    connect_organization(adam)

    own.refresh_from_db()
    assert own.is_usable
    assert queries.connections_of(mina).get() == own
    assert queries.shared_with(mina.organization_id, mina.user_id).exists()


@pytest.mark.row("CL-17")
def test_the_personal_one_is_shown_and_used(shared, mina, connect_zoom, sign_in, book, zoom):
    connect_zoom(mina, PEDRO)
    defaults.make_default(mina, "zoom")

    page = sign_in(mina).get(reverse("conferencing")).content.decode()

    assert PEDRO in page
    assert "via your organization" not in page
    assert host_at(zoom, book(mina)) == PEDRO


@pytest.mark.row("CL-18")
def test_the_organizations_takes_over_when_the_personal_one_goes(
    shared, mina, connect_zoom, sign_in, book, zoom, after_commit
):
    own = connect_zoom(mina, PEDRO)
    defaults.make_default(mina, "zoom")
    with after_commit():
        connections.disconnect(own, by=mina.user)

    page = sign_in(mina).get(reverse("conferencing")).content.decode()

    assert f"{mina.user.email}, via your organization" in page
    assert host_at(zoom, book(mina)) == mina.user.email


@pytest.mark.row("CL-22")
@pytest.mark.parametrize("how", ["uninstalls", "is removed", "is deactivated"])
def test_it_ends_for_everybody_when_whoever_connected_it_goes_at_zoom(
    shared, mina, book, zoom, app_for_all, after_commit, how
):
    if how == "uninstalls":
        zoom.uninstall(PAULA, app_for_all.client_id)
    elif how == "is removed":
        zoom.remove_user(PAULA)
    else:
        zoom.change_user(PAULA, status="inactive")

    booking = book(mina)

    shared.refresh_from_db()
    assert not shared.is_usable
    assert booking.meeting.external_id == ""


def test_the_overview_leads_to_each_provider_and_to_the_room(adam, sign_in):
    page = sign_in(adam).get(reverse("integrations", args=[adam.organization.slug])).content.decode()

    for name, args in (("organization_provider", ["zoom"]), ("vendor_apps", ["zoom"]), ("room_policy", [])):
        assert f'href="{reverse(name, args=[adam.organization.slug, *args])}"' in page


# --- Disconnected -----------------------------------------------------------------------------------------------------


@pytest.mark.row("CL-21", "CL-24")
def test_the_admin_sees_members_schedulers_and_bookings_before_he_disconnects(shared, adam, mina, book, sign_in):
    booking = book(mina)
    browser = sign_in(adam)
    address = reverse("organization_disconnect", args=[adam.organization.slug, "zoom"])
    assert f'href="{address}"' in page_of(browser, adam)

    page = browser.get(address).content.decode()

    assert "Nothing has happened yet." in page
    assert "Places of meetings may be disrupted" in page
    assert mina.user.name in page
    assert f"{booking.scheduler}, {mina.user}" in page
    assert "1 coming booking" in page
    assert booking.invitee_name not in page
    shared.refresh_from_db()
    assert shared.is_usable


@pytest.mark.row("CL-24")
def test_afterwards_schedulers_and_bookings_are_marked_and_links_stay(
    shared, adam, mina, book, sign_in, after_commit, zoom
):
    booking = book(factories.scheduler(mina, place="zoom"))
    link = booking.meeting.join_url

    with after_commit():
        sign_in(adam).post(reverse("organization_disconnect", args=[adam.organization.slug, "zoom"]))

    booking = Booking.objects.select_related("meeting", "scheduler").get()
    assert booking.scheduler.disrupted_at
    assert booking.meeting.join_url == link
    assert len(zoom.meetings(mina.user.email)) == 1
    page = sign_in(mina).get(reverse("booking", args=[mina.organization.slug, booking.uid])).content.decode()
    assert "Zoom is not connected any more." in page
    assert link in page


@pytest.mark.row("CL-23")
def test_it_reaches_those_who_host_with_it_and_nobody_else(
    shared, adam, mina, olga, mallory, connect_zoom, connect_organization, after_commit, sign_in
):
    own = connect_zoom(mina, PEDRO)
    named = factories.scheduler(mina, place="zoom")
    theirs = factories.scheduler(adam, place="zoom")
    elsewhere = connect_organization(mallory, ANTON)

    with after_commit():
        sign_in(adam).post(reverse("organization_disconnect", args=[adam.organization.slug, "zoom"]))

    assert set(Connection.objects.all()) == {own, elsewhere}
    named.refresh_from_db()
    theirs.refresh_from_db()
    assert (named.disrupted_at, bool(theirs.disrupted_at)) == (None, True)


@pytest.mark.row("CL-25")
def test_afterwards_a_member_connects_an_account_of_his_own(
    shared, adam, mina, connect_zoom, after_commit, sign_in, book, zoom
):
    with after_commit():
        sign_in(adam).post(reverse("organization_disconnect", args=[adam.organization.slug, "zoom"]))

    connect_zoom(mina, PEDRO)
    defaults.make_default(mina, "zoom")

    assert host_at(zoom, book(mina)) == PEDRO


def test_disconnecting_gives_the_access_back_unless_another_organization_has_it(
    shared, adam, mallory, connect_organization, zoom, app_for_all, after_commit, sign_in
):
    connect_organization(mallory)

    with after_commit():
        sign_in(adam).post(reverse("organization_disconnect", args=[adam.organization.slug, "zoom"]))

    assert zoom.installed(PAULA, app_for_all.client_id)
    with after_commit():
        sign_in(mallory).post(reverse("organization_disconnect", args=[mallory.organization.slug, "zoom"]))
    assert not zoom.installed(PAULA, app_for_all.client_id)


def test_disconnecting_twice_is_calm(shared, adam, sign_in):
    address = reverse("organization_disconnect", args=[adam.organization.slug, "zoom"])
    browser = sign_in(adam)
    browser.post(address)

    assert "not connected any more" in browser.post(address, follow=True).content.decode()


# --- Reconnected ------------------------------------------------------------------------------------------------------


@pytest.mark.row("CL-15")
def test_another_zoom_admin_restores_it_for_the_same_members(shared, adam, mina, connect_organization, book, zoom):
    Seat.objects.filter(membership=mina).update(wanted=PEDRO, removed_at=None)
    seats_before = set(Seat.objects.values_list("pk", "membership"))
    grants.end(shared.grant, EndReason.ROLE_LOST)
    scheduler = factories.scheduler(mina, place="zoom")

    again = connect_organization(adam, ANTON)

    assert (again.pk, again.grant.email) == (shared.pk, ANTON)
    assert set(Seat.objects.values_list("pk", "membership")) == seats_before
    assert host_at(zoom, book(scheduler)) == PEDRO


@pytest.mark.row("CL-15")
def test_bookings_that_waited_get_their_meetings_when_it_is_back(shared, adam, mina, connect_organization, book, zoom):
    grants.end(shared.grant, EndReason.ROLE_LOST)
    booking = book(factories.scheduler(mina, place="zoom"))
    assert booking.meeting.external_id == ""

    connect_organization(adam, ANTON)

    booking.meeting.refresh_from_db()
    assert host_at(zoom, booking) == mina.user.email


def test_that_it_broke_stands_in_the_banner_of_admins_alone(shared, adam, mina, sign_in):
    grants.end(shared.grant, EndReason.ROLE_LOST)

    def profile(member):
        return sign_in(member).get(reverse("profile")).content.decode()

    assert "Zoom for the whole organization" in profile(adam)
    assert "Zoom for the whole organization" not in profile(mina)
    assert f'href="{reverse("organization_provider", args=[adam.organization.slug, "zoom"])}"' in profile(adam)


def test_the_same_zoom_admin_needs_no_second_confirmation(shared, adam, arrive):
    grants.end(shared.grant, EndReason.EXPIRED)

    answer = arrive(adam, PAULA)

    assert "connected again" in answer.content.decode()
    assert not Arrival.objects.exists()
    assert Connection.objects.get().is_usable


def test_an_account_of_somebody_else_takes_over_only_when_confirmed(shared, adam, arrive, book, mina, zoom):
    arrive(adam, ANTON)

    assert Connection.objects.get().grant.email == PAULA
    assert host_at(zoom, book(mina)) == mina.user.email


def test_in_another_account_nobody_is_known_yet_and_is_looked_up(shared, adam, mina, connect_organization, zoom):
    zoom.add_account("Elsewhere")
    zoom.add_user("eve@elsewhere.example", account="Elsewhere", role_name="Owner")

    connect_organization(adam, "eve@elsewhere.example")

    seat = Seat.objects.get(membership=mina)
    assert (seat.state, seat.external_id) == ("not_found", "")


def test_until_then_what_was_known_is_forgotten_but_not_what_people_decided(shared, adam, mina, arrive, zoom):
    zoom.add_account("Elsewhere")
    zoom.add_user("eve@elsewhere.example", account="Elsewhere", role_name="Owner")
    Seat.objects.filter(membership=mina).update(wanted=PEDRO, removed_at=now())
    arrive(adam, "eve@elsewhere.example")

    arrivals.confirm(adam.organization, Arrival.objects.get().uid, by=adam.user)

    seat = Seat.objects.get(membership=mina)
    assert (seat.state, seat.external_id, seat.email) == ("unknown", "", "")
    assert (seat.wanted, bool(seat.removed_at)) == (PEDRO, True)


def test_the_page_costs_the_same_with_one_link_and_arrival_and_with_three(adam, sign_in):
    browser = sign_in(adam)
    counts = []
    for number in (1, 2):
        for _more in range(number):
            factories.setup_link(adam)
            factories.arrival(adam)
        page_of(browser, adam)
        with CaptureQueriesContext(database) as seen:
            page_of(browser, adam)
        counts.append(len(seen))

    assert counts[0] == counts[1]
