import re
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve, reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from scheduling import places
from scheduling.forms.fields import LineField, TextField
from scheduling.forms.lengths import BUFFERS, INCREMENTS, NOTICES, DurationsField, MinutesField
from scheduling.forms.places import DetailField, PlaceField, detail
from scheduling.models import Schedule, Scheduler
from scheduling.selection import FIRST, LAST

MOST_DAYS = 730


class SchedulerForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a scheduler offers. `place` is one of places.choices; cleaned, it is that Choice."""

    name = LineField(
        label=_("Name"),
        max_length=120,
        help_text=_("What invitees see, such as “Intro call”."),
        error_messages={"required": _("Please give the scheduler a name.")},
    )
    slug = forms.CharField(label=_("Address"), max_length=60, required=False)
    description = TextField(label=_("Description"), max_length=2000, required=False)
    durations = DurationsField(
        label=_("Durations"),
        max_length=100,
        help_text=_("Minutes, one or several: 15, 30, 60. Invitees choose."),
        error_messages={"required": _("Please give at least one duration, such as 30.")},
    )
    place = PlaceField(label=_("Place"), required=False)
    place_detail = DetailField()
    buffer_before = MinutesField(BUFFERS, label=_("Buffer before"))
    buffer_after = MinutesField(BUFFERS, label=_("Buffer after"))
    minimum_notice = MinutesField(
        NOTICES,
        label=_("Minimum notice"),
    )
    increment = MinutesField(INCREMENTS, label=_("Start times every"))
    window = forms.ChoiceField(
        label=_("How far ahead"),
        choices=[("days", _("A number of days")), ("dates", _("Between two dates")), ("open", _("No limit"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how far ahead people can book.")},
    )
    window_days = forms.IntegerField(label=_("Days ahead"), min_value=1, max_value=MOST_DAYS, required=False)
    window_first = forms.DateField(label=_("First date"), required=False, widget=forms.DateInput({"type": "date"}))
    window_last = forms.DateField(label=_("Last date"), required=False, widget=forms.DateInput({"type": "date"}))

    class Meta:
        model = Scheduler
        fields = (
            *("name", "slug", "description", "durations", "place_detail", "schedule"),
            *("buffer_before", "buffer_after", "minimum_notice", "increment"),
            *("window_days", "window_first", "window_last"),
        )
        error_messages: ClassVar[dict[str, Any]] = {"schedule": {"required": _("Please choose the hours.")}}

    def __init__(self, data: Any = None, *, membership: Membership, instance: Scheduler | None = None) -> None:
        scheduler = instance or Scheduler(durations=[30])
        super().__init__(data, instance=scheduler)
        self.membership = membership
        self.offered = places.choices(membership)
        self.fields["place"].offer(self.offered)  # type: ignore[attr-defined]
        mine = Schedule.objects.filter(organization=membership.organization, owner=membership.user)
        self.fields["schedule"].queryset = mine  # type: ignore[attr-defined]
        self.fields["schedule"].empty_label = None  # type: ignore[attr-defined]
        for name in ("buffer_before", "buffer_after", "minimum_notice", "increment"):
            self.fields[name].offer(getattr(scheduler, name))  # type: ignore[attr-defined]
        self.initial.setdefault("place", self._present_place(scheduler))
        self.initial.setdefault("window", _window(scheduler))

    @property
    def chosen(self) -> dict[str, Any]:
        """Fields of Scheduler, for schedulers.create and change."""
        chosen = {name: self.cleaned_data[name] for name in self.Meta.fields}
        choice = self.cleaned_data["place"]
        return chosen | {"place": choice.place, "connection": choice.connection}

    def keep(self, save: Callable[[], object]) -> bool:
        """Whether it was saved; not if the same was sent at the same moment, as by a double click."""
        try:
            with transaction.atomic():
                save()
        except IntegrityError:
            self.add_error("slug", _("Another scheduler of yours has this address. Please choose another."))
            return False
        return True

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower() or slugify(self.cleaned_data.get("name", ""))[:60].strip("-")
        if not slug and "name" in self.errors:
            return ""  # it comes from the name, which is asked for already
        if not slug:
            raise ValidationError(_("Please give an address: small letters a to z, digits and hyphens."))
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug, re.ASCII):
            raise ValidationError(_("Use small letters a to z, digits, and single hyphens between them."))
        if self._is_reserved(slug):
            raise ValidationError(_("This word is used by Bridge itself. Please choose another."))
        if self._is_taken(slug):
            raise ValidationError(_("Another scheduler of yours has this address. Please choose another."))
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_place(cleaned)
        self._clean_window(cleaned)
        return cleaned

    def _clean_place(self, cleaned: dict[str, Any]) -> None:
        if "place" not in cleaned or "place_detail" not in cleaned:
            return
        try:
            cleaned["place_detail"] = detail(cleaned["place"], cleaned["place_detail"])
        except ValidationError as error:
            self.add_error("place_detail", error)

    def _clean_window(self, cleaned: dict[str, Any]) -> None:
        """Only what the chosen kind needs is kept."""
        kind = cleaned.get("window")
        if kind == "days" and not cleaned.get("window_days") and "window_days" not in self.errors:
            self.add_error("window_days", _("Please give a number of days."))
        if kind == "dates":
            self._clean_dates(cleaned)
        if kind != "days":
            cleaned["window_days"] = None
            self.errors.pop("window_days", None)
        if kind != "dates":
            cleaned["window_first"] = cleaned["window_last"] = None
            for name in ("window_first", "window_last"):
                self.errors.pop(name, None)

    def _clean_dates(self, cleaned: dict[str, Any]) -> None:
        first, last = cleaned.get("window_first"), cleaned.get("window_last")
        for name in ("window_first", "window_last"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Please give a date."))
        if first and last and first > last:
            self.add_error("window_last", _("The last date must not be before the first."))
        if any(day and not FIRST <= day <= LAST for day in (first, last)):
            self.add_error("window_last", _("Please give dates between 1990 and 2200."))

    def _present_place(self, scheduler: Scheduler) -> str:
        """Its account may be the only one left, and then goes without saying."""
        value = places.value_of(scheduler) if scheduler.pk else ""
        return value if any(choice.value == value for choice in self.offered) else scheduler.place

    def _is_taken(self, slug: str) -> bool:
        others = Scheduler.objects.filter(host=self.membership.user, slug=slug)
        return others.exclude(pk=self.instance.pk).exists()

    def _is_reserved(self, slug: str) -> bool:
        """Whether an address of ours would hide it, here or in public; read off the URL patterns."""
        edit = reverse("scheduler_edit", args=[self.membership.organization.slug, slug])
        public = reverse("booking_page", args=[self.membership.user.custom_url, slug])
        return _name_of(edit) != "scheduler_edit" or _name_of(public) != "booking_page"


def _name_of(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def _window(scheduler: Scheduler) -> str:
    if scheduler.window_first is not None:
        return "dates"
    return "open" if scheduler.pk and scheduler.window_days is None else "days"
