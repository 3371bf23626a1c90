from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth's, in our words: one that signs in alone unless told otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.max_length = _("Name"), 60
        name.help_text = _("So that you know it from others: your phone, the key at your desk.")
        name.widget.attrs["maxlength"] = 60
        alone.label, alone.initial = _("Sign in with it alone, without the password"), True
        alone.help_text = _("Not every security key can do this.")
