"""GetFolder, FindFolder and the tree above them."""

from xml.etree.ElementTree import Element

from integrations.simulators.exchange.records import CALENDAR_CLASS, Folder, Mailbox
from integrations.simulators.exchange.soap import Refused, el, messages, success, tag
from integrations.simulators.exchange.soap import error as message_of
from integrations.simulators.exchange.world import World

ROOTS = {"root": "Root", "msgfolderroot": "Top of Information Store"}
CHANGE_KEY = "AQAAABYAAAA="


def get(world: World, owner: Mailbox, request: Element) -> list[Element]:
    wanted = request.find(tag("m:FolderIds"))
    return messages("GetFolder", [_got(owner, one) for one in ([] if wanted is None else wanted)])


def find(world: World, owner: Mailbox, request: Element) -> list[Element]:
    """Everything below the root, whatever the traversal: nothing here is nested."""
    each = [_written(one) for one in owner.folders.values()]
    attributes = {"TotalItemsInView": len(each), "IncludesLastItemInRange": "true"}
    return messages("FindFolder", [success("FindFolder", el("m:RootFolder", el("t:Folders", *each), **attributes))])


def named(owner: Mailbox, asked: Element) -> Folder:
    """By a FolderId or DistinguishedFolderId. Raises Refused."""
    wanted = asked.get("Id", "")
    for folder in owner.folders.values():
        if wanted in (folder.id, folder.distinguished):
            return folder
    raise Refused("ErrorFolderNotFound" if asked.tag == tag("t:FolderId") else "ErrorItemNotFound")


def parent(owner: Mailbox, request: Element, within: str) -> Folder:
    """The one folder that an operation is about; his calendar if it names none. Raises Refused."""
    asked = request.find(tag(within))
    if asked is None or not len(asked):
        return next(one for one in owner.folders.values() if one.distinguished == "calendar")
    return named(owner, asked[0])


def _got(owner: Mailbox, asked: Element) -> Element:
    if asked.get("Id") in ROOTS:
        root = str(asked.get("Id"))
        inside = el("t:FolderId", Id=f"AAMkRoot{root}=", ChangeKey=CHANGE_KEY), el("t:DisplayName", ROOTS[root])
        return success("GetFolder", el("m:Folders", el("t:Folder", *inside)))
    try:
        return success("GetFolder", el("m:Folders", _written(named(owner, asked))))
    except Refused as refused:
        return message_of("GetFolder", refused)


def _written(folder: Folder) -> Element:
    kind = {CALENDAR_CLASS: "t:CalendarFolder"}.get(folder.kind, "t:ContactsFolder")
    return el(
        kind,
        el("t:FolderId", Id=folder.id, ChangeKey=CHANGE_KEY),
        el("t:ParentFolderId", Id="AAMkRootmsgfolderroot=", ChangeKey=CHANGE_KEY),
        el("t:FolderClass", folder.kind),
        el("t:DisplayName", folder.name),
        el("t:TotalCount", str(len(folder.items))),
        el("t:ChildFolderCount", "0"),
        el("t:EffectiveRights", el("t:CreateContents", "false" if folder.read_only else "true"), el("t:Read", "true")),
        el("t:DistinguishedFolderId", folder.distinguished) if folder.distinguished else None,
    )
