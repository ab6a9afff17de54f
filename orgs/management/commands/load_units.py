import datetime
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orgs.access.permissions import MATRIX
from orgs.posts.models import Appointment
from orgs.reorganisation.files import order_files, plan_of_files
from orgs.units.divisions import Damaged
from orgs.units.services.load import load_units

OVERLAY = settings.ROOT / "data" / "overlay.csv"
SHOWN = 200


class Command(BaseCommand):
    help = (
        "Load division files (columns code,name,parent_code,tier; UTF-8 or GBK) into the tree: the whole or nothing. "
        "The overlay (data/overlay.csv, editable) then makes units that have no code and moves units under them. "
        "With --effective and --document what differs from the tree takes effect as orders; --dry-run only shows it."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument(
            "--overlay", action="append", type=Path, help="instead of data/overlay.csv; may be repeated"
        )
        parser.add_argument("--no-overlay", action="store_true")
        parser.add_argument(
            "--effective", type=datetime.date.fromisoformat, help="2026-11-01: the first day, not to come"
        )
        parser.add_argument("--document", default="", help="the number of the document that orders it")
        parser.add_argument(
            "--by", default="", help="login name of the administrator in whose name; the first if left out"
        )
        parser.add_argument("--dry-run", action="store_true", help="with --effective: show what would be ordered")

    def handle(self, *, files, overlay, no_overlay, effective, document, by, dry_run, **options):
        overlays = [] if no_overlay else overlay or [path for path in [OVERLAY] if path.exists()]
        try:
            if effective or dry_run:
                self._order(files, overlays, effective, document, by, dry_run)
            else:
                self._load(files, overlays)
        except Damaged as damaged:
            shown = damaged.problems[:SHOWN]
            more = len(damaged.problems) - len(shown)
            raise CommandError(
                f"没有载入任何机构：文件里有 {len(damaged.problems)} 处问题。\n"
                + "\n".join(shown)
                + (f"\n……另有 {more} 处" if more else "")
            ) from None

    def _load(self, files, overlays):
        started = time.perf_counter()
        loaded = load_units(files, overlays)
        self.stdout.write(
            f"新增 {loaded.new}，更新 {loaded.changed}，不变 {loaded.same}；按覆盖文件调整 {loaded.overlaid}；"
            f"补位 {loaded.stand_ins}；文件中没有、保持原样的 {loaded.not_in_files}。"
            f"用时 {time.perf_counter() - started:.2f} 秒。"
        )
        for line in loaded.moved[:SHOWN]:
            self.stdout.write(f"移动 {line}")

    def _order(self, files, overlays, effective, document, by, dry_run):
        plan = plan_of_files(files, overlays)
        for line in plan.lines[:SHOWN]:
            self.stdout.write(line)
        self.stdout.write(
            f"新设 {len(plan.opened)}，调整隶属 {len(plan.moved)}，改名 {len(plan.renamed)}；"
            f"文件中没有、保持原样的 {plan.left}。"
        )
        if dry_run:
            self.stdout.write("只是预览，没有改动。")
            return
        if not document.strip():
            raise CommandError("请用 --document 写明批文文号。")
        if effective > timezone.localdate():
            raise CommandError("文件里的调整可能前后相接，生效日期不能在今天以后：请到那一天再运行。")
        orders = order_files(plan, effective_on=effective, document=document, by=self._administrator(by))
        self.stdout.write(f"已办理 {len(orders)} 项调整；孩子由后台安置。")

    def _administrator(self, login: str) -> Appointment:
        roles = [role for role, held in MATRIX.items() if "manage_units" in held]
        posts = Appointment.objects.current().with_unit().filter(role__in=roles).order_by("unit__level", "pk")
        post = posts.filter(person__username=login).first() if login else posts.first()
        if post is None:
            raise CommandError("没有这个系统管理员。请用 --by 写明以谁的名义办理（登录名）。")
        return post
