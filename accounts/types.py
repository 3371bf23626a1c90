from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Notice:
    """Something that needs action, for the banner under the header; the lowest `rank` is the worst.

    is_good: nothing is wrong.
    """

    rank: int
    text: str
    action: str
    url: str
    is_good: bool = False


@dataclass(frozen=True)
class Loss:
    """Something that ends or is left behind when a member goes, for the page that asks first. `url` may be empty."""

    label: str
    consequence: str
    url: str = ""
