"""Who is told that an account stopped working: at once, four times again, and not once more after reconnecting."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections as databases
from django.test import Client
from django.utils.timezone import now

from accounts.models import Act, AuditEntry, Email, Membership
from integrations import alerts, connections, grants, tasks
from integrations.exceptions import AuthorizationLost
from integrations.models import AuthorizationRequest, Connection, Grant
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import AppKind, EndReason
from tests import factories
from tests.integrations.conftest import PAULA, ConnectZoom, Consent


@pytest.fixture
def ended(olga: Membership) -> Connection:
    """Olga's own account, that stopped working just now."""
    connection = factories.connection(olga, grant=factories.grant(email=PAULA))
    grants.end(connection.grant, EndReason.ENDED)
    return Connection.objects.get()


@pytest.fixture
def shared(olga: Membership) -> Connection:
    grant = factories.grant(email="root@acme.example", kind=AppKind.ORGANIZATION.value)
    return Connection.objects.create(organization=olga.organization, grant=grant)


def mails() -> list[tuple[str, str]]:
    return list(Email.objects.order_by("pk").values_list("to", "subject"))


def pass_days(number: float) -> None:
    """The timetable comes round every hour; here once, `number` days after the end."""
    Connection.objects.update(ended_at=now() - timedelta(days=number))
    tasks.remind()


def link(email: Email) -> str:
    line = next(line for line in email.text.splitlines() if "http://testserver" in line)
    return line[line.index("http://testserver") + len("http://testserver") :]


@pytest.mark.row("IN-19")
def test_who_took_access_back_at_zoom_is_asked_to_act(olga, connect_zoom: ConnectZoom, zoom: ZoomSimulator):
    connect_zoom(olga)
    scheduler = factories.scheduler(olga)
    zoom.uninstall(PAULA)
    Grant.objects.update(expires_at=now())

    with pytest.raises(AuthorizationLost):
        grants.access_token(Grant.objects.get())

    email = Email.objects.get()
    assert email.to == "olga@example.org"
    assert email.subject == "Action required: your Zoom account stopped working"
    assert f"Account: Zoom, {PAULA}" in email.text
    assert "access was taken back" in email.text
    assert str(scheduler.organization) in email.text
    assert not Grant.objects.get().email


@pytest.mark.row("IN-20")
def test_the_same_mail_goes_out_when_access_was_ended_by_the_provider(ended):
    assert mails() == [("olga@example.org", "Action required: your Zoom account stopped working")]
    assert "ended Bridge’s access" in Email.objects.get().text


def test_text_and_html_say_the_same_and_count_what_is_affected(olga):
    connection = factories.connection(olga)
    factories.scheduler(olga, place="zoom", connection=connection)

    grants.end(connection.grant, EndReason.EXPIRED)

    email = Email.objects.get()
    assert "Affected: 1 scheduler\n" in email.text
    for words in ("90 days", "1 scheduler", "Reconnect", "/reconnect", "Meetings that exist"):
        assert words in email.text
        assert words in email.html


@pytest.mark.row("CL-14")
def test_an_organizations_account_is_told_to_its_admins_and_owners_alone(olga, adam, mina, shared):
    grants.end(shared.grant, EndReason.ROLE_LOST)

    assert sorted(to for to, _subject in mails()) == ["adam@example.org", "olga@example.org"]
    email = Email.objects.first()
    assert email.subject == "Action required: Zoom stopped working for Harbour"
    assert link(email) == f"/o/{olga.organization.slug}/integrations/zoom"


def test_nobody_is_told_of_what_he_did_himself(olga, connect_zoom: ConnectZoom, after_commit):
    connection = connect_zoom(olga)

    with after_commit():
        connections.disconnect(connection, by=olga.user)
    tasks.remind()

    assert mails() == []


def test_every_bridge_account_that_used_it_is_told(olga, mallory):
    hers = factories.connection(olga)
    factories.connection(mallory, grant=hers.grant)

    grants.end(hers.grant, EndReason.REVOKED)

    assert sorted(to for to, _subject in mails()) == ["mallory@example.com", "olga@example.org"]


def test_the_end_is_written_into_the_book_without_names_from_there(ended):
    entry = AuditEntry.objects.get(act=Act.CONNECTION_ENDED)

    assert (entry.subject, entry.details) == ("Zoom", {"reason": "ended"})


@pytest.mark.parametrize(
    ("days", "number"), [(0.9, 1), (1, 2), (2.9, 2), (3, 3), (6.9, 3), (7, 4), (13.9, 4), (14, 5), (60, 5)]
)
def test_reminders_come_after_one_three_seven_and_fourteen_days(ended, days, number):
    for day in (1, 3, 7, 14):
        if day <= days:
            pass_days(day)
    pass_days(days)

    assert len(mails()) == number
    assert all(subject.startswith("Reminder, action required: your Zoom") for _to, subject in mails()[1:])


