"""Keeps what a simulated Zoom remembers in a file, so that the try-out may be stopped and started again."""

import logging
import pickle
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.zoom.simulator import ZoomSimulator

logger = logging.getLogger(__name__)

KEPT = ("chance", "accounts", "users", "codes", "grants", "access_tokens", "meetings", "history", "disabled")


class Remembering:
    """`simulator`, with `file` written before it answers (or hangs up on) what may have changed something.

    Apps are not kept: whoever starts it names them.
    """

    def __init__(self, simulator: ZoomSimulator, file: Path) -> None:
        self._simulator, self._file = simulator, file
        if file.exists():
            self._recall()
        simulator.application.remember = simulator.webhooks.remember = self._save

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._simulator(environ, start_response)

    def _save(self) -> None:
        world = self._simulator.world
        with world.lock:
            kept = {name: getattr(world, name) for name in KEPT} | {"ahead": world.clock.offset}
            kept["webhooks"] = (world.webhooks.subscriptions, world.webhooks.deliveries, world.webhooks.stopped)
            written = self._file.with_suffix(".new")
            written.write_bytes(pickle.dumps(kept))
            written.replace(self._file)

    def _recall(self) -> None:
        world = self._simulator.world
        try:
            kept = self._read()
        except Exception as error:  # whatever broken bytes make of pickle; the try-out starts all the same
            aside = self._file.replace(self._file.with_suffix(".unreadable"))
            logger.warning("The simulated Zoom starts afresh: what it knew cannot be read (%r), see %s", error, aside)
            return
        world.clock.offset = kept.pop("ahead")
        hooks = world.webhooks
        hooks.subscriptions, hooks.deliveries, hooks.stopped = kept.pop("webhooks")
        vars(world).update(kept)

    def _read(self) -> dict[str, Any]:
        later: dict[str, Any] = {"ahead": timedelta(), "disabled": set(), "webhooks": ([], [], False)}
        kept: dict[str, Any] = later | pickle.loads(self._file.read_bytes())  # noqa: S301 (our own file)
        if missing := {*KEPT} - {*kept}:
            raise LookupError(missing)
        return kept
