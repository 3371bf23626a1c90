"""A file of another scheduling system, read: which system it is, and what is in it. Nothing in it is trusted."""

import json
from types import ModuleType
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from scheduling.elsewhere import calcom, calendly, values
from scheduling.elsewhere.types import Export, Unreadable

LARGEST = 1_000_000
"""Bytes."""
MOST = 200
SYSTEMS = (calendly, calcom)


def read(text: str) -> Export:
    """Raises Unreadable."""
    if len(text.encode(errors="replace")) > LARGEST:
        raise Unreadable(_("This is larger than 1 MB. Nothing was taken over; is it the right file?"))
    content = _parsed(text)
    rows = _rows(content)
    if not rows:
        raise Unreadable(_refusal(content))
    if len(rows) > MOST:
        raise Unreadable(_("These are more than 200. Please take them over in smaller files."))
    system = _system(rows)
    return Export(system.NAME, [system.read(row) for row in rows], is_partial=_goes_on(content))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable(
            _("This is not JSON, the format that both services give. Please take the whole answer, unchanged.")
        ) from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _rows(content: Any) -> list[dict[str, Any]]:
    """The list in it, wherever their versions put it; or the one object that it is."""
    if isinstance(content, list):
        return values.objects(content)
    if not isinstance(content, dict):
        return []
    for name in ("collection", "event_types", "data", "resource", "event_type", "eventTypes"):
        if isinstance(content.get(name), list | dict):
            return _rows(content[name])
    if groups := values.objects(content.get("eventTypeGroups")):
        return [row for group in groups for row in values.objects(group.get("eventTypes"))]
    return [content] if any(system.is_one(content) for system in SYSTEMS) else []


def _system(rows: list[dict[str, Any]]) -> ModuleType:
    """All of one file come from one system."""
    for system in SYSTEMS:
        if all(system.is_one(row) for row in rows):
            return system
    raise Unreadable(_("Some of this is not a list of event types of Calendly or Cal.com. Nothing was taken over."))


def _refusal(content: Any) -> str:
    """Services answer with an error where the key is wrong; people save that too."""
    error = content.get("error", content) if isinstance(content, dict) else None
    said = values.line(error.get("message")) if isinstance(error, dict) else values.line(error)
    if said:
        return _("This is an error of the other service, not a list: “%(said)s”") % {"said": said[:200]}
    return _("There is no event type in this. Please take the list that Calendly or Cal.com gives.")


def _goes_on(content: Any) -> bool:
    pages = content.get("pagination") if isinstance(content, dict) else None
    return isinstance(pages, dict) and bool(pages.get("next_page") or pages.get("hasNextPage"))
