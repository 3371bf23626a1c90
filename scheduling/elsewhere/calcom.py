"""Cal.com: what GET /event-types answers, in API v2 (2024-06-14) and in the v1 before it.

https://cal.com/docs/api-reference/v2/event-types/list-event-types
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling import places
from scheduling.elsewhere import values
from scheduling.elsewhere.types import Entry, Place

NAME = "Cal.com"
TAKEN = frozenset(
    re.findall(
        r"\w+",
        "title slug description length lengthInMinutes lengthInMinutesOptions hidden minimumBookingNotice"
        " beforeEventBuffer afterEventBuffer slotInterval locations bookingWindow periodType periodDays periodStartDate"
        " periodEndDate periodCountCalendarDays schedulingType seats seatsPerTimeSlot",
    )
)
MEANINGLESS = frozenset(
    re.findall(
        r"\w+",
        "id ownerId userId users owner teamId team hosts children parentId parentEventTypeId position"
        " assignAllTeamMembers scheduleId timeZone metadata currency lockTimeZoneToggleOnBookingPage seatsShowAttendees"
        " seatsShowAvailabilityCount forwardParamsSuccessRedirect bookerLayouts hideCalendarNotes customName eventName"
        " useDestinationCalendarEmail hideCalendarEventDetails hideOrganizerEmail calVideoSettings bookingUrl link"
        " destinationCalendar selectedCalendars isInstantEvent",
    )
)
"""About their own house; nothing that an invitee would miss."""
LEFT_OUT = {
    "bookingFields": gettext_lazy("Questions that invitees answer"),
    "customInputs": gettext_lazy("Questions that invitees answer"),
    "price": gettext_lazy("Payments"),
    "recurrence": gettext_lazy("That it is booked as a series"),
    "recurringEvent": gettext_lazy("That it is booked as a series"),
    "confirmationPolicy": gettext_lazy("That you confirm each booking: here it stands at once"),
    "requiresConfirmation": gettext_lazy("That you confirm each booking: here it stands at once"),
    "requiresBookerEmailVerification": gettext_lazy("That invitees prove their address first"),
    "bookingRequiresAuthentication": gettext_lazy("That only people with an account may book"),
    "bookingLimitsCount": gettext_lazy("How many bookings there may be"),
    "bookingLimits": gettext_lazy("How many bookings there may be"),
    "bookingLimitsDuration": gettext_lazy("How much time of a day may be booked"),
    "durationLimits": gettext_lazy("How much time of a day may be booked"),
    "onlyShowFirstAvailableSlot": gettext_lazy("That only the first time of a day is shown"),
    "offsetStart": gettext_lazy("That times begin some minutes later"),
    "successRedirectUrl": gettext_lazy("The page that invitees are led to afterwards"),
    "disableGuests": gettext_lazy("That nobody may be brought along: here nobody can be anyway"),
    "hashedLink": gettext_lazy("Private links"),
    "color": gettext_lazy("The colour"),
}
USUAL_FIELDS = frozenset(
    re.findall(r"\w+", "name email location title notes guests rescheduleReason attendeePhoneNumber")
)


def is_one(row: Mapping[str, Any]) -> bool:
    return "title" in row and ("lengthInMinutes" in row or "length" in row)


def read(row: Mapping[str, Any]) -> Entry:
    durations = _durations(row)
    slots = values.minutes(row, "slotInterval")
    return Entry(
        name=values.line(row.get("title")),
        slug=values.line(row.get("slug")),
        description=values.lines(row.get("description")),
        durations=durations,
        was_on=row.get("hidden") is not True,
        buffer_before=values.minutes(row, "beforeEventBuffer"),
        buffer_after=values.minutes(row, "afterEventBuffer"),
        minimum_notice=values.minutes(row, "minimumBookingNotice"),
        increment=slots or (durations[0] if durations and "slotInterval" in row else None),
        places=tuple(_place(one) for one in values.objects(row.get("locations"))),
        left_out=_left_out(row),
        unknown=tuple(sorted(set(row) - TAKEN - MEANINGLESS - set(LEFT_OUT))),
        problem=_problem(row),
        **_window(row),
    )


def _durations(row: Mapping[str, Any]) -> tuple[int, ...]:
    """v1 keeps further ones in the metadata."""
    further = row.get("lengthInMinutesOptions") or _metadata(row).get("multipleDuration")
    found = [row.get("lengthInMinutes"), row.get("length"), *(further if isinstance(further, list) else [])]
    return tuple(dict.fromkeys(length for one in found if (length := values.whole(one))))


def _metadata(row: Mapping[str, Any]) -> dict[str, Any]:
    found = row.get("metadata")
    return found if isinstance(found, dict) else {}


def _left_out(row: Mapping[str, Any]) -> tuple[str, ...]:
    said = {name: row.get(name) for name in LEFT_OUT} | {"bookingFields": _questions(row)}
    said["price"] = said["price"] or _is_paid(row)
    return tuple(dict.fromkeys(str(LEFT_OUT[name]) for name, value in said.items() if values.is_said(value)))


def _is_paid(row: Mapping[str, Any]) -> bool:
    """v1 keeps the app that takes the money, with its price, in the metadata."""
    apps = _metadata(row).get("apps")
    return isinstance(apps, dict) and any(values.objects([app]) and app.get("price") for app in apps.values())


def _questions(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those beside what everybody is asked."""
    fields = values.objects(row.get("bookingFields"))
    return [
        one for one in fields if not one.get("isDefault") and (one.get("slug") or one.get("name")) not in USUAL_FIELDS
    ]


