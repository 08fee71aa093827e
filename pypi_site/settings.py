"""Django's settings, top to bottom in sections; every environment variable is read here, once, through ``env``."""

import secrets
import socket
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from packages_app.conf import FirstUpload, OpenIdConnect
from pypi_site import env
from pypi_site.kept_secrets import kept

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things live -------------------------------------------------------------------------------------------

ON_LAMBDA = bool(env.text("AWS_LAMBDA_FUNCTION_NAME"))
DATA = env.path("PYPI_DATA", BASE_DIR / "var")
TABLE = env.text("PYPI_TABLE")
BUCKET = env.text("PYPI_BUCKET")
BUCKET_PREFIX = env.text("PYPI_BUCKET_PREFIX", "")

if ON_LAMBDA and not (TABLE and BUCKET):
    raise ImproperlyConfigured("On Lambda nothing on disk lasts: set PYPI_TABLE and PYPI_BUCKET.")
if BUCKET_PREFIX and not BUCKET:
    raise ImproperlyConfigured("PYPI_BUCKET_PREFIX is set but PYPI_BUCKET is not: set both, or neither.")

DATABASES: dict[str, object] = {}  # nothing here speaks SQL through Django; the catalogue is PynamoDB
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def cloudfront() -> dict[str, str]:
    """Return django-storages' options for downloads that CloudFront sends; none where it is not configured."""
    domain, key_id = env.text("PYPI_CLOUDFRONT_DOMAIN"), env.text("PYPI_CLOUDFRONT_KEY_ID")
    key = env.text("PYPI_CLOUDFRONT_KEY")
    if not (domain or key_id or key):
        return {}
    if not (domain and key_id and key and BUCKET):
        raise ImproperlyConfigured(
            "PYPI_CLOUDFRONT_DOMAIN, PYPI_CLOUDFRONT_KEY_ID and PYPI_CLOUDFRONT_KEY go together, and with PYPI_BUCKET: "
            "set all of them, or none of the three."
        )
    # A shell's variable holds line breaks badly: they may be written as \n.
    return {
        "custom_domain": domain,
        "cloudfront_key_id": key_id,
        "cloudfront_key": key.replace("\\n", "\n"),
    }


LOCAL_FILES = DATA / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "packages_app.browser.static_files.HashedStaticFiles"},
    "packages": {
        "BACKEND": "packages_app.file_store.s3.PackagesS3Storage",
        "OPTIONS": {"bucket_name": BUCKET, "location": BUCKET_PREFIX, **cloudfront()},
    }
    if BUCKET
    else {
        "BACKEND": "packages_app.file_store.local.DurableStorage",
        "OPTIONS": {"location": LOCAL_FILES, "incoming": DATA / "incoming"},
    },
}

# --- Secrets -----------------------------------------------------------------------------------------------------
# In one folder they are made on first start and kept there; a deployment with a table or bucket must name its own.

SHARED_HOME = bool(TABLE or BUCKET)
SECRET_KEY_FILE = DATA / "secret_key"
PASSWORD_FILE = DATA / "password"
FIRST_START = not (
    SHARED_HOME or env.text("PYPI_PASSWORD") or env.text("PYPI_USERS") or PASSWORD_FILE.exists()
)  # a password is about to be made


def secret_key() -> str:
    """Return the key that signs; every process of one index must share it."""
    if given := env.text("PYPI_SECRET_KEY"):
        return given
    if SHARED_HOME:
        raise ImproperlyConfigured("PYPI_SECRET_KEY must be set when PYPI_TABLE or PYPI_BUCKET is: a long random text.")
    return kept(SECRET_KEY_FILE, lambda: secrets.token_urlsafe(50))


def users() -> dict[str, str]:
    """Return the configured users and their passwords."""
    several = env.passwords("PYPI_USERS")
    user = env.text("PYPI_USERNAME")
    password = env.text("PYPI_PASSWORD")
    if user and ":" in user:
        raise ImproperlyConfigured("PYPI_USERNAME must not hold a colon: Basic authentication splits at the first one.")
    if user and not password and (several or SHARED_HOME):
        raise ImproperlyConfigured("PYPI_USERNAME is set but PYPI_PASSWORD is not: set both, or neither.")
    if password:
        return {user or "pypi": password, **several}
    if several:
        return several
    if SHARED_HOME:
        raise ImproperlyConfigured("Set PYPI_USERNAME and PYPI_PASSWORD, or PYPI_USERS: nobody could sign in.")
    return {user or "pypi": kept(PASSWORD_FILE, lambda: secrets.token_hex(16))}


