"""Who may do what where."""

from django.apps import AppConfig
from django.db import DatabaseError
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    name = "orgs"
    verbose_name = _("机构与岗位")

    def ready(self):
        from orgs import navigation  # noqa: F401  (registers its entries)

        post_migrate.connect(_align_grants, sender=self, dispatch_uid="align_grants")


def _align_grants(sender, **_signal):
    """An upgrade may have given a role another action: those in office get it with the migration."""
    from orgs.posts.services import align_grants

    try:
        sender.get_model("Appointment").objects.exists()
    except DatabaseError:  # migrated backwards to before there were appointments
        return
    align_grants()
