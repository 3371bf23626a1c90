"""Where a meeting happens, as a choice and its detail: on a scheduler and on a single booking."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from scheduling import places
from scheduling.forms.fields import LineField
from scheduling.places import Choice


class PlaceField(forms.ChoiceField):
    """One of places.choices; cleaned, it is that Choice."""

    def offer(self, found: Sequence[Choice]) -> None:
        self.offered = found
        self.choices = [(choice.value, choice.label) for choice in found]

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return next(choice for choice in self.offered if choice.value == typed)


class DetailField(LineField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Details of the place"),
            max_length=500,
            required=False,
            help_text=gettext_lazy("For phone the number, for in person the address, for a link of your own the link."),
        )


def detail(choice: Choice, typed: str) -> str:
    """What goes with the choice. Raises ValidationError with what is missing."""
    if not choice.needs_detail:
        return ""
    if not typed:
        raise ValidationError(_("This place needs a detail: the number, the address or the link."))
    if choice.place == places.LINK:
        _check_link(typed)
    return typed


class PlaceForm(forms.Form):
    """Another place for one booking."""

    place = PlaceField(
        label=gettext_lazy("Place"), error_messages={"required": gettext_lazy("Please choose where you will meet.")}
    )
    place_detail = DetailField()

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        super().__init__(data)
        named = [choice for choice in places.choices(membership) if choice.value]
        self.fields["place"].offer(named)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "place" in cleaned and "place_detail" in cleaned:
            try:
                cleaned["place_detail"] = detail(cleaned["place"], cleaned["place_detail"])
            except ValidationError as error:
                self.add_error("place_detail", error)
        return cleaned


def _check_link(link: str) -> None:
    try:
        URLValidator(schemes=["https", "http"])(link)
    except ValidationError:
        raise ValidationError(_("Please give the whole link, beginning with https://.")) from None
