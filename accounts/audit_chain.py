"""The chain of an audit log: pure, over records as they are exported, so that it can be verified anywhere."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Record = Mapping[str, Any]
"""organization, number, at, act, by, subject, details, previous, hash."""


@dataclass(frozen=True)
class Verdict:
    """`head` is the hash of the newest entry, to be noted elsewhere; `broken_at` the number of the first bad one."""

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.why


def digest(record: Record) -> str:
    """SHA-256 over everything the entry says, and the hash of the one before."""
    said = {name: value for name, value in record.items() if name != "hash"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify(records: Iterable[Record], *, head: str = "") -> Verdict:
    """Oldest first. Without a `head` noted earlier, entries missing at the end cannot be seen."""
    last, count, passed = "", 0, not head
    for record in records:
        if why := _fault(record, count + 1, last):
            return Verdict(count, last, record.get("number", count + 1), why)
        last, count = record["hash"], count + 1
        passed = passed or last == head
    if not passed:
        return Verdict(count, last, count + 1, _("the entry with the hash that was noted is missing"))
    return Verdict(count, last)


def _fault(record: Record, number: int, previous: str) -> str:
    if record.get("number") != number:
        return _("an entry is missing, or not in its place")
    if record.get("previous") != previous:
        return _("it does not follow the entry before it")
    return "" if digest(record) == record.get("hash") else _("it was changed after it was written")
