"""Accounts by name and password: a member's own, and the one that opens every mailbox of an organization's server."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.forms.addresses import AddressField
from integrations.providers.base import PasswordProvider
from integrations.types import Login

AS_NAME = {"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}


class PasswordForm(forms.Form):
    """known: the address that need not be asked for.  version: the same of its version."""

    address = AddressField(required=True)
    username = forms.CharField(
        label=_("User name"),
        max_length=200,
        help_text=_("Often your e-mail address."),
        widget=forms.TextInput(attrs=AS_NAME),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        help_text=_("An app password, where your service has them. Bridge keeps it encrypted and shows it to nobody."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    version = forms.ChoiceField(label=_("Version of the server"))

    def __init__(
        self, data: Any = None, *, provider: PasswordProvider, known: str = "", version: str = "", **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.known, self.known_version = known, version
        self.fields["version"].choices = provider.versions  # type: ignore[attr-defined]
        if known:
            del self.fields["address"]
        if not provider.versions or version:
            del self.fields["version"]

    def login(self) -> Login:
        typed = self.cleaned_data
        return Login(
            typed.get("address") or self.known,
            typed["username"].strip(),
            typed["password"],
            version=typed.get("version") or self.known_version,
        )


class ImpersonationForm(forms.Form):
    """The password is asked for each time: what is kept is shown to nobody, and tried at no other address."""

    address = AddressField(required=True)
    on = forms.BooleanField(
        label=_("One account opens every member’s mailbox (impersonation)"),
        required=False,
        help_text=_("Members then connect without a password of their own. Untick it to have each member sign in."),
    )
    username = forms.CharField(label=_("E-mail of the account"), max_length=200, widget=forms.TextInput(attrs=AS_NAME))
    password = forms.CharField(
        label=_("Password of the account"),
        max_length=500,
        strip=False,
        help_text=_("Bridge keeps it encrypted. It is not shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    version = forms.ChoiceField(label=_("Version of the server"))

    def __init__(self, data: Any = None, *, provider: PasswordProvider, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["version"].choices = provider.versions  # type: ignore[attr-defined]
        if provider.for_everybody:
            self.fields["username"].label, self.fields["password"].label = (
                _("Application"),
                _("Secret of the application"),
            )

    def login(self) -> Login:
        typed = self.cleaned_data
        return Login(typed["address"], typed["username"].strip(), typed["password"], version=typed["version"])
