import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts import logos, redirect_addresses
from accounts.applications import Details
from accounts.forms.typed import NameField, TypedField
from accounts.logos import Logo
from accounts.models import Application, Registration
from accounts.scopes import Scope

KINDS = [
    (Application.CLIENT_CONFIDENTIAL, _("On a server of ours: it can keep a secret")),
    (Application.CLIENT_PUBLIC, _("On people’s own devices or in their browsers: it gets no secret")),
]


class RedirectAddressesField(TypedField):
    """One on each line."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "off", "maxlength": None})

    def clean(self, value: Any) -> Any:
        lines = list(dict.fromkeys(super().clean(value).split()))
        if len(lines) > redirect_addresses.AT_MOST:
            raise ValidationError(_("Please name at most %d addresses.") % redirect_addresses.AT_MOST)
        wrong = [line for line in lines if not redirect_addresses.is_acceptable(line)]
        if wrong:
            raise ValidationError(
                _("This address cannot be registered: %(address)s") % {"address": wrong[0][:200]}, code="address"
            )
        return lines


class ApplicationForm(forms.Form):
    """What can be changed after it is registered."""

    name = NameField(label=_("Name"), max_length=120, help_text=_("People read it when they are asked for access."))
    website = forms.URLField(
        label=_("Website"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(["http", "https"])],
        help_text=_("Where they can read who you are."),
        error_messages={"invalid": _("This is not an address of a website, such as https://example.org.")},
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, square, at most 100 KB."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": _("This file is empty. Nothing was saved.")},
    )
    redirect_uris = RedirectAddressesField(
        label=_("Redirect addresses"),
        help_text=_(
            "Where people are sent back to, one on each line, compared to the letter. They begin with https://; on "
            "one’s own machine also with http://127.0.0.1, http://[::1] or http://localhost."
        ),
        error_messages={"required": _("Please name at least one address.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may ask for"),
        choices=[(scope.value, scope.label) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick only what it needs: people refuse what asks for much. It still has to ask each of them."),
        error_messages={"required": _("Please tick at least one thing.")},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if re.search(r"\bbridge\b", name, re.IGNORECASE):
            raise ValidationError(
                _("Please choose a name without “Bridge”, so that nobody takes it for Bridge itself.")
            )
        return name

    def clean_logo(self) -> Logo | None:
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        try:
            return logos.of(sent.read(logos.LIMIT + 1))
        except logos.Unsuitable:
            raise ValidationError(
                _("This is no PNG, JPEG or WebP of at most 100 KB. Nothing was saved; choose another file.")
            ) from None

    @property
    def details(self) -> Details:
        names = "name", "website", "redirect_uris", "scopes", "logo"
        return Details(**{name: self.cleaned_data[name] for name in names})


class RegistrationForm(ApplicationForm):
    """`submission` makes of a form that is sent twice one application."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=_("Where it runs"),
        choices=KINDS,
        initial=Application.CLIENT_CONFIDENTIAL,
        widget=forms.RadioSelect,
        help_text=_("This cannot be changed later."),
    )

    @property
    def is_confidential(self) -> bool:
        return bool(self.cleaned_data["kind"] == Application.CLIENT_CONFIDENTIAL)

    def clean(self) -> dict[str, Any]:
        public = self.cleaned_data.get("kind") == Application.CLIENT_PUBLIC
        if public and Scope.WEBHOOKS in self.cleaned_data.get("scopes", []):
            self.add_error("scopes", _("Webhooks need a secret: only an application on a server can manage them."))
        return self.cleaned_data


class ChangeForm(ApplicationForm):
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    field_order = ("name", "website", "logo", "remove_logo", "redirect_uris", "scopes")

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        shown = {"redirect_uris": "\n".join(application.addresses)}
        shown |= {name: getattr(application, name) for name in ("name", "website", "scopes")}
        super().__init__(*args, **{"initial": shown} | kwargs)
        if not application.is_confidential:
            kept = [(scope.value, scope.label) for scope in Scope if scope != Scope.WEBHOOKS]
            self.fields["scopes"].choices = kept  # type: ignore[attr-defined]
        if not application.logo_type:
            del self.fields["remove_logo"]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("remove_logo") and not self.cleaned_data.get("logo"):
            self.cleaned_data["logo"] = logos.NONE
        return self.cleaned_data


class RulesForm(forms.Form):
    registration = forms.ChoiceField(
        label=_("Who may register applications"), choices=Registration, widget=forms.RadioSelect
    )
    outside = forms.BooleanField(
        label=_("Members may use applications that other organizations registered"),
        required=False,
        help_text=_("Without the tick, those that act for members now lose their access at once."),
    )
