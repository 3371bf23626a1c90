from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F, QuerySet

from accounts import audit, audit_chain
from accounts.models import Act, AuditEntry, Organization
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Organization:
    organization = factories.organization()
    AuditEntry.objects.filter(organization=organization).delete()
    for name in ("One", "Two", "Three"):
        audit.note(organization, Act.TEAM_CHANGED, subject=name, members=[name])
    return organization


def entry(book: Organization, number: int) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(organization=book, number=number)


@pytest.mark.row("G-61")
def test_an_untouched_book_is_sound(book: Organization) -> None:
    assert audit.verify(book) == audit_chain.Verdict(3, entry(book, 3).get().hash)


def test_an_empty_book_is_sound(book: Organization) -> None:
    AuditEntry.objects.filter(organization=book).delete()

    assert audit.verify(book) == audit_chain.Verdict(0, "")


@pytest.mark.row("G-61")
def test_a_changed_entry_is_found(book: Organization) -> None:
    entry(book, 2).update(subject="Nobody")

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


def test_a_cut_off_end_shows_only_with_a_head_noted_earlier(book: Organization) -> None:
    before = audit.verify(book)
    entry(book, 3).delete()

    assert audit.verify(book) == audit_chain.Verdict(2, entry(book, 2).get().hash)
    assert not audit.verify(book, head=before.head).is_whole


def test_the_command_names_the_first_broken_entry(book: Organization) -> None:
    entry(book, 2).update(subject="Nobody")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("verify_audit_log", organization=book.slug, stdout=said)

    assert said.getvalue() == f"{book.slug}: broken at entry 2: it was changed after it was written\n"


def test_the_command_prints_the_newest_hash(book: Organization) -> None:
    said = StringIO()
    call_command("verify_audit_log", organization=book.slug, stdout=said)

    assert said.getvalue() == f"{book.slug}: 3 entries, unbroken, head {entry(book, 3).get().hash}\n"
