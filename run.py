#!/usr/bin/env python3
"""The one command: makes the environment, prepares the database, serves. Needs Python 3.11 and nothing else.

python3 run.py              serve Bridge at http://127.0.0.1:8000/, or at PORT
python3 run.py --demo       the same, with an example organization in it
python3 run.py test [...]   format, lint, types and the whole suite; arguments go to pytest
python3 run.py check        format, lint and types only
python3 run.py rows         the rows of the requirements with their tests, and the rows without
python3 run.py lock         write the lock files anew from pyproject.toml
python3 run.py manage ...   Django's manage.py in the environment
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
INSTALLED = VENV / "installed"
DOTENV = ROOT / ".env"
LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def main(arguments: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python should hear it in words)
        sys.exit(f"Bridge needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: python3.11 run.py")
    known = bool(arguments) and arguments[0] in COMMANDS
    command, rest = (arguments[0], arguments[1:]) if known else ("serve", arguments)
    if command == "serve" and set(rest) - {"--demo"}:
        sys.exit(__doc__)
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without bytecode every start takes seconds longer
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # as pip does, for networks with a certificate of their own
    COMMANDS[command](rest)


def serve(options: list[str]) -> None:
    install(LOCK)
    write_dotenv()
    port = choose_port()
    os.environ["BASE_URL"] = setting("BASE_URL") or f"http://127.0.0.1:{port}"
    finish([str(PYTHON), "manage.py", "prepare", *options])
    become("manage.py", "serve", "--port", str(port))


def test(arguments: list[str]) -> None:
    install(DEV_LOCK)
    become("-m", "tests.suite", *arguments)


def check(_: list[str]) -> None:
    install(DEV_LOCK)
    become("-m", "tests.suite", "--check")


def rows(arguments: list[str]) -> None:
    install(DEV_LOCK)
    become("-m", "pytest", "-p", "tests.rows", "--rows", *arguments)


def lock(_: list[str]) -> None:
    install(DEV_LOCK)
    become("-m", "tests.locks", find_uv())


def manage(arguments: list[str]) -> None:
    install(LOCK)
    become("manage.py", *arguments)


COMMANDS = {"serve": serve, "test": test, "check": check, "rows": rows, "lock": lock, "manage": manage}


# --- The environment --------------------------------------------------------------------------------------------------


def install(lock_file: Path) -> None:
    """Bring .venv to what the lock says; nothing to do if that was done before."""
    known = INSTALLED.read_text(encoding="utf-8").split() if INSTALLED.exists() else []
    if PYTHON.exists() and fingerprint(lock_file) in known:
        return
    say(f"Installing what {lock_file.name} names into .venv ...")
    if not PYTHON.exists():
        finish([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    wanted = ["--quiet", "--require-hashes", "--requirement", str(lock_file)]
    uv = find_uv() or bring_uv()
    if not (uv and works([uv, "pip", "install", "--compile-bytecode", "--python", str(PYTHON), *wanted])):
        finish([*pip(), "install", *wanted])
    INSTALLED.write_text(f"{fingerprint(LOCK)} {fingerprint(lock_file)}", encoding="utf-8")


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def find_uv() -> str:
    own = PYTHON.with_name("uv.exe" if WINDOWS else "uv")
    return str(own) if own.exists() else shutil.which("uv") or ""


def bring_uv() -> str:
    """The locked uv, several times quicker than pip; empty where there is none for this machine."""
    stanza = re.search(r"^uv==.*?(?=^\S)", DEV_LOCK.read_text(encoding="utf-8") + "\n.", re.MULTILINE | re.DOTALL)
    wanted = VENV / "uv.lock"
    wanted.write_text(stanza.group() if stanza else "uv\n", encoding="utf-8")
    return find_uv() if works([*pip(), "install", "--quiet", "--requirement", str(wanted)]) else ""


def pip() -> list[str]:
    """This Python's pip, aimed at .venv; else one of .venv's own."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if not works([str(PYTHON), "-m", "ensurepip"]):
        sys.exit("This Python has neither pip nor ensurepip. Install uv or pip (Debian: python3-pip), then try again.")
    return [str(PYTHON), "-m", "pip"]


# --- The settings -----------------------------------------------------------------------------------------------------


def write_dotenv() -> None:
    """Add the keys that are set nowhere yet, for this folder alone."""
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    lines = [f"{name}={key}\n" for name, key in keys.items() if not setting(name)]
    if lines:
        with os.fdopen(os.open(DOTENV, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.writelines(["\n# Made by run.py; .env.example explains every setting.\n", *lines])


def setting(name: str) -> str:
    """A setting as bridge/settings.py will see it: from the environment, else from .env, else empty."""
    lines = DOTENV.read_text(encoding="utf-8").splitlines() if DOTENV.exists() else []
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return os.environ.get(name) or pairs.get(name, "").strip().strip("\"'")


def choose_port() -> int:
    wanted = setting("PORT")
    if wanted and not (wanted.isdigit() and is_free(int(wanted))):
        sys.exit(f"PORT={wanted} cannot be used: another program has it, or it is no port. Choose another PORT.")
    port = int(wanted) if wanted else next((port for port in range(8000, 8100) if is_free(port)), 0)
    if port != 8000 and not wanted:
        say(f"Another program has port 8000, so Bridge takes {port}; PORT=... python3 run.py chooses one.")
    return port


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        if not WINDOWS:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
        return True


# --- Processes --------------------------------------------------------------------------------------------------------


def works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False).returncode == 0
    except KeyboardInterrupt:
        sys.exit(130)


def finish(command: list[str]) -> None:
    if not works(command):
        sys.exit(1)  # the command itself has said why


def become(*arguments: str) -> None:
    """Hand this process over: one process serves, and Ctrl-C reaches it directly."""
    if WINDOWS:
        finish([str(PYTHON), *arguments])
    else:
        os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606 (our own Python)


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
