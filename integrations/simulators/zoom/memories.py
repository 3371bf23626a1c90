"""The world in a file, so that a restart of the try-out does not look like everybody having removed the app at Zoom."""

import pickle
from pathlib import Path
from typing import Any

from integrations.simulators.zoom.world import World

KEPT = ("chance", "accounts", "users", "codes", "grants", "access_tokens", "meetings", "history")
"""Not the apps: they come with the settings."""


def carry(world: World, path: Path) -> None:
    """Take up what the file holds, and write it again after every change."""
    _load(world, path)
    world.keep = lambda: _save(world, path)


def _save(world: World, path: Path) -> None:
    """Whole or not at all, whenever we are killed."""
    kept: dict[str, Any] = {name: getattr(world, name) for name in KEPT}
    draft = path.with_suffix(".draft")
    draft.write_bytes(pickle.dumps({**kept, "offset": world.clock.offset}))
    draft.replace(path)


def _load(world: World, path: Path) -> None:
    try:
        kept = pickle.loads(path.read_bytes())  # noqa: S301 (we wrote it)
    except Exception:
        return  # none yet, or of another version: begin anew
    world.clock.offset = kept.pop("offset")
    for name, value in kept.items():
        setattr(world, name, value)
    for key in [key for key in world.grants if key[0] not in world.apps]:
        del world.grants[key]
    world.access_tokens = {
        token: access for token, access in world.access_tokens.items() if access.grant.client_id in world.apps
    }
