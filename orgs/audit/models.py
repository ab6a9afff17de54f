"""The audit trail: who read or changed what, sealed into a hash chain.

``data`` and ``at`` are canonical text: databases reorder JSON and round times, and a hash would break.
No value of a record stands here, only the names of fields.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import Grants, ScopedQuerySet, lies_in
from orgs.posts.models import Appointment


class AuditQuerySet(ScopedQuerySet):
    via = "unit__"

    def visible_to(self, post: Grants | None, permission: str) -> Self:
        """Besides what lies in reach: of what lies nowhere, a sign-in that failed or before a post was chosen, a city
        sees what nobody did, or somebody of hers."""
        units = post.units_granting(permission) if post else {}
        if not units:
            return self.none()
        seen = lies_in(units, self.via)
        if cities := units.get("city"):
            hers = Appointment.objects.filter(unit__city__in=cities).values("person")
            seen |= Q(unit=None) & (Q(person=None) | Q(person__in=hers))
        return self.filter(seen)


class Audit(models.Model):
    """One act. Rows are only ever added."""

    append_only = True

    at = models.CharField(_("时间"), max_length=32)
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("操作"), max_length=40)
    record = models.CharField(_("对象"), max_length=80, blank=True)
    data = models.TextField(blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            # who looked at this file: one record's trail, newest first
            models.Index(fields=["record", "-id"], name="audit_of_record"),
            # the auditor's list of one person
            models.Index(fields=["person", "-id"], name="audit_of_person"),
        ]


class AuditChild(models.Model):
    """An index: which act on another record, a visit or a paper, names which child in its ``data``. Written with the
    seal, from the row itself, and no part of what is sealed; acts that wait for their seal are few and read one by one.
    """

    append_only = True

    audit = models.OneToOneField(Audit, models.PROTECT, related_name="+", db_constraint=False)
    child = models.UUIDField()

    class Meta:
        indexes = [
            # the auditor's list of one child
            models.Index(fields=["child", "-audit"], name="audit_of_child"),
        ]


class AuditPending(models.Model):
    """Audit rows not yet sealed, written in the same transaction as the row itself."""

    audit = models.OneToOneField(Audit, models.PROTECT, primary_key=True, related_name="+", db_constraint=False)


class AuditSeal(models.Model):
    """A batch of audit rows, linked to the batch before. ``digests`` packs 32 bytes a row, in the order of ``ids``.

    ``mac``: the HMAC of ids and hashes by the key of number ``key``, which lies outside the database; without one the
    batch was sealed before there was a key, and the first that has one covers it by ``previous``.
    """

    append_only = True

    ids = models.TextField()
    digests = models.BinaryField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    key = models.PositiveSmallIntegerField(null=True)
    mac = models.CharField(max_length=64, blank=True, default="", db_default="")
    at = models.DateTimeField(auto_now_add=True)
