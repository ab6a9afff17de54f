"""Signal receivers: after each migrate permissions and grants are what the matrix declares."""

from django.apps import AppConfig
from django.db import DatabaseError
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from orgs.access.permission_rows import sync_permission_rows
from orgs.posts.services import align_grants


@receiver(post_migrate, dispatch_uid="permissions_and_grants")
def follow_the_matrix(sender: AppConfig, **_signal) -> None:
    """An upgrade may have given a role another action: those in office get it with the migration."""
    if sender.label != "orgs":
        return
    try:
        sender.get_model("Appointment")._default_manager.exists()
    except DatabaseError:  # migrated backwards to before there were appointments
        return
    sync_permission_rows()
    align_grants()
