"""Settings: one file; everything that differs between machines comes from the environment.

Nothing secret has a default outside development: without LIANQI_SECRET_KEY the program refuses to
start unless LIANQI_DEBUG=1 or a key file written by `lianqi run` exists in the data directory.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lianqi.config.database import database_from_url

django_stubs_ext.monkeypatch()  # ModelChoiceField[Unit] and the like also at run time

PACKAGE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("LIANQI_DATA_DIR", "var")).resolve()


def _flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str) -> list[str]:
    return [word for word in os.environ.get(name, default).split(",") if word]


def _secret_key() -> str:
    if key := os.environ.get("LIANQI_SECRET_KEY"):
        return key
    key_file = DATA_DIR / "secret-key"
    if key_file.is_file():
        return key_file.read_text(encoding="ascii").strip()
    if DEBUG:
        return "development-only-key-never-used-where-debug-is-off"
    raise ImproperlyConfigured("Set LIANQI_SECRET_KEY (50 random characters or more).")


# --- Deployment ------------------------------------------------------------------------------
DEBUG = _flag("LIANQI_DEBUG", default=False)
# A demo zone on a laptop speaks plain HTTP; a production zone speaks HTTPS only.
INSECURE_HTTP = _flag("LIANQI_INSECURE_HTTP", default=False)
SECRET_KEY = _secret_key()
# The address people use; links in mails begin with it.
SITE_URL = os.environ.get("LIANQI_SITE_URL", "")
PORT = int(os.environ.get("LIANQI_PORT", "8000"))
ALLOWED_HOSTS = _words("LIANQI_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _words("LIANQI_CSRF_TRUSTED_ORIGINS", "")
DEMO = _flag("LIANQI_DEMO", default=False)
ZONE_NAME = os.environ.get("LIANQI_ZONE_NAME", "云岭高新区")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "lianqi.config.urls"
WSGI_APPLICATION = "lianqi.config.wsgi.application"

INSTALLED_APPS = [
    "lianqi.audit",
    "lianqi.accounts",
    "lianqi.files",
    "lianqi.notices",
    "lianqi.work",
    "lianqi.supervision",
    "lianqi.register",
    "lianqi.policies",
    "lianqi.matching",
    "lianqi.demands",
    "lianqi.needs",
    "lianqi.taskforces",
    "lianqi.visits",
    "lianqi.conversions",
    "lianqi.plans",
    "lianqi.freetests",
    "lianqi.webhooks",
    "lianqi.web",
    "lianqi.ops",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "template_partials",
]

MIDDLEWARE = [
    "lianqi.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianqi.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lianqi.web.middleware.BearerTokenMiddleware",
    "lianqi.web.middleware.LoginWallMiddleware",
    "lianqi.web.middleware.SecondFactorMiddleware",
    "lianqi.web.middleware.RoleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianqi.web.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database --------------------------------------------------------------------------------
DATABASES = {
    "default": database_from_url(
        os.environ.get("LIANQI_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/lianqi")
    )
}

# Counts of failed sign-ins live here: shared by all processes, atomic, no further server.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lianqi_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Accounts --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "lianqi.accounts.backends.TableBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "lianqi.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"signup": "lianqi.web.accounts.forms.EnterpriseSignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
# After five wrong passwords within five minutes even the right one is refused for that account.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{ZONE_NAME}] "
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lianqi"
# Accounts are vouched for by the administrator or the enterprise, not by a confirmed address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
# Roles whose holders must set up a second factor before they may do anything: a list with commas,
# such as dispatcher,leader,platform_admin.
SECOND_FACTOR_ROLES = frozenset(_words("LIANQI_SECOND_FACTOR_ROLES", ""))
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SOCIALACCOUNT_ADAPTER = "lianqi.web.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": os.environ.get("LIANQI_OIDC_ID", "oidc"),
                    "name": os.environ.get("LIANQI_OIDC_NAME", "OpenID Connect"),
                    "client_id": os.environ["LIANQI_OIDC_CLIENT_ID"],
                    "secret": os.environ.get("LIANQI_OIDC_CLIENT_SECRET", ""),
                    "settings": {"server_url": os.environ["LIANQI_OIDC_SERVER_URL"]},
                }
            ],
        }
    }
    if "LIANQI_OIDC_CLIENT_ID" in os.environ
    else {}
)

_OIDC_SERVER = urlsplit(os.environ.get("LIANQI_OIDC_SERVER_URL", ""))
OIDC_ORIGINS = [f"{_OIDC_SERVER.scheme}://{_OIDC_SERVER.netloc}"] if _OIDC_SERVER.netloc else []

# --- Security --------------------------------------------------------------------------------
SECURE_COOKIES = not (DEBUG or INSECURE_HTTP)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
BEHIND_PROXY = _flag("LIANQI_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # whose address the limits of sign-in count by
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # The button of an OpenID Connect provider is a form that ends in a redirect to it.
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Files -----------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "files"
UPLOAD_MAX_BYTES = int(os.environ.get("LIANQI_UPLOAD_MAX_BYTES", str(50 * 1024 * 1024)))
# Host:port of a ClamAV daemon; empty means that files are checked by the built-in signatures only.
CLAMAV_ADDRESS = os.environ.get("LIANQI_CLAMAV_ADDRESS", "")
STATIC_URL = "/static/"
# Production collects and hashes the files once; a demo or development run serves the tree.
COLLECTED_STATIC = _flag("LIANQI_COLLECTED_STATIC", default=not (DEBUG or DEMO))
STATIC_ROOT = DATA_DIR / "static" if COLLECTED_STATIC else None
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail ------------------------------------------------------------------------------------
EMAIL_HOST = os.environ.get("LIANQI_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("LIANQI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("LIANQI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LIANQI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("LIANQI_SMTP_TLS", default=False)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("LIANQI_MAIL_FROM", "lianqi@localhost")

# --- Text messages and WeCom -----------------------------------------------------------------
# Secrets stand in the environment only. A channel without its settings is not offered; a demo zone
# plays it instead, and the outbox shows what would have been sent.
SIMULATED_CHANNELS = _flag("LIANQI_SIMULATED_CHANNELS", default=DEMO)
SMS_URL = os.environ.get("LIANQI_SMS_URL", "")
SMS_SECRET = os.environ.get("LIANQI_SMS_SECRET", "")
ALIYUN_KEY_ID = os.environ.get("LIANQI_ALIYUN_KEY_ID", "")
ALIYUN_KEY_SECRET = os.environ.get("LIANQI_ALIYUN_KEY_SECRET", "")
ALIYUN_SMS_SIGN = os.environ.get("LIANQI_ALIYUN_SMS_SIGN", "")
ALIYUN_SMS_TEMPLATE = os.environ.get("LIANQI_ALIYUN_SMS_TEMPLATE", "")
WECOM_CORP_ID = os.environ.get("LIANQI_WECOM_CORP_ID", "")
WECOM_SECRET = os.environ.get("LIANQI_WECOM_SECRET", "")
WECOM_AGENT_ID = int(os.environ.get("LIANQI_WECOM_AGENT_ID", "0"))
CHANNELS = ["mail"]
if SMS_URL or ALIYUN_KEY_ID or SIMULATED_CHANNELS:
    CHANNELS.append("sms")
if WECOM_CORP_ID or SIMULATED_CHANNELS:
    CHANNELS.append("wecom")

# --- Webhooks --------------------------------------------------------------------------------
# Hosts of the zone's own network that webhooks may reach, also over plain HTTP; no other private
# address is ever connected to.
WEBHOOK_INTERNAL_HOSTS = _words("LIANQI_WEBHOOK_INTERNAL_HOSTS", "")

# The mailbox from which demands are read; without a host nothing is read. Mails of known senders
# are filed in the category with this code; without it all wait for the dispatcher.
IMAP_HOST = os.environ.get("LIANQI_IMAP_HOST", "")
IMAP_PORT = int(os.environ.get("LIANQI_IMAP_PORT", "993"))
IMAP_USER = os.environ.get("LIANQI_IMAP_USER", "")
IMAP_PASSWORD = os.environ.get("LIANQI_IMAP_PASSWORD", "")
IMAP_FOLDER = os.environ.get("LIANQI_IMAP_FOLDER", "INBOX")
IMAP_PLAIN = _flag("LIANQI_IMAP_PLAIN", default=False)
IMAP_CATEGORY = os.environ.get("LIANQI_IMAP_CATEGORY", "")

# --- What a zone decides ---------------------------------------------------------------------
# A question to an enterprise: reminded of after so many days; closable for want of a reply later.
QUESTION_REMINDER_DAYS = int(os.environ.get("LIANQI_QUESTION_REMINDER_DAYS", "3"))
QUESTION_CLOSE_DAYS = int(os.environ.get("LIANQI_QUESTION_CLOSE_DAYS", "10"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"expected_answers": {"()": "lianqi.config.health.ExpectedAnswers"}},
    "loggers": {
        "django.request": {"filters": ["expected_answers"]},
        # Every process would name all tasks as it starts.
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LIANQI_LOG_LEVEL", "INFO")},
}
