"""Settings of the platform, all from the environment; unset, everything runs embedded under `var/`."""

import os
import sys
from pathlib import Path

from jiujinan.jobs import BEAT_SCHEDULE
from jiujinan.settings import env
from jiujinan.settings.keys import installation_keys

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(env.text("JIUJINAN_VAR", str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)
TESTING = "pytest" in sys.modules

# --- Keys -------------------------------------------------------------------------------------
DEBUG = env.flag("JIUJINAN_DEBUG", False)
_KEYS = installation_keys(VAR / "keys.json")
SECRET_KEY = env.text("JIUJINAN_SECRET_KEY", _KEYS["secret"])
# "key id=hex, key id=hex": the first seals, all of them open; likewise "hex, hex" for the blind indexes.
# `manage.py rotate_keys` brings every row under the first.
SEALING_KEYS = env.words("JIUJINAN_SEALING_KEYS", [f"local-1={_KEYS['sealing']}"])
SEALING_CIPHER = env.text("JIUJINAN_SEALING_CIPHER", "AES-256-GCM")
BLIND_INDEX_KEY, *RETIRED_INDEX_KEYS = env.words("JIUJINAN_INDEX_KEY", [_KEYS["index"]])
# Reading personal data more than this raises an alarm: cases opened within an hour, hours of local time,
# working days after which an opening without an act of its reader is asked about.
READINGS_PER_HOUR = env.number("JIUJINAN_READINGS_PER_HOUR", 30)
READING_HOURS = env.hours("JIUJINAN_READING_HOURS", (7, 21))
READING_IDLE_DAYS = env.number("JIUJINAN_READING_IDLE_DAYS", 5)
WEBHOOK_SECRET = env.text("JIUJINAN_WEBHOOK_SECRET", _KEYS["webhook"])

# Aggregate counts of low-income people by county: the crowd that a published record hides in.
REFERENCE_REGISTER = env.text("JIUJINAN_REGISTER", str(ROOT / "demo" / "register.csv"))
# What must be measured before anything is published; sources beside each in needs/anonymise/settings.py.
PUBLISH_GATE = {
    "k_ref_open": env.number("JIUJINAN_K_REF_OPEN", 20),
    "k_ref_vetted": env.number("JIUJINAN_K_REF_VETTED", 5),
    "register_churn": env.share("JIUJINAN_REGISTER_CHURN", 0.2),
    "k_case": env.number("JIUJINAN_K_CASE", 5),
    "case_months": env.number("JIUJINAN_CASE_MONTHS", 12),
    "k_notice": env.number("JIUJINAN_K_NOTICE", 5),
    "k_notice_wanted": env.number("JIUJINAN_K_NOTICE_WANTED", 20),
    "k_offer": env.number("JIUJINAN_K_OFFER", 5),
    "notice_months": env.number("JIUJINAN_NOTICE_MONTHS", 3),
    "l_diversity": env.number("JIUJINAN_L_DIVERSITY", 3),
    "t_closeness": env.share("JIUJINAN_T_CLOSENESS", 0.3),
    "k_case_without_register": env.number("JIUJINAN_K_CASE_WITHOUT_REGISTER", 20),
}
PLAN_HOURS = env.number("JIUJINAN_PLAN_HOURS", 36)  # an older plan is not asked any more

# Until when help is hoped for, in calendar months with the one of publication, by tier (ours; the law sets none).
PROJECT_MONTHS = {"critical": 1, "joint": 2, "departmental": 3}

# What counts as duplicate aid, by purpose: a table of one's own in place of the shipped one.
AID_RULES = env.text("JIUJINAN_AID_RULES", str(ROOT / "needs" / "aid" / "rules.csv"))

# Heads of the ledger's chains, appended daily; keep it where the database's administrators can't write.
LEDGER_ANCHORS = env.text("JIUJINAN_ANCHORS", str(VAR / "ledger-anchors.jsonl"))

# An installation on its own database is a real one: no invented prefecture among its regions.
DEMO = env.flag("JIUJINAN_DEMO", "DATABASE_URL" not in os.environ)

ALLOWED_HOSTS = env.words("JIUJINAN_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("JIUJINAN_TRUSTED_ORIGINS", [])

# --- What is installed -------------------------------------------------------------------------
INSTALLED_APPS = [
    "cms.apps.CmsConfig",
    "cms.site.apps.SiteConfig",
    "cms.desk.apps.DeskConfig",
    "cms.portal.apps.PortalConfig",
    "cms.api.apps.ApiConfig",
    "matching.apps.MatchingConfig",
    "needs.discovery.apps.DiscoveryConfig",
    "needs.intake.apps.IntakeConfig",
    "needs.apps.NeedsConfig",
    "donors.ledger.apps.LedgerConfig",
    "donors.apps.DonorsConfig",
    "jiujinan.accounts.apps.AccountsConfig",
    "jiujinan.regions.apps.RegionsConfig",
    "jiujinan.sealing.apps.SealingConfig",
    "jiujinan.audit.apps.AuditConfig",
    "jiujinan.outbox.apps.OutboxConfig",
    "jiujinan.clocks.apps.ClocksConfig",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # an ETag of what is shown, never a date
    "cms.site.page_cache.PageCache",  # before all that a finished page doesn't need
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
    "cms.public_side.middleware.PublicRole",
]

ROOT_URLCONF = "jiujinan.urls"
WSGI_APPLICATION = "jiujinan.wsgi.application"
ASGI_APPLICATION = "jiujinan.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ]
        },
    }
]

