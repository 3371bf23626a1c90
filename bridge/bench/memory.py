"""What the try-out's one process keeps in memory: its proportional set size, as Linux counts it."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bridge.bench import load, servers
from bridge.bench.load import Ask, Case


def report(database_url: str, pages: list[str]) -> Iterator[str]:
    yield "The try-out's one process (MB)"
    with servers.try_out(database_url) as (port, process):
        yield f"  after its start       {pss(process):6.1f}"
        load.side_by_side(port, [Case(path, partial(Ask, path)) for path in pages], clients=8, seconds=1)
        yield f"  after some seconds of 8 clients {pss(process):6.1f}"


def pss(process: int) -> float:
    rollup = Path(f"/proc/{process}/smaps_rollup")
    found = re.search(r"^Pss:\s+(\d+) kB", rollup.read_text(), re.MULTILINE) if rollup.exists() else None
    return int(found.group(1)) * 1024 / 1_000_000 if found else float("nan")
