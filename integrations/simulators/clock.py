"""A clock that tests may turn forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self.offset = timedelta()
        """How far it is ahead."""
        self._frozen: datetime | None = None
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return (self._frozen or datetime.now(UTC)) + self.offset

    def freeze(self, at: datetime | None = None) -> None:
        """Stand still, at the instant given or at the one it is now; advance() still moves."""
        self._frozen, self.offset = (at or self.now()).astimezone(UTC), timedelta()

    def advance(self, by: timedelta) -> None:
        self.offset += by
        for listener in self._listeners:
            listener()

    def on_advance(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)
