"""Fields for what people type: what cannot be seen, or is not what it looks like, is refused with a sentence."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# They make text run against its letters, so that a name or a link reads as something else (Unicode TR 36).
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def no_hidden_characters(text: str) -> None:
    if TURNING.intersection(text):
        raise ValidationError(
            _("This contains invisible characters that turn the writing around. Please type it by hand.")
        )
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise ValidationError(_("This contains characters that cannot be shown. Please type it by hand."))


def one_alphabet(email: str) -> None:
    """A domain that mixes alphabets imitates another one: an "а" may be Cyrillic."""
    domain = email.rpartition("@")[2]
    if "." not in domain or "[" in domain or not domain.isprintable():
        raise ValidationError(_("This does not look like an e-mail address, for example ivan@example.org."))
    if len({unicodedata.name(letter, "?").split()[0] for letter in _as_read(domain) if letter.isalpha()}) > 1:
        raise ValidationError(
            _("This address mixes letters of different alphabets that look alike. Please type it by hand.")
        )


def a_name(text: str) -> None:
    if "\n" in text or "\t" in text:
        raise ValidationError(_("Please write the name on one line."))
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in text):
        raise ValidationError(_("Please give it a name that people can read."))
    if "<" in text or ">" in text:
        raise ValidationError(_("Please write the name without < and >."))


def _as_read(domain: str) -> str:
    """Browsers turn what was typed into punycode (xn--…); people read the letters behind it."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


class TypedField(forms.CharField):
    """Line ends become \\n, and what cannot be seen is refused."""

    def to_python(self, value: str | None) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        no_hidden_characters(text)
        return text


class NameField(TypedField):
    """What an organization or a team is called."""

    default_validators = [a_name]
    default_error_messages = {
        "required": _("Please give it a name."),
        "max_length": _("Please shorten the name to %(limit_value)d characters; these are %(show_value)d."),
    }

    def __init__(self, *, max_length: int, **options: object) -> None:
        words = {"autocomplete": "off", "maxlength": None}
        super().__init__(max_length=max_length, widget=forms.TextInput(words), **options)  # type: ignore[arg-type]
