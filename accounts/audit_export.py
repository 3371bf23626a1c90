"""The audit log as files: a table to read, and lines to verify (docs/audit-log.md)."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry, Organization, User
from accounts.spreadsheets import harmless


def write_table(out: IO[str] | Any, entries: Iterable[AuditEntry], *, reader: User) -> None:
    """CSV with a header; times as the reader's clock shows them, with their offset (ISO 8601)."""
    table = csv.writer(out)
    table.writerow([_("Number"), _("Time"), _("Who"), _("What"), _("Whom or what"), _("Details")])
    for entry in entries:
        at = entry.at.astimezone(reader.zone).isoformat(timespec="seconds")
        said = [at, entry.by_name, entry.sentence, entry.subject, entry.said]
        table.writerow([entry.number, *(harmless(cell) for cell in said)])


def lines(organization: Organization) -> Iterator[str]:
    """JSON Lines, the whole chain, oldest first."""
    for record in audit.records(organization):
        yield json.dumps(record, ensure_ascii=False) + "\n"
