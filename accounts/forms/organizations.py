from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.typed import NameField


class OrganizationForm(forms.Form):
    name = NameField(label=_("Name"), max_length=120)
