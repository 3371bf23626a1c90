from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.models import CalendarSettings, LastLook, OnChange


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CalendarSettings
        fields = ["on_change", "last_look", "meetings_for_marked"]
        labels = {
            "on_change": _("If somebody moves or deletes the event of a booking in my calendar"),
            "last_look": _("If my calendar does not answer at the last look before a booking"),
            "meetings_for_marked": _("Make a meeting for events that I mark with a place"),
        }
        help_texts = {
            "meetings_for_marked": _(
                "Write only “Zoom” as the location of an event, or #zoom into it: the link follows."
            )
        }
        widgets = {
            "on_change": forms.RadioSelect(choices=OnChange.choices),
            "last_look": forms.RadioSelect(choices=LastLook.choices),
        }