def test_what_fell_due_while_nobody_looked_is_one_reminder(ended):
    pass_days(8)
    pass_days(8)

    assert len(mails()) == 2
    assert Connection.objects.get().alerts_sent == 4


def test_reconnecting_stops_the_reminders_and_a_later_end_begins_anew(olga, connect_zoom: ConnectZoom, zoom):
    connection = connect_zoom(olga)
    grants.end(Grant.objects.get(), EndReason.REVOKED)
    connect_zoom(olga)

    tasks.remind()
    connection.refresh_from_db()
    assert (len(mails()), connection.alerts_sent) == (1, 0)

    grants.end(Grant.objects.get(), EndReason.REVOKED)
    assert len(mails()) == 2


def test_disconnecting_stops_the_reminders(ended, olga):
    connections.disconnect(ended, by=olga.user)

    tasks.remind()

    assert len(mails()) == 1


def test_a_reminder_names_an_erased_account_by_its_day(olga):
    connection = factories.connection(olga, grant=factories.grant(email=PAULA))
    grants.end(connection.grant, EndReason.REVOKED)

    pass_days(1)

    assert "Account: Zoom, connected on " in Email.objects.latest("pk").text
    assert PAULA not in Email.objects.latest("pk").text


def test_once_the_mail_is_sent_nothing_here_names_the_erased_account(olga, settings, after_commit):
    settings.MAILBOX = False
    connection = factories.connection(olga, grant=factories.grant(email=PAULA))

    with after_commit():
        grants.end(connection.grant, EndReason.REVOKED)

    email = Email.objects.get()
    assert email.sent_at
    assert PAULA not in f"{email.subject} {email.text} {email.html}"


def test_a_worker_that_saw_an_older_state_sends_nothing(ended):
    Connection.objects.update(ended_at=now() - timedelta(days=1))
    seen = Connection.objects.get()
    alerts.remind()

    alerts._remind(seen)

    assert len(mails()) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_run_together_send_one_reminder(olga):
    connection = factories.connection(olga)
    grants.end(connection.grant, EndReason.ENDED)
    Connection.objects.update(ended_at=now() - timedelta(days=1))

    at_once(alerts.remind)

    assert len(mails()) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_find_the_end_together_tell_it_once(olga):
    grant = factories.connection(olga).grant

    at_once(lambda: grants.end(Grant.objects.get(pk=grant.pk), EndReason.REVOKED))

    assert len(mails()) == 1


def at_once(act: Callable[[], None]) -> None:
    """Six workers."""
    together, failures = threading.Barrier(6), []

    def work() -> None:
        try:
            together.wait()
            act()
        except Exception as error:
            failures.append(error)
        finally:
            databases.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


@pytest.mark.row("IN-21")
def test_the_link_leads_through_signing_in_to_reconnecting(
    olga, connect_zoom: ConnectZoom, zoom, client: Client, consent: Consent
):
    connection = connect_zoom(olga)
    grants.end(Grant.objects.get(), EndReason.REVOKED)
    factories.address(olga.user)
    path = link(Email.objects.get())

    sign_in = client.get(path)
    assert sign_in["Location"] == f"/account/login/?next={path}"
    there = client.post(sign_in["Location"], {"login": "olga@example.org", "password": "correct horse battery"})
    assert there["Location"] == path
    page = client.get(path).content.decode()
    assert f'href="/connect/zoom?account={connection.uid}' in page

    address = client.get(f"/connect/zoom?account={connection.uid}&next={path}")["Location"]
    assert client.get(consent(address, PAULA))["Location"] == path
    assert Connection.objects.get().is_usable
    assert "There is nothing to reconnect." in client.get(path).content.decode()


def test_the_link_opens_the_organization_it_is_about(olga, sign_in: Callable[..., Client]):
    elsewhere = factories.membership(olga.user)
    connection = factories.connection(elsewhere)
    grants.end(connection.grant, EndReason.ENDED)
    browser = sign_in(olga)
    browser.get(f"/o/{olga.organization.slug}/schedules")

    page = browser.get(link(Email.objects.get()))

    assert page.status_code == 200
    browser.get(f"/connect/zoom?account={connection.uid}")
    assert AuthorizationRequest.objects.get().connection == connection


def test_following_the_link_alone_does_nothing(ended, olga, sign_in: Callable[..., Client]):
    before = Connection.objects.values().get()

    assert sign_in(olga).get(link(Email.objects.get())).status_code == 200

    assert Connection.objects.values().get() == before


def test_somebody_elses_link_opens_nothing(ended, mina, mallory, sign_in: Callable[..., Client]):
    path = link(Email.objects.get())

    assert sign_in(mina).get(path).status_code == 404
    assert sign_in(mallory).get(path).status_code == 404
