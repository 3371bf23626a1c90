"""A socket that gives up at a point in time: a timeout alone begins anew with every byte that drips in."""

import io
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Found = TypeVar("Found")


def within(seconds: float, look: Callable[[], Found]) -> Found:
    """What `look` finds; raises TimeoutError. Looking up a name has no limit of its own, and goes on beside us."""
    answers: SimpleQueue[tuple[Found | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((look(), None))
        except BaseException as error:  # for whoever asked
            answers.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        found, error = answers.get(timeout=max(seconds, 0))
    except Empty:
        raise TimeoutError("Looking up the name took too long.") from None
    if error is not None:
        raise error
    return found  # type: ignore[return-value]  # there is one of the two


class Hurried:
    """Each answer must be over `seconds` after it was asked for, and all of them at `until`."""

    def __init__(self, sock: Any, seconds: float, until: float = float("inf")) -> None:
        self._sock, self._seconds, self._until = sock, seconds, until

    def makefile(self, mode: str, *args: Any, **how: Any) -> io.BufferedReader:
        raw = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_Dripping(raw, self._sock, min(self._until, time.monotonic() + self._seconds)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Dripping(io.RawIOBase):
    """One answer as it comes off the wire. `_sock` is where the NTLM handshake looks for the server's certificate."""

    def __init__(self, raw: Any, sock: Any, until: float) -> None:
        self._raw, self._sock, self._until = raw, sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("The whole answer took too long.")
        self._sock.settimeout(min(left, self._sock.gettimeout() or left))
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
