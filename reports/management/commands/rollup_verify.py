from django.core.management.base import BaseCommand, CommandError

from reports.rollup.models import Figure
from reports.rollup.months import Month
from reports.rollup.verify import first_wrong


class Command(BaseCommand):
    help = "Recount every figure of a month directly; exit 1 and name the first one that is off."

    def add_arguments(self, parser):
        parser.add_argument("--period", default="", help="2026-10; this month if left out")

    def handle(self, *, period, **options):
        try:
            month = Month.of(period)
        except ValueError as error:
            raise CommandError(str(error)) from None
        number = Figure.objects.filter(month=month.key).count()
        if not number:
            raise CommandError(f"{month.key} 还没有统计：请先运行 rollup。")
        if wrong := first_wrong(month.key):
            unit, indicator, stored, counted = wrong
            raise CommandError(
                f"{month.key} {unit.name}（{unit.code or '无代码'}）“{indicator.label}”："
                f"统计为 {stored}，直接数为 {counted}。"
            )
        self.stdout.write(f"{month.key}：{number} 个单位的每个数都与直接数的一致。")
