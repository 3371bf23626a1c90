from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.typed import TypedField
from scheduling.forms.public import one_line


class NameForm(forms.Form):
    """Who comes to the door."""

    name = TypedField(
        label=_("Your name"),
        max_length=60,
        validators=[one_line],
        error_messages={"required": _("Please tell your name, so that the others know who comes.")},
    )
