"""What providers say of calendars they watch for us leads to a look; what nobody asked for leads to nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from integrations import calendar_choices, calendar_sync, connections, watches
from integrations.models import Calendar, CalendarEvent, Watch
from integrations.simulators.microsoft import postman
from outbox.models import Intent
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

OLGA = "olga@harbour.example"
AT_GOOGLE = {
    name: {"dateTime": at.isoformat(), "timeZone": "UTC"}
    for name, at in (("start", MONDAY), ("end", MONDAY + timedelta(hours=1)))
}


def _post(address, headers, body, timeout):
    path = address.removeprefix("http://testserver")
    answer = Client().post(path, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.content


@pytest.fixture
def calendar(google, connect_google, olga, after_commit):
    """Olga's main one at Google, read and watched."""
    google.push.post = _post
    with after_commit():
        connect_google(olga)
    google.push.run()
    return Calendar.objects.get(is_main=True)


@pytest.fixture
def pushed(google, after_commit):
    """Deliver what Google has to say, and let the workers work; the statuses it got."""

    def run():
        with after_commit():
            deliveries = google.push.run()
        return [one.statuses[-1] for one in deliveries]

    return run


def titles():
    return sorted(CalendarEvent.objects.values_list("title", flat=True))


def looks():
    return Intent.objects.get(kind=calendar_sync.KIND).wanted


def tend(after_commit):
    with after_commit():
        watches.want_due()


@pytest.mark.row("G-41", "ZM-27")
def test_a_push_leads_to_a_look(calendar, google, pushed):
    google.make(OLGA, summary="Dentist", **AT_GOOGLE)
    assert titles() == []

    assert pushed() == [202]
    assert titles() == ["Dentist"]
    assert Watch.objects.get().last_push_at is not None


def test_a_storm_of_pushes_is_one_look(calendar, google, pushed):
    before = looks()
    google.push.duplicated = True
    for number in range(20):
        google.make(OLGA, summary=f"{number}", **AT_GOOGLE)

    assert pushed() == [202] * 40
    assert looks() == before + 1
    assert len(titles()) == 20


@pytest.mark.row("G-41", "ZM-27")
def test_what_was_never_pushed_is_found_by_the_regular_look(calendar, google, pushed, after_commit):
    google.push.dropped = True
    google.make(OLGA, summary="Dentist", **AT_GOOGLE)
    assert pushed() == []

    Calendar.objects.update(next_look_at=now())
    with after_commit():
        calendar_sync.begin_due()
    assert titles() == ["Dentist"]


def test_the_first_word_may_come_before_the_watch_is_known(google, connect_google, olga, after_commit):
    google.push.post = lambda *_: (202, b"")
    google.push.syncs_first = True
    with after_commit():
        connect_google(olga)

    assert Watch.objects.get().expires_at > now() + timedelta(days=6)


class TestWhatIsNotBelieved:
    @pytest.fixture
    def headers(self, calendar, google):
        [channel] = google.push.channels.values()
        return {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Channel-Token": channel.token,
            "X-Goog-Resource-State": "exists",
        }

    def say(self, headers, provider="google", **how):
        return Client().post(f"/webhooks/{provider}/calendar", headers=headers, **how).status_code

    def test_the_right_words(self, headers):
        before = looks()
        assert (self.say(headers), looks()) == (202, before + 1)

    @pytest.mark.parametrize("token", ["", "wrong", "ü"])
    def test_without_the_secret(self, headers, token):
        before = looks()
        assert self.say(headers | {"X-Goog-Channel-Token": token}) == 202
        assert looks() == before

    @pytest.mark.parametrize("channel", ["", "unknown", "9b0b4f2e-4c6b-4f0a-9c39-4f2f6f3a0a51", "x" * 5000])
    def test_of_an_unknown_watch(self, headers, channel):
        before = looks()
        assert self.say(headers | {"X-Goog-Channel-ID": channel}) == 202
        assert looks() == before

    def test_at_another_providers_address(self, headers):
        before = looks()
        body = {"content_type": "application/json", "data": "{}"}
        assert self.say(headers, provider="microsoft", **body) == 202
        assert looks() == before

    @pytest.mark.parametrize("provider", ["zoom", "caldav", "exchange", "nobody"])
    def test_where_nobody_listens(self, headers, provider):
        assert self.say(headers, provider=provider) == 404

    def test_too_much(self, headers):
        assert self.say(headers, data=b"x" * 300_000, content_type="application/json") == 413

    def test_by_another_method(self, headers):
        assert Client().get("/webhooks/google/calendar", headers=headers).status_code == 405

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"value": 3}', b'{"value": [3, {}]}', b"\xff\xfe"])
    def test_garbage(self, body):
        answer = Client().post("/webhooks/microsoft/calendar", body, content_type="application/json")
        assert answer.status_code == 202


