"""Seats: which user of the organization's account each member is, asked, corrected, given up and taken back."""

import pytest
from allauth.account.signals import email_changed
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Membership
from integrations import conferencing, defaults, queries, seat_choices, seats
from integrations.exceptions import RequestRejected
from integrations.models import Connection, Seat
from outbox.models import Intent
from tests import factories
from tests.integrations.conftest import PEDRO, REQUEST

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(adam, mina, olga, connect_organization) -> Connection:
    connection: Connection = connect_organization(adam)
    return connection


def seat(member: Membership) -> Seat:
    return Seat.objects.select_related("connection", "membership__user").get(membership=member)


def look_again(member: Membership, after_commit) -> Seat:
    with after_commit():
        seat_choices.look_again(seat(member))
    return seat(member)


# --- Looked up --------------------------------------------------------------------------------------------------------


def test_each_member_is_found_by_his_email(mina, olga, zoom, adam, connect_organization):
    zoom.add_user(mina.user.email, account="Acme")

    connect_organization(adam)

    assert (seat(mina).state, seat(mina).email, seat(mina).licensed) == ("found", mina.user.email, True)
    assert seat(mina).external_id == zoom.user(mina.user.email).id
    assert (seat(olga).state, seat(olga).external_id) == ("not_found", "")


@pytest.mark.parametrize(
    ("changes", "state"), [({"status": "pending"}, "pending"), ({"status": "inactive"}, "inactive"), ({}, "found")]
)
def test_what_the_account_says_of_him_is_remembered(shared, mina, zoom, after_commit, changes, state):
    zoom.add_user(mina.user.email, account="Acme", **changes)

    assert look_again(mina, after_commit).state == state


@pytest.mark.parametrize(("kind", "licensed"), [(1, False), (2, True), (4, False), (77, None)])
def test_the_licence_is_told_only_where_it_is_known(shared, mina, zoom, after_commit, kind, licensed):
    zoom.add_user(mina.user.email, account="Acme", type=kind)

    assert look_again(mina, after_commit).licensed is licensed


def test_a_user_of_another_account_is_not_found(shared, mina, zoom, after_commit):
    zoom.add_account("Elsewhere")
    zoom.add_user(mina.user.email, account="Elsewhere")

    assert look_again(mina, after_commit).state == "not_found"


def test_zoom_being_down_is_noted_and_asked_again(shared, mina, zoom, after_commit):
    zoom.faults.add("status", path="/v2/users/*", status=503, times=1)
    zoom.add_user(mina.user.email, account="Acme")

    assert look_again(mina, after_commit).problem
    assert Intent.objects.pending().filter(kind="seat", subject=seat(mina).pk).exists()
    assert look_again(mina, after_commit).problem == ""


def test_an_answer_that_comes_after_a_correction_is_dropped(shared, mina, adam):
    stale = seat(mina)
    seat_choices.correct(seat(mina), wanted=PEDRO, by=adam.user)

    seats._write(stale, seats.Colleague("late", "late@example.org", True, state="found"))

    assert (seat(mina).external_id, seat(mina).wanted) == ("", PEDRO)


def test_a_changed_address_is_looked_up_again(shared, mina, zoom, after_commit, sign_in):
    zoom.add_user("new@example.org", account="Acme")
    factories.address(mina.user)
    with after_commit():
        mina.user.email = "new@example.org"
        mina.user.save()
        email_changed.send(sender=None, request=None, user=mina.user, from_email_address=None, to_email_address=None)

    assert seat(mina).state == "found"


# --- Who hosts --------------------------------------------------------------------------------------------------------


@pytest.mark.row("CL-1")
def test_the_first_meeting_looks_him_up_if_nobody_did(shared, mina, zoom):
    zoom.add_user(mina.user.email, account="Acme")
    Seat.objects.all().delete()

    made = conferencing.create_meeting(shared, REQUEST, host=mina.user)

    assert zoom.meeting(made.external_id).host_id == zoom.user(mina.user.email).id


