"""Calendly: what GET /event_types answers (API v2).

https://developer.calendly.com/api-docs/calendly-api/event-types/list-event-types
Buffers and start times stand there since 13 November 2026; the notice and how far ahead never.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling import places
from scheduling.elsewhere import values
from scheduling.elsewhere.types import Entry, Place

NAME = "Calendly"
TAKEN = frozenset(
    re.findall(
        r"\w+",
        "name slug active duration duration_options description_plain description_html locations before_buffer"
        " after_buffer start_time_increment kind pooling_type type booking_method deleted_at",
    )
)
MEANINGLESS = frozenset(
    re.findall(
        r"\w+",
        "uri scheduling_url created_at updated_at kind_description profile position locale admin_managed",
    )
)
"""About their own house; nothing that an invitee would miss."""
LEFT_OUT = {
    "custom_questions": gettext_lazy("Questions that invitees answer"),
    "is_paid": gettext_lazy("Payments"),
    "internal_note": gettext_lazy("The internal note"),
    "color": gettext_lazy("The colour"),
    "secret": gettext_lazy("That it is not listed: here your page lists all that is switched on"),
}


def is_one(row: Mapping[str, Any]) -> bool:
    return "duration" in row and "name" in row


def read(row: Mapping[str, Any]) -> Entry:
    return Entry(
        name=values.line(row.get("name")),
        slug=values.line(row.get("slug")),
        description=values.lines(row.get("description_plain") or row.get("description_html")),
        durations=_durations(row),
        was_on=row.get("active") is True,
        buffer_before=values.minutes(row, "before_buffer"),
        buffer_after=values.minutes(row, "after_buffer"),
        increment=values.minutes(row, "start_time_increment"),
        places=tuple(_place(one) for one in values.objects(row.get("locations"))),
        left_out=tuple(str(sentence) for name, sentence in LEFT_OUT.items() if values.is_said(row.get(name))),
        unknown=tuple(sorted(set(row) - TAKEN - MEANINGLESS - set(LEFT_OUT))),
        problem=_problem(row),
    )


def _durations(row: Mapping[str, Any]) -> tuple[int, ...]:
    options = row.get("duration_options")
    found = [row.get("duration"), *(options if isinstance(options, list) else [])]
    return tuple(dict.fromkeys(length for one in found if (length := values.whole(one))))


def _place(location: Mapping[str, Any]) -> Place:
    kind, detail = values.line(location.get("kind")), values.line(location.get("location"))
    if kind == "physical":
        return Place(places.IN_PERSON, kind, detail)
    if kind == "inbound_call":
        return Place(places.PHONE, kind, values.line(location.get("phone_number")) or detail)
    if kind == "custom" and detail.startswith(("https://", "http://")):
        return Place(places.LINK, kind, detail)
    return Place("", kind, detail)


def _problem(row: Mapping[str, Any]) -> str:
    if row.get("deleted_at"):
        return _("It was deleted there.")
    if row.get("pooling_type"):
        return _("Several hosts share it (%(how)s). A scheduler here has one host.") % {
            "how": values.line(row["pooling_type"]).replace("_", " ")
        }
    if row.get("kind") == "group":
        return _("Several invitees book the same time. A time here is booked once.")
    if row.get("type") == "AdhocEventType" or row.get("booking_method") == "poll":
        return _("It is for one meeting only, not a page that can be booked again.")
    return ""
