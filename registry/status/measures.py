"""What other concepts know of a child that figures count it by: they add it here, this package knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from childwelfare.hooks import Registry
from registry.child.models import ChildFile


@dataclass(frozen=True)
class Measure:
    """``column`` of ChildStatus (MEASURED), and the expression on a child's file that gives what holds today."""

    column: str
    expression: Callable[[], Any]


MEASURES: Registry[Measure] = Registry("what children are counted by")


def measured(files: QuerySet[ChildFile]) -> QuerySet[ChildFile]:
    """``files`` with what is needed to say as what each counts: its times, its categories, and each measure."""
    known = {measure.column: measure.expression() for measure in MEASURES}
    return files.annotate(**known).prefetch_related("memberships", "past_periods")