@pytest.mark.parametrize("state", ["not_found", "pending", "inactive"])
def test_who_cannot_host_is_refused_by_name_and_nobody_hosts_in_his_place(shared, mina, zoom, state):
    Seat.objects.filter(membership=mina).update(state=state, external_id="")

    with pytest.raises(RequestRejected, match=mina.user.email):
        conferencing.create_meeting(shared, REQUEST, host=mina.user)
    assert zoom.meetings() == []


# --- Corrected --------------------------------------------------------------------------------------------------------


def test_an_admin_names_whom_a_member_is_there(shared, adam, mina, sign_in, zoom, after_commit):
    address = reverse("seat", args=[adam.organization.slug, "zoom", mina.uid])
    with after_commit():
        answer = sign_in(adam).post(address, {"wanted": PEDRO})

    assert answer.status_code == 302
    assert (seat(mina).state, seat(mina).email) == ("found", PEDRO)
    made = conferencing.create_meeting(shared, REQUEST, host=mina.user)
    assert zoom.meeting(made.external_id).host_id == zoom.user(PEDRO).id
    entry = AuditEntry.objects.get(act="connection.seat_corrected")
    assert (entry.by, entry.subject, entry.details["wanted"]) == (adam.user, mina.user.email, PEDRO)


def test_nothing_named_means_his_own_address_again(shared, adam, mina, sign_in, zoom, after_commit):
    zoom.add_user(mina.user.email, account="Acme")
    Seat.objects.filter(membership=mina).update(wanted=PEDRO)
    with after_commit():
        sign_in(adam).post(reverse("seat", args=[adam.organization.slug, "zoom", mina.uid]), {"wanted": ""})

    assert (seat(mina).wanted, seat(mina).email) == ("", mina.user.email)


@pytest.mark.parametrize("typed", ["two words", "a@b.c d@e.f", "x" * 255, "line\x00break"])
def test_what_cannot_be_an_id_is_refused_and_kept_in_the_form(shared, adam, mina, sign_in, typed):
    address = reverse("seat", args=[adam.organization.slug, "zoom", mina.uid])

    assert sign_in(adam).post(address, {"wanted": typed}).status_code == 422
    assert seat(mina).wanted == ""


@pytest.mark.parametrize("name", ["seat", "seat_look_up"])
def test_a_member_of_another_organization_cannot_be_named(shared, adam, mallory, sign_in, name):
    address = reverse(name, args=[adam.organization.slug, "zoom", mallory.uid])

    assert sign_in(adam).post(address, {"wanted": PEDRO}).status_code == 404


def test_everybody_is_looked_up_again_at_once(shared, adam, mina, olga, sign_in, zoom, after_commit):
    zoom.add_user(mina.user.email, account="Acme")
    zoom.add_user(olga.user.email, account="Acme")
    with after_commit():
        sign_in(adam).post(reverse("roster_look_up", args=[adam.organization.slug, "zoom"]))

    assert (seat(mina).state, seat(olga).state) == ("found", "found")


# --- Given up and taken back ------------------------------------------------------------------------------------------


@pytest.fixture
def allowed(shared, adam, mina, zoom, after_commit, sign_in) -> Connection:
    """Members may remove it, and Mina can host."""
    zoom.add_user(mina.user.email, account="Acme")
    look_again(mina, after_commit)
    sign_in(adam).post(reverse("members_may_remove", args=[adam.organization.slug, "zoom"]), {"on": "yes"})
    return Connection.objects.get(pk=shared.pk)


