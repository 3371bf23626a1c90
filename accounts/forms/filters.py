"""What the filters of lists have in common: they stand in the address, and what cannot be read does not narrow."""

from typing import Any

from django import forms
from django.utils.http import urlencode


class SearchField(forms.CharField):
    def __init__(self, *, label: Any, placeholder: Any) -> None:
        widget = forms.TextInput({"type": "search", "placeholder": placeholder})
        super().__init__(label=label, max_length=200, required=False, widget=widget)


class FilterForm(forms.Form):
    """Whoever makes one asks for full_clean() once its choices are known."""

    @property
    def narrowing(self) -> str:
        """What to keep in the address of another page: what was asked and could be read."""
        read = {name: self.fields[name].prepare_value(value) for name, value in self.cleaned_data.items() if value}
        return urlencode(read)
