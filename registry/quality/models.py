"""What the rules of registry.quality find about the files in the registry, kept to be counted and listed."""

from typing import ClassVar

from django.db import models

from orgs.access.scope import TIERS, Placed, ScopedQuerySet
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile


class FileIssueQuerySet(ScopedQuerySet):
    def numbers_below(self, unit: OrgUnit) -> dict[int, dict[str, int]]:
        """{unit of the next tier: {key: files}} within ``unit``; a village's own numbers stand under itself. Served by
        issue_by_* from the index alone."""
        tier = TIERS[min(unit.level, 3)]
        numbers: dict[int, dict[str, int]] = {}
        grouped = self.within(unit).order_by().values_list(f"{tier}_id", "rule").annotate(n=models.Count("*"))
        for below, rule, n in grouped:
            numbers.setdefault(below, {})[rule] = n
        return numbers


class FileIssue(Placed):
    """One row for a file and each key under which it is counted: the rule that holds, the section's kind
    (``family:missing``), the kind (``missing``), or ``complete`` where nothing is missing. So every number of files is
    one count of rows, and its list is the files of those rows. The rule's section, kind and words stand in the table
    of rules alone. Derived: registry.quality.services alone writes it.
    """

    child = models.ForeignKey(ChildFile, models.CASCADE, related_name="issues", db_index=False)
    rule = models.CharField(max_length=40)
    since = models.DateField()  # the day on which it was first found

    objects: ClassVar = FileIssueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "rule"], name="one_issue_per_file_and_rule")]
        indexes = [
            # the numbers of a unit and of the tier below it, index only
            models.Index(fields=["city", "county", "rule"], name="issue_by_county"),
            models.Index(fields=["county", "township", "rule"], name="issue_by_township"),
            models.Index(fields=["township", "village", "rule"], name="issue_by_village"),
            models.Index(fields=["village", "rule"], name="issue_in_village"),
        ]