def oidc() -> OpenIdConnect | None:
    """Return the provider that people may sign in with."""
    issuer, client = env.text("PYPI_OIDC_ISSUER"), env.text("PYPI_OIDC_CLIENT_ID")
    secret, groups = env.text("PYPI_OIDC_CLIENT_SECRET") or "", env.granted("PYPI_OIDC_GROUPS")
    if issuer and client:
        return OpenIdConnect(issuer=issuer, client_id=client, client_secret=secret, groups=groups)
    if issuer or client or secret or groups:
        raise ImproperlyConfigured("PYPI_OIDC_ISSUER and PYPI_OIDC_CLIENT_ID belong together: set both, or neither.")
    return None


SECRET_KEY = secret_key()

# --- Other indexes behind this one --------------------------------------------------------------------------------
# Nothing is asked for anywhere unless PYPI_UPSTREAM_URL says where; `docs/upstream.md` explains each.

DAY = 24 * 3600
UPSTREAM_URLS = env.words("PYPI_UPSTREAM_URL")
UPSTREAM = {
    "urls": tuple(env.web_address("PYPI_UPSTREAM_URL", url) for url in UPSTREAM_URLS),
    "username": env.text("PYPI_UPSTREAM_USERNAME") or "",
    "password": env.text("PYPI_UPSTREAM_PASSWORD") or "",
    "ca_file": env.path("PYPI_UPSTREAM_CA", DATA) if env.text("PYPI_UPSTREAM_CA") else None,
    "hosts": env.words("PYPI_UPSTREAM_HOSTS"),
    "reserved": env.words("PYPI_UPSTREAM_RESERVED"),
    "files": env.choice("PYPI_UPSTREAM_FILES", "KEEP", ("LINK", "REDIRECT", "KEEP")).lower(),
    "fetch_bytes": 24 * 1024**2 if ON_LAMBDA else None,  # what fits into the 29 seconds of an API gateway
    "fresh": env.integer("PYPI_UPSTREAM_FRESH_SECONDS", default=300),
    "stale": env.integer("PYPI_UPSTREAM_STALE_DAYS", default=30) * DAY,
    "missing": env.integer("PYPI_UPSTREAM_MISSING_SECONDS", default=60),
    "budget": float(env.integer("PYPI_UPSTREAM_BUDGET_SECONDS", default=4, least=1, most=25)),
    "timeout": float(env.integer("PYPI_UPSTREAM_TIMEOUT_SECONDS", default=12 if ON_LAMBDA else 20, least=1, most=300)),
    "page_bytes": env.integer("PYPI_UPSTREAM_PAGE_MB", default=32, least=1) * 1024**2,
    "list_names": env.flag("PYPI_UPSTREAM_LIST"),
    "policy": env.text("PYPI_UPSTREAM_POLICY") or "",
    "advisories": env.words("PYPI_UPSTREAM_ADVISORIES"),
    "severities": tuple(word.upper() for word in env.words("PYPI_UPSTREAM_SEVERITIES")),
}
if (UPSTREAM["username"] or UPSTREAM["password"]) and len(UPSTREAM_URLS) != 1:
    raise ImproperlyConfigured(
        "PYPI_UPSTREAM_USERNAME and PYPI_UPSTREAM_PASSWORD are for exactly one PYPI_UPSTREAM_URL: "
        "with several, put the credentials into each address that needs them."
    )

# --- The index ---------------------------------------------------------------------------------------------------

