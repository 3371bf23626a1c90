"""Room for a thread's calls, taken once (decision 0038)."""

from collections.abc import Callable
from threading import Thread

SLOTS = 2**16
"""Of eight bytes. Who asks for so many gets a mebibyte from the kernel, and leaves half of it to what it calls."""


def make(function: Callable[..., object]) -> None:
    """Let all calls that a function written in Python leads to share one piece of memory until it returns."""
    function.__code__ = function.__code__.replace(co_stacksize=SLOTS)


def make_threads() -> None:
    """Those that begin from now on."""
    make(Thread._bootstrap_inner)  # type: ignore[attr-defined]
