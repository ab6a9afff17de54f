"""All settings, driven by the environment. docs/configuration.md lists every variable; a test holds it to this file.

Two ways to run: embedded (``CWR_EMBEDDED=1``, set by ./dev: SQLite, filesystem broker, keys made by itself) and
production (PostgreSQL by DATABASE_URL, Redis by REDIS_URL, behind a TLS front).
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from childwelfare.runtime.database import with_engine_options
from childwelfare.runtime.logging import configure
from childwelfare.runtime.static_version import static_version

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(ROOT / ".env")  # what the environment already holds counts before the file

# --- The way to run, and the folder of its state
CWR_EMBEDDED = env.bool("CWR_EMBEDDED", False)
CWR_HOME = Path(env.str("CWR_HOME", str(ROOT / "var"))).resolve()
CWR_ANCHORS = CWR_HOME / "anchors"
CWR_KEYS = Path(env.str("CWR_KEYS", str(CWR_HOME / "keys"))).resolve()
CWR_PROXIES = env.int("CWR_PROXIES", 0)  # trusted proxies in front; 1 behind the TLS front of docker-compose.yml
CWR_HTTPS = env.bool("CWR_HTTPS", not CWR_EMBEDDED)
CWR_STATIC = env.str("CWR_STATIC", "finders" if CWR_EMBEDDED else "collected")

CWR_OFFLINE = env.bool("CWR_OFFLINE", True)  # 0 takes the service worker off all phones

DEBUG = env.bool("DEBUG", False)


def _embedded_secret() -> str:
    from childwelfare.security.keys import create_key

    path = CWR_KEYS / "secret.key"
    CWR_KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
    create_key(path)
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", "") if CWR_EMBEDDED else env.str("SECRET_KEY")
if CWR_EMBEDDED and not SECRET_KEY:
    SECRET_KEY = _embedded_secret()

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# the embedded mode has its own of both, whatever the shell or .env name for production
REDIS_URL = "" if CWR_EMBEDDED else env.str("REDIS_URL", "")
_SQLITE_URL = f"sqlite:///{CWR_HOME / 'registry.sqlite3'}"

# --- Apps and the way of a request
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "childwelfare",
    "orgs",
    "registry",
    "visits",
    "reports",
]

MIDDLEWARE = [
    "childwelfare.runtime.head.HeadWithoutBody",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "childwelfare.security.proofs.KeysFit",
    "childwelfare.security.permissions_policy.PermissionsPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "childwelfare.text.language.ChosenLanguage",
    "childwelfare.security.charset.OnlyUtf8",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # in the place of Django's AuthenticationMiddleware: sets request.user and the post it acts in
    "orgs.access.middleware.PostMiddleware",
    "childwelfare.security.nul.WithoutNul",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orgs.access.page_post.PageOfPost",
    "axes.middleware.AxesMiddleware",
    "childwelfare.pages.errors.BusyDatabase",
    "childwelfare.pages.errors.RefusalWithoutForm",
    "childwelfare.pages.only_posted.OnlyPosted",
]

if CWR_EMBEDDED:
    before_the_database_is_read = MIDDLEWARE.index("childwelfare.text.language.ChosenLanguage") + 1
    MIDDLEWARE.insert(before_the_database_is_read, "childwelfare.runtime.filling.WhileFilling")

ROOT_URLCONF = "childwelfare.urls"
WSGI_APPLICATION = "childwelfare.wsgi.application"
CSRF_FAILURE_VIEW = "childwelfare.pages.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["childwelfare.templatetags.form_start"],  # every form says whose page it is
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "childwelfare.pages.context.page",
            ],
        },
    },
]

# --- Database: transactions are opened by services, so there is no ATOMIC_REQUESTS
DATABASES = {
    "default": with_engine_options(
        # production demands its own: a missing address would begin an empty registry in a file
        env.db_url_config(_SQLITE_URL) if CWR_EMBEDDED else env.db("DATABASE_URL")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People
AUTH_USER_MODEL = "orgs.Person"
# guardian's own backend stays out: it asks the database per object (301 queries for a page instead of 2)
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "orgs.access.backends.PostBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "orgs.accounts.passwords.NoLocalNames"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
SESSION_ENGINE = "orgs.accounts.sessions"  # whose, where, since when
SESSION_COOKIE_AGE = 12 * 3600  # seconds: one working day
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True

# never by address alone: a whole office shares one
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "orgs.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "childwelfare.runtime.proxies.client_address"
AXES_USERNAME_CALLABLE = "orgs.accounts.spraying.name_kept"  # what nobody is called may be a password: a digest
AXES_HANDLER = "orgs.accounts.spraying.NamesCounted"  # besides: many names from one address

# --- What the browser is told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CWR_HTTPS and not DEBUG
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the domain above belongs to the government, not to this product
# the container's and the front's health checks speak plain http
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CWR_PROXIES else None

# --- Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["childwelfare.text.formats"]
TIME_ZONE = "Asia/Shanghai"

# --- Files
# collected files carry a hash in their names; served from the source folders, all carry one version in their address
STATIC_URL = "/static/" if CWR_STATIC == "collected" else f"/static/{static_version(ROOT / 'static')}/"
STATIC_ROOT = ROOT / "staticfiles" if CWR_STATIC == "collected" else None
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_ROOT = CWR_HOME / "media"
MEDIA_URL = "/media/"  # never served as a folder: views check who may see a file
WHITENOISE_USE_FINDERS = CWR_STATIC == "finders"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if CWR_STATIC == "finders"
        else "childwelfare.runtime.static_files.HashedModulesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # bytes: a form with a 10 MB photo passes and is then judged in Chinese
FILE_UPLOAD_MAX_MEMORY_SIZE = int(2.5 * 1024 * 1024)
FILE_UPLOAD_PERMISSIONS = 0o640

CACHES = {
    "default": {"BACKEND": "childwelfare.runtime.cache.ForgetfulRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "orgs.accounts.authentication.PostTokenAuthentication",
        "orgs.accounts.authentication.PostSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["orgs.access.api.permissions.DeclaredPermission"],
    "DEFAULT_PAGINATION_CLASS": "childwelfare.api.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": ["childwelfare.api.parameters.FilterBackend"],
    "DEFAULT_PARSER_CLASSES": [
        "childwelfare.api.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "childwelfare.api.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "childwelfare.api.schema.Operation",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "token": "20/min"},
    "NUM_PROXIES": CWR_PROXIES,
    "EXCEPTION_HANDLER": "childwelfare.api.handlers.explain",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "儿童福利四级档案 API",
    "DESCRIPTION": (
        "各项操作会怎样拒绝，写在各项之下。此外任何地址都可能："
        "400 地址或请求头里有读不出来的字符；405 这个地址不能这样请求；406 要的格式没有；"
        "415 送来的格式不收；429 请求太多；503 正忙或正在启动，过几秒再试。"
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # names of code lists in the schema: those that several fields of one name share, or one field under several names
    "ENUM_NAME_OVERRIDES": {
        "AccountRequestKindEnum": "orgs.account_requests.models.Kind",
        "AlertOutcomeEnum": "visits.alerts.codes.Outcome",
        "AlertStateEnum": "visits.alerts.models.AlertState",
        "AlertCallEnum": "visits.alerts.codes.Call",
        "AlertCallToldEnum": "visits.alerts.codes.CALLS",
        "AssessmentStateEnum": "registry.assessments.models.AssessmentState",
        "GoalStateEnum": "registry.plans.models.GoalState",
        "NeedKindEnum": "registry.needs.codes.Kind",
        "NeedOutcomeEnum": "registry.needs.codes.Outcome",
        "NeedOutcomeByHandEnum": "registry.needs.codes.BY_HAND_CHOICES",
        "NeedSourceEnum": "registry.needs.codes.Source",
        "NeedStateEnum": "registry.needs.models.NeedState",
        "PlanStateEnum": "registry.plans.models.PlanState",
        "InstrumentStateEnum": "registry.instruments.models.InstrumentState",
        "AmendmentStateEnum": "reports.amendments.models.AmendmentState",
        "DataAnswerStateEnum": "reports.requests.models.AnswerState",
        "DataQuestionKindEnum": "reports.requests.models.QuestionKind",
        "DataRequestStateEnum": "reports.requests.models.RequestState",
        "SubmissionStateEnum": "reports.submissions.models.SubmissionState",
        "PeriodStateEnum": "reports.periods.models.PeriodState",
        "SnapshotKindEnum": "reports.snapshots.models.SnapshotKind",
        "UnitChangeKindEnum": "orgs.reorganisation.models.Kind",
        "ApprovalActionEnum": [("approve", _("通过")), ("return", _("退回")), ("undo", _("撤销"))],
        "BodyHealthEnum": "registry.child.codes.Health",
        "CategoryEnum": "registry.child.codes.Category",
        "ChildRiskEnum": "registry.child.codes.CHILD_RISKS",
        "ContactProofEnum": "registry.child.codes.ContactProof",
        "DisabilityGradeEnum": "registry.child.codes.DisabilityGrade",
        "EligibilityVerdictEnum": ["meets", "no", "unknown"],
        "ExportStateEnum": "childwelfare.jobs.models.JobState",
        "FileStateEnum": "registry.child.models.FileState",
        "LifeEnum": "registry.child.codes.Life",
        "MessageKindEnum": "orgs.inbox.api.inbox_kinds",
        "PaperKindEnum": "registry.papers.models.PaperKind",
        "RelationEnum": "registry.child.codes.Relation",
        "RiskOfRuleEnum": "registry.child.codes.Risk",
        "ReviewKindEnum": "orgs.review.api.kind_choices",
        "SituationEnum": "registry.child.codes.Situation",
        "TransferStateEnum": "registry.transfers.models.TransferState",
        "UnitLevelEnum": "orgs.units.models.Level",
        "VisitAnswerEnum": "visits.visit.codes.Level",
        "VisitOutcomeEnum": "visits.visit.codes.Outcome",
        "VisitStateEnum": "visits.visit.models.VisitState",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Mandatory reports: who is told outside the registry, and which line stands beside 110
CWR_ALERT_WEBHOOK = env.str("CWR_ALERT_WEBHOOK", "")
CWR_ANCHOR_EMAILS = env.list("CWR_ANCHOR_EMAILS", default=[])
CWR_ALERT_EMAILS = env.list("CWR_ALERT_EMAILS", default=[])
CWR_HOTLINE = env.str("CWR_HOTLINE", "12345")
vars().update(env.email_url("EMAIL_URL", "consolemail://"))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "registry@localhost")

# --- The digest of the inbox, a day and person: by mail, or signed to another system; off until one of them is set
CWR_DIGEST_MAIL = env.bool("CWR_DIGEST_MAIL", False)
CWR_DIGEST_WEBHOOK = env.str("CWR_DIGEST_WEBHOOK", "")
CWR_DIGEST_SECRET = env.str("CWR_DIGEST_SECRET", "")
CWR_DIGEST_PRIVATE = env.bool("CWR_DIGEST_PRIVATE", False)
CWR_ADDRESS = env.str("CWR_ADDRESS", "http://127.0.0.1:8000")  # under which people open the registry

# --- Celery: messages carry ids, tasks are idempotent, publishing never hangs a page
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "childwelfare.jobs.filesystem_broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "socket_connect_timeout": 0.5,  # seconds; a hanging Redis held a page for minutes without these
        "socket_timeout": 1,
        "visibility_timeout": 3600,
        # a killed worker's tasks come back within seconds instead of 90
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(CWR_HOME / "broker" / "messages"),
        "data_folder_out": str(CWR_HOME / "broker" / "messages"),
        "control_folder": str(CWR_HOME / "broker" / "control"),
        "polling_interval": 0.2,  # seconds between two looks into the folder
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# by this policy a broker that is down costs 0.0 s, one that hangs 1.0; with PUBLISH_RETRY off it is 6 and 4, since then
# the connection itself retries
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 15 * 60  # seconds; below visibility_timeout, else a running task is handed out again
CELERY_TASK_TIME_LIMIT = 20 * 60
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "childwelfare.jobs.beat.LeasedScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5  # seconds; shorter than the lease that each loop renews
# what runs when is declared beside each task: childwelfare/jobs/schedule.py

LOGGING = configure()

# guardian stores the grants; orgs.access.backends.PostBackend answers in its place
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

FORM_RENDERER = "childwelfare.pages.forms.Renderer"
