from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.forms.typed import NameField
from accounts.models import Membership, Organization, Team


class MembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return str(obj.user)


class TeamForm(forms.Form):
    name = NameField(label=_("Name"), max_length=80)
    members = MembersField(
        label=_("Members"),
        queryset=Membership.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organization: Organization, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _shown(team) if team else None} | kwargs)
        self.fields["members"].queryset = queries.members(organization)  # type: ignore[attr-defined]


def _shown(team: Team) -> dict[str, Any]:
    return {"name": team.name, "members": [str(uid) for uid in team.members.values_list("uid", flat=True)]}
