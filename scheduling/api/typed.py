"""What people typed into an application, read by the forms of the pages: the same limits, the same sentences."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from scheduling.api.problems import FieldProblem, Problem
from scheduling.forms.bookings import CancelForm
from scheduling.forms.public import BookingForm

WHERE = {"name": "body.invitee.name", "email": "body.invitee.email", "notes": "body.notes", "reason": "body.reason"}


def invitee(name: str, email: str, notes: str) -> dict[str, Any]:
    """Cleaned, under the same names."""
    return _cleaned(BookingForm({"name": name, "email": email, "notes": notes}))


def reason(text: str) -> str:
    return str(_cleaned(CancelForm({"reason": text}))["reason"])


def language(code: str) -> str:
    known = dict(settings.LANGUAGES)
    if code not in known:
        sentence = _("Mails are written in: %(languages)s.") % {"languages": ", ".join(known)}
        raise _invalid({"body.invitee.language": [sentence]})
    return code


def _cleaned(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise _invalid({WHERE[field]: sentences for field, sentences in form.errors.items()})
    return form.cleaned_data


def _invalid(found: Mapping[str, Any]) -> Problem:
    errors = [
        FieldProblem(where=where, message=str(sentence)) for where, sentences in found.items() for sentence in sentences
    ]
    return Problem("invalid", errors=errors)
