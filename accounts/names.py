"""Names that people gave, on their way into mails to strangers."""


def plain(name: object) -> str:
    """On one line, nothing hidden in it, and nothing that a mail program would make a link of."""
    shown = "".join(letter if letter.isprintable() else " " for letter in str(name))
    words = shown.replace("://", " ").split()
    return " ".join(_unlinked(word) for word in words)[:120]


def _unlinked(word: str) -> str:
    """evil.example becomes "evil. example"; the dot at the end of an initial stays."""
    head, *rest = word.split(".")
    return head + "".join(f". {part}" if part else "." for part in rest)
