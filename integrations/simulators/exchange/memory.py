"""Keeps what a simulated Exchange remembers in a file, so that the try-out may be stopped and started again."""

import itertools
import logging
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.exchange.simulator import ExchangeSimulator

logger = logging.getLogger(__name__)

KEPT = ("mailboxes", "apps", "tokens", "sent")


class Remembering:
    """`simulator`, with `file` written before it answers (or hangs up on) what may have changed something."""

    def __init__(self, simulator: ExchangeSimulator, file: Path) -> None:
        self._simulator, self._file = simulator, file
        if file.exists():
            self._recall()
        simulator.application.remember = self._save

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._simulator(environ, start_response)

    def _save(self) -> None:
        world = self._simulator.world
        with world.lock:
            kept = {name: getattr(world, name) for name in KEPT}
            kept |= {"ahead": world.clock.offset, "number": world.number()}
            written = self._file.with_suffix(".new")
            written.write_bytes(pickle.dumps(kept))
            written.replace(self._file)

    def _recall(self) -> None:
        world = self._simulator.world
        try:
            kept: dict[str, Any] = pickle.loads(self._file.read_bytes())  # noqa: S301 (our own file)
            ahead, number = kept.pop("ahead"), kept.pop("number")
            if missing := {*KEPT} - {*kept}:
                raise LookupError(missing)
        except Exception as error:  # whatever broken bytes make of pickle; the try-out starts all the same
            aside = self._file.replace(self._file.with_suffix(".unreadable"))
            logger.warning("The simulated Exchange starts afresh: its file cannot be read (%r), see %s", error, aside)
            return
        vars(world).update(kept)
        world.clock.offset, world.numbers = ahead, itertools.count(number + 1)
