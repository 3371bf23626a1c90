import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import api_keys, queries, second_factors
from accounts.api_keys import LIVES
from accounts.forms.typed import NameField
from accounts.models import Membership, User
from accounts.scopes import FOR_PEOPLE, Scope

USUAL = 90


class OrganizationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return obj.organization.name


class ApiKeyForm(forms.Form):
    """What the key may do, and for how long. `submission` makes of a form that is sent twice one key."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = NameField(label=_("Name"), max_length=120, help_text=_("For you: what it is for, such as “Nightly report”."))
    membership = OrganizationField(
        label=_("Organization"),
        queryset=Membership.objects.none(),
        to_field_name="uid",
        empty_label=None,
        help_text=_("The key sees and does nothing in your other organizations."),
        error_messages={"invalid_choice": _("Please choose one of your organizations.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, scope.label) for scope in FOR_PEOPLE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick only what the script needs."),
        error_messages={"required": _("Please tick at least one thing that the key may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        initial=USUAL,
        choices=lambda: [(days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in LIVES],
        help_text=_("You are told by mail before. The shorter, the less a lost key can do."),
    )

    def __init__(self, *args: Any, user: User, current: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"membership": current.uid}} | kwargs)
        self.user = user
        self.fields["membership"].queryset = queries.memberships(user)  # type: ignore[attr-defined]

    def clean_membership(self) -> Membership:
        membership: Membership = self.cleaned_data["membership"]
        if second_factors.bars(membership):
            raise ValidationError(
                _("%(organization)s asks for a second factor. Set one up first, then make the key."),
                params={"organization": membership.organization},
            )
        return membership

    def clean_scopes(self) -> list[Scope]:
        return [Scope(scope) for scope in self.cleaned_data["scopes"]]

    def clean(self) -> dict[str, Any]:
        if api_keys.live(self.user).count() >= api_keys.MOST:
            self.add_error(None, _("You have as many keys as one person may have. Please revoke one first."))
        return self.cleaned_data
