"""Calendars of a mailbox. Ids are Exchange's own, of folders and of items."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from exchangelib.errors import ErrorIrresolvableConflict
from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.calendaring import Pushes
from integrations.providers.exchange import following, looking, operations, translation, writing
from integrations.providers.exchange.mailbox import Mailbox
from integrations.providers.exchange.operations import m, t
from integrations.providers.exchange.refusals import translated, translating
from integrations.types import Event, EventPage, EventRequest, ListedCalendar

CALENDAR_CLASS = "IPF.Appointment"


class Calendars:
    """Exchange tells only those who keep a connection open or whom it can reach, so Bridge looks by itself."""

    pushes: Pushes | None = None

    @translating
    def list_calendars(self, http: Session) -> list[ListedCalendar]:
        mailbox = _mailbox(http)
        [main] = _good(mailbox.ask(operations.GetFolder, operations.main_calendar()))
        [found] = _good(mailbox.ask(operations.FindFolder, operations.all_folders()))
        first = main.find(f".//{t('FolderId')}").get("Id")
        folders = found.iterfind(f"{m('RootFolder')}/{t('Folders')}/{t('CalendarFolder')}")
        listed = [_listed(one, first) for one in folders if translation.text(one, "FolderClass") == CALENDAR_CLASS]
        return sorted(listed, key=lambda one: (not one.is_main, one.name))

    def changes(
        self, http: Session, calendar_id: str, *, window: tuple[datetime, datetime], since: str = ""
    ) -> Iterator[EventPage]:
        with translated():
            if since:
                yield from following.since(_mailbox(http), calendar_id, window, since)
            else:
                yield from following.everything(_mailbox(http), calendar_id, window)

    @translating
    def events(self, http: Session, calendar_id: str, start: datetime, end: datetime) -> list[Event]:
        """Exchange also lists what ends just when the window begins."""
        found = [event for events in looking.events(_mailbox(http), calendar_id, start, end) for event in events]
        return [event for event in found if not isinstance(event.end, datetime) or event.end > start]

    @translating
    def read_event(self, http: Session, calendar_id: str, external_id: str) -> Event | None:
        try:
            found = next(looking.got(_mailbox(http), [external_id]), None)
        except RequestRejected as rejected:
            if rejected.missing:
                return None
            raise
        return None if found is None else translation.event(found)

    @translating
    def create_event(self, http: Session, calendar_id: str, request: EventRequest) -> Event:
        mailbox = _mailbox(http)
        if known := _by_reference(mailbox, calendar_id, request.reference):
            return _updated(mailbox, known, request)
        [made] = _good(mailbox.ask(operations.CreateItem, operations.create(calendar_id, writing.item(request))))
        return _read(mailbox, str(made.find(f".//{t('ItemId')}").get("Id")))

    @translating
    def update_event(self, http: Session, calendar_id: str, external_id: str, request: EventRequest) -> Event:
        return _updated(_mailbox(http), external_id, request)

    @translating
    def delete_event(self, http: Session, calendar_id: str, external_id: str) -> None:
        try:
            with translated():
                _good(_mailbox(http).ask(operations.DeleteItem, operations.delete(external_id)))
        except RequestRejected as rejected:
            if not rejected.missing:
                raise


def _mailbox(http: Session) -> Mailbox:
    assert isinstance(http, Mailbox)
    return http


def _good(messages: list[Any]) -> list[Any]:
    for message in messages:
        if isinstance(message, Exception):
            raise message
    return messages


def _listed(folder: Any, main: str) -> ListedCalendar:
    own = folder.find(t("FolderId")).get("Id")
    writable = folder.findtext(f"{t('EffectiveRights')}/{t('CreateContents')}") != "false"
    return ListedCalendar(own, translation.text(folder, "DisplayName"), is_main=own == main, can_write=writable)


def _by_reference(mailbox: Mailbox, folder: str, reference: str) -> str:
    if not reference:
        return ""
    [found] = _good(mailbox.ask(operations.FindItem, operations.by_reference(folder, reference)))
    each = found.iterfind(f"{m('RootFolder')}/{t('Items')}/{t('CalendarItem')}")
    return next((translation.item_id(one) for one in each), "")


def _read(mailbox: Mailbox, item_id: str) -> Event:
    [item] = list(looking.got(mailbox, [item_id]))
    return translation.event(item)


def _updated(mailbox: Mailbox, item_id: str, request: EventRequest) -> Event:
    """Somebody may change it at the same moment: once more, with what it is then."""
    try:
        _update(mailbox, item_id, request)
    except ErrorIrresolvableConflict:
        _update(mailbox, item_id, request)
    return _read(mailbox, item_id)


def _update(mailbox: Mailbox, item_id: str, request: EventRequest) -> None:
    """RequestRejected with `missing` if it is gone."""
    [message] = _good(mailbox.ask(operations.GetItem, operations.items([item_id])))
    item = message.find(f"{m('Items')}/{t('CalendarItem')}")
    of_series = translation.text(item, "CalendarItemType") in translation.SERIES
    changes = writing.updates(request, of_series=of_series)
    payload = operations.update(item_id, translation.change_key(item), changes)
    _good(mailbox.ask(operations.UpdateItem, payload))
