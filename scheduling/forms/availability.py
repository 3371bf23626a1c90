from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from scheduling.forms import hours
from scheduling.forms.fields import LineField, TimeZoneField
from scheduling.forms.hours import Block, Day, Weekday
from scheduling.intervals import Span
from scheduling.models import Schedule


class ScheduleForm(forms.Form):
    """A schedule as it is edited: name and zone, and below them the lines of the week and of dates that differ."""

    name = LineField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For you alone, such as “Working hours”."),
        error_messages={"required": gettext_lazy("Please give these hours a name.")},
    )
    time_zone = TimeZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("The hours below are wall-clock time there."),
        error_messages={"required": gettext_lazy("Please give the time zone of these hours, such as Europe/Berlin.")},
    )

    def __init__(
        self, data: QueryDict | None = None, *, membership: Membership, schedule: Schedule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.membership, self.schedule = membership, schedule
        self.initial = {
            "name": schedule.name if schedule else "",
            "time_zone": schedule.time_zone if schedule else membership.user.time_zone,
        }
        self.typed = data
        self.week: list[Weekday] = hours.typed_week(data) if data is not None else self._present_week()
        self.days: list[Day] = hours.typed_days(data) if data is not None else self._present_days()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        mine = Schedule.objects.filter(organization=self.membership.organization, owner=self.membership.user, name=name)
        if any(schedule != self.schedule for schedule in mine):
            raise ValidationError(_("You have another schedule of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        """Reading the lines finds what is wrong with each."""
        lines = [block for weekday in self.week for block in weekday.blocks] + list(self.days)
        self.weekly, self.overrides  # noqa: B018 (fills in the problems)
        if any(line.problem for line in lines):
            raise ValidationError(_("Some times need your attention below. Nothing was saved yet."))
        return self.cleaned_data

    @cached_property
    def weekly(self) -> list[tuple[int, int, int]]:
        """(weekday, start, end)."""
        return [(weekday.number, *span) for weekday in self.week for span in weekday.spans]

    @cached_property
    def overrides(self) -> dict[date, list[Span]]:
        """An empty list closes the day."""
        dates: dict[date, list[Day]] = {}
        for line in self.days:
            if day := line.day:
                dates.setdefault(day, []).append(line)
        for lines in dates.values():
            if len(lines) > 1:
                _say_closed_alone(lines)
        return {day: hours.apart(lines) for day, lines in dates.items()}

    @property
    def chosen(self) -> dict[str, Any]:
        """For schedules.create and change."""
        return self.cleaned_data | {"weekly": self.weekly, "overrides": self.overrides}

    def keep(self, save: Callable[[], object]) -> bool:
        """Whether it was saved; not if the same was sent at the same moment, as by a double click."""
        try:
            with transaction.atomic():
                save()
        except IntegrityError:
            self.add_error("name", _("You have another schedule of this name."))
            return False
        return True

    def change_lines(self) -> bool:
        """Whether the button that was pressed only adds or takes away a line; then nothing is checked or saved yet."""
        if self.typed is None or not {"add", "remove"} & set(self.typed):
            return False
        self.remove(self.typed.get("remove", ""))
        self.add(self.typed.get("add", ""))
        self.is_bound = False
        self.initial = {name: self.typed.get(name, "") for name in self.fields}
        return True

    def add(self, where: str) -> None:
        """One more line: in a weekday (its number), or a date."""
        if where == "date":
            self.days.append(Day())
        elif where in {"0", "1", "2", "3", "4", "5", "6"}:
            self.week[int(where)].blocks.append(Block())

    def remove(self, where: str) -> None:
        """One line less: "2-0" is Wednesday's first, "date-3" the fourth date."""
        name, _dash, position = where.partition("-")
        lines: list[Any] = self.days if name == "date" else self._blocks(name)
        if position.isascii() and position.isdigit() and len(position) < 4 and int(position) < len(lines):
            del lines[int(position)]

    def _blocks(self, weekday: str) -> list[Block]:
        return self.week[int(weekday)].blocks if weekday in {"0", "1", "2", "3", "4", "5", "6"} else []

    def _present_week(self) -> list[Weekday]:
        rows = self.schedule.weekly_hours.all() if self.schedule else ()
        present = [(row.weekday, row.start_minute, row.end_minute) for row in rows]
        return hours.week_of(present if self.schedule else [(weekday, 540, 1020) for weekday in range(5)])

    def _present_days(self) -> list[Day]:
        rows = self.schedule.overrides.all() if self.schedule else ()
        return [
            Day(hours.clock(row.start_minute), hours.clock(row.end_minute), typed_date=row.date.isoformat())
            for row in rows
        ]


def _say_closed_alone(lines: list[Day]) -> None:
    for line in lines:
        if line.is_empty:
            line.problem = _("This date stands here more than once, and a line without times closes the day.")
