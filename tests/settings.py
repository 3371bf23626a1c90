"""bridge.settings for the suite: fast hashing, plain static files, a database in a file (threads share it)."""

import os
import tempfile
from pathlib import Path

from bridge.settings import *  # noqa: F403
from bridge.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": Path(tempfile.gettempdir()) / f"bridge-test-{os.getpid()}.sqlite3"}
