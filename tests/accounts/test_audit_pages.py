"""The audit log as its admins see it."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import Act, AuditEntry, Membership


@pytest.fixture
def admin(adam: Membership, sign_in) -> Client:
    client: Client = sign_in(adam)
    return client


@pytest.fixture
def log(olga: Membership) -> str:
    return f"/o/{olga.organization.slug}/audit"


def write(member: Membership, *subjects: str, act: Act = Act.TEAM_CHANGED) -> None:
    for subject in subjects:
        audit.note(member.organization, act, by=member.user, subject=subject)


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode().partition("<main")[2]


@pytest.mark.row("G-60")
def test_who_did_what_when_newest_first(admin, olga, log):
    write(olga, "Pilots", "Crew")

    page = shown(admin, log)

    assert page.index("Crew") < page.index("Pilots")
    assert "Olga Berg" in page
    assert "Changed a team" in page


def test_a_log_without_entries_says_what_it_is_for(admin, olga, log):
    AuditEntry.objects.all().delete()

    assert "Nothing was done yet" in shown(admin, log)


@pytest.mark.row("G-60")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=pilots", {"Pilots"}),
        ("q=olga", {"Pilots", "Harbour Two"}),
        ("about=organization", {"Harbour Two"}),
        ("first=2026-03-02", {"Harbour Two"}),
        ("last=2026-03-01", {"Pilots"}),
        ("first=2026-03-01&last=2026-03-01", {"Pilots"}),
        ("first=soon&about=moon&last=9999-12-31", {"Pilots", "Harbour Two"}),
    ],
)
def test_it_is_narrowed(admin, adam, olga, log, query, found):
    """Adam reads in Berlin, where 23:30 in London is tomorrow."""
    AuditEntry.objects.all().delete()
    adam.user.time_zone = "Europe/Berlin"
    adam.user.save()
    write(olga, "Pilots")
    write(olga, "Harbour Two", act=Act.ORGANIZATION_RENAMED)
    AuditEntry.objects.filter(subject="Pilots").update(at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    AuditEntry.objects.filter(subject="Harbour Two").update(at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))

    page = shown(admin, f"{log}?{query}")

    assert {name for name in ("Pilots", "Harbour Two") if f"<bdi>{name}</bdi>" in page} == found


def test_times_are_those_of_the_readers_clock(admin, adam, olga, log):
    adam.user.time_zone = "Asia/Kathmandu"
    adam.user.save()
    write(olga, "Pilots")
    AuditEntry.objects.update(at=datetime(2026, 3, 1, 12, tzinfo=UTC))

    assert "5:45 p.m." in shown(admin, log)


def test_nothing_that_fits_is_said_so(admin, olga, log):
    write(olga, "Pilots")

    assert "No entry fits what you asked for." in shown(admin, f"{log}?q=nobody")


def test_older_pages_stay_what_they_are_while_the_log_grows(admin, olga, log):
    write(olga, *(f"Team {number}." for number in range(60)))
    older = f"{log}?before=11"
    before = shown(admin, older).count('class="row"')

    write(olga, "Newest")

    assert "Older" in shown(admin, log)
    assert shown(admin, older).count('class="row"') == before == 10
    assert "Newest." not in shown(admin, older)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣"])
def test_an_odd_place_in_the_log_is_no_error(admin, olga, log, before):
    assert admin.get(log, {"before": before}).status_code == 200


def test_the_page_costs_the_same_for_one_entry_and_many(admin, olga, log):
    counted = []
    for subjects in (["One"], ["Two", "Three"]):
        write(olga, *subjects)
        admin.get(log)
        with CaptureQueriesContext(
            database,
        ) as queries:
            admin.get(log)
        counted.append(len(queries))

    assert counted[0] == counted[1]


@pytest.mark.row("G-61")
def test_the_table_holds_what_is_shown_and_nothing_a_spreadsheet_would_run(admin, olga, log):
    write(olga, "=1+1", "Crew")

    rows = list(csv.reader(io.StringIO(admin.get(f"{log}.csv?q==1").content.decode())))

    assert [row[4] for row in rows[1:]] == ["'=1+1"]
    assert rows[1][2] == "Olga Berg"


@pytest.mark.row("G-61")
def test_the_chain_is_exported_whole_and_the_export_is_noted(admin, adam, olga, log):
    write(olga, "Crew")

    lines = b"".join(admin.get(f"{log}.jsonl").streaming_content).decode().splitlines()

    records = [json.loads(line) for line in lines]
    assert [record["number"] for record in records] == list(range(1, len(records) + 1))
    assert (records[-1]["act"], records[-1]["by"]) == ("log.exported", "Adam Reed")


@pytest.mark.row("G-61")
def test_verifying_says_whether_it_is_whole(admin, olga, log):
    write(olga, "Pilots", "Crew")

    assert "2 entries, unbroken." in admin.post(f"{log}/verify", follow=True).content.decode()

    AuditEntry.objects.filter(subject="Pilots").update(subject="Others")
    said = admin.post(f"{log}/verify", follow=True).content.decode()
    assert "The log is broken at entry 1: it was changed after it was written." in said


def test_a_noted_hash_that_is_gone_is_said_so(admin, olga, log):
    write(olga, "Pilots")

    said = admin.post(f"{log}/verify", {"head": "ab" * 32}, follow=True).content.decode()

    assert "the entry with the hash that was noted is missing" in said


@pytest.mark.row("G-68", "G-60")
def test_nothing_of_another_organization_is_in_it(admin, mallory, log):
    write(mallory, "Theirs")

    assert "Theirs" not in shown(admin, log)
    assert "Theirs" not in admin.get(f"{log}.csv").content.decode()
