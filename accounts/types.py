from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Notice:
    """Something that needs action, for the banner under the header; the lowest `rank` is the worst."""

    rank: int
    text: str
    action: str
    url: str
