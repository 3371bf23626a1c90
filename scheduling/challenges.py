"""Who books: a person, as far as a page can tell. Nothing to solve, no third party, works without scripts.

A form carries when it was given out. One that comes back at once, or that was never given out, is to be sent again; one
that fills what nobody can see, or is one of many, asks for one more tick.
"""

import time
from datetime import timedelta
from enum import Enum

from django.core import signing
from django.http import HttpRequest

from accounts.rate_limits import allows

SALT = "scheduling.challenges"
TRAP = "company_fax"
AT_LEAST = timedelta(seconds=1)
AT_MOST = timedelta(days=1)


class Verdict(Enum):
    PERSON = "person"
    AGAIN = "again"
    CONFIRM = "confirm"


def stamp(*, age: timedelta = timedelta(0)) -> str:
    """When a form was given out: now, or `age` ago."""
    return signing.dumps(time.time() - age.total_seconds(), salt=SALT)


def judge(request: HttpRequest) -> Verdict:
    if not _was_given_out(request.POST.get("stamp", "")):
        return Verdict.AGAIN
    if request.POST.get("confirm") == "yes":
        return Verdict.PERSON
    suspicious = bool(request.POST.get(TRAP)) or not allows(request, "booking_unasked")
    return Verdict.CONFIRM if suspicious else Verdict.PERSON


def kept(stamp_: str) -> str:
    """The stamp to give out again: the same, so that a second try is not too quick; a new one if it is no good."""
    return stamp_ if _age(stamp_) is not None else stamp()


def _was_given_out(stamp_: str) -> bool:
    age = _age(stamp_)
    return age is not None and age >= AT_LEAST


def _age(stamp_: str) -> timedelta | None:
    """None: not ours, or too old."""
    try:
        given_out = signing.loads(stamp_, salt=SALT)
    except signing.BadSignature:
        return None
    age = timedelta(seconds=time.time() - given_out)
    return age if age <= AT_MOST else None
