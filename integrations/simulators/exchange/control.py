"""The page of the try-out: whose mailboxes there are, what stands in them, and what their owners do in Outlook."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape

from integrations.simulators.exchange import items, series
from integrations.simulators.exchange.records import CALENDAR_CLASS, Folder, Item, Mailbox
from integrations.simulators.exchange.soap import Refused
from integrations.simulators.exchange.world import World, folder_of
from integrations.simulators.exchange.zones import zone
from integrations.simulators.http import Request, Response, page, redirect

PATHS = ("/", "/control")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulated Exchange</title></head><body>
<h1>Simulated Exchange</h1><p>Address for Bridge: <code>{address}</code></p>{mailboxes}</body></html>"""
ADD = """<form method="post"><input type="hidden" name="mailbox" value="{email}">
<label>Title <input name="title" value="Dentist"></label>
<label>Start <input type="datetime-local" name="start" value="{start}"></label>
<label>Minutes <input name="minutes" value="60" size="4"></label>
<label><input type="checkbox" name="private"> Private</label>
<label><input type="checkbox" name="all_day"> All day</label>
<button name="do" value="add">Add</button></form>"""
CHANGE = """<form method="post"><input type="hidden" name="mailbox" value="{email}">
<input type="hidden" name="item" value="{id}"><button name="do" value="later">One hour later</button>
<button name="do" value="delete">Delete</button></form>"""


def show(world: World, request: Request) -> Response:
    each = "".join(_mailbox(world, one) for one in world.mailboxes.values())
    return page(PAGE.format(address=f"{request.base_url}/EWS/Exchange.asmx", mailboxes=each))


def act(world: World, request: Request) -> Response:
    form = request.form()
    owner = world.mailboxes.get(form.get("mailbox", ""))
    try:
        if owner is not None:
            {"add": _add, "later": _later, "delete": _delete}[form["do"]](world, owner, form)
    except (KeyError, ValueError, Refused):
        return page("<p>That cannot be done.</p>", 400)
    return redirect(f"{request.mount}/control", 303)


def _add(world: World, owner: Mailbox, form: dict[str, str]) -> None:
    folder = next(one for one in owner.folders.values() if one.distinguished == "calendar")
    item = items.new_item(world, owner, folder)
    item.subject, item.sensitivity = form["title"], "Private" if "private" in form else "Normal"
    item.start = datetime.fromisoformat(form["start"]).replace(tzinfo=zone(owner.zone))
    item.end, item.all_day = item.start + timedelta(minutes=int(form["minutes"])), "all_day" in form
    items.keep(world, folder, item, "Create")


def _later(world: World, owner: Mailbox, form: dict[str, str]) -> None:
    folder, item = _found(owner, form["item"])
    hour = timedelta(hours=1)
    items.keep(world, folder, item.copy(start=item.start + hour, end=item.end + hour), "Update")


def _delete(world: World, owner: Mailbox, form: dict[str, str]) -> None:
    folder, item = _found(owner, form["item"])
    items.keep(world, folder, item, "Delete")


def _found(owner: Mailbox, item_id: str) -> tuple[Folder, Item]:
    folder = folder_of(owner, item_id)
    item = series.find(folder, item_id)
    assert item is not None
    return folder, item


def _mailbox(world: World, owner: Mailbox) -> str:
    start = world.clock.now().astimezone(zone(owner.zone)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    about = f"<h2>{escape(owner.email)}</h2><p>Password: <code>{escape(owner.password)}</code></p>"
    if owner.scope is not None:
        return about + "<p>The service account: it may open the mailboxes of others.</p>"
    form = ADD.format(email=escape(owner.email), start=start.isoformat(timespec="minutes"))
    return f"{about}<ul>{''.join(_events(owner))}</ul>{form}"


def _events(owner: Mailbox) -> Iterator[str]:
    for folder in owner.folders.values():
        for item in folder.items.values() if folder.kind == CALENDAR_CLASS else ():
            start = item.start.astimezone(zone(owner.zone)).strftime("%Y-%m-%d %H:%M")
            about = f"{start} {escape(item.subject)}{' (private)' if item.sensitivity != 'Normal' else ''}"
            yield f"<li>{about} {CHANGE.format(email=escape(owner.email), id=escape(item.id))}</li>"
