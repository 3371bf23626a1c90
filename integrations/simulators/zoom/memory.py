"""Keeps what a simulated Zoom remembers in a file, so that the try-out may be stopped and started again."""

import pickle
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators.zoom.simulator import ZoomSimulator

KEPT = ("chance", "accounts", "users", "codes", "grants", "access_tokens", "meetings", "history")


class Remembering:
    """`simulator`, with `file` written after every request that may have changed something."""

    def __init__(self, simulator: ZoomSimulator, file: Path) -> None:
        self._simulator, self._file = simulator, file
        self._recall()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self._simulator(environ, start_response)
        finally:
            if environ["REQUEST_METHOD"] != "GET":
                self._save()

    def _save(self) -> None:
        world = self._simulator.world
        with world.lock:
            written = self._file.with_suffix(".new")
            written.write_bytes(pickle.dumps({name: getattr(world, name) for name in KEPT}))
            written.replace(self._file)

    def _recall(self) -> None:
        if self._file.exists():
            vars(self._simulator.world).update(pickle.loads(self._file.read_bytes()))  # noqa: S301 (our own file)
