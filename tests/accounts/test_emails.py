import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import emails
from accounts.models import Attachment, Email
from outbox import intents
from outbox.models import Intent

pytestmark = pytest.mark.django_db


def _keep(**fields):
    return emails.keep(**{"to": "ivan@example.com", "subject": "Hello", "text": "A secret code"} | fields)


def test_a_mail_goes_out_once_with_its_attachment_and_a_lasting_message_id():
    email = _keep(
        html="<p>A secret code</p>", attachments=[Attachment(name="a.ics", content_type="text/calendar", content="x")]
    )
    intents.drain()
    emails.settle(email.pk)

    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.attachments == [("a.ics", "x", "text/calendar")]
    assert message.extra_headers["Message-ID"] == f"<bridge-{email.pk}@testserver>"


def test_a_sent_mail_keeps_no_secrets_outside_the_try_out(settings):
    settings.MAILBOX = False
    _keep(
        html="<p>A secret code</p>", attachments=[Attachment(name="a.ics", content_type="text/calendar", content="x")]
    )
    intents.drain()

    email = Email.objects.get()
    assert (email.text, email.html, email.attachments.count()) == ("", "", 0)


def test_a_mail_server_that_is_down_loses_nothing(monkeypatch):
    def down(self, messages):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", down)
        _keep()
        intents.drain()
    assert Intent.objects.get().last_error == "The mail server cannot be reached."

    intents.settle(Intent.objects.get().pk)
    Intent.objects.update(due_at="2020-01-01T00:00Z")
    intents.drain()
    assert len(mail.outbox) == 1


def test_an_address_the_server_refuses_is_not_tried_for_ever(monkeypatch):
    def refuse(self, messages):
        raise smtplib.SMTPRecipientsRefused({"ivan@example.com": (550, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    _keep()
    intents.drain()

    assert Intent.objects.get().stopped


def test_a_subject_cannot_smuggle_headers():
    email = _keep(subject="Hi\r\nBcc: all@example.org")
    intents.drain()

    assert email.subject == "Hi Bcc: all@example.org"
    assert mail.outbox[0].subject == "Hi Bcc: all@example.org"


def test_the_mailbox_shows_the_mail_with_its_attachment(client):
    email = _keep(
        html="<p>A secret code</p>",
        attachments=[Attachment(name="a.ics", content_type="text/calendar", content="BEGIN")],
    )

    assert "Hello" in client.get("/tryout/mails").content.decode()
    assert "A secret code" in client.get(f"/tryout/mails/{email.pk}").content.decode()
    assert client.get(f"/tryout/mails/{email.pk}/a.ics").content == b"BEGIN"
    assert "sandbox" in client.get(f"/tryout/mails/{email.pk}/html")["Content-Security-Policy"]
