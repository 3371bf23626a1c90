"""Over HTTP: the floor, the month view of a booking page, and a booking; then what a month view asks the database."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from queue import SimpleQueue
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from bridge.bench import load, stage
from bridge.bench.load import Ask, Case, Load
from scheduling import challenges, selection, slots
from scheduling.models import Scheduler

CLIENTS = (1, 8, 32)
TOKEN = "b" * 32


def report(port: int, hosts: dict[int, Scheduler], open_host: Scheduler, *, seconds: float) -> Iterator[str]:
    bookings: SimpleQueue[Ask] = SimpleQueue()  # for many clients at once
    for ask in booking(open_host):
        bookings.put(ask)
    floor = Case("the floor", partial(Ask, "/bench/floor"))
    months = [Case(f"month view, {count} bookings", partial(Ask, month(host))) for count, host in hosts.items()]
    drawn = [Case(f"  drawn anew, {count} bookings", partial(_another, month(host))) for count, host in hosts.items()]
    api = Case("API, whose a key is", partial(Ask, "/api/v1/me", headers=stage.key(open_host)))
    cases = [floor, *months, *drawn, Case("booking", bookings.get_nowait, 302), api]
    for clients in CLIENTS:
        yield f"Over HTTP, {clients:2} clients                    requests/s            of the floor       answer (ms)"
        found = load.side_by_side(port, cases, clients=clients, seconds=seconds)
        for case, figure in zip(cases, found, strict=True):
            yield f"  {case.name:28} {_line(figure, found[0])}"


def queries(hosts: dict[int, Scheduler]) -> Iterator[str]:
    yield "Queries of a month view"
    for count, host in hosts.items():
        first, again = (_queries(month(host)) for _ in range(2))
        yield f"  {count:6} bookings  {first:3} drawn, {again:3} shown again"


def _queries(address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        Client().get(address, headers={"host": "localhost"})
    return len(asked)


def month(scheduler: Scheduler) -> str:
    """The month that the bookings lie in."""
    middle = now() + timedelta(days=35)
    return _address(scheduler) + f"?month={middle:%Y-%m}"


def _another(address: str) -> Ask:
    """The same page for a visitor like no other, so that it was never drawn before."""
    return Ask(address, headers={"Cookie": f"time_zone={uuid.uuid4()}"})


def booking(scheduler: Scheduler) -> Iterator[Ask]:
    """One booking after the other, each of another time by another person at another address."""
    today = now().date()
    for number, start in enumerate(_starts(scheduler, today + timedelta(days=1), today + timedelta(days=90))):
        body = {
            "csrfmiddlewaretoken": TOKEN, "key": str(uuid.uuid4()), "stamp": challenges.stamp(age=timedelta(minutes=1)),
            "start": start, "duration": "5", "zone": "Europe/Berlin", "name": "Ivan", "email": "ivan@example.com",
        }  # fmt: skip
        yield Ask(_address(scheduler), "POST", urlencode(body), _headers(number))


def _headers(number: int) -> dict[str, str]:
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    form = "application/x-www-form-urlencoded"
    return {"Content-Type": form, "Cookie": f"csrftoken={TOKEN}", "X-Forwarded-For": address}


def _starts(scheduler: Scheduler, first: date, last: date) -> list[str]:
    free = slots.free(scheduler, duration=5, first=first, last=last, time_zone="Europe/Berlin")
    return [selection.written(start) for start in free]


def _address(scheduler: Scheduler) -> str:
    return reverse("booking_page", args=[scheduler.host.custom_url, scheduler.slug])


def _line(figure: Load, floor: Load) -> str:
    wrong = f"  {figure.unexpected} unexpected answers" if figure.unexpected else ""
    share = figure.share(floor).show(digits=2)
    return f"{figure.per_second.show():30} {share:26} {figure.answer.show(scale=1000)}{wrong}"
