"""run.py and the one process: what a newcomer starts, stops and kills."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

import pytest

import run
from tests import servers

OWE_A_MAIL = "from accounts import emails; emails.keep(to='ivan@example.com', subject='Owed', text='before the kill')"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Another folder than this one for what run.py writes."""
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(run, "DOTENV", tmp_path / ".env")
    monkeypatch.setattr(run, "INSTALLED", tmp_path / "installed")
    return tmp_path


@pytest.fixture
def taken():
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.row("G-67")
def test_keys_are_made_once_for_this_folder_alone(folder):
    run.write_dotenv()
    first = run.DOTENV.read_text()
    run.write_dotenv()

    assert run.DOTENV.read_text() == first
    assert len(run.setting("SECRET_KEY")) > 50
    assert run.DOTENV.stat().st_mode & 0o077 == 0


def test_settings_that_somebody_wrote_are_kept(folder):
    run.DOTENV.write_text("# mine\nSECRET_KEY='my own'\nPORT=9000")

    run.write_dotenv()

    assert run.setting("SECRET_KEY") == "my own"
    assert run.setting("PORT") == "9000"
    assert run.setting("ENCRYPTION_KEYS")


def test_a_port_that_is_taken_is_said_in_words(folder, monkeypatch, taken):
    monkeypatch.setenv("PORT", str(taken))

    with pytest.raises(SystemExit, match=f"PORT={taken} cannot be used: another program has it"):
        run.choose_port()


@pytest.mark.parametrize("nonsense", ["web", "-1", "70000", "80.5"])
def test_what_is_no_port_is_said_in_words(folder, monkeypatch, nonsense):
    monkeypatch.setenv("PORT", nonsense)

    with pytest.raises(SystemExit, match="it is no port"):
        run.choose_port()


def test_without_a_wish_the_next_free_port_is_taken(folder, monkeypatch, capsys):
    monkeypatch.setattr(run, "is_free", lambda port: port == 8002)

    assert run.choose_port() == 8002
    assert "Bridge takes 8002" in capsys.readouterr().out


def test_a_lock_that_was_installed_is_not_installed_again(folder, monkeypatch, capsys):
    monkeypatch.setattr(run, "PYTHON", folder / "python")
    run.PYTHON.touch()
    run.INSTALLED.write_text(run.fingerprint(run.LOCK))

    run.install(run.LOCK)

    assert capsys.readouterr().out == ""


@pytest.mark.row("G-67", "G-69")
@pytest.mark.sqlite
def test_the_one_process_settles_what_is_owed_and_leaves_at_once(tmp_path):
    database, port = tmp_path / "bridge.sqlite3", servers.free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment |= {"DATABASE_URL": f"sqlite:///{database}", "REDIS_URL": "", "BASE_URL": f"http://127.0.0.1:{port}"}
    manage = [sys.executable, "manage.py"]
    for command in (["prepare", "--no-static"], ["shell", "--no-imports", "-c", OWE_A_MAIL]):
        subprocess.run([*manage, *command], cwd=run.ROOT, env=environment, check=True, timeout=60)

    with subprocess.Popen([*manage, "serve", "--port", str(port)], cwd=run.ROOT, env=environment) as bridge:
        try:
            eventually(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            eventually(lambda: is_sent(database))
            assert answers(f"http://127.0.0.1:{port}/simulators/zoom/")
            asked_at = time.monotonic()
            bridge.terminate()  # a shell's job in the background does not hear SIGINT

            assert bridge.wait(10) == 0
            assert time.monotonic() - asked_at < 5
        finally:
            bridge.kill()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def is_sent(database):
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT sent_at FROM accounts_email WHERE subject = 'Owed'").fetchone()[0]
    finally:
        connection.close()


def eventually(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
