import datetime

from django.core.management.base import BaseCommand, CommandError

from registry.status.verify import first_differing
from reports.rollup.models import Figure
from reports.rollup.months import Month
from reports.rollup.verify import first_wrong


class Command(BaseCommand):
    help = (
        "Recount every figure of a month directly, and hold what each child counts as against its file; exit 1 and "
        "name the first one that is off."
    )

    def add_arguments(self, parser):
        parser.add_argument("--period", default="", help="2026-10; this month if left out")
        parser.add_argument(
            "--as-known", default=None, type=datetime.date.fromisoformat, help="2026-10-31: as was known on that day"
        )

    def handle(self, *, period, as_known, **options):
        try:
            month = Month.of(period or (f"{as_known:%Y-%m}" if as_known else ""), known=as_known)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if as_known and as_known < month.as_of:
            raise CommandError(f"{month.key} 到 {month.as_of} 为止，{as_known} 还不知道。")
        number = Figure.objects.filter(month=month.key).count()
        if not number:
            raise CommandError(f"{month.key} 还没有统计：请先运行 rollup。")
        if file := first_differing():
            raise CommandError(f"档案 {file.file_number} 的在册状况与档案不一致。")
        if wrong := first_wrong(month):
            unit, indicator, stored, counted = wrong
            raise CommandError(
                f"{month.key} {unit.name}（{unit.code or '无代码'}）“{indicator.label}”："
                f"统计为 {stored}，直接数为 {counted}。"
            )
        self.stdout.write(f"{month.key}：{number} 个单位的每个数都与直接数的一致。")
