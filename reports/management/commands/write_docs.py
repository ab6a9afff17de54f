"""manage.py write_docs [--check]: write the pages of docs/ that are made from tables of the code."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.docs import PAGES


class Command(BaseCommand):
    help = "Write docs/fields.md, docs/indicators.md and docs/permissions.md from the tables in the code."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a page is stale")

    def handle(self, *, check, **options):
        stale = [name for name, page in PAGES.items() if _read(name) != page()]
        if check and stale:
            raise CommandError(f"stale: {', '.join(stale)}; run manage.py write_docs")
        for name in stale:
            (settings.ROOT / "docs" / name).write_text(PAGES[name](), encoding="utf-8")
            self.stdout.write(f"docs/{name}")


def _read(name: str) -> str:
    path = settings.ROOT / "docs" / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
