"""One way to send a mail: rendered and stored with the fact that caused it, sent through the outbox."""

import smtplib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Attachment, Email
from outbox import intents, outbox


def send(
    *, to: str, subject: str, template: str, context: Mapping[str, Any], attachments: Iterable[Attachment] = ()
) -> Email:
    """Owe the mail emails/<template>.txt with .html to `to`, in the caller's transaction and language."""
    text = render_to_string(f"emails/{template}.txt", dict(context))
    html = render_to_string(f"emails/{template}.html", dict(context))
    return keep(to=to, subject=subject, text=text, html=html, attachments=attachments)


@transaction.atomic
def keep(*, to: str, subject: str, text: str, html: str = "", attachments: Iterable[Attachment] = ()) -> Email:
    """Owe a mail that is already written."""
    email = Email.objects.create(to=to, subject=" ".join(subject.split())[:300], text=text, html=html)
    for attachment in attachments:
        attachment.email = email
        attachment.save()
    outbox.want("email", email.pk)
    return email


@intents.settles("email")
def settle(email_id: int) -> None:
    email = Email.objects.prefetch_related("attachments").get(pk=email_id)
    if email.sent_at:
        return
    try:
        _message(email).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise intents.Stop(_("The mail server does not know this address.")) from error
    except (OSError, smtplib.SMTPException) as error:
        raise intents.Later(_("The mail server cannot be reached.")) from error
    _mark_sent(email)


def _message(email: Email) -> EmailMultiAlternatives:
    """With a Message-ID that stays, so that a mail sent twice after a crash is shown once."""
    host = urlsplit(settings.BASE_URL).hostname
    message = EmailMultiAlternatives(
        email.subject, email.text, to=[email.to], headers={"Message-ID": f"<bridge-{email.pk}@{host}>"}
    )
    if email.html:
        message.attach_alternative(email.html, "text/html")
    for attachment in email.attachments.all():
        message.attach(attachment.name, attachment.content, attachment.content_type)
    return message


def _mark_sent(email: Email) -> None:
    """Its text has done its work and may hold secrets; only the try-out's mailbox keeps it."""
    email.sent_at = now()
    if not settings.MAILBOX:
        email.text = email.html = ""
        email.attachments.all().delete()
    email.save(update_fields=["sent_at", "text", "html"])
