"""Whether what was reported stands as it was signed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from orgs.audit.anchors import known_anchors
from orgs.audit.services import seal_pending
from reports.periods.models import ReportingPeriod
from reports.snapshots.models import Snapshot
from reports.verification.acts import read_trail
from reports.verification.services import first_broken, lost_periods, one_moment


class Command(BaseCommand):
    help = (
        "Checks every reported figure: content against hash, villages against their sealed rosters, sums against their"
        " parts; then every row of reporting, its events, days and states, against the audit trail, whose own seals and"
        " anchors are verified first. Names the first that is off."
    )

    def add_arguments(self, parser):
        parser.add_argument("--period", help="2026-11; all where it is left out")

    def handle(self, *args, period: str | None = None, **options):
        seal_pending()
        with translation.override("zh-hans"), one_moment():
            self._verify(period)

    def _verify(self, key: str | None) -> None:
        trail = read_trail(key=key or "")
        if trail.problems:
            raise CommandError(_("操作留痕不可信，先查它：%(what)s") % {"what": "；".join(trail.problems)})
        periods = list(ReportingPeriod.objects.select_related("root").order_by("key", "root"))
        asked = [each for each in periods if key in (None, each.key)]
        for lost in lost_periods(asked, trail):
            raise CommandError(f"{lost.where}: {lost.what}")
        if key and not asked:
            known = "、".join(sorted({each.key for each in periods})) or "—"
            raise CommandError(_("没有“%(key)s”这一期；有：%(known)s") % {"key": key, "known": known})
        for each in asked:
            if broken := first_broken(each, trail):
                raise CommandError(f"{each.root} {each.key}: {broken.where}: {broken.what}")
            words = {"root": each.root, "key": each.key, "n": Snapshot.objects.filter(period=each).count()}
            self.stdout.write(_("%(root)s %(key)s：%(n)s 份上报数据与名单、下级、经过、留痕全部一致") % words)
        if not known_anchors():
            self.stdout.write(_("还没有留痕的每日凭据（manage.py audit_anchor），末尾有没有被截去，查不出来。"))
