"""The tree of four tiers, and who holds which permission where."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from childwelfare.text.words import PATH_SIGN
from orgs.access.scope import TIERS, ScopedQuerySet

NOTHING = models.Value([], models.JSONField())  # for the version before, which writes units without these columns


class Level(models.IntegerChoices):
    CITY = 1, _("市")
    COUNTY = 2, _("县（市、区）")
    TOWNSHIP = 3, _("乡镇（街道）")
    VILLAGE = 4, _("村（居）")


def office(path: str = "", ref: type[F] = F) -> Coalesce:
    """As ``OrgUnit.office_id``, of the unit behind ``path``; of the outer query with ``ref=OuterRef``."""
    via = f"{path}__" if path else ""
    return Coalesce(ref(f"{via}taken_over_by"), ref(path or "pk"))


class OrgUnitQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        return self.filter(valid_to=None)

    def stood_on(self, day: datetime.date) -> Self:
        """Those that stood at the end of ``day``."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def current_counties(self) -> list[int]:
        """The keys of all counties that stand today: the shards of jobs. One query."""
        return list(self.current().filter(level=Level.COUNTY).values_list("pk", flat=True))

    def in_order(self) -> Self:
        """By code, units without one last, as the statistical tables print them."""
        return self.order_by(F("code").asc(nulls_last=True), "pinyin", "pk")

    def changed_since(self, moment: datetime.datetime) -> Self:
        """Those whose name, place or path changed at ``moment`` or later, new ones among them."""
        return self.filter(updated_at__gte=moment)

    def roots(self) -> Self:
        return self.filter(parent=None)

    def below(self, unit: "OrgUnit") -> Self:
        """The units under ``unit``, itself left out, at any depth."""
        return self.filter(**{TIERS[unit.level - 1]: unit}).exclude(pk=unit.pk)

    def with_path(self) -> Self:
        """Joins what a shown path needs, so that ``path_label`` asks nothing."""
        return self.select_related("city", "county", "township")


class OrgUnit(models.Model):
    """A city, county, township or village, with the centre, station or post that works there.

    ``city``, ``county``, ``township`` and ``village`` name its ancestors and, at its own level, itself.
    Official codes are an attribute: they are re-issued, may be missing, and are no path (郑东新区).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level)
    city = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    township = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    village = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    code = models.CharField(_("行政区划代码"), max_length=12, null=True, blank=True)
    pinyin = models.CharField(max_length=100, blank=True, editable=False)
    pilot = models.BooleanField(_("试点"), default=False)
    stand_in = models.BooleanField(_("补位（该层级实际不存在）"), default=False)
    host = models.CharField(_("依托单位"), max_length=60, blank=True)
    sign_hung_on = models.DateField(_("挂牌日期"), null=True, blank=True)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    # when its name, place or path changed last; None where it did not since that is kept
    updated_at = models.DateTimeField(default=timezone.now, null=True, editable=False)
    # keys of closed units of its tier that it alone took over from: who holds a post here holds it there as well
    took_over = models.JSONField(default=list, db_default=NOTHING, editable=False)
    # of a closed unit, the one that alone took over from it; where that was taken over in its turn, the last
    taken_over_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units_taken_over", editable=False
    )
    # [{name, code, pinyin, until}], oldest first: what it was called until that day (orgs.reorganisation)
    earlier_names = models.JSONField(default=list, db_default=NOTHING, editable=False)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="unit_level_is_1_to_4"),
            # a village may repeat its township's code where a level is missing, so the level belongs to the key
            models.UniqueConstraint(
                fields=["code", "level"], condition=Q(valid_to=None), name="unit_code_is_unique_at_level"
            ),
        ]
        indexes = [
            # drilling: the next tier below a unit, in the order of the tables
            models.Index(fields=["parent", "code"], name="unit_children"),
            models.Index(fields=["county", "level"], name="unit_in_county"),
            models.Index(fields=["township", "level"], name="unit_in_township"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def own_keys(self) -> list[int]:
        """Its own key and those of the units that it took over from."""
        return [self.pk, *self.took_over]

    @property
    def office_id(self) -> int:
        """The key of the unit whose people do its work: itself, or who alone took over from it."""
        return int(self.taken_over_by_id or self.pk)

    def name_on(self, day: datetime.date) -> str:
        """What it was called at the end of ``day``."""
        return self._called_on(day)["name"]

    def _called_on(self, day: datetime.date) -> dict:
        names = ("name", "code", "pinyin")
        for each in self.earlier_names:
            if each["until"] > day.isoformat():
                return {name: each[name] for name in names}
        return {name: getattr(self, name) for name in names}

    def as_of(self, day: datetime.date) -> Self:
        """The unit, to be shown and not saved, with the names that it and those above it had on ``day``. Where it lies
        needs no day: a unit that lies elsewhere is another one (docs/decisions/0032). Asks nothing."""
        above = {
            tier: self._state.fields_cache[tier].as_of(day)
            for tier in TIERS[: self.level - 1]
            if self._state.fields_cache.get(tier)
        }
        named = self._called_on(day)
        if all(getattr(self, name) == value for name, value in named.items()) and all(
            unit.name == getattr(self, tier).name for tier, unit in above.items()
        ):
            return self
        values = {each.attname: getattr(self, each.attname) for each in self._meta.concrete_fields}
        then = type(self)(**values | named)
        then._state.adding, then._state.db = False, self._state.db
        for tier, unit in above.items():
            setattr(then, tier, unit)
        return then

    @property
    def place_in_tables(self) -> tuple:
        """As ``in_order`` sorts; of a unit ``as_of`` a day, as the tables of then did."""
        return self.code is None, self.code or "", self.pinyin, self.pk

    def chain(self) -> list["OrgUnit"]:
        """From the root down to this unit, stand-ins left out."""
        units = [getattr(self, tier) if getattr(self, f"{tier}_id") != self.pk else self for tier in TIERS]
        return [unit for unit in units if unit and not unit.stand_in]

    @cached_property
    def path_label(self) -> str:
        """How a unit is always shown, for names repeat: county › township › village; the city stays unsaid."""
        chain = self.chain()
        return PATH_SIGN.join(unit.short_name for unit in (chain[1:] if len(chain) > 1 else chain))

    @property
    def short_name(self) -> str:
        """The name as people say it: 枣树沟村村委会 → 枣树沟村."""
        for tail in ("村民委员会", "居民委员会", "村委会", "居委会"):
            stem = self.name.removesuffix(tail)
            if stem != self.name and len(stem) > 1:
                return stem if stem.endswith(("村", "社区")) else f"{stem}{'村' if '村' in tail else '社区'}"
        return self.name

    @property
    def centre_name(self) -> str:
        """The body that signs for this unit (notice, part 3)."""
        return {
            1: f"{self.name}儿童福利指导中心",
            2: f"{self.name}儿童福利指导中心",
            3: f"{self.name}儿童福利工作站",
            4: self.short_name,
        }[self.level]


class UnitGrant(UserObjectPermissionBase):
    """A permission of a person on a unit (django-guardian, direct foreign key). Written by ``orgs.services``."""

    content_object = models.ForeignKey(OrgUnit, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
