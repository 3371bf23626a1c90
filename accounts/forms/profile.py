from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import profiles
from accounts.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, widget=forms.TextInput({"list": "time-zones"}))

    class Meta:
        model = User
        fields = ("name", "time_zone")

    def clean_time_zone(self) -> str:
        wish: str = self.cleaned_data["time_zone"]
        if not profiles.known_zone(wish):
            raise forms.ValidationError(_("Choose a time zone from the list, such as Europe/Berlin."))
        return wish


class CustomUrlForm(forms.Form):
    custom_url = forms.CharField(label=_("Custom URL"), max_length=200)
