"""The meeting of an application's event: made once, moved, removed, whatever the provider does meanwhile."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection as database
from django.test import Client
from django.utils.timezone import now

from accounts import memberships
from accounts.models import Application
from integrations import connections, defaults, grants, seat_choices, transport
from integrations.models import Seat
from integrations.signals import meeting_reported
from integrations.types import EndReason
from outbox import intents
from outbox.models import Intent
from scheduling import (
    application_events,
    application_meetings,
    calls,
    event_rooms,
    former_meetings,
    leftovers,
    outside_meetings,
    places,
)
from scheduling.models import ApplicationEvent, FormerMeeting, Message, OutsideMeeting, Subscription
from tests import factories
from tests.factories import MONDAY
from tests.scheduling.api.conftest import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.row("CR-11")]

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
TEN = NINE + timedelta(hours=1)
CREATE = {"method": "POST", "path": "*/users/me/meetings"}
KINDS = ["application_meeting", "former_meeting", "application_meeting_look"]


@pytest.fixture
def connection(olga, connect_zoom):
    """Olga's Zoom, her default."""
    connection = connect_zoom(olga)
    defaults.make_default(olga, "zoom")
    return connection


@pytest.fixture
def listening(app):
    """The application hears everything."""
    return Subscription.objects.create(application=Application.objects.get(), url="https://crm.example.org/hook")


