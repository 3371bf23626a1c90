"""Text that people typed, made safe for what reads by lines: mail headers, calendar files, a provider's list."""

import unicodedata

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, also of what we wrote ourselves."""


def line(text: str) -> str:
    """On one line, without control characters; emoji families and accents stay."""
    return " ".join(_without_controls(text.replace("\n", " ").replace("\r", " ")).split())


def lines(text: str) -> str:
    """The same, line by line."""
    return "\n".join(line(one) for one in text.splitlines()).strip()


def _without_controls(text: str) -> str:
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or not (character in BIDI or unicodedata.category(character) in ("Cc", "Cs"))
    )
