"""What a member changes in his calendar here: shown at once, written there by a worker, taken back if it cannot be."""

from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from integrations import calendar_sync, calendars, event_store, instants, retries
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RequestRejected
from integrations.models import Calendar, CalendarEvent, EventEdit
from integrations.types import Event, EventRequest
from outbox import intents, outbox

KIND = "event_edit"


def may_edit(event: CalendarEvent) -> bool:
    """The account allows it, and the event is no booking's: that is moved and cancelled as a booking."""
    return event.can_write and not event.reference and calendars.may_write(event.calendar)


@transaction.atomic
def change(event: CalendarEvent, request: EventRequest) -> None:
    """Raises RequestRejected if he may not."""
    _require(event)
    wanted = _fields(request, event)
    placed = instants.place(Event("", request.start, request.end), instants.zone_of(event.calendar))
    event.title, event.location, event.description = request.title, request.location, request.description
    event.start, event.end, event.first_day, event.last_day = (
        placed.start,
        placed.end,
        placed.first_day,
        placed.last_day,
    )
    event.save(update_fields=["title", "location", "description", "start", "end", "first_day", "last_day"])
    _owe(event, wanted)


@transaction.atomic
def delete(event: CalendarEvent) -> None:
    """Raises RequestRejected if he may not."""
    _require(event)
    _owe(event, {})
    event.delete()


def trouble(event: CalendarEvent) -> EventEdit | None:
    """The edit of it that could not be done."""
    edit = EventEdit.objects.filter(calendar=event.calendar_id, event_id=event.external_id).exclude(error="")
    return edit.first()


@intents.settles(KIND)
def settle(edit_id: int) -> None:
    edit = EventEdit.objects.select_related("calendar__connection__grant", "calendar__membership__user")
    found = edit.filter(pk=edit_id).first()
    if found is None:
        return
    with translation.override(found.calendar.membership.user.language):
        _settle(found)


def _settle(edit: EventEdit) -> None:
    with retries.left_to_the_outbox():
        try:
            _write(edit)
        except ProviderUnavailable as unavailable:
            _note(edit, unavailable)
            raise
        except (AuthorizationLost, RequestRejected) as refused:
            _give_up(edit, refused)
            raise
    EventEdit.objects.filter(pk=edit.pk, wanted=edit.wanted).delete()
    calendar_sync.look_now(edit.calendar)


def _write(edit: EventEdit) -> None:
    """What he did not touch stays as it is there: lists of events need not tell all of it."""
    if not edit.wanted:
        calendars.delete_event(edit.calendar, edit.event_id)
        return
    there = calendars.read_event(edit.calendar, edit.event_id)
    kept = {"location": there.location, "description": there.description} if there else {}
    calendars.update_event(edit.calendar, edit.event_id, _request(kept | edit.wanted))


def _give_up(edit: EventEdit, refused: ProviderError) -> None:
    """What we have shown too early is put right by looking at all, though nothing has changed there."""
    if isinstance(refused, RequestRejected) and refused.missing:
        edit.delete()
    else:
        _note(edit, refused)
    Calendar.objects.filter(pk=edit.calendar_id).update(sync_token="")
    calendar_sync.look_now(edit.calendar)


def _require(event: CalendarEvent) -> None:
    if not may_edit(event):
        raise RequestRejected(_("This event cannot be changed from here."))


def _owe(event: CalendarEvent, wanted: dict[str, str]) -> None:
    edit, _new = EventEdit.objects.update_or_create(
        calendar=event.calendar,
        event_id=event.external_id,
        defaults={"wanted": wanted, "error": "", "error_detail": ""},
    )
    event_store.tell_busy(event.calendar)
    outbox.want(KIND, edit.pk)


def _note(edit: EventEdit, error: ProviderError) -> None:
    EventEdit.objects.filter(pk=edit.pk).update(error=error.sentence, error_detail=error.detail)


def _fields(request: EventRequest, shown: CalendarEvent) -> dict[str, str]:
    """Of location and description only what is not as it was shown."""
    texts = {"location": request.location, "description": request.description}
    changed = {name: text for name, text in texts.items() if text != getattr(shown, name)}
    return changed | {
        "title": request.title,
        "start": request.start.isoformat(),
        "end": request.end.isoformat(),
        "time_zone": request.time_zone,
        "is_private": "yes" if request.is_private else "",
    }


def _request(wanted: dict[str, str]) -> EventRequest:
    times = {name: _moment(wanted[name]) for name in ("start", "end")}
    texts = {name: wanted.get(name, "") for name in ("title", "time_zone", "location", "description")}
    return EventRequest(**times, **texts, is_private=bool(wanted["is_private"]))  # type: ignore[arg-type]  # by name


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
