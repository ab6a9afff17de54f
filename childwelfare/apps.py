"""The ground floor as a Django app: append-only tables, background jobs, and the loop that finds all hooks."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GroundConfig(AppConfig):
    name = "childwelfare"
    verbose_name = _("基础")

    def ready(self) -> None:
        from childwelfare.celery import app
        from childwelfare.hooks import discover
        from childwelfare.jobs.schedule import beat_schedule
        from childwelfare.security import append_only, checks  # noqa: F401  (registers system checks)

        post_migrate.connect(append_only.install_guards, dispatch_uid="append_only_guards")
        discover("hooks", "jobs")
        app.conf.beat_schedule = beat_schedule()
