"""What children are counted by besides their files: whether they were assessed and until when that holds, and until
when their open needs run."""

import datetime
from typing import Any

from django.db.models import Case, DateField, Exists, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from registry.assessments.models import Assessment, AssessmentDue
from registry.needs.models import Need
from registry.status.measures import Measure

FOR_EVER = datetime.date.max  # no assessment system is in force that would ask for another one


def reassess_by() -> Any:
    """None where no assessment has set a level yet; else the last day for the next one."""
    counted = Assessment.objects.filter(child=OuterRef("pk")).setting_level().newest_first()
    due = AssessmentDue.objects.filter(child=OuterRef("pk")).values("due_on")
    by = Coalesce(Subquery(due[:1]), Subquery(counted.values("next_on")[:1]), Value(FOR_EVER, DateField()))
    return Case(When(Exists(counted), then=by), default=None, output_field=DateField())


def need_by() -> Any:
    """The earliest last day of what is open; None where nothing is."""
    needs = Need.objects.filter(child=OuterRef("pk")).open().order_by().values("child")
    return Subquery(needs.annotate(first=Min("due_on")).values("first"))


HELP_MEASURES = (Measure("reassess_by", reassess_by), Measure("need_by", need_by))
