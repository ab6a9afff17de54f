"""What all other apps stand on: append-only tables, background jobs, and the loop that finds all hooks."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ChildwelfareConfig(AppConfig):
    name = "childwelfare"
    verbose_name = _("基础")

    def ready(self) -> None:
        from childwelfare.celery import app
        from childwelfare.hooks import discover
        from childwelfare.jobs.schedule import beat_schedule
        from childwelfare.runtime.tables import refuse_tables_of_another_version
        from childwelfare.security import append_only, checks, frozen, proofs  # noqa: F401  (registers system checks)
        from childwelfare.workflow.tables import WORKFLOWS

        # with a sender, since it comes once for each app
        pre_migrate.connect(refuse_tables_of_another_version, sender=self, dispatch_uid="tables_of_another_version")
        post_migrate.connect(append_only.install_guards, dispatch_uid="append_only_guards")
        post_migrate.connect(frozen.install_freezes, dispatch_uid="frozen_rows")
        post_migrate.connect(proofs.leave_proofs, sender=self, dispatch_uid="key_proofs")
        connection_created.connect(proofs.compare_on_connection, dispatch_uid="key_proofs")
        discover("workflow")
        WORKFLOWS.complete = True
        discover("hooks", "jobs")
        app.conf.beat_schedule = beat_schedule()
