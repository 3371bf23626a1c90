"""Clients that ask one after the other, each on a connection of its own that stays open."""

import time
from collections.abc import Callable
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
class Load:
    """One line of the report: over ROUNDS rounds, requests per second and the median answer time in seconds."""

    per_second: Spread
    answer: Spread
    unexpected: int


def run(port: int, next_ask: Callable[[], Ask], *, clients: int, seconds: float, expected: int = 200) -> Load:
    rates, answers, unexpected = [], [], 0
    for _ in range(ROUNDS):
        times, wrong, lasted = _round(port, next_ask, clients, seconds, expected)
        rates.append(len(times) / lasted)
        answers.append(median(times))
        unexpected += wrong
    return Load(Spread(rates), Spread(answers), unexpected)


def _round(
    port: int, next_ask: Callable[[], Ask], clients: int, seconds: float, expected: int
) -> tuple[list[float], int, float]:
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        done = list(pool.map(lambda _: _client(port, next_ask, began + seconds, expected), range(clients)))
    lasted = time.perf_counter() - began
    return [one for times, _ in done for one in times], sum(wrong for _, wrong in done), lasted


def _client(port: int, next_ask: Callable[[], Ask], until: float, expected: int) -> tuple[list[float], int]:
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    wrong = 0
    while not times or time.perf_counter() < until:
        ask = next_ask()
        began = time.perf_counter()
        client.request(ask.method, ask.path, ask.body, ask.headers)
        answer = client.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        wrong += answer.status != expected
    client.close()
    return times, wrong
