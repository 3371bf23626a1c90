"""Fields for what a host types."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.typed import TypedField
from scheduling import time_zones

_TAG = re.compile(r"<\s*[/!?a-zA-Z]")


def one_line(text: str) -> None:
    """It stands in headings, subjects and calendars, where neither lines nor tags mean anything."""
    if len(text.splitlines()) > 1 or "\t" in text:
        raise ValidationError(_("Please write this on one line."))
    if _TAG.search(text):
        raise ValidationError(_("Please write this without HTML tags."))


class LineField(TypedField):
    default_validators = [one_line]


class TextField(TypedField):
    widget = forms.Textarea(attrs={"rows": 3})


class TimeZoneField(forms.CharField):
    """The name of an IANA zone, chosen from the datalist "time-zones" or typed in any case."""

    def __init__(self, **options: Any) -> None:
        words = {"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(max_length=64, widget=forms.TextInput(words), **options)

    def clean(self, value: Any) -> str:
        found = time_zones.find(super().clean(value))
        if found is None:
            raise ValidationError(_("We do not know this time zone. Choose one from the list, such as Europe/Berlin."))
        return found
