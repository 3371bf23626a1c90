"""Reads Bridge once, and branches a process off at each line it is told: python -m tests.faults.stem [-m] program …

Most of what a start takes is the reading. It tells a process' id, and once more when that process has ended.
"""

import os
import runpy
import sys

import django

from bridge.celery import app


def main(command: list[str]) -> None:
    django.setup()
    app.loader.import_default_modules()
    for _ in sys.stdin:
        process = os.fork()
        if not process:
            _branch(command)
            return
        print(process, flush=True)
        os.waitpid(process, 0)
        print("ended", flush=True)


def _branch(command: list[str]) -> None:
    """In a group of its own, so that a kill reaches its children too; nobody reads what it says."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDWR), sys.stdin.fileno())
    os.dup2(sys.stdin.fileno(), sys.stdout.fileno())
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
