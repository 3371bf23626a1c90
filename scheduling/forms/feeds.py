from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.models import CalendarFeed

DETAILS, TIMES = "details", "times"


class FeedForm(forms.Form):
    """What the feed says."""

    says = forms.ChoiceField(
        label=_("What it says"),
        choices=[
            (DETAILS, _("All of each booking: with whom, where, and your link to join")),
            (TIMES, _("The times alone: each is “Busy”")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    private = forms.BooleanField(
        label=_("All of those too that I marked private in my calendar"),
        required=False,
        help_text=_("Otherwise only “Private Meeting” and its time."),
    )

    def __init__(self, data: Any = None, *, feed: CalendarFeed | None) -> None:
        says = DETAILS if feed is None or feed.details else TIMES
        super().__init__(data, initial={"says": says, "private": feed is not None and feed.private})

    @property
    def chosen(self) -> dict[str, bool]:
        return {"details": self.cleaned_data["says"] == DETAILS, "private": self.cleaned_data["private"]}
