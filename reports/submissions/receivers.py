"""What follows in reporting when units are reorganised."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from orgs.reorganisation.models import Reorganisation
from orgs.reorganisation.registries import units_reorganised
from reports.periods.models import PeriodState, ReportingPeriod
from reports.submissions.opening import expect


@receiver(units_reorganised, dispatch_uid="who_is_expected")
def expect_the_new(sender: Any, reorganisation: Reorganisation, **_signal: Any) -> None:
    """Of a period that runs the units of today are expected."""
    today = timezone.localdate()
    for period in ReportingPeriod.objects.filter(root=reorganisation.root_id, state=PeriodState.OPEN, as_of__gte=today):
        expect(period)
