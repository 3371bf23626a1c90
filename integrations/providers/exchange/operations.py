"""The SOAP operations that Bridge uses, and what is asked with them.

https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/ews-operations-in-exchange
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from exchangelib.services.common import EWSAccountService
from exchangelib.util import MNS, TNS, create_element

REFERENCE = {
    "PropertySetId": "7f3d1a54-6f0c-4c8e-9d4b-1f6f3c9a2b10",
    "PropertyName": "BridgeReference",
    "PropertyType": "String",
}
"""Our marker: a named property of our own set."""
SEEN = (
    "item:Subject",
    "item:Sensitivity",
    "item:EffectiveRights",
    "calendar:UID",
    "calendar:Start",
    "calendar:End",
    "calendar:IsAllDayEvent",
    "calendar:LegacyFreeBusyStatus",
    "calendar:Location",
    "calendar:IsMeeting",
    "calendar:IsCancelled",
    "calendar:CalendarItemType",
    "calendar:MyResponseType",
    "calendar:Organizer",
)
"""What finding and syncing can tell."""
READ = (*SEEN, "item:TextBody", "calendar:RequiredAttendees", "calendar:OptionalAttendees", "calendar:StartTimeZone")
ZONE = ("calendar:UID", "calendar:StartTimeZone")
MOST_FOUND = 1000
MOST_CHANGES = 512
MOST_READ = 50


def m(name: str) -> str:
    return f"{{{MNS}}}{name}"


def t(name: str) -> str:
    return f"{{{TNS}}}{name}"


class _Operation(EWSAccountService):  # type: ignore[misc]
    """Gives each message of the answer as it is."""

    @classmethod
    def _get_elements_in_container(cls, container: Any) -> list[Any]:
        return [container]


class GetFolder(_Operation):
    SERVICE_NAME = "GetFolder"


class FindFolder(_Operation):
    SERVICE_NAME = "FindFolder"


class FindItem(_Operation):
    SERVICE_NAME = "FindItem"


class GetItem(_Operation):
    SERVICE_NAME = "GetItem"


class SyncFolderItems(_Operation):
    SERVICE_NAME = "SyncFolderItems"


class CreateItem(_Operation):
    SERVICE_NAME = "CreateItem"


class UpdateItem(_Operation):
    SERVICE_NAME = "UpdateItem"


class DeleteItem(_Operation):
    SERVICE_NAME = "DeleteItem"


class ResolveNames(_Operation):
    SERVICE_NAME = "ResolveNames"


def el(name: str, *inside: Any, **attributes: str) -> Any:
    """An element such as "t:Subject" with text and children; None is left out."""
    made = create_element(name, attrs=attributes)
    for one in inside:
        if isinstance(one, str):
            made.text = _writable(one)
        elif one is not None:
            made.append(one)
    return made


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def main_calendar() -> Any:
    shape = el("m:FolderShape", el("t:BaseShape", "IdOnly"))
    return el("m:GetFolder", shape, el("m:FolderIds", el("t:DistinguishedFolderId", Id="calendar")))


def who_is(name: str) -> Any:
    entry = el("m:UnresolvedEntry", name)
    return el("m:ResolveNames", entry, ReturnFullContactData="false", SearchScope="ActiveDirectory")


def all_folders() -> Any:
    shape = el("m:FolderShape", el("t:BaseShape", "Default"), _fields(("folder:FolderClass", "folder:EffectiveRights")))
    below = el("m:ParentFolderIds", el("t:DistinguishedFolderId", Id="msgfolderroot"))
    return el("m:FindFolder", shape, below, Traversal="Deep")


def window(folder: str, start: datetime, end: datetime) -> Any:
    times = {"StartDate": written(start), "EndDate": written(end), "MaxEntriesReturned": str(MOST_FOUND)}
    return el(
        "m:FindItem",
        _shape(SEEN),
        el("m:CalendarView", **times),
        _folder("m:ParentFolderIds", folder),
        Traversal="Shallow",
    )


def by_reference(folder: str, reference: str) -> Any:
    wanted = el("t:FieldURIOrConstant", el("t:Constant", Value=reference))
    equal = el("m:Restriction", el("t:IsEqualTo", el("t:ExtendedFieldURI", **REFERENCE), wanted))
    view = el("m:IndexedPageItemView", MaxEntriesReturned="10", Offset="0", BasePoint="Beginning")
    return el("m:FindItem", _shape(SEEN), view, equal, _folder("m:ParentFolderIds", folder), Traversal="Shallow")


def changes(folder: str, state: str) -> Any:
    known = el("m:SyncState", state) if state else None
    most = el("m:MaxChangesReturned", str(MOST_CHANGES))
    return el("m:SyncFolderItems", _shape(SEEN, tag="m:ItemShape"), _folder("m:SyncFolderId", folder), known, most)


def items(ids: Iterable[str], fields: tuple[str, ...] = READ) -> Any:
    return el("m:GetItem", _shape(fields), el("m:ItemIds", *(el("t:ItemId", Id=one) for one in ids)))


def create(folder: str, item: Any) -> Any:
    """Nobody is written to: invitations are Bridge's own mails."""
    into = _folder("m:SavedItemFolderId", folder)
    return el("m:CreateItem", into, el("m:Items", item), SendMeetingInvitations="SendToNone")


def update(item_id: str, change_key: str, updates: list[Any]) -> Any:
    change = el("t:ItemChange", el("t:ItemId", Id=item_id, ChangeKey=change_key), el("t:Updates", *updates))
    how = {"ConflictResolution": "AutoResolve", "SendMeetingInvitationsOrCancellations": "SendToNone"}
    return el("m:UpdateItem", el("m:ItemChanges", change), **how)


def delete(item_id: str) -> Any:
    how = {"DeleteType": "MoveToDeletedItems", "SendMeetingCancellations": "SendToNone"}
    return el("m:DeleteItem", el("m:ItemIds", el("t:ItemId", Id=item_id)), **how)


def _shape(fields: tuple[str, ...], tag: str = "m:ItemShape") -> Any:
    return el(tag, el("t:BaseShape", "IdOnly"), _fields(fields, el("t:ExtendedFieldURI", **REFERENCE)))


def _fields(names: tuple[str, ...], *more: Any) -> Any:
    return el("t:AdditionalProperties", *(el("t:FieldURI", FieldURI=name) for name in names), *more)


def _folder(tag: str, folder: str) -> Any:
    return el(tag, el("t:FolderId", Id=folder))


def _writable(text: str) -> str:
    """XML has no words for control characters."""
    return "".join(one for one in text if one >= " " or one in "\t\n\r")
