"""The background of the try-out: two Celery workers and the timetable, as threads of the one process that serves.

The queue is this process's memory, and it may die at any moment: the truth is the outbox (decision 0011).
"""

import time
import warnings
from threading import Event, Thread

from celery.beat import Scheduler, Service
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready
from celery.worker import state

from bridge.celery import app
from outbox import intents
from outbox.tasks import sweep

WORKERS = {"worker@bridge": ("celery", 4), "webhooks@bridge": ("webhooks", 2)}
"""By name: the queue it listens to, and its threads. Who waits for the receivers of webhooks keeps nobody else."""

_ready = Event()


def start() -> None:
    """Start them, and look at once for what an earlier process left owed."""
    app.loader.import_default_modules()
    intents.forget_bells()
    worker_ready.connect(_note)
    # One after the other: Celery keeps in one place what the next to come shall listen to.
    for name, (queue, threads) in WORKERS.items():
        _ready.clear()
        Thread(target=_work, args=(name, queue, threads), name=name, daemon=True).start()
        _ready.wait(timeout=10)
    Thread(target=_keep_timetable, name="beat", daemon=True).start()
    sweep.delay()


def wait_for_tasks(seconds: float) -> None:
    """Let running tasks finish, so that nothing has to wait for a lease to run out; but no longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while state.active_requests and time.monotonic() < deadline:
        time.sleep(0.02)


def _note(**about: object) -> None:
    _ready.set()


def _work(name: str, queue: str, threads: int) -> None:
    # A queue in our own memory carries only what we put there, whoever we run as.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    app.Worker(
        hostname=name,
        pool="threads",
        concurrency=threads,
        queues=[queue],
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        redirect_stdouts=False,
    ).start()


def _keep_timetable() -> None:
    app.set_current()
    Service(app, max_interval=1, scheduler_cls=Scheduler).start()