PACKAGES_APP = {
    "data": DATA,
    "table": TABLE,
    "bucket": BUCKET,
    "background": ON_LAMBDA,
    "users": users(),
    "oidc": oidc(),
    "trusted_issuers": env.issuers("PYPI_TRUSTED_ISSUERS"),
    "trusted_audience": env.text("PYPI_TRUSTED_AUDIENCE") or "",
    "overwrite": env.flag("PYPI_OVERWRITE"),
    "public_read": env.flag("PYPI_PUBLIC_READ"),
    "first_upload": FirstUpload(
        env.choice("PYPI_FIRST_UPLOAD", "ANY UPLOADER", ("ANY UPLOADER", "REGISTERED NAMES ONLY")).lower()
    ),
    "max_upload_bytes": env.integer("PYPI_MAX_UPLOAD_MB", default=2048, least=1) * 1024**2,
    "link_window": env.integer("PYPI_LINK_SECONDS", default=900, least=60, most=302_400),
    "upstream": UPSTREAM,
    # Lambda's limit is 6 MB, and most of what is sent takes a third more as Base64.
    "largest_answer": env.integer("PYPI_LARGEST_ANSWER", default=4_400_000 if ON_LAMBDA else 0),
    # The gateway gives up at 29 seconds; a cold start and one more attempt must fit in as well.
    "time_limit": 19 if ON_LAMBDA else 0,
}

# --- HTTP --------------------------------------------------------------------------------------------------------

DEBUG = env.flag("PYPI_DEBUG")
# Host names the index answers to. Every link it generates is relative, so this only keeps strangers' names out.
ALLOWED_HOSTS = list(
    env.words(
        "PYPI_ALLOWED_HOSTS",
        (".amazonaws.com", ".on.aws")
        if ON_LAMBDA
        else ("localhost", ".localhost", "127.0.0.1", "[::1]", socket.gethostname(), socket.getfqdn()),
    )
)
# What X-Forwarded-* say is believed only of these; `forwarded.py` applies it before Django sees a request.
TRUSTED_PROXIES = env.networks("PYPI_TRUSTED_PROXIES")
ROOT_URLCONF = "pypi_site.urls"
WSGI_APPLICATION = "pypi_site.wsgi.application"
APPEND_SLASH = False  # the simple API redirects by itself, and an upload must never be redirected
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

INSTALLED_APPS = [
    "packages_app",
    "django.contrib.staticfiles",
    "packages_app.accounts.apps.ContentTypes",
    "packages_app.accounts.apps.Auth",
]
MIDDLEWARE = ["packages_app.middleware.RequestsAndProblems", "packages_app.accounts.sessions.Sessions"]
MIGRATION_MODULES: dict[str, None] = {"packages_app": None, "auth": None, "contenttypes": None}  # there is no SQL
STATICFILES_DIRS = [Path(django.__file__).parent / "contrib" / "admin" / "static"]  # see AdminTemplates
STATIC_URL = "static/"  # not read: `packages_app.browser` serves static files, and names them by their digests
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["packages_app.browser.context.visitor"]},
    },
    {
        "BACKEND": "packages_app.admin.engine.AdminTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
# The headers that the first two miss are set by our own middleware, on every answer; the check for forged forms, which
# the third misses, is run by Sessions on the pages that have forms.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003"]

# --- Accounts ----------------------------------------------------------------------------------------------------
# Hashes are only computed when somebody signs in with a browser; scrypt is the strongest that needs no other package.

AUTH_USER_MODEL = "packages_app.User"
AUTHENTICATION_BACKENDS = ["packages_app.accounts.backend.Accounts"]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "epypi_session"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; administrators sign in again sooner
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Elsewhere, cookies are for https only whenever a request came by it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ON_LAMBDA
CSRF_COOKIE_NAME = "epypi_csrf"
CSRF_FAILURE_VIEW = "packages_app.problems.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

# --- Uploads -----------------------------------------------------------------------------------------------------
# Text fields of an upload together (long descriptions are among them); the file itself is bounded by the index.

DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- Logging -----------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("PYPI_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    },
    "loggers": {
        "botocore": {"level": "WARNING"},
        "boto3": {"level": "WARNING"},
        "pynamodb": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a refusal is an answer, and stands in the access log
    },
}

# --- What nobody read ---------------------------------------------------------------------------------------------

UNKNOWN_VARIABLES = env.unknown()  # reported by `manage.py check`: a typo must not be silent
