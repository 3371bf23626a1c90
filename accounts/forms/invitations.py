import re
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import profiles
from accounts.forms.members import MEANINGS
from accounts.forms.typed import TypedField, a_name, no_hidden_characters, one_alphabet
from accounts.models import Invitation, Role, User

MOST = 50


class Gathered(forms.Textarea):
    """What was typed, and what was ticked beside it under the same name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return "\n".join(data.getlist(name)) if isinstance(data, QueryDict) else data.get(name)


class InviteForm(forms.Form):
    """Nobody is invited as an owner: that role is given to members."""

    addresses = TypedField(
        label=_("E-mail addresses"),
        max_length=10_000,
        help_text=_("One or several, on lines of their own or separated by commas."),
        widget=Gathered({"rows": 3, "autocapitalize": "none", "spellcheck": "false", "maxlength": None}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, MEANINGS[role]) for role in (Role.MEMBER, Role.ADMIN)],
        initial=Role.MEMBER,
        widget=forms.RadioSelect,
    )

    def clean_addresses(self) -> list[str]:
        typed = [part.lower() for part in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if part]
        if not typed:
            raise ValidationError(_("Please give at least one address."))
        if len(typed) > MOST:
            raise ValidationError(_("Please invite at most %(most)d people at once."), params={"most": MOST})
        for address in typed:
            _require_address(address)
        return list(dict.fromkeys(typed))


class NewcomerForm(forms.Form):
    """The address is the invitation's, and not a field."""

    name = TypedField(
        label=_("Your name"), max_length=120, validators=[a_name], widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=500, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = invitation.email

    def clean_password(self) -> str:
        somebody = User(email=self.email, name=self.cleaned_data.get("name", ""))
        return str(get_adapter().clean_password(self.cleaned_data["password"], user=somebody))

    def clean_time_zone(self) -> str:
        wish: str = self.cleaned_data["time_zone"]
        return wish if profiles.known_zone(wish) else "UTC"


def _require_address(address: str) -> None:
    try:
        validate_email(address)
        no_hidden_characters(address)
        one_alphabet(address)
    except ValidationError as error:
        raise ValidationError(
            _("“%(address)s” does not look like an e-mail address. Nobody was invited yet."),
            params={"address": address[:100]},
        ) from error
    if len(address) > 254:
        raise ValidationError(_("“%(address)s…” is too long for an e-mail address."), params={"address": address[:40]})
