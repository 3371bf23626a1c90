"""A POST with an Idempotency-Key is done once, however often and however fast it is sent."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import requests
from django.db import connection
from django.utils.timezone import now

from scheduling.api import idempotency
from scheduling.api.problems import Problem
from scheduling.models import AskedBefore
from tests import factories
from tests.scheduling.api import trial as trials


@pytest.fixture
def trial(settings):
    settings.ROOT_URLCONF = trials.__name__
    trials.trial.__init__()
    return trials.trial


@pytest.fixture
def send(client, trial, olga):
    headers = {"Authorization": f"Bearer {factories.api_key(olga)}"}

    def post(key="key-1", text="Hello", **more):
        named = headers | ({"Idempotency-Key": key} if key is not None else {}) | more
        return client.post("/trial/notes", {"text": text}, content_type="application/json", headers=named)

    return post


@pytest.mark.row("G-52")
def test_the_same_request_again_is_answered_as_before_and_not_done_again(send, trial):
    first, again = send(), send()

    assert (first.status_code, first.json()) == (201, {"text": "Hello", "count": 1})
    assert (again.status_code, again.json()) == (201, {"text": "Hello", "count": 1})
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert trial.runs == 1


def test_without_a_key_each_request_is_a_new_one(send, trial):
    assert [send(key=None).json()["count"] for _ in range(2)] == [1, 2]
    assert trial.keys == [None, None]
    assert not AskedBefore.objects.exists()


def test_another_key_is_another_request(send, trial):
    assert [send(key).json()["count"] for key in ("a", "b")] == [1, 2]
    assert len(set(trial.keys)) == 2


def test_a_key_stands_for_one_request_only(send, trial):
    send(text="Hello")
    answer = send(text="Good bye")

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert trial.runs == 1


def test_the_key_of_one_caller_says_nothing_to_another(send, trial, mina):
    send()
    answer = send(Authorization=f"Bearer {factories.api_key(mina)}")

    assert (answer.status_code, answer.json()["count"]) == (201, 2)
    assert len(set(trial.keys)) == 2


@pytest.mark.parametrize("key", ["", "two words", "é", "x" * 256, "tab\t"], ids=["none", "space", "é", "long", "tab"])
def test_a_key_that_is_none_is_refused(send, trial, key):
    answer = send(key)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["where"] == "header.Idempotency-Key"
    assert trial.runs == 0


def test_a_request_that_is_not_valid_uses_no_key_up(send, trial, client):
    assert send(text=None).status_code == 422
    assert send().status_code == 201


def test_a_refusal_of_the_route_is_kept(send, trial):
    trial.fails = [Problem("time_taken")]
    first, again = send(), send()

    assert [(answer.status_code, answer.json()["code"]) for answer in (first, again)] == [(409, "time_taken")] * 2
    assert again["Content-Type"] == "application/problem+json"
    assert trial.runs == 1


def test_what_may_go_better_next_time_is_done_again_under_the_same_submission_key(send, trial):
    trial.fails = [Problem("calendar_silent")]
    first, again = send(), send()

    assert (first.status_code, again.status_code) == (503, 201)
    assert "Idempotency-Replayed" not in again
    assert (len(trial.keys), len(set(trial.keys))) == (2, 1)


def test_who_asks_while_the_first_is_worked_on_is_told_to_wait(send, trial):
    send()
    AskedBefore.objects.update(status=None, body="")
    answer = send()

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "in_progress", "2")


def test_a_dead_worker_s_request_is_taken_over_with_its_submission_key(send, trial):
    send()
    AskedBefore.objects.update(status=None, body="", claimed_at=now() - timedelta(seconds=61))
    assert send().status_code == 201
    assert (len(trial.keys), len(set(trial.keys))) == (2, 1)


def test_after_a_day_a_key_is_new(send, trial):
    send()
    AskedBefore.objects.update(created_at=now() - timedelta(hours=24, seconds=1))

    assert send(text="Another").json() == {"text": "Another", "count": 2}
    assert len(set(trial.keys)) == 2


def test_answers_are_forgotten_after_a_day(send, trial):
    send("old")
    AskedBefore.objects.update(created_at=now() - timedelta(hours=25))
    send("young")
    idempotency.forget()

    assert AskedBefore.objects.count() == 1


def test_an_answer_is_kept_sealed_and_the_key_as_a_hash(send, trial):
    send("a-key-of-somebody", text="what only the caller shall read")
    row = str(AskedBefore.objects.values().get())

    assert "a-key-of-somebody" not in row
    assert "what only the caller" not in row


@pytest.mark.row("G-52")
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_done_and_the_others_wait_or_hear_the_answer(live_server, trial, olga):
    headers = {"Authorization": f"Bearer {factories.api_key(olga)}", "Idempotency-Key": "one"}
    barrier = Barrier(12)

    def post(_):
        barrier.wait()
        return requests.post(f"{live_server.url}/trial/notes", json={"text": "x"}, headers=headers, timeout=30)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(post, range(12)))

    codes = Counter(answer.status_code for answer in answers)
    replayed = [answer for answer in answers if "Idempotency-Replayed" in answer.headers]
    assert trial.runs == 1
    assert codes[201] - len(replayed) == 1
    assert codes[201] + codes[409] == 12
    assert requests.post(f"{live_server.url}/trial/notes", json={"text": "x"}, headers=headers, timeout=30).json() == {
        "text": "x",
        "count": 1,
    }
    connection.close()
