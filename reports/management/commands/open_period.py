"""Open a reporting period by hand, where the calendar has not yet."""

from django.core.management.base import BaseCommand, CommandError

from childwelfare.workflow.refusals import Refused
from orgs.units.models import OrgUnit
from reports.submissions.models import Submission
from reports.submissions.opening import open_period, report_nothing


class Command(BaseCommand):
    help = "Opens a month for reporting: a row for every unit that is expected. Run again it brings it up to date."

    def add_arguments(self, parser):
        parser.add_argument("period", help="2026-11")

    def handle(self, *args, period: str, **options):
        for root in OrgUnit.objects.roots().current():
            try:
                opened = open_period(root, period)
            except Refused as refusal:
                raise CommandError(f"{root}: {refusal}") from None
            nothing = report_nothing(opened) if opened.is_over and not opened.is_locked else 0
            expected = Submission.objects.filter(period=opened).count()
            self.stdout.write(f"{root} {opened.key}: {expected} units, {nothing} without anything to report")
