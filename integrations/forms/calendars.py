from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations import registry
from integrations.models import CalendarSettings, LastLook, OnChange


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = next(registry.with_meetings()).key
        words = _("Write only “%(place)s” as the location of an event, or #%(key)s into it: the link follows.")
        self.fields["meetings_for_marked"].help_text = words % {"place": registry.place(key), "key": key}

    class Meta:
        model = CalendarSettings
        fields = ["on_change", "last_look", "meetings_for_marked", "meetings_close"]
        labels = {
            "on_change": _("If somebody moves or deletes the event of a booking in my calendar"),
            "last_look": _("If my calendar does not answer at the last look before a booking"),
            "meetings_for_marked": _("Make a meeting for events that I mark with a place"),
            "meetings_close": _("Close the times of meetings that I made elsewhere with a connected account"),
        }
        help_texts = {
            "meetings_close": _(
                "Not needed if they stand in one of your calendars. Webinars always close their times."
            ),
        }
        widgets = {
            "on_change": forms.RadioSelect(choices=OnChange.choices),
            "last_look": forms.RadioSelect(choices=LastLook.choices),
        }
