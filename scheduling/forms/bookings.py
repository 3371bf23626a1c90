from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.agenda import Show
from scheduling.forms.fields import TextField
from scheduling.models import Scheduler


class FilterForm(forms.Form):
    """The filters of the list, as they stand in its address. What cannot be read does not narrow."""

    show = forms.ChoiceField(choices=[(show.value, show.value) for show in Show], required=False)
    q = forms.CharField(
        label=_("Invitee"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or e-mail")}),
    )
    scheduler = forms.ChoiceField(label=_("Scheduler"), required=False)

    def __init__(self, data: Any = None, *, schedulers: list[Scheduler]) -> None:
        super().__init__(data)
        named = [(scheduler.slug, scheduler.name) for scheduler in schedulers]
        self.fields["scheduler"].choices = [("", _("All schedulers")), *named]  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def shown(self) -> Show:
        return Show(self.cleaned_data.get("show") or Show.UPCOMING.value)

    @property
    def narrowing(self) -> dict[str, str]:
        """What to keep in the address of another page or tab."""
        found = {"q": self.text, "scheduler": self.slug}
        return {name: value for name, value in found.items() if value}

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def slug(self) -> str:
        return str(self.cleaned_data.get("scheduler", ""))


class CancelForm(forms.Form):
    reason = TextField(
        label=_("Reason"), max_length=500, required=False, help_text=_("The invitee reads it in the mail that follows.")
    )
