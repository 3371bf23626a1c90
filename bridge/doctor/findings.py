from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`grave`: Bridge does not keep its promises like this. Otherwise it is worth knowing."""

    sentence: str
    fix: str
    grave: bool = True


Check = Callable[[], Iterator[Finding]]


def first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
