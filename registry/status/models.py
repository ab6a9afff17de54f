"""The dated status of registered children: what figures are counted from, as it was known on any day."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.access.scope import Placed, ScopedQuerySet
from registry.child import codes
from registry.child.models import ChildFile

# What a child holds, in one number, so that a child is one row. A bit keeps its meaning for ever: the rows have it.
CATEGORY_BITS = {
    codes.Category.ORPHAN.value: 1,
    codes.Category.DE_FACTO.value: 2,
    codes.Category.DIFFICULTY.value: 4,
    codes.Category.LEFT_BEHIND.value: 8,
    codes.Category.MIGRANT.value: 16,
}
DIFFICULTY_BITS = {difficulty.value: 256 << place for place, difficulty in enumerate(codes.Difficulty)}
# columns of the file that count as they are from the day on which they were written
COLUMNS = ("sex", "birth_date", "guardianship", "schooling", "disability", "risk")
# likewise, of what other concepts know of the child (registry.status.measures)
MEASURED = ("reassess_by", "need_by")


def counting_on(day: datetime.date) -> Q:
    """Rows in the registry at the end of ``day``."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def entering(first: datetime.date, last: datetime.date) -> Q:
    """Rows of those who came to count at their place from ``first`` to ``last``."""
    return Q(enters=True, since__gte=first, since__lte=last)


def leaving(first: datetime.date, last: datetime.date) -> Q:
    """Rows of those who ceased to count at their place from ``first`` to ``last``."""
    return Q(leaves=True, until__gte=first, until__lte=last)


class ChildStatusQuerySet(ScopedQuerySet):
    def known(self, day: datetime.date | None = None) -> Self:
        """As it was known at the end of ``day``; as it is known now, where there is none."""
        if day is None:
            return self.filter(known_until=None)
        return self.filter(Q(known_until=None) | Q(known_until__gt=day), known_from__lte=day)

    def touching(self, first: datetime.date, last: datetime.date) -> Self:
        """That say anything of the days from the eve of ``first`` to ``last``: who was there, came or went."""
        return self.filter(Q(until=None) | Q(until__gte=first), since__lte=last)


class ChildStatus(Placed):
    """A child counted as this, here, from ``since`` until ``until`` (the first day it no longer did).

    Two clocks. ``since`` and ``until`` say when it was so; ``known_from`` and ``known_until`` when the registry said
    so: a row that a fact of an earlier day has overtaken stays, and says what was known before. What is so from today
    on overtakes nothing: the row before it ends. Rows that are known now of one child do not overlap.

    ``enters``: at ``since`` the child began to count at this place (registered, moved in, registered again);
    ``leaves``: at ``until`` it ceased to (closed, moved away). So at any place what counted before, and what entered,
    less what left, is what counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="statuses")
    since = models.DateField()
    until = models.DateField(null=True)
    enters = models.BooleanField(default=False)
    leaves = models.BooleanField(default=False)
    known_from = models.DateField()
    known_until = models.DateField(null=True)
    sex = models.CharField(_("性别"), max_length=6, choices=codes.Sex)
    birth_date = models.DateField()
    guardianship = models.CharField(max_length=4, blank=True)
    schooling = models.CharField(max_length=14, blank=True)
    disability = models.CharField(max_length=1, blank=True)
    risk = models.CharField(_("风险等级"), max_length=8, choices=codes.CHILD_RISKS)
    categories = models.PositiveSmallIntegerField(default=0)
    # by when the child is assessed next; None: nobody assessed it yet
    reassess_by = models.DateField(null=True)
    # the earliest last day of its open needs; None: it has none
    need_by = models.DateField(null=True)

    objects: ClassVar = ChildStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("在册状况")
        ordering = ["since", "known_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="status_ends_after_begin"),
            models.CheckConstraint(
                condition=Q(known_until=None) | Q(known_until__gt=F("known_from")), name="status_known_for_a_day"
            ),
        ]
        indexes = [
            # the leaf counts of the roll-up, index only
            models.Index(
                fields=[
                    "county",
                    "village",
                    "since",
                    "until",
                    "known_from",
                    "known_until",
                    "enters",
                    "leaves",
                    "sex",
                    "birth_date",
                    "guardianship",
                    "schooling",
                    "disability",
                    "risk",
                    "categories",
                    "reassess_by",
                    "need_by",
                ],
                name="status_figures",
            ),
            # what is crossed with the visits of a month, by the child (reports.crossing), index only
            models.Index(
                fields=[
                    "county",
                    "child",
                    "township",
                    "since",
                    "until",
                    "known_from",
                    "known_until",
                    "sex",
                    "birth_date",
                    "guardianship",
                    "schooling",
                    "disability",
                    "risk",
                    "categories",
                    "reassess_by",
                    "need_by",
                ],
                name="status_crossing",
            ),
            # what was overtaken since a month ended, and what came late: few of all
            models.Index(
                fields=["county", "known_until"], name="status_overtaken", condition=Q(known_until__isnull=False)
            ),
            models.Index(
                fields=["county", "known_from"], name="status_known_late", condition=Q(known_from__gt=F("since"))
            ),
        ]

    def holds(self, category: str) -> bool:
        return bool(self.categories & CATEGORY_BITS[category])

    @property
    def category_labels(self) -> list[Words]:
        """Of the categories that the child held, in the order of the code list."""
        return [category.label for category in codes.Category if self.holds(category)]
