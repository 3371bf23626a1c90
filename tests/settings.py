"""bridge.settings for the suite: fast hashing, plain static files, a database in a file (threads share it)."""

import os
import tempfile
from pathlib import Path

from bridge.settings import *  # noqa: F403
from bridge.settings import DATABASES, MIDDLEWARE, REDIS_URL, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "accounts.hashers.RandomSecretHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": Path(tempfile.gettempdir()) / f"bridge-test-{os.getpid()}.sqlite3"}
if REDIS_URL:  # tests that run in parallel have databases of their own, so they need bells of their own
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    REDIS_URL = CELERY_BROKER_URL = f"{REDIS_URL.rpartition('/')[0]}/{worker}"

BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
MAILBOX = SIMULATORS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET = "test-client", "test-client-secret"
ZOOM_ADMIN_CLIENT_ID, ZOOM_ADMIN_CLIENT_SECRET = "test-admin-client", "test-admin-secret"
ZOOM_WEBHOOK_SECRET, ZOOM_ADMIN_WEBHOOK_SECRET = "test-webhook-secret", "test-admin-webhook-secret"
# Nobody answers there; the zoom fixture names its own, and the processes that tests start are told of it.
ZOOM_OAUTH_URL = os.environ.get("ZOOM_OAUTH_URL", "http://127.0.0.1:9")
ZOOM_API_URL = os.environ.get("ZOOM_API_URL", "http://127.0.0.1:9/v2")
MICROSOFT_CLIENT_ID, MICROSOFT_CLIENT_SECRET = "test-microsoft-client", "test-microsoft-secret"
MICROSOFT_TENANT, MICROSOFT_OAUTH_URL = "common", "http://127.0.0.1:9"
MICROSOFT_GRAPH_URL = "http://127.0.0.1:9/v1.0"
SECRET_KEY = "test-only-secret-key-that-is-long-enough-for-everybody"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # straight from static/, nothing collected

MIDDLEWARE = ["tests.leaks.NoSecretInPages", *MIDDLEWARE]
