"""What can go wrong in scheduling, named by what the caller does next."""

from collections.abc import Sequence

from scheduling.models import Booking
from scheduling.types import Reason


class SlotTaken(Exception):
    """Somebody else was quicker."""


class CalendarSilent(Exception):
    """The host's calendar gave no answer in time, and he takes no booking without one. Nothing was changed."""


class NotOffered(Exception):
    """The scheduler does not offer this start; `reasons` says why."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("; ".join(reason.sentence for reason in reasons))
        self.reasons = reasons


class NotChangeable(Exception):
    """Nothing about it can be changed (any more); `sentence` says why, to whoever tried."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CallRefused(Exception):
    """The room does not do this now; `sentence` says why, to whoever asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class LinkExpired(Exception):
    """The link was ours, but its time is over; `booking` may still be named, not changed."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(f"The link of booking {booking.pk} has expired")
        self.booking = booking


class Unfit(Exception):
    """What was asked for cannot be; `field` is the one to mend, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
