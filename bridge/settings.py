"""Every setting, read from the environment or from the file .env; runs with none set (the try-out)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- What others rely on (DESIGN: settings) ---------------------------------------------------------------------------

REDIS_URL: str = env.str("REDIS_URL", default="")
# Without Redis one process is web server, worker and timetable: the try-out.
EMBEDDED = not REDIS_URL
BASE_URL: str = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
DEBUG: bool = env.bool("DEBUG", default=False)
INSECURE_KEY = "django-insecure-bridge-try-out-only-never-for-other-peoples-data"
SECRET_KEY: str = env.str("SECRET_KEY", default=INSECURE_KEY)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# Newest first; the first encrypts, all decrypt.
ENCRYPTION_KEYS: list[str] = env.list("ENCRYPTION_KEYS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[_base.hostname or "localhost", "localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS: list[str] = [BASE_URL]

# --- Providers: each address can be taken by a stand-in ---------------------------------------------------------------

ZOOM_CLIENT_ID: str = env.str("ZOOM_CLIENT_ID", default="")
ZOOM_CLIENT_SECRET: str = env.str("ZOOM_CLIENT_SECRET", default="")
ZOOM_WEBHOOK_SECRET: str = env.str("ZOOM_WEBHOOK_SECRET", default="")
# A second app at Zoom, admin-managed: connects Zoom once for a whole organization.
ZOOM_ADMIN_CLIENT_ID: str = env.str("ZOOM_ADMIN_CLIENT_ID", default="")
ZOOM_ADMIN_CLIENT_SECRET: str = env.str("ZOOM_ADMIN_CLIENT_SECRET", default="")
ZOOM_ADMIN_WEBHOOK_SECRET: str = env.str("ZOOM_ADMIN_WEBHOOK_SECRET", default="")
# The simulated Zoom plays the provider until somebody brings an app of their own.
SIMULATORS: bool = env.bool("SIMULATORS", default=EMBEDDED and not ZOOM_CLIENT_ID)
SIMULATED_ZOOM_PATH = SIMULATORS_HOME = "/simulators/zoom"
if SIMULATORS and not ZOOM_CLIENT_ID:
    ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET = "simulated-client", "simulated-secret"
if SIMULATORS and not ZOOM_ADMIN_CLIENT_ID:
    ZOOM_ADMIN_CLIENT_ID, ZOOM_ADMIN_CLIENT_SECRET = "simulated-admin-client", "simulated-admin-secret"
if SIMULATORS:
    ZOOM_WEBHOOK_SECRET = ZOOM_WEBHOOK_SECRET or "simulated-webhook-secret"
    ZOOM_ADMIN_WEBHOOK_SECRET = ZOOM_ADMIN_WEBHOOK_SECRET or "simulated-admin-webhook-secret"
_zoom = BASE_URL + SIMULATED_ZOOM_PATH if SIMULATORS else "https://zoom.us"
_zoom_api = BASE_URL + SIMULATED_ZOOM_PATH + "/v2" if SIMULATORS else "https://api.zoom.us/v2"
ZOOM_OAUTH_URL: str = env.str("ZOOM_OAUTH_URL", default=_zoom).rstrip("/")
ZOOM_API_URL: str = env.str("ZOOM_API_URL", default=_zoom_api).rstrip("/")
# Where somebody can look at the app in Zoom's Marketplace; shown to those who must ask their Zoom admin.
ZOOM_MARKETPLACE_URL: str = env.str("ZOOM_MARKETPLACE_URL", default="https://marketplace.zoom.us/")
# Google: docs/providers/google.md says how to register the app.
GOOGLE_CLIENT_ID: str = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET: str = env.str("GOOGLE_CLIENT_SECRET", default="")
SIMULATED_GOOGLE_PATH = "/simulators/google"
_google = SIMULATORS and not GOOGLE_CLIENT_ID
if _google:
    GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET = "simulated-google-client", "simulated-google-secret"
_google_here = BASE_URL + SIMULATED_GOOGLE_PATH
GOOGLE_OAUTH_URL: str = env.str(
    "GOOGLE_OAUTH_URL", default=_google_here if _google else "https://accounts.google.com"
).rstrip("/")
GOOGLE_TOKEN_URL: str = env.str(
    "GOOGLE_TOKEN_URL", default=_google_here if _google else "https://oauth2.googleapis.com"
).rstrip("/")
GOOGLE_API_URL: str = env.str(
    "GOOGLE_API_URL", default=_google_here if _google else "https://www.googleapis.com"
).rstrip("/")
GOOGLE_PEOPLE_URL: str = env.str(
    "GOOGLE_PEOPLE_URL", default=_google_here if _google else "https://people.googleapis.com"
).rstrip("/")
# Microsoft 365: docs/providers/microsoft.md says how to register the app.
MICROSOFT_CLIENT_ID: str = env.str("MICROSOFT_CLIENT_ID", default="")
MICROSOFT_CLIENT_SECRET: str = env.str("MICROSOFT_CLIENT_SECRET", default="")
# Who may sign in: "common" (everybody), "organizations" (no personal accounts), or one tenant's id.
MICROSOFT_TENANT: str = env.str("MICROSOFT_TENANT", default="common")
SIMULATED_MICROSOFT_PATH = "/simulators/microsoft"
_microsoft = SIMULATORS and not MICROSOFT_CLIENT_ID
if _microsoft:
    MICROSOFT_CLIENT_ID, MICROSOFT_CLIENT_SECRET = "simulated-microsoft-client", "simulated-microsoft-secret"
_microsoft_here = BASE_URL + SIMULATED_MICROSOFT_PATH
MICROSOFT_OAUTH_URL: str = env.str(
    "MICROSOFT_OAUTH_URL", default=_microsoft_here if _microsoft else "https://login.microsoftonline.com"
).rstrip("/")
MICROSOFT_GRAPH_URL: str = env.str(
    "MICROSOFT_GRAPH_URL", default=f"{_microsoft_here}/v1.0" if _microsoft else "https://graph.microsoft.com/v1.0"
).rstrip("/")
# The simulated Exchange: an address like any other that people type.
SIMULATED_EXCHANGE_PATH = "/simulators/exchange"
# All of them, for whoever looks at the installation: each must be https, or a stand-in's on this machine.
PROVIDER_ADDRESSES = (
    "ZOOM_OAUTH_URL",
    "ZOOM_API_URL",
    "GOOGLE_OAUTH_URL",
    "GOOGLE_TOKEN_URL",
    "GOOGLE_API_URL",
    "GOOGLE_PEOPLE_URL",
    "MICROSOFT_OAUTH_URL",
    "MICROSOFT_GRAPH_URL",
)
# (connect, read) in seconds: the limit that always works, also where tasks have none.
PROVIDER_TIMEOUT: tuple[float, float] = (5.0, 20.0)
# Bridge goes to typed addresses (Exchange, CalDAV, webhooks) only on the public internet, and into these networks.
OUTWARD_PRIVATE_ADDRESSES: list[str] = env.list("OUTWARD_PRIVATE_ADDRESSES", default=[])
# A file of certificates to trust there instead of the public ones: servers with a certificate of the organization's.
OUTWARD_CA_FILE: str = env.str("OUTWARD_CA_FILE", default="")

# --- Bridge's own video room ------------------------------------------------------------------------------------------

# Tells browsers their own address on the internet; without it only those of one network find each other.
STUN_URLS: list[str] = env.list("STUN_URLS", default=[])
# Passes on what strict networks block; the secret is coturn's static-auth-secret.
TURN_URLS: list[str] = env.list("TURN_URLS", default=[])
TURN_SECRET: str = env.str("TURN_SECRET", default="")
# Where the rooms of organizations lead that have not chosen for themselves; none: our own rooms.
JITSI_URL: str = env.str("JITSI_URL", default="").rstrip("/")
# How long browsers in a room wait between their questions, as a share of the usual: 2 halves what they ask.
ROOM_PACE: float = env.float("ROOM_PACE", default=1.0)

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "bridge",
    "scheduling",
    "integrations",
    "accounts",
    "outbox",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "lucide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bridge.middleware.OneLoopbackName",
    "bridge.middleware.LostKey",
    "csp.middleware.CSPMiddleware",
    "bridge.middleware.NoDevices",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.OrganizationMiddleware",
]

ROOT_URLCONF = "bridge.urls"
WSGI_APPLICATION = "bridge.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.frame",
            ],
        },
    },
]

# --- Database, cache, sessions ----------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'bridge.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that reads before it writes waits its turn instead of failing (decision 0002).
    # cache_size: a connection lives for one request, and the machine keeps the file at hand; 2 MB each were wasted.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-256;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database: rate limits and codes hold for all processes, and go on when Redis does not.
# Months of booking pages: in each process, few and for a minute, checked by a query each time (decision 0025).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "bridge_cache"},
    "months": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "months",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"login": "accounts.forms.sign_in.LoginForm", "signup": "accounts.forms.signup.SignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Beside allauth's own (sign-in, sign-up, codes); by address, in the shared cache.
# booking_unasked: bookings before one more tick is asked for (scheduling/challenges.py).
ACCOUNT_RATE_LIMITS = {
    "booking": "20/m/ip",
    "booking_unasked": "10/10m/ip",
    "manage": "30/m/ip",
    "room": "30/m/ip",
    "custom_url": "60/m/ip",
    "setup_link": "30/m/ip",
    "hosted": "60/m/ip",
    "invitation": "30/m/ip",
    "api_refused": "120/m/ip",
    "connection_test": "10/m/user",
    "connect_password": "5/m/user",
    "organization": "10/h/user",
    "application": "20/h/user",
}
# The second factor (decision 0018). MFA_TOTP_TOLERANCE stays 0: a used code is remembered for one half minute only.
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Bridge"
MFA_FORMS = {"add_webauthn": "accounts.forms.passkeys.PasskeyForm"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Addresses open the account: a session left open does not suffice to change them.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXIES", default=0)

# --- Applications of others: our OAuth server (RFC 6749, 9700) and the API --------------------------------------------

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.Application"
# The secrets of applications are long and random: a slow hash would cost half a second a token and protect nothing.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "accounts.hashers.RandomSecretHasher",
]
_BEST_PRACTICE = [
    *("IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS"),
    *("TOKEN_STORAGE", "REFRESH_TOKEN", "REDIRECT_URI_SCHEME", "REDIRECT_URI_MATCHING", "PKCE_REQUIRED"),
]
OAUTH2_PROVIDER = {
    **{f"COMPLIANT_BCP_RFC9700_{name}": True for name in _BEST_PRACTICE},
    "SCOPES_BACKEND_CLASS": "accounts.scopes.Scopes",
    "OAUTH2_SERVER_CLASS": "accounts.oauth_server.Server",
    "OAUTH2_VALIDATOR_CLASS": "accounts.oauth_server.Validator",
    "CLIENT_SECRET_HASHER": "random_secret",
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 180 * 86_400,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "OIDC_ENABLED": False,
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token", "client_credentials"],
}
# How many requests an application may make for one person in a minute; a script with a key as many.
API_REQUESTS_PER_MINUTE: int = env.int("API_REQUESTS_PER_MINUTE", default=300)

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_URL: str = env.str("EMAIL_URL", default="")
# Without a mail server the mails stay in Bridge and are read in the browser: the try-out.
MAILBOX = EMBEDDED and not EMAIL_URL
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default=f"Bridge <bridge@{_base.hostname}>")

# --- Celery -----------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, float] = (
    {"polling_interval": 0.05}
    if EMBEDDED
    # max_retries: without it a ring at a frozen broker waits three time-outs, even with no publish retries.
    else {"socket_connect_timeout": 1, "socket_timeout": 2, "max_retries": 0}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 60, 90
CELERY_TIMEZONE = "UTC"
# How long a worker may hold a row of the outbox: longer than any task may run.
OUTBOX_LEASE = timedelta(seconds=env.int("OUTBOX_LEASE_SECONDS", default=120))
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "outbox.tasks.sweep", "schedule": schedule(timedelta(seconds=5 if EMBEDDED else 30))},
    "expire arrivals": {"task": "integrations.tasks.expire_arrivals", "schedule": schedule(timedelta(hours=1))},
    "refresh grants ahead": {"task": "integrations.tasks.refresh_ahead", "schedule": schedule(timedelta(minutes=10))},
    "look at accounts": {"task": "integrations.tasks.look_round", "schedule": schedule(timedelta(minutes=10))},
    "read calendars": {"task": "integrations.tasks.read_calendars", "schedule": schedule(timedelta(minutes=1))},
    "tend calendars": {"task": "integrations.tasks.tend_calendars", "schedule": schedule(timedelta(hours=1))},
    "read contacts": {"task": "integrations.tasks.read_contacts", "schedule": schedule(timedelta(minutes=10))},
    "remind of ended accounts": {"task": "integrations.tasks.remind", "schedule": schedule(timedelta(hours=1))},
    "forget webhooks": {"task": "integrations.tasks.forget_webhooks", "schedule": schedule(timedelta(hours=1))},
    "forget tokens": {"task": "accounts.tasks.forget_tokens", "schedule": schedule(timedelta(hours=6))},
    "forget calls": {"task": "scheduling.tasks.forget_calls", "schedule": schedule(timedelta(hours=1))},
    "forget messages": {"task": "scheduling.tasks.forget_messages", "schedule": schedule(timedelta(days=1))},
    "forget requests": {"task": "scheduling.tasks.forget_requests", "schedule": schedule(timedelta(hours=1))},
    "compare with providers": {"task": "scheduling.tasks.reconcile", "schedule": schedule(timedelta(hours=1))},
}

# --- Language, time, static files -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Served before Django sees the request, so no URL pattern knows them; nobody's custom URL may be one.
PATHS_BESIDE_DJANGO = [
    STATIC_URL,
    SIMULATED_EXCHANGE_PATH,
    SIMULATED_ZOOM_PATH,
    SIMULATED_GOOGLE_PATH,
    SIMULATED_MICROSOFT_PATH,
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Safety -----------------------------------------------------------------------------------------------------------

HTTPS = _base.scheme == "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "bridge.redaction.Redact"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "celery": {"level": "WARNING"},
        # At DEBUG they write tokens and whole answers down.
        "requests_oauthlib": {"level": "WARNING"},
        "oauthlib": {"level": "WARNING"},
        "oauth2_provider": {"level": "WARNING"},
        "spnego": {"level": "WARNING"},
        # It writes whole requests down, even as errors.
        "exchangelib": {"level": "CRITICAL"},
    },
}
