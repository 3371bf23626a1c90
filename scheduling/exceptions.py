from collections.abc import Sequence

from scheduling.types import Reason


class SlotTaken(Exception):
    """Somebody else was quicker."""


class NotOffered(Exception):
    """The scheduler does not offer this start; `reasons` says why."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("; ".join(reason.sentence for reason in reasons))
        self.reasons = reasons
