from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from integrations.models import VendorApp
from integrations.types import App, AppKind

PLAIN = RegexValidator(
    r"^[\x21-\x7e]*\Z", _("This is no key: a key is letters, digits and signs without spaces. Copy it once more.")
)


class KeyField(forms.CharField):
    """An identifier or secret as a provider gives it out; spaces around what was pasted do not matter."""

    default_validators = [PLAIN]
    default_error_messages = {"max_length": _("This is too long to be a key. Copy it once more.")}

    def __init__(self, **options: Any) -> None:
        words = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        super().__init__(max_length=200, widget=options.pop("widget", forms.TextInput)(words), **options)


class SecretField(KeyField):
    """Never shown again, not even to whoever typed it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.PasswordInput, **options)


class VendorAppForm(forms.Form):
    """What an admin copies from the provider. An empty secret stays as it was."""

    account_id = KeyField(label=_("Account ID"))
    client_id = KeyField(label=_("Client ID"))
    client_secret = SecretField(label=_("Client secret"), required=False)
    webhook_secret = SecretField(
        label=_("Secret token for webhooks"),
        required=False,
        help_text=_("Not needed to start; without it Bridge looks for changes every hour instead of being told."),
    )

    def __init__(self, data: Any = None, *, organization: Organization, kept: VendorApp | None, kind: AppKind) -> None:
        initial = {"client_id": kept.client_id, "account_id": kept.account_id} if kept else {}
        super().__init__(data, initial=initial)
        self.kept, self.kind = kept, kind
        if kind != AppKind.SERVER:
            del self.fields["account_id"]
        self._say_what_is_kept()

    def clean_client_secret(self) -> str:
        typed: str = self.cleaned_data["client_secret"]
        if not typed and (self.kept is None or self.cleaned_data.get("client_id") != self.kept.client_id):
            raise forms.ValidationError(_("Please copy the client secret too."))
        return typed

    def app(self, provider_key: str) -> App:
        """As it will be: what was typed, and the secrets that stay."""
        typed, kept = self.cleaned_data, self.kept.app if self.kept else None
        return App(
            provider=provider_key,
            kind=self.kind,
            client_id=typed["client_id"],
            client_secret=typed["client_secret"] or (kept.client_secret if kept else ""),
            webhook_secret=typed["webhook_secret"] or (kept.webhook_secret if kept else ""),
            account_id=typed.get("account_id", ""),
        )

    def _say_what_is_kept(self) -> None:
        if self.kept is not None:
            self.fields["client_secret"].help_text = _("Set. Leave this empty to keep it.")
        if self.kept is not None and self.kept.sealed_webhook_secret:
            self.fields["webhook_secret"].help_text = _("Set. Leave this empty to keep it.")
