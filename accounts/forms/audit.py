from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms.filters import FilterForm, SearchField
from accounts.models import AuditEntry, User
from accounts.models.audit import NOUNS


class AuditFilterForm(FilterForm):
    q = SearchField(label=_("Search"), placeholder=_("Name or e-mail"))
    about = forms.ChoiceField(label=_("About"), choices=[("", _("Everything")), *NOUNS.items()], required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data)
        self.reader = reader
        self.full_clean()

    def narrow(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Days are those of the reader's calendar."""
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            entries = entries.filter(Q(by_name__icontains=text) | Q(subject__icontains=text))
        if about := wanted.get("about"):
            entries = entries.filter(act__startswith=f"{about}.")
        if first := wanted.get("first"):
            entries = entries.filter(at__gte=self._midnight(first))
        if (last := wanted.get("last")) and last < date.max:
            entries = entries.filter(at__lt=self._midnight(last + timedelta(days=1)))
        return entries

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.reader.zone)
