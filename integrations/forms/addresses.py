from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrations import outward
from integrations.exceptions import RequestRejected

AS_TYPED = {"inputmode": "url", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}


class AddressField(forms.CharField):
    """Of a server on the internet: whether Bridge would go there now."""

    def __init__(self, *, required: bool = False, initial: str = "") -> None:
        widget, label = forms.TextInput(attrs=AS_TYPED), _("Address of the server")
        super().__init__(max_length=500, widget=widget, label=label, required=required, initial=initial)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).strip()
        address = typed if "://" in typed or not typed else f"https://{typed}"
        try:
            if address:
                outward.check(address)
        except RequestRejected as rejected:
            raise ValidationError(rejected.sentence) from rejected
        return address
