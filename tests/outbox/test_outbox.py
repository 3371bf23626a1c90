from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from outbox import intents, outbox, tasks
from outbox.models import Intent


@pytest.fixture
def done() -> Iterator[list[int]]:
    """The subjects that the effect 'test' was brought about for."""
    subjects: list[int] = []
    intents.settles("test")(subjects.append)
    yield subjects
    intents._handlers.pop("test")


def _fails_with(error: Exception) -> None:
    def handler(subject: int) -> None:
        raise error

    intents.settles("test")(handler)


@pytest.mark.django_db
def test_what_is_owed_is_settled_once(done):
    outbox.want("test", 7)

    assert intents.drain() == 1
    assert intents.drain() == 0
    assert done == [7]


@pytest.mark.django_db
def test_a_rolled_back_fact_owes_nothing(done):
    with transaction.atomic():
        outbox.want("test", 7)
        transaction.set_rollback(True)

    intents.drain()
    assert done == []


@pytest.mark.django_db
def test_wanting_twice_before_anybody_came_is_one_effect(done):
    outbox.want("test", 7)
    outbox.want("test", 7)

    intents.drain()
    assert done == [7]


@pytest.mark.django_db
def test_a_wish_during_the_work_is_worked_off_afterwards(done):
    def busy(subject: int) -> None:
        done.append(subject)
        if len(done) == 1:
            outbox.want("test", subject)

    intents.settles("test")(busy)
    outbox.want("test", 7)

    intents.drain()
    assert done == [7, 7]


@pytest.mark.django_db
def test_nobody_works_on_a_row_that_another_worker_holds(done):
    intent = outbox.want("test", 7)
    other = Intent.objects.get(pk=intent.pk)
    assert other.claim(lease=timedelta(minutes=1))
    outbox.want("test", 7)

    assert intents.settle(intent.pk) is False
    assert done == []


@pytest.mark.django_db
def test_a_dead_workers_row_comes_back_when_its_lease_runs_out(done):
    intent = outbox.want("test", 7)
    Intent.objects.get(pk=intent.pk).claim(lease=timedelta(seconds=-1))

    intents.drain()
    assert done == [7]


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_does_not_record(done):
    late = outbox.want("test", 7)
    late.claim(lease=timedelta(seconds=-1))
    Intent.objects.get(pk=late.pk).claim(lease=timedelta(minutes=1))

    late.record(settled=1)
    assert Intent.objects.get(pk=late.pk).settled == 0


@pytest.mark.django_db
@pytest.mark.row("G-49")
def test_what_failed_is_tried_again_ever_more_slowly_and_says_why(done):
    _fails_with(intents.Later("The mail server cannot be reached."))
    intent = outbox.want("test", 7)
    waits = []
    for _ in range(3):
        intents.settle(intent.pk)
        intent.refresh_from_db()
        waits.append(intent.due_at - now())
        Intent.objects.update(due_at=now())

    assert timedelta(seconds=3) < waits[0] < timedelta(seconds=7)
    assert waits[0] < waits[1] < waits[2]
    assert intent.last_error == "The mail server cannot be reached."


@pytest.mark.django_db
def test_a_handler_may_name_when_to_come_back(done):
    _fails_with(intents.Later("Zoom asks us to wait.", after=timedelta(hours=6)))
    intent = outbox.want("test", 7)

    intents.drain()
    intent.refresh_from_db()
    assert timedelta(hours=5, minutes=59) < intent.due_at - now() <= timedelta(hours=6)


@pytest.mark.django_db
def test_what_cannot_be_helped_rests_until_it_is_wanted_again(done):
    _fails_with(intents.Stop("Zoom does not know this host."))
    intent = outbox.want("test", 7)
    assert intents.drain() == 1
    assert intents.drain() == 0
    assert Intent.objects.get(pk=intent.pk).last_error == "Zoom does not know this host."

    intents.settles("test")(done.append)
    outbox.want("test", 7)
    intents.drain()
    assert done == [7]


@pytest.mark.django_db
def test_a_bug_in_a_handler_loses_nothing(done):
    _fails_with(ZeroDivisionError("a bug"))
    intent = outbox.want("test", 7)
    intents.drain()

    intent.refresh_from_db()
    assert (intent.settled, intent.last_error) == (0, "ZeroDivisionError")


@pytest.mark.django_db
def test_a_bell_that_does_not_ring_loses_nothing(done, monkeypatch, django_capture_on_commit_callbacks):
    rung = []

    def dead(intent_id: int) -> None:
        rung.append(intent_id)
        raise ConnectionError

    monkeypatch.setattr(tasks.settle, "delay", dead)
    monkeypatch.setattr(outbox, "_silent_until", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.want("test", 7)
        outbox.want("test", 8)

    assert len(rung) == 1, "after one failure nobody waits for the next"
    intents.drain()
    assert done == [7, 8]


@pytest.mark.django_db(transaction=True)
def test_many_workers_settle_one_intent_once(done):
    intent = outbox.want("test", 7)
    barrier = Barrier(8)

    def work() -> None:
        barrier.wait()
        intents.settle(intent.pk)
        connection.close()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done == [7]


@pytest.mark.django_db
def test_an_effect_due_later_is_brought_forward_by_a_sooner_wish(done):
    outbox.want("test", 7, after=timedelta(minutes=5))
    assert intents.drain() == 0

    outbox.want("test", 7)
    assert intents.drain() == 1


@pytest.mark.django_db
def test_a_later_wish_does_not_put_off_a_sooner_one(done):
    outbox.want("test", 7)
    outbox.want("test", 7, after=timedelta(minutes=5))

    assert intents.drain() == 1


@pytest.mark.django_db
def test_the_sweep_rings_for_what_nobody_heard_and_lets_no_bells_pile_up(done, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.settle, "delay", rung.append)
    intent = outbox.want("test", 7)

    tasks.sweep()
    tasks.sweep()
    assert rung == [intent.pk]

    Intent.objects.update(rung_at=now() - intents.PATIENCE)
    tasks.sweep()
    assert rung == [intent.pk] * 2


@pytest.mark.django_db
def test_a_row_that_becomes_due_again_is_rung_for_at_once(done, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.settle, "delay", rung.append)
    intent = outbox.want("test", 7)
    tasks.sweep()
    Intent.objects.update(due_at=now())

    tasks.sweep()
    assert rung == [intent.pk] * 2


@pytest.mark.django_db
def test_bells_rung_into_a_queue_that_is_gone_are_rung_again(done, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.settle, "delay", rung.append)
    intent = outbox.want("test", 7)
    tasks.sweep()
    intents.forget_bells()

    tasks.sweep()
    assert rung == [intent.pk] * 2


@pytest.mark.django_db
def test_a_slow_effect_goes_into_a_task_with_more_time(done, monkeypatch):
    intents.settles("test", slow=True)(done.append)
    intent, handed_on = outbox.want("test", 7), []
    monkeypatch.setattr(tasks.settle_slowly, "delay", handed_on.append)

    tasks.settle(intent.pk)
    assert (done, handed_on) == ([], [intent.pk])

    tasks.settle_slowly(intent.pk)
    intents._slow.discard("test")
    assert done == [7]
    assert tasks.settle_slowly.soft_time_limit > 60
