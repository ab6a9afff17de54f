"""The rows of Django's permission table, made from the matrix (``permissions.ACTIONS``) after each migrate.

A new permission therefore needs no migration of its own.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from orgs.access.permissions import ACTIONS


def unit_permissions() -> QuerySet[Permission]:
    """The permissions that the matrix speaks of, held on units."""
    return Permission.objects.filter(content_type__app_label="orgs", content_type__model="orgunit")


def sync_permission_rows() -> None:
    """Make the rows what ``ACTIONS`` declares. What is no longer declared goes, and every grant of it. Idempotent."""
    content_type, _made = ContentType.objects.get_or_create(app_label="orgs", model="orgunit")
    with transaction.atomic(), translation.override("zh-hans"):
        known = {permission.codename: permission for permission in unit_permissions()}
        labels = {name: str(label) for name, label in ACTIONS.items()}
        Permission.objects.bulk_create(
            Permission(content_type=content_type, codename=name, name=label)
            for name, label in labels.items()
            if name not in known
        )
        for name, permission in known.items():
            if name not in labels:
                permission.delete()
            elif permission.name != labels[name]:
                permission.name = labels[name]
                permission.save(update_fields=["name"])