def _place(location: Mapping[str, Any]) -> Place:
    """v2 says {"type": "integration", "integration": "zoom"}, v1 {"type": "integrations:zoom"}."""
    kind = values.line(location.get("type"))
    if kind in ("address", "inPerson"):
        return Place(places.IN_PERSON, kind, values.line(location.get("address")))
    if kind == "link":
        return Place(places.LINK, kind, values.line(location.get("link")))
    if number := values.line(location.get("phone") or location.get("hostPhoneNumber")):
        return Place(places.PHONE, kind, number)
    word = values.line(location.get("integration")) or kind
    ours = word in ("cal-video", "integrations:daily")
    return Place(places.BUILTIN if ours else "", word, values.line(location.get("location")))


def _window(row: Mapping[str, Any]) -> dict[str, Any]:
    """How far ahead; working days are counted as days of the calendar, five for seven."""
    window = row.get("bookingWindow")
    if isinstance(window, dict) and window.get("disabled") is not True:
        return _ahead(window.get("value"), business=window.get("type") == "businessDays")
    period = row.get("periodType")
    if period == "RANGE":
        return _between(row.get("periodStartDate"), row.get("periodEndDate"))
    if period in ("ROLLING", "ROLLING_WINDOW"):
        return _ahead(row.get("periodDays"), business=row.get("periodCountCalendarDays") is False)
    return {"has_no_end": period == "UNLIMITED" or isinstance(window, dict)}


def _ahead(value: Any, *, business: bool) -> dict[str, Any]:
    if isinstance(value, list) and len(value) == 2:
        return _between(*value)
    days = values.whole(value)
    return {"window_days": -(-days * 7 // 5) if days and business else days or None}


def _between(first: Any, last: Any) -> dict[str, Any]:
    dates: list[date] = [found for one in (first, last) if (found := values.day(one))]
    return {"window": (dates[0], dates[1]) if len(dates) == 2 and dates[0] <= dates[1] else None}


def _problem(row: Mapping[str, Any]) -> str:
    if row.get("schedulingType"):
        return _("Several hosts share it (%(how)s). A scheduler here has one host.") % {
            "how": values.line(row["schedulingType"]).replace("_", " ")
        }
    if row.get("seatsPerTimeSlot") or values.is_said(row.get("seats")):
        return _("Several invitees book the same time. A time here is booked once.")
    return ""
