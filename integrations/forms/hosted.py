"""What an application asks for when it sends somebody here to choose a service. Its developer reads the errors."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Application, ApplicationState
from integrations import registry

LONGEST = 2000


class HostedForm(forms.Form):
    """Each parameter once, as OAuth wants it (RFC 6749, 3.1)."""

    client_id = forms.CharField(max_length=255)
    redirect_uri = forms.CharField(max_length=LONGEST, strip=False)
    state = forms.CharField(max_length=LONGEST, strip=False, required=False)
    provider = forms.CharField(max_length=20, required=False)

    def clean_client_id(self) -> Application:
        known = Application.objects.select_related("organization")
        found = known.filter(client_id=self.cleaned_data["client_id"]).first()
        if found is None:
            raise ValidationError(_("No application has this client id."))
        if found.state == ApplicationState.WAITING:
            raise ValidationError(_("An admin has to approve this application first."))
        if found.state != ApplicationState.ACTIVE:
            raise ValidationError(_("This application is blocked."))
        application: Application = found
        return application

    def clean_redirect_uri(self) -> str:
        address: str = self.cleaned_data["redirect_uri"]
        application = self.cleaned_data.get("client_id")
        if application is not None and not application.redirect_uri_allowed(address):
            raise ValidationError(_("The application has not registered this address, to the letter."))
        return address

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"]
        if "\ufffd" in state:
            raise ValidationError(_("Encode the state as UTF-8; it could not be given back unchanged."))
        return state

    def clean_provider(self) -> str:
        key: str = self.cleaned_data["provider"]
        if key and key not in [provider.key for provider in registry.with_meetings()]:
            raise ValidationError(_("Bridge knows no conferencing service of this name."))
        return key

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            if isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1:
                self.add_error(name, _("Send it once."))
        return self.cleaned_data
