import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orgs.units.divisions import Damaged
from orgs.units.services.load import load_units

OVERLAY = settings.ROOT / "data" / "overlay.csv"
SHOWN = 200


class Command(BaseCommand):
    help = (
        "Load division files (columns code,name,parent_code,tier; UTF-8 or GBK) into the tree: the whole or nothing. "
        "The overlay (data/overlay.csv, editable) then makes units that have no code and moves units under them."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument(
            "--overlay", action="append", type=Path, help="instead of data/overlay.csv; may be repeated"
        )
        parser.add_argument("--no-overlay", action="store_true")

    def handle(self, *, files, overlay, no_overlay, **options):
        overlays = [] if no_overlay else overlay or [path for path in [OVERLAY] if path.exists()]
        started = time.perf_counter()
        try:
            loaded = load_units(files, overlays)
        except Damaged as damaged:
            shown = damaged.problems[:SHOWN]
            more = len(damaged.problems) - len(shown)
            raise CommandError(
                f"没有载入任何机构：文件里有 {len(damaged.problems)} 处问题。\n"
                + "\n".join(shown)
                + (f"\n……另有 {more} 处" if more else "")
            ) from None
        self.stdout.write(
            f"新增 {loaded.new}，更新 {loaded.changed}，不变 {loaded.same}；按覆盖文件调整 {loaded.overlaid}；"
            f"补位 {loaded.stand_ins}；文件中没有、保持原样的 {loaded.not_in_files}。"
            f"用时 {time.perf_counter() - started:.2f} 秒。"
        )
        for line in loaded.moved[:SHOWN]:
            self.stdout.write(f"移动 {line}")
