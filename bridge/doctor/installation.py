"""What lies in our own hands: settings, keys, database, cache."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bridge.doctor.findings import Finding, first_line


def settings_are_complete() -> Iterator[Finding]:
    for message in checks.run_checks(include_deployment_checks=not settings.EMBEDDED):
        if message.level >= checks.WARNING and not message.is_silenced():
            yield Finding(f"{message.msg} ({message.id})", message.hint or "", grave=message.is_serious())
    base = urlsplit(settings.BASE_URL)
    if base.scheme != "https" and base.hostname not in ("127.0.0.1", "localhost", "::1"):
        yield Finding(f"BASE_URL is {settings.BASE_URL}: passwords and links travel in clear.", "Serve it by https.")
    if settings.SIMULATORS and not settings.EMBEDDED:
        yield Finding("The simulators play the providers: no real meeting is made.", "Set SIMULATORS=off.")


def keys_are_our_own() -> Iterator[Finding]:
    grave = not settings.EMBEDDED
    if settings.SECRET_KEY == settings.INSECURE_KEY:
        fix = "Set SECRET_KEY to 50 random characters; python3 run.py writes one into .env."
        yield Finding("SECRET_KEY is the one that everybody knows.", fix, grave=grave)
    if not settings.ENCRYPTION_KEYS:
        fix = f"Set ENCRYPTION_KEYS, for example to {Fernet.generate_key().decode()}, and keep it safe."
        yield Finding("ENCRYPTION_KEYS is empty: stored tokens hang on SECRET_KEY.", fix, grave=grave)
    for place, key in enumerate(settings.ENCRYPTION_KEYS, start=1):
        if not _is_key(key):
            yield Finding(f"ENCRYPTION_KEYS: number {place} is no key.", "A key is 32 bytes in URL-safe base64.")


def _is_key(key: str) -> bool:
    try:
        return bool(Fernet(key))
    except ValueError:
        return False


def database_answers() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(f"The database does not answer: {first_line(error)}", "Check DATABASE_URL and the server.")
        return
    if behind:
        yield Finding(f"{len(behind)} migrations are not applied.", "python manage.py prepare")
    if connection.vendor == "sqlite" and not settings.EMBEDDED:
        yield Finding("SQLite serves one machine only.", "Set DATABASE_URL to a PostgreSQL database.")


def cache_keeps() -> Iterator[Finding]:
    try:
        cache.set("doctor", "well", 60)
        well = cache.get("doctor") == "well"
    except DatabaseError:
        well = False
    if not well:
        yield Finding("The cache keeps nothing, so rate limits do not hold.", "python manage.py prepare")
