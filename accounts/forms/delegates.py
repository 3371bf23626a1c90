from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import Membership


class DelegateField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return str(obj.user)


class DelegateForm(forms.Form):
    delegate = DelegateField(
        label=_("Colleague"),
        queryset=Membership.objects.none(),
        to_field_name="uid",
        empty_label=_("Choose somebody"),
        error_messages={"invalid_choice": _("Please choose another member of your organization.")},
    )
    private_events = forms.BooleanField(
        label=_("May see and manage private events"),
        required=False,
        help_text=_("Otherwise only “Private Meeting” and its time are shown."),
    )

    def __init__(self, *args: Any, owner: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.members(owner.organization).exclude(pk=owner.pk)
        self.fields["delegate"].queryset = others.exclude(delegations_held__owner=owner)  # type: ignore[attr-defined]