def make(app, service="default", start=NINE, **more):
    times = {"start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat()}
    wish = {"title": "Interview", "conferencing": {"service": service}} | times | more
    answer = app.post("/events", wish)
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def change(app, event, **fields):
    answer = app.patch(f"/events/{event}", fields)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def settle():
    """One try of each that is owed, whenever it was due. False: nothing is."""
    Intent.objects.filter(kind__in=KINDS, lease_until=None).update(due_at=now())
    due = Intent.objects.due(now()).filter(kind__in=KINDS)
    return sum(intents.settle(pk) for pk in due.values_list("pk", flat=True))


def settle_all():
    for _attempt in range(10):
        if not settle():
            return
        long_ago = now() - timedelta(minutes=10)
        ApplicationEvent.objects.exclude(attempted_at=None).update(attempted_at=long_ago)
        FormerMeeting.objects.exclude(attempted_at=None).update(attempted_at=long_ago)
    raise AssertionError("It never ends")


def where(app, event):
    return app.get(f"/events/{event}").json()["conferencing"]


def state(app, event):
    return where(app, event)["state"]


def row():
    return ApplicationEvent.objects.get()


def told():
    """What the applications were told of meetings, in order."""
    return list(Message.objects.filter(type__startswith="meeting.").order_by("pk").values_list("type", flat=True))


@pytest.fixture
def event(app, connection):
    """Made, and its meeting too."""
    event = make(app)
    settle()
    return event


@pytest.mark.row("CR-1", "CR-7", "CR-10")
@pytest.mark.parametrize("service", ["default", "zoom"])
def test_an_event_gets_one_meeting_at_zoom_and_the_link_follows(app, connection, zoom, service):
    event = make(app, service, title="Tea\u202e time", description="Second round.", time_zone="Asia/Kathmandu")
    assert where(app, event) | {"name": "Zoom"} == {
        "service": "zoom",
        "name": "Zoom",
        "state": "pending",
        "join_url": "",
        "passcode": "",
        "error": "",
        "action_url": "",
    }

    settle_all()

    [meeting] = zoom.meetings()
    found = where(app, event)
    assert (found["state"], found["join_url"]) == ("ready", zoom.join_url(meeting))
    assert found["passcode"] == meeting.password
    assert (meeting.topic, meeting.start, meeting.duration) == ("Tea time", NINE, 30)
    assert "Second round." in meeting.agenda


def test_where_nothing_is_connected_an_event_has_our_own_room_at_once(app, olga, client):
    event = make(app)
    found = where(app, event)
    assert (found["service"], found["state"]) == ("builtin", "ready")

    guest = client.get(found["join_url"])
    assert guest.status_code == 200
    assert "Ask to come in" in guest.content.decode()
    host = places.event_url(row(), as_host=True)
    assert host != found["join_url"]
    assert "Open the room" in client.get(host).content.decode()

    app.delete(f"/events/{event}")
    assert where(app, event)["join_url"] == ""
    assert "called off" in client.get(found["join_url"]).content.decode()


def test_the_room_of_an_event_that_is_held_elsewhere_now_says_so(app, connection, client):
    event = make(app, "builtin")
    link = where(app, event)["join_url"]
    change(app, event, conferencing={"service": "zoom"})

    page = client.get(link)
    assert (page.status_code, "somewhere else" in page.content.decode()) == (200, True)


def test_host_and_guest_meet_in_the_room_of_an_event_and_nobody_of_another_is_there(app, client):
    events = [make(app, "builtin"), make(app, "builtin", start=TEN)]
    host, guest, stranger = (
        Client().post(f"{link}/enter", json.dumps({"name": name}), "application/json").json()
        for link, name in [
            (places.event_url(ApplicationEvent.objects.get(uid=events[0]), as_host=True), "Olga"),
            (where(app, events[0])["join_url"], "Ivan"),
            (where(app, events[1])["join_url"], "Eve"),
        ]
    )
    stand_in = event_rooms.stand_in(ApplicationEvent.objects.get(uid=events[0]))
    assert [visit.name for visit in calls.here(stand_in)] == ["Olga", "Ivan"]

    olga_ = calls.find(stand_in, host["key"], is_host=True)
    calls.admit(UUID(guest["uid"]), by=olga_)
    calls.admit(UUID(stranger["uid"]), by=olga_)
    assert [visit.is_inside for visit in calls.here(stand_in)] == [True, True]
    other = event_rooms.stand_in(ApplicationEvent.objects.get(uid=events[1]))
    assert [visit.is_inside for visit in calls.here(other)] == [False]


def test_a_forged_door_opens_no_room(app, client):
    event = make(app, "builtin")
    link = where(app, event)["join_url"]
    ApplicationEvent.objects.all().delete()

    assert client.get(link).status_code == 404
    assert client.get(f"{link}x").status_code == 404


@pytest.mark.row("CR-7")
def test_every_application_he_lets_act_for_him_gets_meetings(app, connection, olga, calling, zoom):
    events = [make(app), make(calling(olga), start=TEN)]
    key = Caller.__new__(Caller)
    key.headers = {"Authorization": f"Bearer {factories.api_key(olga)}"}
    events.append(make(key, start=TEN + timedelta(hours=1)))
    settle_all()

    assert len(events) == len(zoom.meetings()) == 3


def test_without_conferencing_nothing_is_asked_of_zoom(app, connection, zoom):
    before = len(zoom.calls)
    event = make(app, "none")
    settle_all()

    assert (state(app, event), len(zoom.calls)) == ("none", before)


def test_a_change_of_title_time_and_length_goes_to_the_same_meeting(app, event, zoom):
    [before] = zoom.meetings()

    changed = change(app, event, title="Talk", start=TEN.isoformat(), end=(TEN + timedelta(hours=1)).isoformat())
    assert (changed["conferencing"]["state"], changed["conferencing"]["join_url"]) == ("pending", zoom.join_url(before))
    settle_all()

    [meeting] = zoom.meetings()
    assert (meeting.id, meeting.topic, meeting.start, meeting.duration) == (before.id, "Talk", TEN, 60)
    assert state(app, event) == "ready"


def test_a_change_that_the_meeting_does_not_show_asks_nothing(app, event, zoom):
    before = len(zoom.calls)
    change(app, event, transparency="transparent", title="Interview")
    settle_all()

    assert (state(app, event), len(zoom.calls)) == ("ready", before)


def test_deleting_the_event_deletes_the_meeting(app, event, zoom):
    app.delete(f"/events/{event}")
    assert where(app, event)["join_url"] == ""
    settle_all()

    assert (zoom.meetings(), state(app, event)) == ([], "removed")
    assert not FormerMeeting.objects.exists()


def test_an_event_deleted_before_its_meeting_was_made_asks_zoom_for_nothing(app, connection, zoom):
    before = len(zoom.calls)
    event = make(app)
    app.delete(f"/events/{event}")
    settle_all()

    assert (state(app, event), len(zoom.calls)) == ("removed", before)


@pytest.mark.parametrize("kind", ["drop_after", "empty", "truncated"])
def test_an_answer_lost_after_zoom_made_the_meeting_makes_no_second_one(app, connection, zoom, kind):
    zoom.faults.add(kind, times=1, **CREATE)
    event = make(app)
    settle()
    assert (state(app, event), len(zoom.meetings())) == ("pending", 1)
    change(app, event, start=TEN.isoformat())
    settle_all()

    [meeting] = zoom.meetings()
    assert (state(app, event), row().external_id, meeting.start) == ("ready", str(meeting.id), TEN)


@pytest.mark.parametrize("how", ["deleted", "none", "builtin"])
def test_what_an_unclear_answer_left_goes_when_the_event_has_no_use_for_it(app, connection, zoom, how):
    zoom.faults.add("drop_after", times=1, **CREATE)
    event = make(app)
    settle()

    if how == "deleted":
        app.delete(f"/events/{event}")
    else:
        change(app, event, conferencing={"service": how})
    settle_all()

    assert zoom.meetings() == []
    assert not FormerMeeting.objects.exists()


def test_what_may_still_come_is_waited_for_as_long_as_a_worker_can_hold_it(app, connection, zoom, settings):
    zoom.faults.add("drop_before", times=1, **CREATE)
    event = make(app)
    settle()
    app.delete(f"/events/{event}")

    settle()
    FormerMeeting.objects.update(attempted_at=now() - settings.OUTBOX_LEASE / 2)
    settle()
    assert FormerMeeting.objects.exists()
    FormerMeeting.objects.update(attempted_at=now() - settings.OUTBOX_LEASE)
    settle()
    assert not FormerMeeting.objects.exists()


@pytest.mark.parametrize("moment", ["_asked", "_shown"])
def test_a_worker_killed_between_claim_and_answer_leaves_one_meeting(app, connection, zoom, monkeypatch, moment):
    event = make(app)

    def die(*arguments, **more):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(application_meetings, moment, die)
        with pytest.raises(SystemExit):
            application_meetings.settle(row().pk)
    settle_all()

    [meeting] = zoom.meetings()
    assert (state(app, event), row().external_id) == ("ready", str(meeting.id))


def test_a_worker_killed_while_a_meeting_is_removed_removes_it_later(app, event, zoom, monkeypatch):
    app.delete(f"/events/{event}")

    def die(*arguments, **more):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(former_meetings, "_gone", die)
        with pytest.raises(SystemExit):
            former_meetings.settle(FormerMeeting.objects.get().pk)
    settle_all()
    assert (zoom.meetings(), FormerMeeting.objects.count()) == ([], 0)


@pytest.mark.parametrize("change_", ["delete", "none", "move"])
@pytest.mark.parametrize("moment", ["_asked", "_shown"])
def test_a_change_while_zoom_is_being_asked_is_not_lost(app, connection, zoom, monkeypatch, moment, change_):
    event = make(app)
    original = getattr(application_meetings, moment)

    def first(*arguments, **more):
        monkeypatch.setattr(application_meetings, moment, original)
        current = ApplicationEvent.objects.get()
        if change_ == "delete":
            application_events.delete(current)
        elif change_ == "none":
            change(app, event, conferencing={"service": "none"})
        else:
            change(app, event, start=TEN.isoformat())
        return original(*arguments, **more)

    monkeypatch.setattr(application_meetings, moment, first)
    settle_all()

    expected = [TEN] if change_ == "move" else []
    assert [meeting.start for meeting in zoom.meetings()] == expected
    assert state(app, event) == {"delete": "removed", "none": "none", "move": "ready"}[change_]


def test_an_answer_about_what_was_changed_meanwhile_is_kept_but_not_told(app, connection, zoom, listening, monkeypatch):
    event = make(app)
    shown = application_meetings._shown

    def moved_first(*arguments):
        monkeypatch.setattr(application_meetings, "_shown", shown)
        change(app, event, start=TEN.isoformat())
        return shown(*arguments)

    monkeypatch.setattr(application_meetings, "_shown", moved_first)
    settle()
    assert (state(app, event), told(), bool(row().external_id)) == ("pending", [], True)
    settle_all()
    assert (state(app, event), told()) == ("ready", ["meeting.ready"])


def test_an_answer_that_comes_after_all_looking_is_over_is_taken_back(app, connection, zoom, monkeypatch):
    """The worker was slower than its lease, and nobody looks any more."""
    make(app)
    shown = application_meetings._shown

    def late(*arguments):
        application_events.delete(ApplicationEvent.objects.get())
        FormerMeeting.objects.all().delete()
        return shown(*arguments)

    monkeypatch.setattr(application_meetings, "_shown", late)
    settle_all()
    assert zoom.meetings() == []


def test_a_meeting_that_vanished_at_zoom_is_made_anew(app, event, zoom):
    old = where(app, event)["join_url"]
    zoom.delete_meeting(row().external_id)

    change(app, event, start=TEN.isoformat())
    settle_all()

    [meeting] = zoom.meetings()
    assert where(app, event)["join_url"] == zoom.join_url(meeting) != old


def test_a_meeting_that_somebody_deletes_at_zoom_is_told_and_made_anew_only_if_asked_for(app, event, zoom, listening):
    def hear():
        news = {"provider": "zoom", "account_id": "", "external_id": external_id, "kind": "changed", "at": now()}
        meeting_reported.send(sender=None, **news)
        settle_all()

    external_id = row().external_id
    hear()
    assert (state(app, event), told()) == ("ready", []), "it is there"
    zoom.delete_meeting(external_id)
    zoom.faults.add("status", status=503, times=1)
    hear()
    hear()

    found = where(app, event)
    assert (found["state"], found["join_url"], zoom.meetings()) == ("failed", "", [])
    assert "deleted the meeting" in found["error"]
    assert told() == ["meeting.deleted"]
    change(app, event, conferencing={"service": "zoom"})
    settle_all()
    assert (state(app, event), len(zoom.meetings()), told()) == ("ready", 1, ["meeting.deleted", "meeting.ready"])


def test_conferencing_may_come_later_go_and_come_again(app, connection, zoom):
    event = make(app, "none")
    for service, number in [("zoom", 1), ("default", 1), ("none", 0), ("zoom", 1)]:
        change(app, event, conferencing={"service": service})
        settle_all()
        assert len(zoom.meetings()) == number
        assert state(app, event) == ("ready" if number else "none")


def test_a_quick_there_and_back_leaves_one_meeting(app, event, zoom):
    [before] = zoom.meetings()
    for service in ("none", "zoom", "none", "zoom"):
        change(app, event, conferencing={"service": service})
    settle_all()

    [meeting] = zoom.meetings()
    assert (meeting.id != before.id, row().external_id) == (True, str(meeting.id))


@pytest.mark.parametrize("listed", ["with agendas", "without agendas"])
def test_what_was_made_for_an_event_is_no_meeting_made_at_zoom(app, event, connection, zoom, monkeypatch, listed):
    if listed == "without agendas":
        monkeypatch.setattr(outside_meetings, "OURS", re.compile("never"))
    outside_meetings.settle(connection.pk)
    assert not OutsideMeeting.objects.exists()

    zoom.make_meeting("paula@acme.example", "Team", TEN)
    outside_meetings.settle(connection.pk)
    assert [meeting.title for meeting in OutsideMeeting.objects.all()] == ["Team"]


def test_a_link_that_works_is_not_swapped_for_one_of_the_same_service(app, event, zoom):
    link = where(app, event)["join_url"]
    change(app, event, conferencing={"service": "zoom"})
    settle_all()

    assert where(app, event)["join_url"] == link
    assert len(zoom.meetings()) == 1


def test_while_zoom_is_down_the_event_waits_and_gets_its_link_later(app, connection, zoom, listening):
    zoom.faults.add("status", status=503, path="/v2/*")
    event = make(app)
    settle()
    found = where(app, event)
    assert (found["state"], bool(found["error"]), told()) == ("pending", True, [])

    zoom.faults.clear()
    settle_all()
    assert (where(app, event)["error"], state(app, event), len(zoom.meetings())) == ("", "ready", 1)


def test_a_rate_limit_is_waited_out_as_long_as_zoom_says(app, connection, zoom):
    zoom.faults.add("rate_limit", limit="day", times=1, **CREATE)
    event = make(app)
    settle()

    assert (state(app, event), row().attempted_at) == ("pending", None)
    assert Intent.objects.get(kind="application_meeting").due_at > now() + timedelta(minutes=1)
    settle_all()
    assert state(app, event) == "ready"


def test_a_look_waits_as_long_as_zoom_says(app, event, zoom):
    news = {"provider": "zoom", "account_id": "", "external_id": row().external_id, "kind": "changed", "at": now()}
    meeting_reported.send(sender=None, **news)
    zoom.faults.add("rate_limit", limit="day", times=1)
    settle()

    assert Intent.objects.get(kind="application_meeting_look").due_at > now() + timedelta(minutes=1)


def test_what_zoom_rejects_needs_the_person_and_goes_on_when_asked_again(app, connection, zoom, listening):
    event = make(app)
    zoom.change_user("paula@acme.example", type=4)
    settle_all()
    found = where(app, event)
    assert (found["state"], bool(found["error"])) == ("failed", True)
    assert found["action_url"].endswith("/account/conferencing")

    zoom.change_user("paula@acme.example", type=2)
    change(app, event, conferencing={"service": "zoom"})
    settle_all()
    assert (state(app, event), told()) == ("ready", ["meeting.failed", "meeting.ready"])


def test_a_service_that_is_not_connected_fails_clearly_and_the_meeting_follows_once_it_is(
    app, olga, zoom, connect_zoom, listening
):
    event = make(app, "zoom")
    found = where(app, event)
    assert (found["state"], found["join_url"]) == ("failed", "")
    assert "connect Zoom" in found["error"]
    settle_all()
    assert told() == [], "it was said in the answer"

    connect_zoom(olga)
    settle_all()
    assert (state(app, event), len(zoom.meetings()), told()) == ("ready", 1, ["meeting.ready"])


@pytest.mark.row("CR-12", "CR-13")
def test_disconnecting_keeps_meetings_and_links_and_makes_no_more_for_any_application(
    app, calling, connection, olga, zoom, after_commit, listening
):
    other = calling(olga)
    kept, waiting = make(app), make(other, start=TEN)
    settle_all()
    link = where(app, kept)["join_url"]
    late = make(app, start=TEN + timedelta(hours=1))
    with after_commit():
        connections.disconnect(connection, by=olga.user)
    settle_all()

    assert len(zoom.meetings()) == 2
    assert (state(app, kept), where(app, kept)["join_url"]) == ("detached", link)
    assert (state(other, waiting), state(app, late)) == ("detached", "failed")
    assert told() == ["meeting.ready", "meeting.failed", "meeting.failed"]
    for application in (app, other):
        event = make(application, "zoom", start=NINE + timedelta(days=1, hours=1 if application is app else 2))
        settle_all()
        assert state(application, event) == "failed"
    assert len(zoom.meetings()) == 2


@pytest.mark.row("CR-13")
@pytest.mark.parametrize("how", ["move", "delete"])
def test_after_a_disconnect_changes_stay_here_and_are_named(app, event, connection, olga, zoom, after_commit, how):
    with after_commit():
        connections.disconnect(connection, by=olga.user)
    if how == "move":
        change(app, event, start=TEN.isoformat())
    else:
        app.delete(f"/events/{event}")
    settle_all()

    assert [meeting.start for meeting in zoom.meetings()] == [NINE]
    found = where(app, event)
    assert found["state"] == "detached"
    assert "Zoom" in found["error"]


def test_an_end_at_zoom_keeps_the_link_and_a_reconnect_carries_what_was_missed(
    app, event, connection, olga, zoom, connect_zoom, after_commit, listening
):
    still = make(app, start=TEN + timedelta(hours=2))
    settle_all()
    with after_commit():
        grants.end(connection.grant, EndReason.REVOKED)
    change(app, event, start=TEN.isoformat())
    settle_all()
    assert (state(app, event), state(app, still)) == ("detached", "detached")
    assert where(app, event)["join_url"]
    before = len(zoom.calls)

    with after_commit():
        connect_zoom(olga)
    settle_all()

    assert TEN in [meeting.start for meeting in zoom.meetings()]
    assert (state(app, event), state(app, still)) == ("ready", "ready")
    assert [call for call in zoom.calls[before:] if call.method == "PATCH"], "the one that had moved, and no other"
    assert told().count("meeting.ready") == 3


def test_a_meeting_of_a_deleted_event_goes_once_its_account_is_back(
    app, event, connection, olga, zoom, connect_zoom, after_commit, listening
):
    with after_commit():
        grants.end(connection.grant, EndReason.REVOKED)
    app.delete(f"/events/{event}")
    settle_all()
    assert (state(app, event), len(zoom.meetings())) == ("detached", 1)
    assert "yourself" in where(app, event)["error"]

    with after_commit():
        connect_zoom(olga)
    settle_all()
    assert (state(app, event), zoom.meetings(), where(app, event)["error"]) == ("removed", [], "")
    assert told()[-1] == "meeting.deleted"


@pytest.mark.row("CR-13")
def test_a_consent_that_is_revoked_leaves_event_and_meeting(app, event, zoom, olga):
    olga.user.consents.all().delete()

    assert app.get(f"/events/{event}").status_code == 401
    settle_all()
    assert len(zoom.meetings()) == ApplicationEvent.objects.count() == 1


@pytest.mark.parametrize("cancel", [True, False])
def test_a_member_who_goes_leaves_his_events_unless_they_are_called_off(mina, adam, connect_zoom, zoom, cancel):
    app = Caller(mina)
    connect_zoom(mina)
    make(app, "zoom")
    settle_all()
    assert [loss for loss in memberships.losses(mina) if "applications" in loss.consequence]

    memberships.remove(mina, by=adam, cancel_bookings=cancel)
    settle_all()
    assert row().is_cancelled is cancel
    assert len(zoom.meetings()) == 1


def test_the_organizations_account_holds_it_as_the_person_until_he_does_without(app, olga, mina, shared, zoom):
    """Where somebody else's seat goes, nothing happens."""
    shared.members_may_remove = True
    shared.save()
    seats = [
        Seat.objects.create(connection=shared, membership=member, wanted=email)
        for member, email in [(olga, "pedro@acme.example"), (mina, "paula@acme.example")]
    ]
    event = make(app)
    settle_all()
    assert where(app, event)["service"] == "zoom"
    assert [len(zoom.meetings(email)) for email in ("pedro@acme.example", "paula@acme.example")] == [1, 0]

    seat_choices.remove(seats[1], by=mina.user)
    assert state(app, event) == "ready"
    seat_choices.remove(seats[0], by=olga.user)
    assert state(app, event) == "detached"
    app.delete(f"/events/{event}")
    settle_all()
    assert (len(zoom.meetings("pedro@acme.example")), state(app, event)) == (1, "detached")


def test_a_disconnect_before_a_meeting_was_removed_is_named(app, event, connection, olga, zoom, after_commit):
    zoom.faults.add("status", status=503, path="/v2/*")
    app.delete(f"/events/{event}")
    settle()
    assert state(app, event) == "removed"

    zoom.faults.clear()
    with after_commit():
        Intent.objects.filter(kind="former_meeting").update(stopped=True)
        connections.disconnect(connection, by=olga.user)
    assert (state(app, event), len(zoom.meetings())) == ("detached", 1)
    assert "yourself" in where(app, event)["error"]


def test_events_that_are_over_are_left_alone(app, event, connection, olga, zoom, after_commit):
    change(app, event, title="Later")
    start = now() - timedelta(days=1)
    times = {"start": start, "end": start + timedelta(hours=1), "busy_start": start}
    ApplicationEvent.objects.update(busy_end=start + timedelta(hours=1), **times)
    settle_all()
    assert [meeting.topic for meeting in zoom.meetings()] == ["Interview"]
    assert state(app, event) == "ready"

    with after_commit():
        connections.disconnect(connection, by=olga.user)
    assert state(app, event) == "ready"


def test_an_event_that_was_over_before_zoom_answered_has_no_meeting(app, connection, zoom):
    event = make(app)
    start = now() - timedelta(days=1)
    times = {"start": start, "end": start + timedelta(hours=1), "busy_start": start}
    ApplicationEvent.objects.update(busy_end=start + timedelta(hours=1), **times)
    settle_all()

    assert (zoom.meetings(), state(app, event)) == ([], "failed")


def test_the_application_alone_is_told_once_of_each_change_as_the_api_shows_it(app, event, calling, olga, listening):
    other = Subscription.objects.create(application=factories.application(olga), url="https://other.example.org")
    factories.consent(other.application, olga)
    change(app, event, start=TEN.isoformat())
    settle_all()
    [message] = Message.objects.all()
    body = json.loads(message.body)
    assert (message.application, body["type"]) == (listening.application, "meeting.ready")
    assert body["data"] == app.get(f"/events/{event}").json()

    settle_all()
    app.delete(f"/events/{event}")
    settle_all()
    assert told() == ["meeting.ready", "meeting.deleted"]
    assert json.loads(Message.objects.latest("pk").body)["data"]["status"] == "cancelled"


def test_nothing_of_the_account_at_zoom_is_told(app, event, zoom, listening):
    zoom.change_user("paula@acme.example", type=4)
    change(app, event, title="Talk")
    settle_all()

    answers = [app.get(f"/events/{event}"), app.get("/events")]
    shown = "".join(answer.content.decode() for answer in answers) + "".join(
        Message.objects.values_list("body", flat=True)
    )
    secret = [row().error_detail, "paula@acme.example", zoom.user("paula@acme.example").id, row().marker]
    assert [text for text in secret if text and text in shown] == []
    assert f'"{row().external_id}"' not in shown


@pytest.mark.django_db(transaction=True)
def test_no_call_to_zoom_is_made_inside_a_transaction(app, connection, zoom, monkeypatch):
    send, inside = transport.send, []

    def watched(*arguments, **more):
        inside.append(database.in_atomic_block)
        return send(*arguments, **more)

    monkeypatch.setattr(transport, "send", watched)
    event = make(app)
    settle()
    change(app, event, start=TEN.isoformat())
    settle()
    app.delete(f"/events/{event}")
    settle()

    assert len(inside) >= 3
    assert not any(inside)


def test_an_event_that_is_gone_is_no_error(db):
    application_meetings.settle(424242)
    former_meetings.settle(424242)


def test_every_attempt_with_an_unclear_end_is_given_time_to_show(app, connection, zoom):
    zoom.faults.add("drop_before", times=1, **CREATE)
    make(app)
    settle()
    settle()
    assert zoom.meetings() == []
    assert now() - row().attempted_at < leftovers.CLEAR
    settle_all()
    assert len(zoom.meetings()) == 1
