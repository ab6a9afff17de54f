"""What was ordered of units, what became of it, and which unit took over from which. Rows are only ever added."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.access.scope import Grants, ScopedQuerySet, lies_in
from orgs.units.models import OrgUnit


class Kind(models.TextChoices):
    RENAME = "rename", _("改名")
    MOVE = "move", _("调整隶属")
    MERGE = "merge", _("合并")
    SPLIT = "split", _("拆分")
    OPEN = "open", _("新设")
    CLOSE = "close", _("撤销建制")


class Result(models.TextChoices):
    APPLIED = "applied", _("已生效")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("未能生效")


class ReorganisationQuerySet(ScopedQuerySet):
    via = "root__"

    def visible_to(self, post: Grants | None, permission: str) -> Self:
        """Those that concern a unit on which ``post`` holds ``permission``, or one that it was, or came to be."""
        units = post.units_granting(permission) if post else {}
        if not units:
            return self.none()
        parts, took_over = ReorganisationPart.objects.none(), Succession.objects.none()
        for path in ("source__", "target__", "parent__"):
            parts = parts | ReorganisationPart.objects.filter(lies_in(units, path))
        for path in ("predecessor__", "successor__"):
            took_over = took_over | Succession.objects.filter(lies_in(units, path))
        concerned = Q(pk__in=parts.values("reorganisation")) | Q(pk__in=took_over.values("reorganisation"))
        return self.filter(lies_in(units, "root__") | concerned)

    def waiting(self) -> Self:
        """Ordered for a day, and not yet done or called off."""
        return self.filter(outcome=None)

    def with_words(self) -> Self:
        parts = models.Prefetch("parts", ReorganisationPart.objects.with_units())
        return self.select_related("root", "made_by", "outcome").prefetch_related(parts)

    def newest_first(self) -> Self:
        return self.order_by("-effective_on", "-made_at", "-id")


class Reorganisation(models.Model):
    """One order: ``kind``, for the day ``effective_on``, by ``document``. ``root``: the unit at the top of the tree.
    ``posts_follow``: who works at a unit that closes goes on at the one that takes over; else the posts end."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("事项"), max_length=8, choices=Kind)
    effective_on = models.DateField(_("生效日期"))
    document = models.CharField(_("批文文号"), max_length=60)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    posts_follow = models.BooleanField(_("岗位随机构转到接续的单位"), default=True)
    root = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    lines: list[str]  # put on a row that is shown: its parts in words

    objects: ClassVar = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构调整")
        indexes = [models.Index(fields=["root", "-effective_on", "-made_at", "-id"], name="reorganisation_of_root")]

    TONES: ClassVar = {"applied": "ok", "cancelled": "outline", "failed": "danger"}

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}"

    @property
    def result(self) -> str:
        """How it ended, blank while it waits for its day."""
        outcome = getattr(self, "outcome", None)
        return outcome.result if outcome else ""

    @property
    def state_label(self) -> Words:
        label: Words = Result(self.result).label if self.result else _("待生效")
        return label

    @property
    def tone(self) -> str:
        return self.TONES.get(self.result, "warm")


class PartQuerySet(models.QuerySet):
    def with_units(self) -> Self:
        """With what a page says of each, asking nothing more."""
        paths = [
            f"{role}__{tier}" for role in ("source", "target", "parent") for tier in ("city", "county", "township")
        ]
        return self.select_related("source", "target", "parent", *paths).order_by("pk")


class ReorganisationPart(models.Model):
    """One unit of an order. ``source``: what is changed; ``target``: an existing unit that takes over; ``parent``:
    under which it, or the new unit ``name`` (``code``), lies from then on."""

    append_only = True

    reorganisation = models.ForeignKey(Reorganisation, models.PROTECT, related_name="parts")
    source = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("名称"), max_length=60, blank=True)
    code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    was_name = models.CharField(max_length=60, blank=True)  # of ``source``, when it was ordered

    objects: ClassVar = PartQuerySet.as_manager()


class ReorganisationOutcome(models.Model):
    """What became of an order: it has one outcome, whoever is first. Without a person: its day came."""

    append_only = True

    reorganisation = models.OneToOneField(Reorganisation, models.PROTECT, related_name="outcome")
    result = models.CharField(max_length=9, choices=Result)
    reason = models.TextField(blank=True)
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class SuccessionQuerySet(models.QuerySet):
    def of_others(self) -> Self:
        """Where another unit took over: not the same one, that stays beside what was split off."""
        return self.exclude(predecessor=F("successor"))


class Succession(models.Model):
    """``successor`` took over from ``predecessor`` on ``on``; several rows where a unit was split or several merged."""

    append_only = True

    reorganisation = models.ForeignKey(Reorganisation, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(OrgUnit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(OrgUnit, models.PROTECT, related_name="took_over_from")
    on = models.DateField()

    objects: ClassVar = SuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "predecessor", "successor"], name="one_succession_of_two_units"
            ),
        ]


def _ends(unit: int, steps: dict[int, set[int]]) -> set[int]:
    """Where one comes to from ``unit`` in ``steps``; who took over from itself goes on as it is."""
    after = steps.get(unit, set()) - {unit}
    return set().union(*(_ends(each, steps) for each in after)) if after else {unit}


def successors_of(units: list[int]) -> dict[int, set[int]]:
    """{unit: those that stand in its place today}, of closed ``units``; what took over and was closed since is followed
    on. A query a step, whatever the number of units."""
    steps: dict[int, set[int]] = {}
    following, asked = set(units), set()
    while following:
        asked |= following
        rows = Succession.objects.filter(predecessor__in=following).values_list("predecessor", "successor")
        for before, after in rows:
            steps.setdefault(before, set()).add(after)
        following = {each for pk in following for each in steps.get(pk, ())} - asked
    found = {pk: _ends(pk, steps) for pk in units}
    reached = {each for now in found.values() for each in now}
    standing = set(OrgUnit.objects.current().filter(pk__in=reached).values_list("pk", flat=True))
    return {pk: now & standing for pk, now in found.items()}
