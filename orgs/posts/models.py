"""A person in a post: the only source of what an account may do."""

import datetime
import uuid
from collections.abc import Hashable
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from childwelfare.tables.prepared import Parameter
from childwelfare.tables.text import JoinedText
from orgs.access.permissions import MATRIX
from orgs.access.scope import TIERS, ScopedQuerySet
from orgs.units.models import UnitGrant


class Role(models.TextChoices):
    """Titles as in the notice; later national titles are a dated wording set."""

    VILLAGE_DIRECTOR = "village_director", _("儿童福利主任")
    TOWNSHIP_CLERK = "township_clerk", _("工作站工作人员")
    COUNTY_OFFICER = "county_officer", _("县级指导中心工作人员")
    CITY_OFFICER = "city_officer", _("市级指导中心工作人员")
    CITY_ADMIN = "city_admin", _("系统管理员")
    AUDITOR = "auditor", _("审计员")


class AppointmentQuerySet(ScopedQuerySet):
    via = "unit__"

    def current(self, on: datetime.date | Parameter | None = None) -> Self:
        """Posts held on ``on`` (today) by people whose account is open."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day, person__is_active=True)

    def with_unit(self) -> Self:
        return self.select_related("person", "unit", "unit__city", "unit__county", "unit__township")

    def with_grants(self) -> Self:
        """With each post what it is granted on its unit, so that asking ``may`` costs no query more."""
        grants = UnitGrant.objects.filter(user=OuterRef("person"), content_object=OuterRef("unit")).order_by()
        names = grants.values("user").annotate(names=JoinedText("permission__codename")).values("names")
        return self.annotate(granted=Coalesce(Subquery(names), Value(""), output_field=models.TextField()))


class Appointment(models.Model):
    """``valid_to`` is the first day on which the post is no longer held."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("orgs.Person", models.PROTECT, related_name="appointments")
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="appointments")
    role = models.CharField(_("岗位"), max_length=32, choices=Role)
    lead = models.BooleanField(_("负责人"), default=False)
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("离任日期"), null=True, blank=True)
    document = models.CharField(_("任免文号"), max_length=60, blank=True)
    appointed_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, blank=True, related_name="+")

    granted: str | None = None  # codenames with commas between them; None where they were not read with the post

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位任职")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"], condition=Q(valid_to=None), name="one_open_appointment_per_post"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="appointment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.unit}{self.get_role_display()}"

    @cached_property
    def _grants(self) -> dict[str, dict[str, set[int]]]:
        """{codename: {tier column: unit ids}}, read with the post (``with_grants``) or by one lean query, and kept on
        this object for the request.

        A grant counts while its appointment holds, and never beyond what the role is declared to do: a person
        with two posts at one unit acts in one of them at a time. It counts at the units as well that its unit took
        over from: what was left open or closed there has nobody else.
        """
        if not self.is_current():
            return {}
        if self.granted is None:
            rows = UnitGrant.objects.filter(user=self.person_id, content_object=self.unit_id)
            names = list(rows.values_list("permission__codename", flat=True))
        else:
            names = self.granted.split(",")
        here = {TIERS[self.unit.level - 1]: set(self.unit.own_keys)}
        return {name: here for name in names if name in MATRIX[self.role]}

    @cached_property
    def reach(self) -> Hashable:
        """All on which depends what this post is shown on one day: whose it is, where, and what it is granted. Two
        requests of one reach ask the same (``childwelfare.tables.kept``)."""
        places = tuple(getattr(self.unit, f"{tier}_id") for tier in TIERS)
        own = tuple(self.unit.own_keys)
        return self.pk, self.person_id, self.role, own, self.unit.level, places, frozenset(self._grants)

    @property
    def role_label(self) -> str:
        return self.get_role_display()

    def is_current(self, on: datetime.date | None = None) -> bool:
        day = on or timezone.localdate()
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)

    def units_granting(self, permission: str) -> dict[str, set[int]]:
        """Where this post holds ``permission``: {tier column: unit ids}."""
        return self._grants.get(permission, {})

    def holds(self, permission: str) -> bool:
        """Whether this post holds ``permission`` anywhere: what opens a page; records are asked one by one."""
        return permission in self._grants

    def may(self, permission: str, record: Any) -> bool:
        """Whether this post holds ``permission`` on ``record``, by the record's place or one above."""
        return any(getattr(record, f"{tier}_id") in ids for tier, ids in self.units_granting(permission).items())
