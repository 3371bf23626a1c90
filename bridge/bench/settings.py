"""bridge.settings with one page more: the floor."""

from bridge.settings import *  # noqa: F403
from bridge.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bridge.bench.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bridge" / "bench" / "templates"]  # type: ignore[misc]
LOGGING_CONFIG = None
API_REQUESTS_PER_MINUTE = 10**9
