"""The processes beside us: broker, worker, mail server, and what they leave undone."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core import mail
from django.db import DatabaseError
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from bridge.celery import app
from bridge.doctor.findings import Finding, first_line
from integrations.models import Grant, GrantStatus
from outbox.models import Intent

LATE = timedelta(minutes=5)


def broker_answers() -> Iterator[Finding]:
    if settings.EMBEDDED:
        return
    try:
        with app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0)
        workers = app.control.inspect(timeout=2).active_queues() or {}
    except (OSError, OperationalError) as error:
        yield Finding(f"Redis does not answer: {first_line(error)}", "Check REDIS_URL and the server.")
        return
    heard = {queue["name"] for queues in workers.values() for queue in queues}
    if app.conf.task_default_queue not in heard:
        yield Finding("No worker answers.", "Start one: celery -A bridge worker")
    if "webhooks" not in heard:
        yield Finding(
            "No worker sends webhooks.", "Start one: celery -A bridge worker --queues webhooks --pool threads"
        )


def nothing_waits_long() -> Iterator[Finding]:
    try:
        late = Intent.objects.due(now() - LATE).count()
    except DatabaseError:
        return
    if late:
        fix = "Start worker and beat, or run.py; python manage.py drain_outbox settles what is due."
        yield Finding(f"Bridge has owed {late} effects to the outside for more than {LATE}.", fix)


def accounts_can_be_renewed() -> Iterator[Finding]:
    """Those of the installation's apps: of its own app an organization's admins are told by mail."""
    try:
        waiting = Grant.objects.filter(status=GrantStatus.MISCONFIGURED, ended_at=None, app=None).count()
    except DatabaseError:
        return
    if waiting:
        fix = (
            "Check the ids, secrets and encryption keys in the settings; the log names the reason. Bridge tries again."
        )
        yield Finding(f"Connected accounts that our own settings keep from being used: {waiting}.", fix)


def mail_leaves() -> Iterator[Finding]:
    if settings.MAILBOX:
        return
    if not settings.EMAIL_URL:
        yield Finding("No mail leaves Bridge.", "Set EMAIL_URL, such as smtp+tls://user:password@mail.example.com:587")
        return
    try:
        with mail.get_connection():
            pass
    except OSError as error:
        yield Finding(f"The mail server does not answer: {first_line(error)}", "Check EMAIL_URL.")
