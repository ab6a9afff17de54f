import time

from django.core.management.base import BaseCommand, CommandError

from orgs.units.models import OrgUnit
from reports.rollup.periods import Period
from reports.rollup.services import roll_up_counties


class Command(BaseCommand):
    help = "Count the figures of a period for every county (or those named), now."

    def add_arguments(self, parser):
        parser.add_argument("--period", default="", help="2026-10, 2026Q4 or 2026; this month if left out")
        parser.add_argument("--months", type=int, default=1, help="so many of them, the last one being --period")
        parser.add_argument("--county", action="append", help="name or code of a county; may be repeated")

    def handle(self, *, period, months, county, **options):
        try:
            period = Period.of(period)
        except ValueError as error:
            raise CommandError(str(error)) from None
        counties = list(OrgUnit.objects.filter(level=2).current().in_order())
        if county:
            counties = [unit for unit in counties if unit.name in county or unit.code in county]
            if not counties:
                raise CommandError("没有这样的县（市、区）。")
        started = time.perf_counter()
        keys = [period.back(n) for n in reversed(range(months))]
        written = sum(roll_up_counties([unit.pk for unit in counties], key, force=True) for key in keys)
        seconds = time.perf_counter() - started
        self.stdout.write(f"{keys[0]}—{keys[-1]}：统计 {written} 个县的一期，用时 {seconds:.2f} 秒。")
        if written < len(keys) * len(counties):
            self.stdout.write("有的县正由另一个进程统计，没有重复。")
