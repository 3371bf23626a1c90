from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import profiles


class SignupForm(BaseSignupForm):  # type: ignore[misc]
    """E-mail and password are allauth's; the time zone is filled in by the browser where it can."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    field_order = ("name", "email", "password1", "time_zone")

    def clean_time_zone(self) -> str:
        wish: str = self.cleaned_data["time_zone"]
        return wish if profiles.known_zone(wish) else "UTC"
