"""Misbehaviour on request: which calls, what goes wrong, and how often."""

import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from integrations.simulators.http import Request, Response, Wire

HTML = "<html><head><title>{status}</title></head><body><h1>{status}</h1><hr>nginx</body></html>"


class Kind(StrEnum):
    LATENCY = "latency"
    """Waits `seconds`, then does as asked."""
    LATE_ANSWER = "late_answer"
    """Does as asked, then waits `seconds` before answering."""
    STATUS = "status"
    """Answers `status` with an HTML body; does as asked before that only with `commit`."""
    EMPTY = "empty"
    """Does as asked; the answer has no body."""
    TRUNCATED = "truncated"
    """Does as asked; the answer breaks off half way."""
    DROP_BEFORE = "drop_before"
    """Hangs up without doing anything."""
    DROP_AFTER = "drop_after"
    """Does as asked, then hangs up without an answer."""
    RATE_LIMIT = "rate_limit"
    """429; `limit` says which: second, day or user."""
    REVOKE = "revoke"
    """The caller removed the app at the provider just before this call."""


@dataclass
class Fault:
    kind: Kind
    method: str = "*"
    path: str = "*"
    """A shell pattern over the path below the mount, such as /v2/users/*/meetings."""
    times: int | None = None
    """How many calls it hits at most; None: all."""
    skip: int = 0
    """How many matching calls go well first."""
    every: int = 1
    """One matching call in so many."""
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    status: int = 503
    commit: bool = False
    limit: str = "second"
    seen: int = 0
    hits: int = 0
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 (a seeded sequence is wanted)

    def strikes(self, request: Request) -> bool:
        """Counts the call if it matches; True if it goes wrong."""
        if not self._matches(request) or self.hits == self.times:
            return False
        self.seen += 1
        due = self.seen > self.skip and (self.seen - self.skip) % self.every == 0
        struck = due and self.chance.random() < self.probability
        self.hits += struck
        return struck

    def _matches(self, request: Request) -> bool:
        return self.method in ("*", request.method) and fnmatchcase(request.path, self.path)

    @property
    def prevents(self) -> bool:
        """The request is never acted upon."""
        return self.kind in (Kind.DROP_BEFORE, Kind.RATE_LIMIT) or (self.kind is Kind.STATUS and not self.commit)

    def spoil(self, response: Response) -> Response:
        """The answer as the client gets it."""
        match self.kind:
            case Kind.STATUS:
                return Response(self.status, HTML.format(status=self.status).encode(), [("Content-Type", "text/html")])
            case Kind.EMPTY:
                return Response(response.status, b"", response.headers)
            case Kind.TRUNCATED:
                return Response(response.status, response.body, response.headers, Wire.TRUNCATED)
            case Kind.DROP_BEFORE | Kind.DROP_AFTER:
                return Response(response.status, b"", [], Wire.NOTHING)
        return response


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, kind: str, **how: Any) -> Fault:
        """`how` are the fields of Fault: method, path, times, skip, every, probability, seed, seconds, status, ..."""
        fault = Fault(Kind(kind), **how)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def all(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def striking(self, request: Request) -> Fault | None:
        """The first fault that hits this call."""
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(request)), None)
