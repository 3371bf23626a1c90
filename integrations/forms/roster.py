from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.roster import Type
from integrations.roster_search import Search


class SearchForm(forms.Form):
    """The filters of the members table, as they stand in its address. What cannot be read does not narrow."""

    q = forms.CharField(
        label=_("Member"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or e-mail")}),
    )
    type = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[
            ("", _("All types")),
            (Type.ORGANIZATION.value, _("Organization")),
            (Type.PERSONAL.value, _("Personal")),
            (Type.NONE.value, _("Without an account")),
        ],
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All members")), ("without", _("Who could not host tomorrow?"))],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def search(self) -> Search:
        found = self.cleaned_data
        return Search(found.get("q", ""), found.get("type", ""), without=found.get("show") == "without")

    @property
    def narrowing(self) -> dict[str, str]:
        """What to keep in the address of another page."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class SeatForm(forms.Form):
    """Whom a member is in the organization's account."""

    wanted = forms.CharField(
        label=_("E-mail or user ID in that account"),
        max_length=254,
        required=False,
        help_text=_("Empty: by the member’s own e-mail address."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_wanted(self) -> str:
        typed: str = self.cleaned_data["wanted"]
        if not typed.isprintable() or len(typed.split()) > 1:
            raise forms.ValidationError(_("Please give one e-mail address or ID, without spaces."))
        return typed
