"""Schemathesis asks what the document permits and what it does not: no 5xx, and no answer that is not documented."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from accounts.scopes import Scope
from tests import factories

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
]
"""Whether anybody gets in without a token is test_access.py's to say."""
COMMAND = [str(Path(sys.executable).with_name("st")), "--no-color"]
ARGUMENTS = ["--seed", "5", "--max-examples", "4", "--phases", "examples,coverage,fuzzing", "--no-shrink"]


@pytest.fixture
def things(scheduler, olga):
    """One of each, so that more is asked than for what is not there: the address in the document, and the id."""
    booking = factories.booking(scheduler)
    factories.meeting(booking)
    application = factories.application(olga)
    event = factories.application_event(olga, application=application)
    return application, {"schedulers": scheduler.uid, "bookings": booking.uid, "events": event.uid}


@pytest.fixture
def ask(live_server, client, settings, tmp_path):
    """Runs Schemathesis with a token; 0 if it has nothing to complain of, which is printed otherwise."""
    settings.API_REQUESTS_PER_MINUTE = 10**6
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"api_refused": "1000000/m/ip"}

    def run(token, ids, *more):
        config = tmp_path / "schemathesis.toml"
        config.write_text("\n".join(_named(noun, uid) for noun, uid in ids.items()), encoding="utf-8")
        document = tmp_path / "openapi.json"
        document.write_bytes(client.get("/api/v1/openapi.json").content)
        where = [
            "--config-file",
            str(config),
            "run",
            str(document),
            "--url",
            live_server.url,
            "--checks",
            ",".join(CHECKS),
        ]
        command = [*COMMAND, *where, "-H", f"Authorization: Bearer {token}", *ARGUMENTS, *more]
        found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=280, check=False)
        print(found.stdout, found.stderr)
        return found.returncode

    return run


def _named(noun, uid):
    """The id that is asked for: our own thing instead of one that nobody has."""
    return f'[[operations]]\ninclude-path-regex = "^/api/v1/{noun}/.id"\nparameters = {{ "path.id" = "{uid}" }}\n'


@pytest.mark.sqlite
@pytest.mark.row("G-52")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "tags",
    [["--include-tag", "Events"], ["--exclude-tag", "Events", "--exclude-tag", "Webhooks"]],
    ids=["events", "others"],
)
def test_nothing_that_is_asked_for_a_person_breaks_it_or_surprises_a_reader(ask, things, olga, tags):
    application, ids = things
    token = factories.access_token(factories.consent(application, olga))

    assert ask(token, ids, *tags) == 0


@pytest.mark.sqlite
@pytest.mark.row("G-52")
@pytest.mark.django_db(transaction=True)
def test_nothing_that_an_application_asks_for_itself_does_either(ask, olga):
    application = factories.application(olga)
    subscription = factories.subscription(application)
    expires = now() + timedelta(hours=1)
    AccessToken.objects.create(application=application, token="own-token", scope=Scope.WEBHOOKS, expires=expires)

    assert ask("own-token", {"webhooks": subscription.uid}, "--include-tag", "Webhooks") == 0
