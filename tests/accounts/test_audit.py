"""The audit log's chain: what was changed, added or taken away shows, here and in an export."""

import json
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections as databases
from django.db.models import F, QuerySet

from accounts import audit, audit_chain, audit_export
from accounts.models import Act, AuditEntry, Organization
from accounts.models.audit import NOUNS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Organization:
    organization = factories.organization()
    AuditEntry.objects.filter(organization=organization).delete()
    for name in ("One", "Two", "Three"):
        audit.note(organization, Act.TEAM_CHANGED, subject=name, members=[name])
    return organization


@pytest.fixture
def exported(book: Organization, tmp_path: Path) -> Path:
    path = tmp_path / "audit-log.jsonl"
    path.write_text("".join(audit_export.lines(book)), encoding="utf-8")
    return path


def entry(book: Organization, number: int) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(organization=book, number=number)


def verified(**options: Any) -> str:
    out = StringIO()
    call_command("verify_audit_log", stdout=out, **options)
    return out.getvalue()


def rewrite(path: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(records)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.mark.row("G-61")
def test_an_untouched_log_is_whole(book: Organization) -> None:
    assert audit.verify(book) == audit_chain.Verdict(3, entry(book, 3).get().hash)


def test_an_empty_log_is_whole(book: Organization) -> None:
    AuditEntry.objects.filter(organization=book).delete()

    assert audit.verify(book) == audit_chain.Verdict(0, "")


@pytest.mark.row("G-61")
@pytest.mark.parametrize(
    "change",
    [{"subject": "Nobody"}, {"by_name": "Eve"}, {"details": {}}, {"act": "team.made"}, {"at": "2020-01-01T00:00Z"}],
)
def test_a_changed_entry_is_found(book: Organization, change: dict[str, Any]) -> None:
    entry(book, 2).update(**change)

    assert audit.verify(book).broken_at == 2


@pytest.mark.row("G-61")
def test_an_entry_rewritten_with_its_hash_breaks_the_next(book: Organization) -> None:
    changed = entry(book, 2).get()
    changed.subject = "Nobody"
    entry(book, 2).update(subject="Nobody", hash=audit.digest(changed))

    assert audit.verify(book).broken_at == 3


@pytest.mark.row("G-61")
def test_a_removed_entry_is_found(book: Organization) -> None:
    entry(book, 2).delete()

    assert audit.verify(book).broken_at == 3


@pytest.mark.row("G-61")
def test_swapped_entries_are_found(book: Organization) -> None:
    entry(book, 1).update(number=9)
    entry(book, 2).update(number=F("number") - 1)
    entry(book, 9).update(number=2)

    assert audit.verify(book).broken_at == 1


@pytest.mark.row("G-61")
def test_a_cut_off_end_shows_by_a_hash_that_was_noted(book: Organization) -> None:
    head = audit.verify(book).head
    entry(book, 3).delete()

    assert audit.verify(book).is_whole
    assert audit.verify(book, head=head).broken_at == 3


def test_a_noted_hash_still_counts_after_more_was_written(book: Organization) -> None:
    head = audit.verify(book).head
    audit.note(book, Act.TEAM_CHANGED, subject="Four")

    assert audit.verify(book, head=head).is_whole


@pytest.mark.row("G-61")
def test_an_export_is_verified_without_the_database(book: Organization, exported: Path) -> None:
    AuditEntry.objects.all().delete()

    assert "3 entries, unbroken" in verified(file=exported)


@pytest.mark.row("G-61")
@pytest.mark.parametrize(
    "change",
    [
        lambda records: records.pop(1),
        lambda records: records.reverse(),
        lambda records: records[1].update(subject="Nobody"),
        lambda records: records.insert(1, dict(records[0])),
    ],
)
def test_an_export_that_was_tampered_with_is_refused(exported: Path, change) -> None:
    rewrite(exported, change)

    with pytest.raises(CommandError, match="broken"):
        verified(file=exported)


@pytest.mark.parametrize("content", ["", "no json\n", "[1, 2]\n", '{"number": 1}\n'])
def test_what_is_no_export_is_said_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.txt"
    path.write_text(content)

    if content:
        with pytest.raises(CommandError):
            verified(file=path)
    else:
        assert "0 entries" in verified(file=path)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no export"):
        verified(file=tmp_path / "none")


@pytest.mark.row("G-61")
def test_the_command_names_the_log_and_the_entry(book: Organization) -> None:
    other = factories.organization()
    entry(book, 2).update(subject="Nobody")
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("verify_audit_log", stdout=out)

    assert f"{book.slug}: broken at entry 2" in out.getvalue()
    assert f"{other.slug}: " in out.getvalue()
    assert "unbroken" in verified(organization=other.slug)


def test_an_unknown_organization_is_said_so(book: Organization) -> None:
    with pytest.raises(CommandError, match="no organization"):
        verified(organization="nowhere")


def test_notes_of_many_at_once_make_one_chain(transactional_db: None) -> None:
    organization = factories.organization()
    before = AuditEntry.objects.count()

    def write(number: int) -> None:
        try:
            audit.note(organization, Act.TEAM_CHANGED, subject=str(number))
        finally:
            databases.close_all()

    threads = [threading.Thread(target=write, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    found = audit.verify(organization)
    assert (found.is_whole, found.entries - before) == (True, 12)


@pytest.mark.row("G-60")
@pytest.mark.parametrize("act", list(Act))
def test_every_act_can_be_read_and_filtered_by(act: Act) -> None:
    assert AuditEntry(act=act.value).sentence not in ("", act.value)
    assert act.value.partition(".")[0] in NOUNS


def test_an_act_of_another_version_keeps_its_name() -> None:
    assert AuditEntry(act="moon.landed").sentence == "moon.landed"


def test_details_are_one_line_of_words() -> None:
    details = {"former": "member", "members_may_remove": True, "members": ["Mina", "Olga"]}

    assert AuditEntry(details=details).said == "former: member, members may remove: yes, members: Mina, Olga"
