import datetime

from django.core.management.base import BaseCommand, CommandError

from registry.help_status.verify import first_help_differing
from registry.status.verify import first_differing
from reports.crossing.verify import first_wrong_unit
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.verify import first_wrong


class Command(BaseCommand):
    help = (
        "Recount every figure of a period directly, and what is kept of two dimensions crossed, and hold what each "
        "child counts as against its file; exit 1 and name the first one that is off."
    )

    def add_arguments(self, parser):
        parser.add_argument("--period", default="", help="2026-10, 2026Q4 or 2026; this month if left out")
        parser.add_argument(
            "--as-known", default=None, type=datetime.date.fromisoformat, help="2026-10-31: as was known on that day"
        )

        parser.add_argument(
            "--figures-only", action="store_true", help="leave out the files, which are read one by one"
        )

    def handle(self, *, period, as_known, figures_only, **options):
        try:
            period = Period.of(period or (f"{as_known:%Y-%m}" if as_known else ""), known=as_known)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if as_known and as_known < period.as_of:
            raise CommandError(f"{period.key} 到 {period.as_of} 为止，{as_known} 还不知道。")
        number = Figure.objects.filter(period=period.key).count()
        if not number:
            raise CommandError(f"{period.key} 还没有统计：请先运行 rollup。")
        if not figures_only and (file := first_differing()):
            raise CommandError(f"档案 {file.file_number} 的在册状况与档案不一致。")
        if not figures_only and (file := first_help_differing()):
            raise CommandError(f"档案 {file.file_number} 的评估、需求或方案的统计状况与记录不一致。")
        if wrong := first_wrong(period):
            unit, indicator, stored, counted = wrong
            raise CommandError(
                f"{period.key} {unit.name}（{unit.code or '无代码'}）“{indicator.label}”："
                f"统计为 {stored}，直接数为 {counted}。"
            )
        if as_known is None and (place := first_wrong_unit(period)):
            raise CommandError(
                f"{period.key} {place.name}（{place.code or '无代码'}）：交叉查数留存的数与直接数的不一致。"
            )
        self.stdout.write(f"{period.key}：{number} 个单位的每个数都与直接数的一致。")
