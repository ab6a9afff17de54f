"""The numbers of data quality of a unit and of the tier below it, for the page and the API alike."""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404

from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.quality.models import FileIssue
from registry.quality.rule import RuleKind
from registry.quality.rules import COMPLETE, RULES, SECTIONS


@dataclass(frozen=True)
class Numbers:
    """How many files of ``unit`` are counted under each key (registry.quality.rules.KEYS)."""

    unit: OrgUnit
    counts: dict[str, int]

    def __getitem__(self, key: str) -> int:
        return self.counts.get(key, 0)

    @property
    def files(self) -> int:
        """All files in the registry: each is either complete or lacks something."""
        return self[COMPLETE] + self[RuleKind.MISSING]

    @property
    def share(self) -> int | None:
        """Per cent of the files that are complete, rounded down: 100 says all; None where there is no file."""
        return 100 * self[COMPLETE] // self.files if self.files else None

    def sections(self) -> list[tuple]:
        """(section, title, {kind: files}, [(rule, files), …] the most frequent first; rules without any left out)."""
        found = []
        for section, title in SECTIONS.items():
            rules = [(rule, self[rule.key]) for rule in RULES.values() if rule.section == section and self[rule.key]]
            kinds = {kind: self[f"{section}:{kind}"] for kind in RuleKind.values}
            found.append((section, title, kinds, sorted(rules, key=lambda pair: -pair[1])))
        return found


def asked_unit(post: Appointment, uid: uuid.UUID | str) -> OrgUnit:
    """The unit if the post may see its numbers. Raises Http404."""
    try:
        unit = OrgUnit.objects.visible_to(post, "view_figures").with_path().filter(uid=uid).first()
    except (ValueError, ValidationError):
        unit = None
    if unit is None:
        raise Http404
    return unit


def numbers_of(unit: OrgUnit) -> tuple[Numbers, list[Numbers]]:
    """Those of ``unit``, and of each unit of the next tier, in the order of the tables. Two queries."""
    below = FileIssue.objects.numbers_below(unit)
    total: Counter = Counter()
    for counts in below.values():
        total.update(counts)
    if unit.level == 4:
        return Numbers(unit, dict(total)), []
    units = OrgUnit.objects.filter(Q(valid_to=None) | Q(pk__in=below), parent=unit).in_order()
    return Numbers(unit, dict(total)), [Numbers(each, below.get(each.pk, {})) for each in units]
