"""The pages of an application's webhooks: add, see, renew, switch off and on, send again."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import AuditEntry
from outbox import intents
from scheduling import signing_keys, subscriptions
from scheduling.models import Delivery, DeliveryState, Subscription
from tests import factories
from tests.scheduling.webhook_receivers import application as application
from tests.scheduling.webhook_receivers import happen
from tests.scheduling.webhook_receivers import here as here
from tests.scheduling.webhook_receivers import receiver as receiver
from tests.scheduling.webhook_receivers import subscribed as subscribed

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(application) -> str:
    return f"/o/{application.organization.slug}/applications/{application.uid}/webhooks"


@pytest.fixture
def page(base, subscribed) -> str:
    return f"{base}/{subscribed[0].uid}"


def _form(client, address: str, **values: object) -> dict[str, object]:
    """What the form would send, with its hidden field."""
    html = client.get(address).content.decode()
    found = re.search(r'name="submission" value="([^"]+)"', html)
    assert found
    return {"submission": found.group(1)} | values


def _text(answer):
    return answer.content.decode()


@pytest.mark.row("G-53")
def test_a_webhook_is_added_and_its_secret_shown_once(sign_in, olga, base, receiver):
    client = sign_in(olga)
    assert "No webhook yet" in _text(client.get(base))
    values = _form(client, f"{base}/new", url=receiver.url, types=["booking.created"], description="Calendar")
    answer = client.post(f"{base}/new", values)

    webhook = Subscription.objects.get()
    [secret] = signing_keys.live(webhook)
    assert secret in _text(answer)
    assert (webhook.types, webhook.description) == (["booking.created"], "Calendar")
    for address in (base, f"{base}/{webhook.uid}", f"{base}/{webhook.uid}/edit", f"{base}/{webhook.uid}/secret"):
        shown = _text(client.get(address))
        assert secret not in shown
    entry = AuditEntry.objects.first()
    assert (entry.act, entry.subject, entry.details["receiver"]) == (
        "application.webhook_changed",
        "Clinic",
        "127.0.0.1",
    )


def test_a_form_that_is_sent_twice_adds_one(sign_in, olga, base, receiver):
    client = sign_in(olga)
    values = _form(client, f"{base}/new", url=receiver.url)
    for _number in range(2):
        client.post(f"{base}/new", values)

    assert Subscription.objects.count() == 1


@pytest.mark.row("G-53")
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "Please enter the address"),
        ("http://169.254.169.254/latest/meta-data/", "private network"),
        ("https://user:password@example.com/", "must not hold a name or password"),
        ("https://nobody.invalid/", "No server of this name"),
        ("x" * 2001, "2000"),
    ],
)
def test_an_address_that_cannot_be_is_named_and_nothing_is_lost(sign_in, olga, base, url, sentence):
    client = sign_in(olga)
    values = _form(client, f"{base}/new", url=url, description="Calendar of the clinic")
    answer = client.post(f"{base}/new", values)

    assert (answer.status_code, sentence in _text(answer), "Calendar of the clinic" in _text(answer)) == (
        422,
        True,
        True,
    )
    assert not Subscription.objects.exists()


def test_there_are_only_so_many(sign_in, olga, base, application, receiver, monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST", 1)
    factories.subscription(application)
    client = sign_in(olga)
    answer = client.post(f"{base}/new", _form(client, f"{base}/new", url=receiver.url), follow=True)

    assert "at most 1 webhooks" in _text(answer)
    assert Subscription.objects.count() == 1


def test_it_can_be_changed(sign_in, olga, page, receiver):
    client = sign_in(olga)
    values = _form(client, f"{page}/edit", url=receiver.url + "/new", types=["meeting.ready"])
    answer = client.post(f"{page}/edit", values, follow=True)

    webhook = Subscription.objects.get()
    assert (webhook.url, webhook.types) == (receiver.url + "/new", ["meeting.ready"])
    assert "The link to join is known" in _text(answer)


@pytest.mark.row("G-53")
def test_a_secret_is_renewed_and_the_former_one_ended(sign_in, olga, page, subscribed):
    client = sign_in(olga)
    answer = client.post(f"{page}/secret")
    new, former = signing_keys.live(subscribed[0])
    assert (new in _text(answer), former) == (True, subscribed[1])

    assert "End the former secret now" in _text(client.get(page))
    client.post(f"{page}/end-former-secret")
    assert signing_keys.live(subscribed[0]) == [new]


@pytest.mark.row("G-54")
def test_what_was_sent_stands_in_the_log_with_body_and_answer_and_goes_again_by_a_click(
    sign_in, olga, page, receiver, subscribed
):
    receiver.answers = [(500, [], b"<b>Out of order</b>"), (200, [], b"")]
    happen(olga)
    intents.drain()
    client, delivery = sign_in(olga), Delivery.objects.get()
    assert "The link to join is known" in _text(client.get(page))
    address = f"{page}/deliveries/{delivery.uid}"
    shown = _text(client.get(address))
    assert "The receiver answered with the status 500." in shown
    assert "&lt;b&gt;Out of order&lt;/b&gt;" in shown
    assert "Café" in shown

    client.post(f"{address}/again")
    intents.drain()
    assert len(receiver.got) == 2
    assert "by hand" in _text(client.get(address))
    assert [_shows(client, page, state) for state in DeliveryState] == [False, True, False]


def _shows(client, page: str, state: str) -> bool:
    return "/deliveries/" in _text(client.get(f"{page}?state={state}"))


@pytest.mark.row("G-54")
def test_a_test_is_sent_by_a_click(sign_in, olga, page, receiver):
    sign_in(olga).post(f"{page}/test")
    intents.drain()

    assert [told["type"] for told in receiver.told] == ["webhook.test"]


@pytest.mark.row("G-54")
def test_it_is_switched_off_and_on_again_with_what_was_missed(sign_in, olga, page, receiver):
    client = sign_in(olga)
    client.post(f"{page}/disable")
    happen(olga)
    shown = _text(client.get(page))
    assert "Switched off by Olga Berg." in shown
    assert "1 message waits." in shown
    assert "Enable it first" in _text(client.post(f"{page}/test", follow=True))

    answer = client.post(f"{page}/enable", follow=True)
    intents.drain()
    assert "Switched on; 1 missed message is on the way." in _text(answer)
    assert len(receiver.got) == 1


def test_it_says_since_when_nothing_arrives(sign_in, olga, page, receiver):
    Subscription.objects.update(failing_since=now() - timedelta(hours=2))

    assert "Since " in _text(sign_in(olga).get(page))


def test_it_is_deleted(sign_in, olga, page, base):
    answer = sign_in(olga).post(f"{page}/delete", follow=True)

    assert (Subscription.objects.exists(), answer.redirect_chain[-1][0]) == (False, base)


def test_there_is_no_other_verb(sign_in, olga, page):
    assert sign_in(olga).post(f"{page}/explode").status_code == 404


def test_a_webhook_is_found_below_its_own_application_alone(sign_in, olga, page, application, receiver):
    other = factories.application(olga)
    assert sign_in(olga).get(page.replace(str(application.uid), str(other.uid))).status_code == 404


def test_admins_keep_what_others_registered(sign_in, adam, mina, page):
    assert [sign_in(who).get(page).status_code for who in (adam, mina)] == [200, 404]


@pytest.mark.row("CR-16")
def test_without_consent_the_body_is_not_shown_any_more(sign_in, olga, page, application):
    happen(olga)
    intents.drain()
    address = f"{page}/deliveries/{Delivery.objects.get().uid}"
    assert "Café" in _text(sign_in(olga).get(address))

    application.consents.update(scopes=[])
    assert "Café" not in _text(sign_in(olga).get(address))


def test_lists_cost_the_same_with_one_and_with_three(sign_in, olga, base, page, application):
    client = sign_in(olga)
    happen(olga)
    queries = [_queries(client, address) for address in (base, page)]
    for _number in range(2):
        factories.subscription(application)
        happen(olga)

    assert [_queries(client, address) for address in (base, page)] == queries


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
