"""The book of what was done: each entry carries the hash of the one before it, one chain for each organization."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.timezone import now

from accounts import audit_chain
from accounts.models import Act, AuditEntry, Organization, User


@transaction.atomic
def note(organization: Organization, act: Act, *, by: User | None = None, subject: str = "", **details: Any) -> None:
    """Write it down with the fact, in the caller's transaction. `subject`: whom or what it was done to, in words.

    `details` are shown to admins and exported: never secrets. The organization's row is locked, so that numbers follow.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    last = AuditEntry.objects.filter(organization=organization).first()
    entry = AuditEntry(
        organization=organization,
        number=last.number + 1 if last else 1,
        at=now(),
        act=act,
        by=by,
        by_name=str(by or "")[:254],
        subject=subject[:300],
        details=json.loads(json.dumps(details, cls=DjangoJSONEncoder)),
        previous_hash=last.hash if last else "",
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)


def digest(entry: AuditEntry) -> str:
    """The entry's hash as it should be."""
    return audit_chain.digest(record(entry))


def record(entry: AuditEntry) -> audit_chain.Record:
    """Everything the entry says, as it is hashed and exported (docs/audit-log.md)."""
    return {
        "organization": entry.organization_id,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(),
        "act": entry.act,
        "by": entry.by_name,
        "subject": entry.subject,
        "details": entry.details,
        "previous": entry.previous_hash,
        "hash": entry.hash,
    }


def records(organization: Organization) -> Iterator[audit_chain.Record]:
    """The whole chain, oldest first, read in pieces."""
    return map(record, AuditEntry.objects.filter(organization=organization).order_by("number").iterator(1000))


def verify(organization: Organization, *, head: str = "") -> audit_chain.Verdict:
    """`head`: a hash that was noted elsewhere earlier, which the chain still has to hold."""
    return audit_chain.verify(records(organization), head=head)