# --- Parts: embedded by default, named by the environment in production ------------------------
DATABASES = {"default": env.database("DATABASE_URL", VAR / "jiujinan.sqlite3")}
# PostgreSQL: the role that serves anonymous visitors (`manage.py create_public_role`); empty, the application's own.
PUBLIC_ROLE = env.text("JIUJINAN_PUBLIC_ROLE", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_REDIS = env.text("REDIS_URL", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache"
        if _REDIS
        else "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": _REDIS or "jiujinan",
    }
}
# With an address, search is asked there; without, or when it fails, the database answers.
ELASTICSEARCH_URL = env.text("ELASTICSEARCH_URL", "")
ELASTICSEARCH_PREFIX = env.text("ELASTICSEARCH_PREFIX", "jiujinan")
MATCHING_PROVINCE_ROUNDS = env.number(
    "JIUJINAN_MATCHING_PROVINCE_ROUNDS", 0
)  # 0: one solve for the whole country
CELERY_BROKER_URL = _REDIS
CELERY_TASK_ALWAYS_EAGER = not _REDIS
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

_SMTP = env.smtp("JIUJINAN_SMTP")
_MAIL = "smtp" if _SMTP else "console"
EMAIL_BACKEND = env.text("JIUJINAN_EMAIL_BACKEND", f"django.core.mail.backends.{_MAIL}.EmailBackend")
globals().update(_SMTP)
DEFAULT_FROM_EMAIL = env.text("JIUJINAN_FROM", "jiujinan@localhost")

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
PRIVATE_ROOT = VAR / "private"  # evidence of organisations: no address serves it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Who comes in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
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
ACCOUNT_ADAPTER = "jiujinan.accounts.adapter.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the page says the same either way; a stranger's address gets no mail
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/portal/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- What a browser may do -------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # Wagtail's editor needs inline scripts; it is for staff alone
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    },
}
_HTTPS = env.flag("JIUJINAN_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SESSION_COOKIE_AGE = 8 * 60 * 60
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Wagtail ---------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "救急难+"
WAGTAILADMIN_BASE_URL = env.text("JIUJINAN_BASE_URL", "http://localhost:8000")
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.site.images.BareImageForm"  # nothing but the picture is kept
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
CARD_FONT = env.text(
    "JIUJINAN_CARD_FONT", ""
)  # a typeface that writes Chinese, where none of the usual places has one
TAGGIT_CASE_INSENSITIVE = True

# What a log record or an error report says never holds a sealed value (jiujinan/sealing/redaction.py).
DEFAULT_EXCEPTION_REPORTER_FILTER = "jiujinan.sealing.redaction.NoValues"
DEFAULT_EXCEPTION_REPORTER = "jiujinan.sealing.redaction.MaskedReporter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.text("JIUJINAN_LOG_LEVEL", "WARNING")},
}
