from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import Membership, Organization, Team


class MemberSearchForm(forms.Form):
    """The filters of the list, as they stand in its address. What cannot be read does not narrow."""

    q = forms.CharField(
        label=_("Member"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": _("Name or e-mail")}),
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label=_("All teams"),
    )

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data)
        self.fields["team"].queryset = queries.teams(organization)  # type: ignore[attr-defined]
        self.full_clean()

    def narrow(self, members: QuerySet[Membership]) -> QuerySet[Membership]:
        text, team = self.cleaned_data.get("q", ""), self.cleaned_data.get("team")
        if text:
            members = members.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
        return members.filter(teams=team) if team else members

    @property
    def narrowing(self) -> str:
        """What to keep in the address of another page."""
        team = self.cleaned_data.get("team")
        typed = {"q": self.cleaned_data.get("q", ""), "team": str(team.uid) if team else ""}
        return urlencode({name: value for name, value in typed.items() if value})
