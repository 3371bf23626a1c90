from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import consents, queries
from accounts.authorization_requests import Asked
from accounts.models import Consent, Membership, User
from accounts.scopes import Scope


class OrganizationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return str(obj.organization)


class ConsentForm(forms.Form):
    """known: the organizations he belongs to.  choices: the memberships in which the application may act."""

    scopes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what you allow, or refuse. Nothing was allowed so far.")},
    )
    membership = OrganizationField(
        label=_("Where it acts for you"),
        queryset=Membership.objects.none(),
        to_field_name="uid",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Please choose one of your organizations.")},
    )

    def __init__(
        self, *args: Any, asked: Asked, user: User, here: Membership, former: Consent | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = set(queries.memberships(user).values_list("organization", flat=True))
        self.choices = consents.choices(user, asked.application)
        wanted = {former.membership_id if former else here.pk, here.pk}
        first = next((one for one in self.choices if one.pk in wanted), next(iter(self.choices), None))
        words = [(scope.value, scope.label) for scope in Scope if scope.value in asked.scopes]
        self.fields["scopes"].choices = words  # type: ignore[attr-defined]
        self.initial = {"scopes": asked.scopes, "membership": first and first.uid}
        queryset = Membership.objects.filter(pk__in=[one.pk for one in self.choices])
        self.fields["membership"].queryset = queryset.select_related("organization", "user")  # type: ignore[attr-defined]

    @property
    def codes(self) -> set[str | None]:
        return {error.code for errors in self.errors.as_data().values() for error in errors}

    def clean_membership(self) -> Membership:
        membership: Membership = self.cleaned_data["membership"]
        if consents.is_barred(membership):
            raise forms.ValidationError(
                _("%(organization)s asks for a second factor. Set one up first; nothing was allowed so far.")
                % {"organization": membership.organization},
                code="second_factor",
            )
        return membership
