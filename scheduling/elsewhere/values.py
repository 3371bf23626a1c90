"""Values out of foreign JSON, which may be anything: what is not what it should be is as good as not there."""

import re
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any

from scheduling import texts

_TAG = re.compile(r"<\s*[/!?a-zA-Z]")
_BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "head", "title"})


def minutes(row: Mapping[str, Any], name: str) -> int | None:
    return whole(row.get(name))


def whole(value: Any) -> int | None:
    """A number of minutes or days that can be."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= 10_000_000 and value == int(value) else None


def line(value: Any) -> str:
    return texts.line(plain(value)) if isinstance(value, str) else ""


def lines(value: Any) -> str:
    return texts.lines(plain(value)) if isinstance(value, str) else ""


def day(value: Any) -> date | None:
    """Of a date, or of an instant as JSON writes it."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def is_said(value: Any) -> bool:
    """Whether it says anything: neither nothing, nor no, nor an object that is switched off."""
    if isinstance(value, dict):
        return bool(value) and value.get("disabled") is not True
    return bool(value)


def plain(text: str) -> str:
    """HTML as the text one reads."""
    if not _TAG.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.read)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        self.read.append("\n" if tag in _BREAKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN and self.unseen > 0
        self.read.append("\n" if tag in _BREAKS - {"br"} else "")

    def handle_data(self, data: str) -> None:
        self.read.append("" if self.unseen else data)
