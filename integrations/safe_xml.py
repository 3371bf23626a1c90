"""XML from servers that somebody typed in: no DTDs, no entities, nothing fetched; size, depth, number are limited."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MOST_BYTES = 20 * 1024 * 1024
MOST_ELEMENTS = 300_000
DEEPEST = 100


class Unreadable(ValueError):
    """No XML, or more than we are ready to read."""


class Hostile(Unreadable):
    """XML that only an attack is made of."""


def parse(content: bytes) -> Element:
    """The root element. Raises Unreadable."""
    tree = _read(content, _Bounded())
    assert isinstance(tree, Element)
    return tree


def check(content: bytes) -> None:
    """For parsers that forgive too much: raises Hostile; whether it is XML at all, they may judge."""
    try:
        _read(content, _Bounds())
    except Hostile:
        raise
    except Unreadable:
        return


def _read(content: bytes, target: Any) -> Any:
    if len(content) > MOST_BYTES:
        raise Hostile("It is too large.")
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(content)
        return parser.close()
    except ParseError as error:
        raise Unreadable(str(error)) from None
    except DefusedXmlException as error:
        raise Hostile(type(error).__name__) from None


class _Bounds:
    """Reads along and keeps nothing."""

    def __init__(self) -> None:
        self._depth = self._number = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._depth += 1
        self._number += 1
        if self._depth > DEEPEST or self._number > MOST_ELEMENTS:
            raise Hostile("It is nested too deeply, or has too many elements.")

    def end(self, tag: Any, /) -> Any:
        self._depth -= 1

    def data(self, text: str, /) -> Any: ...

    def close(self) -> Any: ...


class _Bounded:
    """Builds the tree within the bounds."""

    def __init__(self) -> None:
        self._bounds, self._tree = _Bounds(), TreeBuilder()
        self.data, self.close = self._tree.data, self._tree.close

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._bounds.start(tag, attrs)
        return self._tree.start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        self._bounds.end(tag)
        return self._tree.end(tag)
