"""All settings, read from the environment. `docs/running.md` lists every variable.

Modes: `demo` (SQLite, demo accounts allowed), `test` (set by the test run) and `production` (the default: it
refuses to start with DEBUG, without a real SECRET_KEY, or with demo accounts in its database; see
`lambeth_plans/accounts/checks.py`).
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from lambeth_plans.cycles.quiet_hours import QuietHours

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
if "LAMBETH_PLANS_ENV" in os.environ:
    env.read_env(os.environ["LAMBETH_PLANS_ENV"], recurse=False)

MODE = env.str("LAMBETH_PLANS_MODE", "production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("LAMBETH_PLANS_MODE must be production, demo or test.")
PRODUCTION = MODE == "production"

DEFAULT_SECRET_KEY = "not-secret-only-for-the-demo-and-the-tests-never-for-production"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else DEFAULT_SECRET_KEY)
DEBUG = env.bool("DEBUG", False)
if PRODUCTION:
    if len(SECRET_KEY) < 50 or SECRET_KEY == DEFAULT_SECRET_KEY:
        raise ImproperlyConfigured("Set SECRET_KEY to a random text of at least 50 characters.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG cannot be on in production. Unset DEBUG.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

# The app that comes last is the one whose post_migrate syncs the roles: every permission exists by then.
INSTALLED_APPS = [
    "lambeth_plans.accounts.admin_config.PlansAdminConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "simple_history",
    "import_export",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "lambeth_plans",
    "objectives",
    "activities",
    "kpis",
    "risks",
    "finance",
    "lambeth_plans.imports",
    "lambeth_plans.cycles",
    "lambeth_plans.dashboards",
    "lambeth_plans.accounts",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lambeth_plans.accounts.middleware.RefuseFarTooLarge",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lambeth_plans.accounts.middleware.LogInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "lambeth_plans.dashboards.as_at.KeepsDay",
]

ROOT_URLCONF = "lambeth_plans.urls"
WSGI_APPLICATION = "lambeth_plans.wsgi.application"

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
                "lambeth_plans.accounts.context_processors.navigation",
            ],
            "builtins": ["lambeth_plans.templatetags.plans"],
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", "" if PRODUCTION else f"sqlite:///{BASE_DIR / 'var' / 'lambeth_plans.sqlite3'}")
if not DATABASE_URL:
    raise ImproperlyConfigured("Set DATABASE_URL, for example postgres://user:password@host:5432/lambeth_plans.")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL)}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets people read while one writes; IMMEDIATE takes the write lock at the start, so that two writers
    # queue (up to `timeout` seconds) instead of failing half way.
    _database["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    if MODE == "test":
        # A file, not memory: the browser tests and the races use the database from several threads.
        _database["TEST"] = {"NAME": str(Path(_database["NAME"]).with_name("test.sqlite3"))}
else:
    # The pool and CONN_MAX_AGE exclude each other; the health check mends connections after a restart.
    _database["CONN_MAX_AGE"] = 0
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": False
        if MODE == "test"
        else {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 8), "timeout": 10},
        "options": (
            f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', 30_000)}"
            f" -c lock_timeout={env.int('LOCK_TIMEOUT_MS', 10_000)}"
            " -c idle_in_transaction_session_timeout=60000"
        ),
    }
# models.W040: SQLite leaves out the covering columns of an index; PostgreSQL, the real thing, has them.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "lambeth_plans.accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lambeth_plans.accounts.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Ten wrong passwords for one person from one address close that pair for 15 minutes; a stranger elsewhere
# cannot lock a director out.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# X-Forwarded-For is only believed when the number of proxies in front is stated.
PROXY_COUNT = env.int("PROXY_COUNT", 0)
AXES_CLIENT_IP_CALLABLE = "lambeth_plans.accounts.client_address.client_address"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.bool("BEHIND_TLS_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "static-root")) if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# Looks a file up when it is asked for, so that the tests' many clients do not list all files first.
WHITENOISE_AUTOREFRESH = MODE == "test"

EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "lambeth_plans.cycles.mail_files.EmailBackend",
)
EMAIL_FILE_PATH = BASE_DIR / "var" / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
# Shorter than a worker may take over one e-mail (lambeth_plans/cycles/sending.py).
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 60)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "lambeth-plans@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Reminders are written by no request, so the address of the site in them is said here.
_first_host = ALLOWED_HOSTS[0].removeprefix(".") if ALLOWED_HOSTS else "localhost"
SITE_ADDRESS = env.str("SITE_ADDRESS", f"https://{_first_host}" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
try:
    QUIET_HOURS = QuietHours.of(env.str("QUIET_HOURS", "19:00-07:00"), at_weekends=env.bool("QUIET_AT_WEEKENDS", False))
except ValueError as error:
    raise ImproperlyConfigured(f"QUIET_HOURS: {error}") from error
# Jobs stand in the database, so that any number of workers shares them (manage.py db_worker).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# So long somebody who asks for a file waits for a worker to take it up, before it is made for them at once.
WORKER_PATIENCE_SECONDS = 0 if MODE == "test" else 2

# Uploads: refused with a page, not a dropped connection, above these sizes.
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_BYTES", 10 * 1024 * 1024)
EVIDENCE_LIMIT_BYTES = env.int("EVIDENCE_LIMIT_BYTES", 10 * 1024 * 1024)
REQUEST_LIMIT_BYTES = 5 * max(UPLOAD_LIMIT_BYTES, EVIDENCE_LIMIT_BYTES)
UPLOAD_LIMIT_ROWS = env.int("UPLOAD_LIMIT_ROWS", 120_000)
# Of each sheet of a plan's workbook: 5,000 activities may have 25,000 outputs.
WORKBOOK_LIMIT_ROWS = env.int("WORKBOOK_LIMIT_ROWS", 50_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# lambeth_plans/history.py writes the history rows, one per changed record; the library's signals would write more.
SIMPLE_HISTORY_ENABLED = False
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = "composite"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A line for every log-in and every job would bury what matters; failures are kept in the database.
    "loggers": {name: {"level": "WARNING"} for name in ("axes", "django_tasks", "django_tasks_db")},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
