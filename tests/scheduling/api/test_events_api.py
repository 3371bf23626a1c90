"""Events that an application makes for somebody: what it may say, whose they are, whose time they take."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Consent
from accounts.scopes import Scope
from scheduling import bookings
from scheduling.exceptions import SlotTaken
from scheduling.models import ApplicationEvent, AskedBefore, HostCell
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
HOUR = timedelta(hours=1)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="UTC")


def wish(start=NINE, end=None, **more):
    times = {"start": start.isoformat(), "end": (end or start + HOUR / 2).isoformat()}
    return {"title": "Interview with Ivan"} | times | more


def made(app, start=NINE, **more):
    answer = app.post("/events", wish(start, **more))
    assert answer.status_code == 201, answer.json()
    return answer.json()


def refused(answer):
    found = answer.json()
    return answer.status_code, found["code"], [mistake["where"] for mistake in found["errors"]]


def past(event_id):
    """As if it had been made long ago."""
    start = MONDAY - timedelta(days=400)
    ApplicationEvent.objects.filter(uid=event_id).update(
        start=start, end=start + HOUR, busy_start=start, busy_end=start + HOUR
    )


@pytest.mark.row("CR-10")
def test_an_event_is_made_as_it_was_sent_and_read_again(app, olga):
    made_ = made(app, description="Second round.", time_zone="Asia/Kathmandu")

    assert app.get(f"/events/{made_['id']}").json() == made_
    assert {name: made_[name] for name in ("title", "description", "time_zone", "transparency", "status")} == {
        "title": "Interview with Ivan",
        "description": "Second round.",
        "time_zone": "Asia/Kathmandu",
        "transparency": "opaque",
        "status": "confirmed",
    }
    assert (made_["start"], made_["end"]) == ("2027-03-01T08:00:00Z", "2027-03-01T08:30:00Z")
    assert made_["conferencing"] == {
        "service": "none",
        "name": "",
        "state": "none",
        "join_url": "",
        "passcode": "",
        "error": "",
        "action_url": "",
    }
    assert set(made_) == {
        *("id", "title", "description", "start", "end", "time_zone", "transparency", "status", "conferencing"),
        *("created_at", "changed_at"),
    }


def test_without_a_time_zone_it_is_the_persons(app, olga):
    assert made(app)["time_zone"] == olga.user.time_zone


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"title": ""}, "title"),
        ({"title": " \r\n\u202e"}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": None}, "title"),
        ({"description": "x" * 4001}, "description"),
        ({"start": "2027-03-01T09:00:00"}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": "2020-03-01T09:00:00Z"}, "start"),
        ({"end": "2027-03-01T08:00:00Z"}, "end"),
        ({"end": "2027-03-02T08:00:01Z"}, "end"),
        ({"time_zone": "Mars/Phobos"}, "time_zone"),
        ({"transparency": "maybe"}, "transparency"),
        ({"conferencing": {"service": "telepathy"}}, "conferencing.service"),
        ({"conferencing": {"service": ""}}, "conferencing.service"),
        ({"conferencing": "zoom"}, "conferencing.service"),
    ],
)
def test_what_no_event_can_be_is_refused_with_its_place(app, changed, where):
    answer = app.post("/events", wish() | changed)

    status, code, places = refused(answer)
    assert (status, code) == (422, "invalid")
    assert f"body.{where}" in [place.replace("body.new.", "body.") for place in places]
    assert not ApplicationEvent.objects.exists()


def test_text_is_kept_without_what_breaks_out_of_lines(app):
    event = made(app, title=" Tea\r\nX-Evil: 1\u202e\x07 ", description="a\r\nb\x07")

    assert (event["title"], event["description"]) == ("Tea X-Evil: 1", "a\nb")


def test_an_event_of_a_whole_day_is_the_longest(app):
    event = made(app, end=NINE + timedelta(hours=24))

    assert HostCell.objects.filter(event__uid=event["id"]).count() == 288


@pytest.mark.row("CR-1")
def test_an_opaque_event_closes_its_time_for_bookings_and_other_events(app, scheduler, calling, olga):
    made(app, NINE + timedelta(minutes=2), end=NINE + timedelta(minutes=27))

    with pytest.raises(SlotTaken):
        bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())
    answer = calling(olga).post("/events", wish(NINE + timedelta(minutes=25)))
    assert (answer.status_code, answer.json()["code"]) == (409, "time_taken")
    assert HostCell.objects.count() == 6


def test_a_booking_closes_its_time_for_opaque_events(app, scheduler):
    bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())

    answer = app.post("/events", wish())
    assert (answer.status_code, answer.json()["code"]) == (409, "time_taken")
    assert made(app, transparency="transparent")["transparency"] == "transparent"
    assert HostCell.objects.filter(event=None).count() == HostCell.objects.count() == 6


def test_the_times_on_offer_leave_out_opaque_events_alone(app, scheduler, client):
    page = f"/{scheduler.host.custom_url}/{scheduler.slug}?zone=Europe/Berlin&day=2027-03-01"
    assert ">09:00<" in client.get(page).content.decode()

    event = made(app)
    assert ">09:00<" not in client.get(page).content.decode(), "the page that was kept is out of date"
    app.patch(f"/events/{event['id']}", {"transparency": "transparent"})
    assert ">09:00<" in client.get(page).content.decode()
    app.patch(f"/events/{event['id']}", {"transparency": "opaque"})
    assert ">09:00<" not in client.get(page).content.decode()
    app.delete(f"/events/{event['id']}")
    assert ">09:00<" in client.get(page).content.decode()
    assert not HostCell.objects.exists()


def test_a_change_names_only_what_changes(app):
    event = made(app, description="Second round.")

    changed = app.patch(f"/events/{event['id']}", {"title": "Talk", "description": None}).json()
    assert (changed["title"], changed["description"]) == ("Talk", "Second round.")
    moved = app.patch(f"/events/{event['id']}", {"start": (NINE + HOUR).isoformat()}).json()
    assert (moved["start"], moved["end"]) == ("2027-03-01T09:00:00Z", "2027-03-01T09:30:00Z")
    longer = app.patch(f"/events/{event['id']}", {"end": (NINE + 2 * HOUR).isoformat()}).json()
    assert (longer["start"], longer["end"]) == ("2027-03-01T09:00:00Z", "2027-03-01T10:00:00Z")
    assert {cell.cell for cell in HostCell.objects.all()} == {
        int((NINE + HOUR).timestamp()) // 300 + number for number in range(12)
    }


def test_an_event_moves_within_its_own_time_but_not_onto_another(app):
    event = made(app)
    made(app, NINE + HOUR)

    assert app.patch(f"/events/{event['id']}", {"start": (NINE + HOUR / 6).isoformat()}).status_code == 200
    answer = app.patch(f"/events/{event['id']}", {"start": (NINE + HOUR).isoformat(), "title": "New"})
    assert (answer.status_code, answer.json()["code"]) == (409, "time_taken")
    assert app.get(f"/events/{event['id']}").json()["title"] == "Interview with Ivan"
    assert HostCell.objects.count() == 12


@pytest.mark.parametrize("changed", [{"end": "2027-03-01T07:00:00Z"}, {"start": "2020-01-01T00:00:00Z"}])
def test_a_change_to_what_no_event_can_be_changes_nothing(app, changed):
    event = made(app)

    assert app.patch(f"/events/{event['id']}", changed).status_code == 422
    assert app.get(f"/events/{event['id']}").json() == event


def test_deleting_twice_is_deleting_once_and_it_can_still_be_read(app):
    event = made(app)

    assert [app.delete(f"/events/{event['id']}").status_code for _time in range(2)] == [204, 204]
    assert app.get(f"/events/{event['id']}").json()["status"] == "cancelled"
    answer = app.patch(f"/events/{event['id']}", {"title": "Back"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_an_event_that_is_over_stays_as_it_is(app):
    event = made(app)
    past(event["id"])

    for answer in (app.patch(f"/events/{event['id']}", {"title": "New"}), app.delete(f"/events/{event['id']}")):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert "over" in answer.json()["detail"]
    assert app.get(f"/events/{event['id']}").json()["status"] == "confirmed"


def test_each_application_knows_only_the_events_that_it_made_for_this_person(app, calling, olga, mina, mallory):
    event = made(app)
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    application = ApplicationEvent.objects.get().application

    same_for_mina = calling(mina)
    Consent.objects.filter(user=mina.user).update(application=application)
    others = [calling(olga), same_for_mina, calling(mallory), calling(elsewhere)]
    for other in others:
        assert other.get("/events").json()["items"] == [] if other is not same_for_mina else True
        assert other.get(f"/events/{event['id']}").status_code in (401, 404)
        assert other.patch(f"/events/{event['id']}", {"title": "Mine"}).status_code in (401, 404)
        assert other.delete(f"/events/{event['id']}").status_code in (401, 404)
    assert app.get(f"/events/{event['id']}").json() == event


def test_keys_of_one_person_share_what_they_made(app, olga, mina):
    made(app)
    first, second, other = ({"Authorization": f"Bearer {factories.api_key(member)}"} for member in (olga, olga, mina))
    event = Client().post("/api/v1/events", wish(NINE + HOUR), "application/json", headers=first).json()

    assert [item["id"] for item in Client().get("/api/v1/events", headers=second).json()["items"]] == [event["id"]]
    assert Client().get(f"/api/v1/events/{event['id']}", headers=other).status_code == 404
    assert app.get(f"/events/{event['id']}").status_code == 404


def test_reading_and_writing_are_scopes_of_their_own(calling, olga):
    reader, writer = calling(olga, [Scope.EVENTS_READ]), calling(olga, [Scope.EVENTS_WRITE])

    assert reader.post("/events", wish()).json()["code"] == "missing_scope"
    event = made(writer)
    assert writer.get(f"/events/{event['id']}").json()["code"] == "missing_scope"
    assert reader.get("/events").status_code == 200
    assert reader.delete(f"/events/{event['id']}").json()["code"] == "missing_scope"


def test_lists_are_cut_by_time_and_status_and_come_in_pages(app):
    first, second, third = (made(app, NINE + number * HOUR) for number in range(3))
    app.delete(f"/events/{third['id']}")

    def ids(**query):
        return [item["id"] for item in app.get("/events", **query).json()["items"]]

    assert ids() == [first["id"], second["id"], third["id"]]
    assert ids(status="confirmed") == [first["id"], second["id"]]
    assert ids(**{"from": (NINE + HOUR / 2).isoformat(), "until": (NINE + 2 * HOUR).isoformat()}) == [second["id"]]
    page = app.get("/events", limit=2).json()
    assert ids(limit=2, cursor=page["next_cursor"]) == [third["id"]]
    assert app.get("/events", **{"from": "2027-03-01"}).status_code == 422


def test_a_list_costs_the_same_for_one_and_for_three(app):
    def queries():
        with CaptureQueriesContext(database) as asked:
            app.get("/events")
        return len(asked)

    made(app)
    queries()
    one = queries()
    made(app, NINE + HOUR)
    made(app, NINE + 2 * HOUR)
    assert queries() == one


def test_a_repeated_post_with_its_key_is_one_event(app):
    answers = [app.post("/events", wish(), **{"Idempotency-Key": "one"}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert ApplicationEvent.objects.count() == 1


def test_an_event_is_not_made_twice_when_the_answer_was_never_remembered(app):
    """The worker died between the commit and the answer; the same key comes again."""
    first = app.post("/events", wish(), **{"Idempotency-Key": "one"}).json()
    AskedBefore.objects.update(status=None, body="", claimed_at=MONDAY - timedelta(days=900))

    again = app.post("/events", wish(), **{"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert ApplicationEvent.objects.count() == 1
