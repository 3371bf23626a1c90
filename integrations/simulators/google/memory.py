"""Keeps what a simulated Google remembers in a file, so that the try-out may be stopped and started again."""

import logging
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.google.simulator import GoogleSimulator

logger = logging.getLogger(__name__)

KEPT = (
    "chance",
    "people",
    "grants",
    "refresh_tokens",
    "access_tokens",
    "calendars",
    "lists",
    "contacts",
    "sync_tokens",
    "version",
)


class Remembering:
    """`simulator`, with `file` written before it answers what may have changed something; apps are not kept."""

    def __init__(self, simulator: GoogleSimulator, file: Path) -> None:
        self._simulator, self._file = simulator, file
        if file.exists():
            self._recall()
        simulator.application.remember = self._save

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._simulator(environ, start_response)

    def _save(self) -> None:
        """Under the lock of whoever changed something."""
        world = self._simulator.world
        kept = {name: getattr(world, name) for name in KEPT}
        kept |= {"ahead": world.clock.offset, "channels": world.push.channels}
        written = self._file.with_suffix(".new")
        written.write_bytes(pickle.dumps(kept))
        written.replace(self._file)

    def _recall(self) -> None:
        world = self._simulator.world
        try:
            kept: dict[str, Any] = pickle.loads(self._file.read_bytes())  # noqa: S301 (our own file)
            ahead, channels = kept.pop("ahead"), kept.pop("channels")
            if missing := {*KEPT} - {*kept}:
                raise LookupError(missing)
        except Exception as error:  # whatever broken bytes make of pickle; the try-out starts all the same
            aside = self._file.replace(self._file.with_suffix(".unreadable"))
            logger.warning("The simulated Google starts afresh: its file cannot be read (%r), see %s", error, aside)
            return
        vars(world).update(kept)
        world.clock.offset, world.push.channels = ahead, channels
