"""What an invitee types."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.typed import TypedField, one_alphabet


def one_line(text: str) -> None:
    if "\n" in text or "\t" in text:
        raise ValidationError(_("Please write your name on one line."))
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in text):
        raise ValidationError(_("Please tell your name, so that your host knows who comes."))
    if "<" in text or ">" in text:
        raise ValidationError(_("Please write your name without < and >."))


class BookingForm(forms.Form):
    """The fields have the limits of the model."""

    name = TypedField(
        label=_("Your name"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": None}),
        error_messages={
            "required": _("Please tell your name, so that your host knows who comes."),
            "max_length": _("Please shorten your name to %(limit_value)d characters; these are %(show_value)d."),
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("Confirmation, calendar entry and join link go there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": None}),
        error_messages={
            "required": _("Please tell your e-mail address: the join link goes there."),
            "invalid": _("This does not look like an e-mail address, for example ivan@example.org."),
            "max_length": _("This address is too long to be one; please check it."),
        },
    )
    notes = TypedField(
        label=_("What is it about?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": None}),
        error_messages={
            "max_length": _("Please shorten this to %(limit_value)d characters; these are %(show_value)d."),
        },
    )

    def clean_email(self) -> str:
        """Asked once the rest is in order: one sentence at a time."""
        email: str = self.cleaned_data["email"]
        one_alphabet(email)
        return email


class CancelForm(forms.Form):
    reason = TypedField(
        label=_("Why? Your host will read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": None}),
        error_messages={
            "max_length": _("Please shorten this to %(limit_value)d characters; these are %(show_value)d."),
        },
    )
