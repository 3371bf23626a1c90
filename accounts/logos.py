"""Pictures that others give us: told by their first bytes, whatever their name says, and served as nothing else."""

from dataclasses import dataclass

LIMIT = 100 * 1024


class Unsuitable(Exception):
    """Too large, or none of the three kinds."""


@dataclass(frozen=True)
class Logo:
    content: bytes
    content_type: str


NONE = Logo(b"", "")


def of(content: bytes) -> Logo:
    """PNG, JPEG or WebP of at most 100 KB. Raises Unsuitable."""
    kind = _kind(content)
    if not kind or len(content) > LIMIT:
        raise Unsuitable
    return Logo(content, kind)


def _kind(content: bytes) -> str:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""
