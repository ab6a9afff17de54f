"""The project's settings with this package before the registry, whose tables get its columns."""

from childwelfare.settings import *  # noqa: F403

INSTALLED_APPS = ["tests.added_field", *INSTALLED_APPS]  # noqa: F405
