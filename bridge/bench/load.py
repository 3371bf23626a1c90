"""Clients that ask one after the other, each on a connection of its own that stays open."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median

from bridge.bench.spread import Spread

ROUNDS = 3


@dataclass(frozen=True)
class Ask:
    path: str
    method: str = "GET"
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    name: str
    next_ask: Callable[[], Ask]
    expected: int = 200


@dataclass(frozen=True)
class Round:
    rate: float
    """Requests per second."""
    answer: float
    """The median answer time in seconds."""
    unexpected: int


@dataclass(frozen=True)
class Load:
    """One line of the report."""

    rounds: Sequence[Round]

    @property
    def per_second(self) -> Spread:
        return Spread([one.rate for one in self.rounds])

    @property
    def answer(self) -> Spread:
        return Spread([one.answer for one in self.rounds])

    @property
    def unexpected(self) -> int:
        return sum(one.unexpected for one in self.rounds)

    def share(self, of: "Load") -> Spread:
        """Of the requests per second of another, round by round."""
        return Spread([mine.rate / its.rate for mine, its in zip(self.rounds, of.rounds, strict=True)])


def side_by_side(port: int, cases: Sequence[Case], *, clients: int, seconds: float) -> list[Load]:
    """A round of each case in turn, ROUNDS times: what else the machine does meanwhile meets them all."""
    rounds = [[_round(port, case, clients, seconds) for case in cases] for _ in range(ROUNDS)]
    return [Load(of_one) for of_one in zip(*rounds, strict=True)]


def _round(port: int, case: Case, clients: int, seconds: float) -> Round:
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        done = list(pool.map(lambda _: _client(port, case, began + seconds), range(clients)))
    lasted = time.perf_counter() - began
    times = [one for times, _ in done for one in times]
    return Round(len(times) / lasted, median(times), sum(wrong for _, wrong in done))


def _client(port: int, case: Case, until: float) -> tuple[list[float], int]:
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    wrong = 0
    while not times or time.perf_counter() < until:
        ask = case.next_ask()
        began = time.perf_counter()
        client.request(ask.method, ask.path, ask.body, ask.headers)
        answer = client.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        wrong += answer.status != case.expected
    client.close()
    return times, wrong
