"""Whether what was reported stands as it was signed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from reports.periods.models import ReportingPeriod
from reports.snapshots.models import Snapshot
from reports.submissions.verify import first_broken


class Command(BaseCommand):
    help = (
        "Checks every reported figure: content against hash, villages against their sealed rosters, sums against their"
        " parts, each submission's chain of events, and all of it against the audit trail. Names the first that is off."
    )

    def add_arguments(self, parser):
        parser.add_argument("--period", help="2026-11; all where it is left out")

    def handle(self, *args, period: str | None = None, **options):
        with translation.override("zh-hans"):
            periods = ReportingPeriod.objects.select_related("root").order_by("key")
            for each in periods.filter(key=period) if period else periods:
                if broken := first_broken(each):
                    raise CommandError(f"{each.root} {each.key}: {broken.where}: {broken.what}")
                count = Snapshot.objects.filter(period=each).count()
                words = {"root": each.root, "key": each.key, "n": count}
                self.stdout.write(_("%(root)s %(key)s：%(n)s 份上报数据与名单、下级、经过、留痕全部一致") % words)
