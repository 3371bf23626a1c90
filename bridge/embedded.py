"""The background of the try-out: two Celery workers and the timetable, as threads of the one process that serves.

The queue is this process's memory, and it may die at any moment: the truth is the outbox (decision 0011).
"""

import time
import warnings
from threading import Thread

from celery.beat import Scheduler, Service
from celery.exceptions import SecurityWarning
from celery.worker import state

from bridge.celery import app
from outbox import intents
from outbox.tasks import sweep


def start() -> None:
    """Start them, and look at once for what an earlier process left owed."""
    app.loader.import_default_modules()
    intents.forget_bells()
    Thread(target=_work, args=("worker", 4, None), name="worker", daemon=True).start()
    Thread(target=_work, args=("webhooks", 2, ["webhooks"]), name="webhooks", daemon=True).start()
    Thread(target=_keep_timetable, name="beat", daemon=True).start()
    sweep.delay()


def wait_for_tasks(seconds: float) -> None:
    """Let running tasks finish, so that nothing has to wait for a lease to run out; but no longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while state.active_requests and time.monotonic() < deadline:
        time.sleep(0.02)


def _work(name: str, threads: int, queues: list[str] | None) -> None:
    # A queue in our own memory carries only what we put there, whoever we run as.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    app.Worker(
        hostname=f"{name}@bridge",
        pool="threads",
        concurrency=threads,
        queues=queues,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        redirect_stdouts=False,
    ).start()


def _keep_timetable() -> None:
    app.set_current()
    Service(app, max_interval=1, scheduler_cls=Scheduler).start()
