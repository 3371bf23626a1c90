"""What a newcomer relies on before the first page: settings, locks, documents, checks."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.utils.timezone import now
from packaging.requirements import Requirement

from bridge.management.commands import doctor
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PRODUCT = PROJECT["project"]["dependencies"]
DEV = PRODUCT + PROJECT["dependency-groups"]["dev"]
PRODUCTION = {
    "BASE_URL": "https://bridge.example.com",
    "SECRET_KEY": "x7#Kq2" * 10,
    "ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "DATABASE_URL": "postgres://bridge@127.0.0.1:1/bridge",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://bridge:secret@mail.example.com:587",
    "TRUSTED_PROXIES": "1",
    "DEBUG": "off",
}

# As a shell has it: without what the suite set for itself.
BARE = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def manage(*arguments, **settings):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=BARE | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pins(lock):
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", read(lock), re.MULTILINE))


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", ["accounts", "integrations", "outbox", "scheduling"])
def test_an_empty_database_takes_one_step_for_what_was_squashed(app):
    loader = MigrationLoader(None)
    [squashed] = [
        loader.get_migration(app, name) for of, name in loader.disk_migrations if of == app and "squash" in name
    ]

    steps = {name for of, name in loader.graph.nodes if of == app}
    assert squashed.name in steps
    assert not steps & {name for _, name in squashed.replaces}


def test_production_passes_the_deployment_checks():
    outcome = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_name_no_host_and_pin_every_package_by_hash(lock):
    text = read(lock)

    assert not re.search(r"://|--(extra-)?index|--find-links|file:| @ |^#", text, re.MULTILINE)
    for stanza in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in stanza


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.lock", PRODUCT), ("requirements-dev.lock", DEV)])
def test_the_locks_hold_what_pyproject_wants(lock, wanted):
    locked = pins(lock)

    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(locked[requirement.name.lower()]), requirement


def test_tests_run_with_the_packages_of_the_product():
    product, dev = pins("requirements.lock"), pins("requirements-dev.lock")

    assert product.items() <= dev.items()


def test_every_dependency_has_its_reason_above_it():
    lines = [line.strip() for line in read("pyproject.toml").splitlines()]

    for requirement in DEV:
        above = lines[lines.index(f'"{requirement}",') - 1]
        assert re.match(r"# .{15,}", above), requirement


def test_the_example_names_every_setting_and_no_other():
    read_by_us = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", read("bridge/settings.py")))
    of_run_and_compose = {"PORT"} | set(re.findall(r"\$\{([A-Z_]+)", read("docker-compose.yml")))
    named = set(re.findall(r"^#([A-Z_]+)=", read(".env.example"), re.MULTILINE))

    assert named == read_by_us | of_run_and_compose


def test_the_readme_gives_both_commands_and_ci_runs_its_test_command():
    readme = read("README.md")

    assert "\n    python3 run.py\n" in readme
    assert "\n    python3 run.py test\n" in readme
    assert read(".ci/run").rstrip().endswith("\npython3 run.py test")


def test_the_readme_and_the_records_point_to_files_that_exist():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_compose_copies_what_exists_and_starts_one_of_each():
    compose = yaml.safe_load(read("docker-compose.yml"))
    dockerfile = compose["x-bridge"]["build"]["dockerfile_inline"]

    assert set(compose["services"]) == {"prepare", "web", "worker", "webhooks", "beat", "db", "redis", "turn"}
    for name in re.findall(r"^COPY (\S+) ", dockerfile, re.MULTILINE):
        assert (ROOT / name).exists(), name


@pytest.mark.django_db
class TestDoctor:
    def look(self, capsys):
        with pytest.raises(SystemExit) as end:
            call_command(doctor.Command())
        return end.value.code, capsys.readouterr().out

    @pytest.fixture(autouse=True)
    def try_out(self, settings):
        settings.EMBEDDED = settings.SIMULATORS = settings.MAILBOX = True
        for name in settings.PROVIDER_ADDRESSES:
            setattr(settings, name, "http://127.0.0.1:8000/simulators/somebody")
        settings.ENCRYPTION_KEYS = [PRODUCTION["ENCRYPTION_KEYS"]]
        settings.SECRET_KEY = PRODUCTION["SECRET_KEY"]
        settings.BASE_URL = "http://127.0.0.1:8000"

    def test_finds_the_try_out_well(self, capsys):
        status, said = self.look(capsys)

        assert status == 0, said
        assert "Bridge is well." in said

    def test_says_what_production_lacks_and_how_to_mend_it(self, settings, capsys):
        settings.EMBEDDED = settings.MAILBOX = settings.SIMULATORS = False
        settings.SECRET_KEY, settings.ENCRYPTION_KEYS = settings.INSECURE_KEY, ["short"]
        settings.BASE_URL, settings.EMAIL_URL = "http://bridge.example.com", ""
        settings.ZOOM_OAUTH_URL = settings.ZOOM_API_URL = "http://127.0.0.1:9"
        settings.STUN_URLS, settings.TURN_URLS = ["turn.example.com"], ["turn:turn.example.com"]
        settings.JITSI_URL = "http://meet.example.com"

        status, said = self.look(capsys)

        assert status == 1
        for sentence in [
            "SECRET_KEY is the one that everybody knows",
            "ENCRYPTION_KEYS: number 1 is no key",
            "passwords and links travel in clear",
            "No mail leaves Bridge",
            "ZOOM_API_URL is http://127.0.0.1:9: tokens would travel in clear",
            "ZOOM_API_URL is not reached from here",
            "STUN_URLS: turn.example.com is no address browsers know",
            "TURN_SECRET is not: no call can use it",
            "JITSI_URL is http://meet.example.com: browsers give it no camera",
        ]:
            assert sentence in said

    def test_counts_accounts_that_wait_for_the_operator(self, olga, capsys):
        own = factories.vendor_app(olga)
        for fields in ({}, {"ended_at": now()}, {"app": own, "client_id": own.client_id}):
            factories.grant(status="misconfigured", **fields)

        status, said = self.look(capsys)

        assert status == 1
        assert "Connected accounts that our own settings keep from being used: 1." in said

    def test_notes_that_a_provider_cannot_tell_of_changes(self, settings, capsys):
        assert "webhook secret" not in self.look(capsys)[1]

        settings.ZOOM_WEBHOOK_SECRET = ""
        said = self.look(capsys)[1]
        assert "zoom, personal app: without a webhook secret we hear of changes there late" in said

    def test_notes_that_calls_between_strict_networks_want_a_relay(self, settings, capsys):
        settings.EMBEDDED = False
        assert "strict networks cannot meet" in self.look(capsys)[1]

        settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example.com"], "secret"
        assert "strict networks" not in self.look(capsys)[1]


def test_the_doctor_names_the_command_for_an_empty_database(tmp_path):
    outcome = manage("doctor", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}", REDIS_URL="")

    assert outcome.returncode == 1
    assert "migrations are not applied" in outcome.stdout
    assert "manage.py prepare" in outcome.stdout
