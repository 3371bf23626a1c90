"""docs/examples/crm.py as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

FILE = Path(__file__).parent.parent / "docs/examples/crm.py"


@contextmanager
def running(bridge: str, client_id: str, secret: str = "application-secret") -> Iterator[str]:
    """Its address, without a slash at the end. It has nothing more to say, whatever happens to it."""
    told = {"BRIDGE": bridge, "PORT": str(servers.free_port()), "CLIENT_ID": client_id, "CLIENT_SECRET": secret}
    process = subprocess.Popen(
        [sys.executable, FILE], env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = process.stdout.readline() if process.stdout else ""
        assert said.startswith("The CRM is at "), said
        yield said.removeprefix("The CRM is at ").strip().rstrip("/")
    finally:
        process.terminate()
        rest = process.communicate(timeout=20)[0]
    assert rest == ""
