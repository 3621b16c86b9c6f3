"""Every setting of Recontact, read from the environment and nowhere else."""

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

from config import queue_settings

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# The synthetic demo relaxes sign-in and cookies; a system check keeps it on loopback without a real gateway.
RECONTACT_DEMO = env.bool("RECONTACT_DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_q",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "kernel",
    "audit",
    "vault",
    "accounts",
    "consent",
    "tracker",
    "orientation",
    "followups",
    "casework",
    "reports",
    "config",
]

MIDDLEWARE = [
    "config.middleware.closed_doors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.sign_in_required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.one_moment",
    "config.middleware.readers_clock",
    "config.middleware.private_pages",
    "config.errors.domain_errors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "django.template.context_processors.i18n",
                "config.context.shell",
            ],
        },
    },
]

# --- Databases: pseudonymous work in `default`, wrapped keys and the phone index in `vault` -------------------------


def database(variable: str, fallback: str) -> dict[str, Any]:
    """The settings of one database from its address; SQLite and PostgreSQL each get what they need to be safe."""
    options: dict[str, Any] = dict(env.dj_db_url(variable, fallback))
    options["CONN_MAX_AGE"] = 600
    if "sqlite3" in str(options["ENGINE"]):
        options["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        }
    else:
        options["CONN_HEALTH_CHECKS"] = True
        # What came five times is kept by the server, with its plan: see kernel/statements/per_connection.py.
        kept = {"prepare_threshold": 5, "options": "-c plan_cache_mode=force_generic_plan"}
        options["OPTIONS"] = kept | options.get("OPTIONS", {})
    return options


DATABASES = {
    "default": database("DATABASE_URL", f"sqlite:///{BASE_DIR}/var/db/main.sqlite3"),
    "vault": database("VAULT_DATABASE_URL", f"sqlite:///{BASE_DIR}/var/db/vault.sqlite3"),
}
DATABASE_ROUTERS = ["config.routing.VaultRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
VAULT_SHARED_DATABASE_OK = env.bool("VAULT_SHARED_DATABASE_OK", False)

# The demo's clock, for `manage.py live`. It lies beside the demo's database: when it is emptied, so is what lies in it.
_ON_SQLITE = "sqlite3" in str(DATABASES["default"]["ENGINE"])
_BESIDE_IT = Path(DATABASES["default"]["NAME"]).parent if _ON_SQLITE else BASE_DIR / "var" / "run"
DEMO_CLOCK_FILE = env.path("DEMO_CLOCK_FILE", _BESIDE_IT / "demo-clock.json")

# --- Keys: in a provider, in no database ---------------------------------------------------------------------------

VAULT_KEY_PROVIDER = env.str("VAULT_KEY_PROVIDER", "file")
VAULT_KEY_FILE = env.str("VAULT_KEY_FILE", "/etc/recontact/vault-keys.json")
# Its presence locks the vault; without a name it lies beside the key file.
VAULT_LOCK_FILE = env.str("VAULT_LOCK_FILE", "")
# Where each change of keys leaves the copy of the vault that it proved; without a folder the copy goes again.
VAULT_COPY_DIR = env.str("VAULT_COPY_DIR", "")
# Each process tells which keys it has loaded. Not in tests, whose databases come and go under such a thread.
VAULT_HEARTBEAT = env.bool("VAULT_HEARTBEAT", "pytest" not in sys.modules)
# The keys themselves, in VAULT_KEYS, are read by their provider: here they would be printed with the other settings.
VAULT_KEYS_CREDENTIAL = env.str("VAULT_KEYS_CREDENTIAL", "")
VAULT_UNLOCKED_DIR = env.str("VAULT_UNLOCKED_DIR", "")
VAULT_AUTO_LOCK_MINUTES = env.int("VAULT_AUTO_LOCK_MINUTES", 720)
VAULT_RECOVERY_KEYS = env.str("VAULT_RECOVERY_KEYS", "")
VAULT_RECOVERY_DIR = env.str("VAULT_RECOVERY_DIR", "")
VAULT_RECOVERY_ACKNOWLEDGE = env.str("VAULT_RECOVERY_ACKNOWLEDGE", "by_hand")

# --- Cache and background -------------------------------------------------------------------------------------------

_IN_THE_DATABASE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "shared_cache",
    # Beyond 300, Django's own limit, it throws away a third by the alphabet, the marks with it. What is over is swept.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
# What the background worker leaves behind stays in the database: a cache that is away must stop nobody's work.
CACHES = {"default": _IN_THE_DATABASE, "marks": _IN_THE_DATABASE}
if "redis" in (cache_url := env.str("CACHE_URL", "")):
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": cache_url}

# The queue's rows are signed pickles; django-q2 knows no such setting, config/queue_secret.py hands it over.
Q_SECRET = env.str("Q_SECRET", "")
# The address of a Redis that holds the queue; without one it is in the main database.
Q_BROKER = env.str("Q_BROKER", "")
Q_CLUSTER = queue_settings.cluster(is_sqlite=_ON_SQLITE, broker=Q_BROKER, workers=env.int("Q_WORKERS", 0))

# --- Register of what is held ---------------------------------------------------------------------------------------

# Whose machines these are, in words, for `manage.py data_register`.
DATA_HOSTING = env.str("DATA_HOSTING", "")

# --- Telephony ------------------------------------------------------------------------------------------------------

# plain: the enumerator dials with their own phone; console and simulator bridge nothing real.
GATEWAY = env.str("GATEWAY", "plain")

# --- When to call ---------------------------------------------------------------------------------------------------

# on: slots are chosen by what was learned of each person, once a model was made; off: slots go in turn.
CONTACT_MODEL = env.bool("CONTACT_MODEL", True)

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Only the demo is entered with a password alone; there is no other way to switch this off.
SECOND_FACTOR_REQUIRED = not RECONTACT_DEMO
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", 15)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoWordsOfThisWork"},
]

# allauth: second factors only. No sign-up, no e-mail, no address of its own is reachable.
ACCOUNT_ADAPTER = "accounts.adapters.NobodySignsUp"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "accounts.adapters.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = False
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# What an authenticator app and a passkey are called on somebody's phone: neutral, for whoever looks at it.
MFA_TOTP_ISSUER = env.str("SIGN_IN_NAME", "Staff sign-in")

# axes: tries are counted before they are looked at (accounts/tries.py); no clear username, no user agent, no log.
AXES_HANDLER = "accounts.tries.CountedFirst"
AXES_USERNAME_CALLABLE = "accounts.tries.digest_of"
AXES_CLIENT_IP_CALLABLE = "accounts.tries.address_of"
AXES_CLIENT_STR_CALLABLE = "accounts.tries.nobody"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Its middleware would answer in the place of our own page.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]

# --- Sessions, cookies, headers -------------------------------------------------------------------------------------

SECURE = env.bool("SECURE", not RECONTACT_DEMO)
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", 15 * 60)
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.forged"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# In the session, not in a cookie of their own: what is said to somebody leaves with them.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
# `no-referrer` would make browsers post our own forms with `Origin: null`, and the forgery check would have to let
# that pass; `same-origin` tells other sites just as little (docs/adr/0008).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
_TESTING = "pytest" in sys.modules
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or _TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or _TESTING

# --- Logs: never a number -------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_numbers": {"()": "kernel.redaction.NumbersRedacted"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_numbers"]},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "twilio.http_client": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "django.db.backends": {"level": "WARNING"},
    },
}
