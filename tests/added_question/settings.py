"""The project's settings with this package before the visits, whose table gets its columns."""

from childwelfare.settings import *  # noqa: F403

INSTALLED_APPS = ["tests.added_question", *INSTALLED_APPS]  # noqa: F405
