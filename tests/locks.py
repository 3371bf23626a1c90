"""Writes requirements.lock and requirements-dev.lock from pyproject.toml: python3 run.py lock."""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = ["pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]


def main(uv: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    product = project["project"]["dependencies"]
    write(uv, ROOT / "requirements.lock", product)
    write(uv, ROOT / "requirements-dev.lock", product + project["dependency-groups"]["dev"])


def write(uv: str, lock: Path, names: list[str]) -> None:
    """Resolve in an empty folder, so that no other configuration puts an index into the lock."""
    with tempfile.TemporaryDirectory() as empty:
        command = [uv, "--no-config", *COMPILE, "--upgrade", "-", "--output-file", str(lock)]
        subprocess.run(command, input="\n".join(names), text=True, check=True, cwd=empty)


if __name__ == "__main__":
    main(sys.argv[1])
