import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import audit, audit_chain
from accounts.audit_chain import Record, Verdict
from accounts.models import Organization


class Command(BaseCommand):
    help = "Verify the audit log of every organization, of one, or of an export. Exit status 1: it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this one")
        parser.add_argument("--file", type=Path, help="an export (JSON Lines) instead of the database")
        parser.add_argument("--head", default="", help="a hash noted earlier, which the chain still has to hold")

    def handle(self, *args: object, **options: Any) -> None:
        if options["head"] and not (options["organization"] or options["file"]):
            raise CommandError("--head belongs to one log: name it with --organization or --file.")
        if options["file"]:
            verdicts = {str(options["file"]): audit_chain.verify(_read(options["file"]), head=options["head"])}
        else:
            verdicts = {found.slug: audit.verify(found, head=options["head"]) for found in _named(options)}
        for name, verdict in verdicts.items():
            self.stdout.write(_line(name, verdict))
        if not all(verdict.is_whole for verdict in verdicts.values()):
            raise CommandError("The audit log is broken.")


def _named(options: dict[str, Any]) -> list[Organization]:
    slug = options["organization"]
    found = list(Organization.objects.filter(slug=slug) if slug else Organization.objects.order_by("slug"))
    if slug and not found:
        raise CommandError(f"There is no organization {slug}.")
    return found


def _read(path: Path) -> Iterator[Record]:
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield dict(json.loads(line))
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(f"{path} is no export of an audit log: {error}") from error


def _line(name: str, verdict: Verdict) -> str:
    if verdict.is_whole:
        return f"{name}: {verdict.entries} entries, unbroken, head {verdict.head or 'none'}"
    return f"{name}: broken at entry {verdict.broken_at}: {verdict.why}"
