from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from scheduling.elsewhere import exports
from scheduling.elsewhere.types import Export, Unreadable


class ImportForm(forms.Form):
    """A file, or its text. `take`: what was ticked of it, once it was shown."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput({"accept": ".json,application/json"}),
        error_messages={"empty": _("This file is empty.")},
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> str:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > exports.LARGEST:
            raise ValidationError(_("This is larger than 1 MB. Nothing was taken over; is it the right file?"))
        try:
            return str(file.read(), "utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("This file holds no text that we can read. Is it the right one?")) from None

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("file") or self.cleaned_data.get("text", "")
        if self.errors:
            return self.cleaned_data
        if not typed.strip():
            raise ValidationError(_("Please choose a file, or paste its text."))
        try:
            self.cleaned_data |= {"export": exports.read(typed), "typed": typed}
        except Unreadable as refused:
            raise ValidationError(str(refused)) from None
        return self.cleaned_data

    @property
    def export(self) -> Export:
        found: Export = self.cleaned_data["export"]
        return found
