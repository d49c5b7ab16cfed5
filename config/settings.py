"""All settings, each value from the environment; what the variables mean is told in .env.example."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from csp.constants import NONCE, NONE, SELF

from config.embedded import Places
from config.environment import (
    DEMANDED_IN_PRODUCTION,
    LOOPBACK_HOSTS,
    Environment,
    choose_mode,
    local_secret,
    next_database,
    read_s3,
)

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment(os.environ)
mode = choose_mode(env)
if mode.production:
    env.demand(DEMANDED_IN_PRODUCTION)

DEBUG = mode.debug
DEMO = mode.demo
PRODUCTION = mode.production
BENCH = env.switch("BENCH", default=False)
VAR_DIR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var")))

# Addresses: given, or those of the embedded servers
EMBEDDED = Places(VAR_DIR)
DATABASE_NAME = env.text("PORTAL_DATABASE_NAME", "portal")
DATABASE_URL = env.address("DATABASE_URL", ("postgres", "postgresql"))
REDIS_URL = env.address("REDIS_URL", ("redis", "rediss", "unix"))
CACHE_URL = env.address("CACHE_URL", ("redis", "rediss", "unix"))
EMBEDDED_DATABASE = not DATABASE_URL
EMBEDDED_VALKEY = not REDIS_URL
NAMESPACE = env.text("PORTAL_NAMESPACE", DATABASE_NAME)  # keeps several portals apart on one Valkey

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", LOOPBACK_HOSTS)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://localhost:8000")
SECRET_KEY = env.secret("SECRET_KEY")
WEB_PORT = env.number("PORT", 8000, highest=65535)
env.refuse_if_wrong()
SECRET_KEY = SECRET_KEY or local_secret(VAR_DIR / "secret_key")

# ----------------------------------------------------------------------------------------------- the house

INSTALLED_APPS = [
    "config",
    "config.administration_app.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its templates, for the renderer below
    "guardian",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "municipalities",
    "contacts",
    "agreements",
    "nationwide",
]
MIDDLEWARE = [
    "config.middleware.nudge_afterwards",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.keep_nothing",
    "config.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.components"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.portal",
                "config.context_processors.frame",
            ],
        },
    },
]
FORM_RENDERER = "config.forms.PortalRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------------------------------ rows and cache


def database() -> dict[str, Any]:
    """The given database, or the embedded one, with connections that stay open between requests."""
    if EMBEDDED_DATABASE:
        address: dict[str, Any] = {
            "ENGINE": "config.postgres",
            "NAME": DATABASE_NAME,
            "USER": "portal",
            "HOST": str(EMBEDDED.sockets),
        }
    else:
        address = dict(environ.Env.db_url_config(DATABASE_URL, engine="django.db.backends.postgresql"))
        address["HOST"] = unquote(str(address["HOST"] or ""))  # a socket's folder is written with %2F
    address |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    address["TEST"] = {"NAME": env.text("TEST_DATABASE_NAME", "test_portal")}
    return address


DATABASES = {"default": database()}
if EMBEDDED_VALKEY:
    REDIS_URL = f"unix://{EMBEDDED.valkey_socket}?db=0"
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingCache",
        "LOCATION": CACHE_URL or next_database(REDIS_URL),
        "KEY_PREFIX": NAMESPACE,
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 1.0},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"  # the rows stay when Valkey goes away
SESSION_COOKIE_AGE = 12 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# ------------------------------------------------------------------------------------------------- persons

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
    "contacts.access.AdministratorBackend",
]
ANONYMOUS_USER_NAME = None  # guardian shall not make a user of its own
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my_work"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --------------------------------------------------------------------------------------- language and time

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

# --------------------------------------------------------------------------------------------------- files

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("designsystemet", NODE_MODULES / "@digdir/designsystemet-css/dist"),
    ("fonts/inter", NODE_MODULES / "@fontsource-variable/inter/files"),
    ("fonts/source-serif", NODE_MODULES / "@fontsource-variable/source-serif-4/files"),
]
MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
S3 = read_s3(env)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "config.object_storage.ObjectStorage", "OPTIONS": S3}
    if S3
    else {"BACKEND": "config.storage.DurableStorage"},
    "staticfiles": {"BACKEND": PLAIN if DEBUG else MANIFEST},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "jpg", "gz", "br"]
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "files")))  # private: no address leads here
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # sections hold rows, each with several fields
DATA_UPLOAD_MAX_NUMBER_FILES = 20
LARGEST_UPLOAD = 25 * 1024 * 1024  # bytes of an attached file; agreements.inspecting.kinds says the same to users
LARGEST_REQUEST = 4 * LARGEST_UPLOAD  # what announces more than this is not even read
FILE_UPLOAD_HANDLERS = [
    "config.uploads.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.OnDisk",
]
ARCHIVE_ORDER_DAYS = env.number("ARCHIVE_ORDER_DAYS", 14, lowest=1, highest=365)  # then an order's files are purged
CLAMD = env.address("CLAMD", ("unix", "tcp"))  # the virus scanner that attached files wait for, if there is one

# ---------------------------------------------------------------------------------------------------- mail

EMAIL_CONFIG = env.address("EMAIL_URL", ("smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail"))
if DEMO:
    env.keep_at_home("EMAIL_URL", EMAIL_CONFIG)  # the demo's addresses are invented, but their domains are real
env.refuse_if_wrong()
if EMAIL_CONFIG:
    vars().update(environ.Env.email_url_config(EMAIL_CONFIG))
elif not PRODUCTION:  # there letters wait until a server is named: a file would count as sent
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portalen@localhost")
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS", DEFAULT_FROM_EMAIL)  # the envelope's sender: bounces come here
BOUNCE_MAILDIR = Path(env.text("BOUNCE_MAILDIR")) if env.text("BOUNCE_MAILDIR") else None
ACCESSIBILITY_CONTACT = env.text("ACCESSIBILITY_CONTACT")  # the mail address in the accessibility statement
OPEN_DATA_CONTACT = env.text("OPEN_DATA_CONTACT")  # the function mailbox that answers for the open data
EMAIL_TIMEOUT = 10

# ---------------------------------------------------------------------------------------------------- seal

SEAL_PKCS12 = Path(env.text("SEAL_PKCS12")) if env.text("SEAL_PKCS12") else None
SEAL_PASSPHRASE = env.text("SEAL_PASSPHRASE")
SEAL_PKCS11_MODULE = env.text("SEAL_PKCS11_MODULE")  # a token's library, instead of a file
SEAL_PKCS11_TOKEN = env.text("SEAL_PKCS11_TOKEN")
SEAL_PKCS11_LABEL = env.text("SEAL_PKCS11_LABEL")
SEAL_PKCS11_PIN = env.text("SEAL_PKCS11_PIN")
SEAL_TIMESTAMP_URL = env.address("SEAL_TIMESTAMP_URL", ("http", "https"))
SEAL_ROOTS = Path(env.text("SEAL_ROOTS")) if env.text("SEAL_ROOTS") else None
SEAL_REVOCATION = env.text("SEAL_REVOCATION")  # "fetch", or a folder of revocation lists and answers
SEAL_DEMO = DEMO and not SEAL_PKCS12 and not SEAL_PKCS11_MODULE  # an authority of this machine's own
OPERATIONS_MAILBOX = env.text("OPERATIONS_MAILBOX").lower()  # who is told when the seal's certificate ends
SIGNATURE_ROOTS = Path(env.text("SIGNATURE_ROOTS")) if env.text("SIGNATURE_ROOTS") else None  # of other services
PUBLIC_SIGNATORY_NAMES = env.switch("PUBLIC_SIGNATORY_NAMES", default=False)
if SEAL_PKCS12 and SEAL_PKCS11_MODULE:
    env.problems.append("SEAL_PKCS12 and SEAL_PKCS11_MODULE name two seals; give one of them")
if SIGNATURE_ROOTS and not SIGNATURE_ROOTS.is_file():
    env.problems.append("SIGNATURE_ROOTS leads to no file")

# ------------------------------------------------------------------------------------------------- signing

SIGNING_LEVELS = ("PASSWORD", "TWO_FACTOR", "LOA2", "LOA3", "LOA4")  # from the lowest to the highest
SIGNING_LEVEL = env.choice("SIGNING_LEVEL", SIGNING_LEVELS, "PASSWORD").lower()
SIGNING_PROOF_MINUTES = env.number("SIGNING_PROOF_MINUTES", 10, lowest=1, highest=120)
SIGNING_REMINDER_DAYS = env.days("SIGNING_REMINDER_DAYS", (7, 14, 28))
SIGNING_LINK_DAYS = env.number("SIGNING_LINK_DAYS", 30, lowest=1, highest=180)

# -------------------------------------------------------------------------------------------------- safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # the icons inside the design system's CSS
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
BEHIND_PROXY = env.switch("BEHIND_PROXY", default=False)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^halsa$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ----------------------------------------------------------------------------------------------------- log

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "no links": {"()": "config.logs.WithoutSignedLinks"},
        "no traceback of refusals": {"()": "config.logs.WithoutRefusals"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no links"]}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", LOG_LEVELS, "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["no traceback of refusals"]},
        "django.server": {"handlers": [], "propagate": True},
        # The timetable sends something every few seconds; what fails is told all the same
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # WeasyPrint and fontTools tell every step; only what is wrong is of interest
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
env.refuse_if_wrong()
