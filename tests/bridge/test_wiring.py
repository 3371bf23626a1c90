"""Settings, health, the loopback names, what the logs keep to themselves."""

import io
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.timezone import now

from bridge.redaction import Redact, redact
from outbox.models import Intent

ROOT = Path(__file__).parent.parent.parent
APPS = ("outbox", "accounts", "integrations", "scheduling")


def test_whoever_comes_by_the_other_loopback_name_is_led_to_ours(client, settings):
    settings.BASE_URL = "http://127.0.0.1:8000"
    answer = client.get("/help/zoom?a=1", headers={"host": "localhost:8000"})
    assert (answer.status_code, answer["Location"]) == (302, "http://127.0.0.1:8000/help/zoom?a=1")


@pytest.mark.django_db
def test_health_and_readiness(client):
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").status_code == 200

    Intent.objects.create(kind="test", subject=1, due_at=now().replace(year=2020))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["oldest_due_seconds"] > 600


@pytest.mark.parametrize(
    "secret",
    [
        "access_token=SECRET",
        "GET /account/login/?next=%2Finvitations%2FSECRET",
        '{"refresh_token": "SECRET"}',
        "Authorization: Bearer SECRET",
        "https://zoom.us/j/1?pwd=SECRET",
        "https://zoom.us/s/1?zak=SECRET",
        "GET /b/SECRET HTTP/1.1",
        "GET /invitations/SECRET/accept HTTP/1.1",
        "GET /connect/zoom/organization/SECRET HTTP/1.1",
        "GET /connect/zoom/callback?code=SECRET&state=SECRET",
        "client_secret=SECRET",
    ],
)
@pytest.mark.row("CR-16")
def test_secrets_do_not_reach_the_log(secret):
    assert "SECRET" not in redact(secret)


@pytest.mark.row("CR-16")
def test_a_traceback_in_the_log_is_redacted_too():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redact())
    logger = logging.getLogger("test of redaction")
    logger.addHandler(handler)
    try:
        raise ValueError("refresh_token=SECRET")
    except ValueError:
        logger.exception("Failed with %s", "access_token=SECRET")

    assert "ValueError" in stream.getvalue()
    assert "SECRET" not in stream.getvalue()


def test_pages_allow_no_inline_script_or_style(client):
    policy = client.get("/help/zoom")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_sessions_live_in_the_database(settings):
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_a_process_that_just_began_knows_every_kind_of_effect():
    """A handler whose module nobody imports at the start leaves its rows unsettled for ever."""
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    written = {kind for path in sources for kind in _settled_in(path.read_text(encoding="utf-8"))}
    begin = "import django; django.setup(); from outbox import intents; print(*sorted(intents._handlers), sep='\\n')"

    known = subprocess.run([sys.executable, "-c", begin], cwd=ROOT, capture_output=True, text=True, check=True)

    assert known.stdout.splitlines() == sorted(written)


def test_a_process_that_just_began_carries_nothing_for_exchange():
    """exchangelib takes 16 MB of memory: it is loaded with the first account."""
    begin = "import django; django.setup(); import sys, bridge.embedded, bridge.simulated, bridge.urls"
    loaded = f"{begin}; print('bridge.urls' in sys.modules, 'exchangelib' in sys.modules)"

    known = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)

    assert known.stdout.split() == ["True", "False"]


def _settled_in(source: str) -> list[str]:
    """By the word itself, or by a constant of the same module."""
    constants: dict[str, str] = {}
    for names, words in re.findall(r"^([A-Z_, ]+) = (\".*\")$", source, re.MULTILINE):
        constants |= zip(names.split(", "), re.findall(r"\"([^\"]+)\"", words), strict=False)
    kinds = re.findall(r"@intents\.settles\((?:\"([^\"]+)\"|(\w+))", source)
    return [said or constants[name] for said, name in kinds]
