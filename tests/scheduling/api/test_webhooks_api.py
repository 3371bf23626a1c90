"""Applications manage their own webhooks by the API, with a token of their own."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken

from outbox import intents
from scheduling import signing_keys, subscriptions
from scheduling.models import Delivery, EventType, Subscription
from tests import factories
from tests.scheduling.webhook_receivers import application as application
from tests.scheduling.webhook_receivers import happen
from tests.scheduling.webhook_receivers import here as here
from tests.scheduling.webhook_receivers import receiver as receiver
from tests.scheduling.webhook_receivers import subscribed as subscribed

pytestmark = pytest.mark.django_db


class Itself:
    """The application with a token by client credentials."""

    def __init__(self, application, token="token-of-the-application"):
        end = timezone.now() + timedelta(hours=1)
        AccessToken.objects.create(application=application, token=token, expires=end, scope="webhooks")
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method, path, body=None, **headers):
        sent = json.dumps(body) if body is not None else ""
        send = getattr(Client(), method)
        return send(f"/api/v1/webhooks{path}", sent, "application/json", headers=self.headers | headers)

    def get(self, path="", **query):
        return Client().get(f"/api/v1/webhooks{path}", query, headers=self.headers)


@pytest.fixture
def itself(application):
    return Itself(application)


@pytest.mark.row("G-53")
def test_an_application_subscribes_and_is_told_the_secret_once(itself, olga, receiver):
    answer = itself.ask("post", "", {"url": receiver.url, "types": ["meeting.ready"]})
    made = answer.json()
    assert (answer.status_code, made["enabled"], made["types"]) == (201, True, ["meeting.ready"])
    assert [made["secret"]] == signing_keys.live(Subscription.objects.get())
    for path in ("", f"/{made['id']}"):
        assert made["secret"] not in itself.get(path).content.decode()

    happen(olga)
    intents.drain()
    assert receiver.got[0].verified(made["secret"])["type"] == "meeting.ready"


def test_subscribing_again_with_the_same_key_is_one_subscription(itself, receiver):
    answers = [itself.ask("post", "", {"url": receiver.url}, **{"Idempotency-Key": "k1"}).json() for _ in range(2)]

    assert (answers[0], Subscription.objects.count()) == (answers[1], 1)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"url": "http://10.0.0.7/"}, "body.url"),
        ({"url": "https://nobody.invalid/"}, "body.url"),
        ({"url": "http://crm.example.org\u0000/"}, "body.url"),
        ({"types": ["webhook.test"], "url": "https://example.org/"}, "body.types.0"),
        ({}, "body.url"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(itself, body, where):
    answer = itself.ask("post", "", body)

    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, where)
    assert not Subscription.objects.exists()


def test_there_are_only_so_many(itself, application, receiver, monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST", 1)
    factories.subscription(application)

    assert itself.ask("post", "", {"url": receiver.url}).json()["code"] == "conflict"


@pytest.mark.row("G-53")
def test_it_is_changed_switched_off_and_on_renewed_and_deleted(itself, olga, receiver, subscribed):
    path = f"/{subscribed[0].uid}"
    changed = itself.ask("patch", path, {"types": ["booking.moved"], "enabled": False}).json()
    assert (changed["types"], changed["enabled"], changed["url"]) == (["booking.moved"], False, receiver.url)
    assert changed["disabled_reason"] == "Switched off by the application itself."
    assert itself.ask("post", f"{path}/test").json()["code"] == "conflict"

    happen(olga, EventType.BOOKING_MOVED)
    assert itself.ask("post", f"{path}/enable").json() == {"missed": 1}
    renewed = itself.ask("post", f"{path}/rotate").json()
    assert signing_keys.live(subscribed[0]) == [renewed["secret"], subscribed[1]]
    assert renewed["former_secret_until"]
    assert itself.ask("post", f"{path}/end-former-secret").json()["former_secret_until"] is None
    assert itself.ask("delete", path).status_code == 204
    assert not Subscription.objects.exists()


@pytest.mark.row("G-54")
def test_what_was_sent_can_be_read_and_sent_again(itself, olga, receiver, subscribed):
    receiver.says(500, 200)
    happen(olga)
    intents.drain()
    path = f"/{subscribed[0].uid}/deliveries"
    [listed] = itself.get(path, state="waiting").json()["items"]
    assert (listed["type"], listed["attempts"]) == ("meeting.ready", 1)
    assert itself.get(path, state="failed").json()["items"] == []

    one = f"{path}/{listed['id']}"
    assert itself.ask("post", f"{one}/redeliver").status_code == 202
    intents.drain()
    read = itself.get(one).json()
    assert (read["state"], read["message_id"]) == ("delivered", receiver.got[0].id)
    assert read["body"].encode() == receiver.got[0].body
    assert [(attempt["status"], attempt["by_hand"]) for attempt in read["log"]] == [(200, True), (500, False)]


@pytest.mark.row("G-54")
def test_a_test_is_sent(itself, receiver, subscribed):
    assert itself.ask("post", f"/{subscribed[0].uid}/test").status_code == 202
    intents.drain()

    assert [told["type"] for told in receiver.told] == ["webhook.test"]


def test_the_log_comes_in_pages(itself, olga, receiver, subscribed):
    for _number in range(3):
        happen(olga)
    path = f"/{subscribed[0].uid}/deliveries"
    first = itself.get(path, limit=2).json()
    second = itself.get(path, limit=2, cursor=first["next_cursor"]).json()

    seen = [item["id"] for item in first["items"] + second["items"]]
    assert seen == [str(row.uid) for row in Delivery.objects.order_by("pk")]
    assert second["next_cursor"] == ""


@pytest.mark.row("CR-16")
def test_without_consent_the_body_is_not_read_any_more(itself, olga, application, subscribed):
    happen(olga)
    application.consents.update(scopes=[])
    one = Delivery.objects.get()

    assert itself.get(f"/{subscribed[0].uid}/deliveries/{one.uid}").json()["body"] == ""


def test_what_belongs_to_another_application_is_not_found(olga, subscribed):
    happen(olga)
    other, mine = Itself(factories.application(olga), "another-token"), subscribed[0]
    one = f"/{mine.uid}/deliveries/{Delivery.objects.get().uid}"
    asked = [("get", f"/{mine.uid}"), ("delete", f"/{mine.uid}"), ("get", one), ("post", f"{one}/redeliver")]

    assert [other.ask(*what).status_code for what in asked] == [404] * 4
    assert other.get().json()["items"] == []


def test_a_token_of_a_person_manages_no_webhooks(app, olga):
    assert app.get("/webhooks").json()["code"] == "missing_scope"
    key = {"Authorization": f"Bearer {factories.api_key(olga)}"}
    assert Client().get("/api/v1/webhooks", headers=key).json()["code"] == "missing_scope"


def test_lists_cost_the_same_with_one_and_with_three(itself, olga, application, subscribed):
    happen(olga)
    paths = ["", f"/{subscribed[0].uid}/deliveries"]
    queries = [_queries(itself, path) for path in paths]
    for _number in range(2):
        factories.subscription(application)
        happen(olga)

    assert [_queries(itself, path) for path in paths] == queries


def _queries(itself, path) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert itself.get(path).status_code == 200
    return len(captured)