class TestWatching:
    def test_a_ticked_calendar_is_watched(self, calendar, google):
        [watch] = Watch.objects.all()
        [channel] = google.push.channels.values()
        assert (watch.calendar, watch.external_id) == (calendar, channel.id)
        assert watch.secret_hash == watches.digest(channel.token)
        assert channel.address == "http://testserver/webhooks/google/calendar"

    def test_nobody_pushes_to_an_address_without_https(self, google, connect_google, olga, after_commit, settings):
        settings.SIMULATORS = False
        with after_commit():
            connect_google(olga)
        assert not Watch.objects.exists()
        assert Calendar.objects.get(is_main=True).is_trusted

    def test_it_is_renewed_ahead_and_the_old_one_goes_when_the_new_one_stands(self, calendar, google, after_commit):
        old = Watch.objects.get()
        tend(after_commit)
        assert Watch.objects.get() == old

        Watch.objects.update(expires_at=now() + timedelta(hours=20))
        tend(after_commit)
        new = Watch.objects.get()
        assert new != old
        assert [channel.stopped for channel in google.push.channels.values()] == [True, False]

    def test_one_that_ended_without_a_word_is_made_anew(self, calendar, google, pushed, after_commit):
        google.push.expire()
        google.make(OLGA, summary="Dentist", **AT_GOOGLE)
        assert pushed() == []

        Watch.objects.update(expires_at=now() - timedelta(seconds=1))
        tend(after_commit)
        google.make(OLGA, summary="Surgeon", **AT_GOOGLE)
        assert 202 in pushed()
        assert titles() == ["Dentist", "Surgeon"]

    def test_while_the_provider_is_down_the_old_one_stays(self, calendar, google, after_commit):
        Watch.objects.update(expires_at=now() + timedelta(hours=20))
        google.faults.add("status", status=503, path="*watch*")
        tend(after_commit)

        assert Watch.objects.count() == 1
        assert Intent.objects.get(kind=watches.KIND).last_error

    def test_unticked_it_is_stopped(self, calendar, google, olga, after_commit):
        with after_commit():
            calendar_choices.choose(olga, busy=[], receiving=None)

        assert not Watch.objects.exists()
        assert [channel.stopped for channel in google.push.channels.values()] == [True]

    def test_disconnected_it_is_stopped_before_the_access_is_given_back(self, calendar, google, olga, after_commit):
        with after_commit():
            connections.disconnect(calendar.connection, by=olga.user)

        assert not Watch.objects.exists()
        assert [channel.stopped for channel in google.push.channels.values()] == [True]

    def test_of_a_calendar_that_is_gone_while_others_use_the_account(self, calendar, google, after_commit):
        with after_commit():
            watches.let_go(calendar)
            calendar.delete()

        assert not Watch.objects.exists()
        assert [channel.stopped for channel in google.push.channels.values()] == [True]

    def test_a_word_after_the_stop_is_let_pass(self, calendar, google, olga, pushed, after_commit):
        google.push.late_after_stop = True
        with after_commit():
            calendar_choices.choose(olga, busy=[], receiving=None)

        assert set(pushed()) == {202}

    def test_a_calendar_that_nobody_can_watch_is_left_alone(self, mina, after_commit):
        factories.calendar(mina)
        tend(after_commit)
        assert not Watch.objects.exists()


@pytest.mark.row("G-42")
class TestLifecycle:
    """Graph's subscriptions say when they want something."""

    @pytest.fixture
    def graph(self, microsoft, connect_microsoft, olga, after_commit, monkeypatch):
        def notify(url, notifications):
            path = url.removeprefix("http://testserver")
            answer = Client().post(path, {"value": notifications}, content_type="application/json")
            return answer.status_code

        def validate(url, token):
            path = url.removeprefix("http://testserver")
            answer = Client().post(path, query_params={"validationToken": token})
            return answer.status_code, answer.headers["Content-Type"], answer.content

        monkeypatch.setattr(postman, "notify", notify)
        monkeypatch.setattr(postman, "validate", validate)
        with after_commit():
            connect_microsoft(olga)
        return microsoft

    def tell(self, graph, event, after_commit):
        with after_commit():
            graph.lifecycle(event)
            return [one.statuses[-1] for one in graph.notifications.run()]

    def test_a_change_leads_to_a_look(self, graph, after_commit):
        graph.add_event("carla@contoso.example", MONDAY, MONDAY + timedelta(hours=1), subject="Dentist")
        with after_commit():
            graph.notifications.run()

        assert titles() == ["Dentist"]

    def test_it_is_renewed_when_it_asks_for_it(self, graph, after_commit):
        before = Watch.objects.get()
        Watch.objects.update(expires_at=now() + timedelta(hours=50))
        assert self.tell(graph, "reauthorizationRequired", after_commit) == [202]

        after = Watch.objects.get()
        assert after.external_id == before.external_id
        assert after.expires_at > now() + timedelta(hours=60)

    def test_one_that_was_removed_is_made_anew(self, graph, after_commit):
        before = Watch.objects.get()
        assert self.tell(graph, "subscriptionRemoved", after_commit) == [202]

        after = Watch.objects.get()
        assert after.external_id != before.external_id
        assert [subscription.id for subscription in graph.subscriptions] == [after.external_id]

    def test_where_something_was_missed_everything_is_looked_at(self, graph, after_commit):
        began = now()
        graph.notifications.dropped = True
        graph.add_event("carla@contoso.example", MONDAY, MONDAY + timedelta(hours=1), subject="Dentist")
        assert self.tell(graph, "missed", after_commit) == [202]

        calendar = Calendar.objects.get(is_main=True)
        assert titles() == ["Dentist"]
        assert calendar.synced_at >= began
