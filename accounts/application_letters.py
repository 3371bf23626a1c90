"""Mails about applications: one waits for an admin; one was approved, or blocked."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import emails, names, queries
from accounts.models import Application, User


def ask_admins(application: Application) -> None:
    for membership in queries.members(application.organization):
        if membership.is_admin:
            subject = _("%(application)s waits for your approval")
            _write(membership.user, subject, "application_waits", _facts(application, application.user))


def tell_registrant(application: Application, *, by: User) -> None:
    """Unless he did it himself, or has gone."""
    reader = application.user
    if reader is None or reader == by or not queries.members(application.organization).filter(user=reader).exists():
        return
    subject = _("%(application)s may act now") if application.is_active else _("%(application)s was blocked")
    _write(reader, subject, "application_decided", _facts(application, by) | {"is_active": application.is_active})


def _facts(application: Application, person: User | None) -> dict[str, Any]:
    return {
        "application": names.plain(application.name),
        "organization": names.plain(application.organization),
        "person": names.plain(person or ""),
        "url": settings.BASE_URL + application.get_absolute_url(),
    }


def _write(reader: User, subject: str, template: str, facts: Mapping[str, Any]) -> None:
    with translation.override(reader.language):
        emails.send(to=reader.email, subject=subject % facts, template=template, context=facts)
