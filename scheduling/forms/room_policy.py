from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

HERE, JITSI = "here", "jitsi"


class RoomPolicyForm(forms.Form):
    """Where built-in meetings take place: in our own rooms, or on a server with an address."""

    where = forms.ChoiceField(
        label=_("Meetings in a Bridge room take place"),
        choices=[(HERE, _("in Bridge’s own room, for up to four people")), (JITSI, _("on a Jitsi server"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    jitsi_url = forms.CharField(
        label=_("Address of the Jitsi server"),
        max_length=160,
        required=False,
        help_text=_("For example https://meet.example.org. Only used if you choose the Jitsi server."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, jitsi_url: str) -> None:
        super().__init__(data, initial={"where": JITSI if jitsi_url else HERE, "jitsi_url": jitsi_url})

    @property
    def chosen(self) -> str:
        """The address, or empty for our own rooms."""
        return str(self.cleaned_data["jitsi_url"]) if self.cleaned_data["where"] == JITSI else ""

    def clean_jitsi_url(self) -> str:
        typed = str(self.cleaned_data["jitsi_url"]).strip().rstrip("/")
        if self.cleaned_data.get("where") != JITSI:
            return typed
        if not typed:
            raise ValidationError(_("Please tell the address of the server."))
        if not _is_address(typed):
            raise ValidationError(_("This is not the address of a server, such as https://meet.example.org."))
        return typed


def _is_address(typed: str) -> bool:
    try:
        found = urlsplit(typed)
        port = found.port
    except ValueError:
        return False
    clean = typed.isascii() and typed.isprintable() and not set(typed) & set(" \"'<>\\")
    bare = not (found.query or found.fragment or found.username or found.password or "?" in typed or "#" in typed)
    return clean and bare and found.scheme == "https" and bool(found.hostname) and port != 0
