"""Settings of the test-suite: the same as production but for speed and a plain-HTTP live server."""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("LIANQI_DATA_DIR", tempfile.mkdtemp(prefix="lianqi-test-"))
os.environ.setdefault("LIANQI_SECRET_KEY", "test-key-" + "x" * 50)
os.environ.setdefault("LIANQI_INSECURE_HTTP", "1")
os.environ.setdefault("LIANQI_COLLECTED_STATIC", "0")
# The embedded server starts for a test run, not for the type checker that reads these settings.
if "LIANQI_DATABASE_URL" not in os.environ and "pytest" in sys.modules:
    from lianqi.ops.embedded import test_database_url

    os.environ["LIANQI_DATABASE_URL"] = test_database_url(Path("var").resolve())

from lianqi.config.settings import *  # noqa: F403  # the settings under test, all of them

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Rate limits would make tests depend on one another; they have tests of their own that set them.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]  # allauth: False is none, a table is some
# Two runs at once, say in two terminals, must not empty each other's tables.
DATABASES["default"]["TEST"] = {"NAME": f"test_lianqi_{os.getpid()}"}  # noqa: F405