@pytest.mark.row("CL-12")
def test_the_page_has_a_switch_for_admins(shared, adam, sign_in):
    browser = sign_in(adam)
    page = reverse("organization_provider", args=[adam.organization.slug, "zoom"])
    switch = reverse("members_may_remove", args=[adam.organization.slug, "zoom"])
    assert 'aria-checked="false"' in browser.get(page).content.decode()

    browser.post(switch, {"on": "yes"})
    assert 'aria-checked="true"' in browser.get(page).content.decode()

    browser.post(switch)
    assert 'aria-checked="false"' in browser.get(page).content.decode()
    assert AuditEntry.objects.filter(act="connection.policy_changed", by=adam.user).count() == 2


@pytest.mark.row("CL-13")
def test_with_it_off_there_is_no_control_and_the_server_refuses(shared, mina, sign_in):
    browser = sign_in(mina)
    address = reverse("seat_remove", args=[shared.uid])
    assert address not in browser.get(reverse("conferencing")).content.decode()

    assert browser.get(address).status_code == 403
    assert browser.post(address).status_code == 403
    with pytest.raises(seat_choices.NotAllowed):
        seat_choices.remove(seat(mina), by=mina.user)
    assert seat(mina).removed_at is None


@pytest.mark.row("CL-13")
def test_with_it_on_a_member_removes_it_for_himself_alone(allowed, mina, olga, sign_in, after_commit):
    browser, address = sign_in(mina), reverse("seat_remove", args=[allowed.uid])
    assert address in browser.get(reverse("conferencing")).content.decode()
    scheduler = factories.scheduler(mina, place="zoom")
    assert "Nothing has happened yet." in browser.get(address).content.decode()
    assert scheduler.name in browser.get(address).content.decode()

    with after_commit():
        browser.post(address)

    assert "Removed for you" in browser.get(reverse("conferencing")).content.decode()
    assert not queries.shared_with(mina.organization_id, mina.user_id).exists()
    assert defaults.default_of(mina).place == "builtin"
    assert seat(olga).removed_at is None
    assert allowed.is_usable
    scheduler.refresh_from_db()
    assert scheduler.disrupted_at


def test_switching_off_later_leaves_those_without_who_removed_it(allowed, adam, mina, sign_in):
    sign_in(mina).post(reverse("seat_remove", args=[allowed.uid]))

    sign_in(adam).post(reverse("members_may_remove", args=[adam.organization.slug, "zoom"]))

    assert seat(mina).removed_at


def test_he_takes_it_back_whenever_he_likes(allowed, mina, sign_in, after_commit):
    browser = sign_in(mina)
    browser.post(reverse("seat_remove", args=[allowed.uid]))
    with after_commit():
        browser.post(reverse("seat_take_back", args=[allowed.uid]))

    assert seat(mina).can_host
    assert conferencing.create_meeting(allowed, REQUEST, host=mina.user).join_url
    acts = AuditEntry.objects.filter(by=mina.user).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["connection.seat_removed", "connection.seat_restored"]


@pytest.mark.parametrize("name", ["seat_remove", "seat_take_back"])
def test_who_belongs_elsewhere_finds_nothing_to_remove(allowed, mallory, sign_in, name):
    assert sign_in(mallory).post(reverse(name, args=[allowed.uid])).status_code == 404


def test_a_personal_account_cannot_be_removed_this_way(mina, sign_in):
    own = factories.connection(mina)

    assert sign_in(mina).post(reverse("seat_remove", args=[own.uid])).status_code == 404


# --- The database -----------------------------------------------------------------------------------------------------


def test_a_member_has_one_seat_at_a_connection(shared, mina):
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(connection=shared, membership=mina)


@pytest.mark.parametrize(
    ("broken", "named"), [({"state": "other"}, "seat_state_is_known"), ({"state": "found"}, "found_seat_has_an_id")]
)
def test_the_database_refuses_a_seat_that_makes_no_sense(shared, mina, broken, named):
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        Seat.objects.filter(membership=mina).update(**broken)


def test_a_grant_arrives_once_at_an_organization(adam):
    arrived = factories.arrival(adam)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.arrival(adam, grant=arrived.grant)
