from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.forms.filters import FilterForm, SearchField
from accounts.models import Membership, Organization, Team


class MemberSearchForm(FilterForm):
    q = SearchField(label=_("Member"), placeholder=_("Name or e-mail"))
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
