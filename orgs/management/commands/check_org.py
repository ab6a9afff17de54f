from django.core.management.base import BaseCommand, CommandError

from orgs.units.integrity import problems
from orgs.units.services.tree import align_units


class Command(BaseCommand):
    help = "Prove that the copies of the tree are true: ancestor columns, placed records, grants. Exit 1 on a fault."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="correct ancestor columns and placed records first")

    def handle(self, *, repair, **options):
        if repair:
            self.stdout.write(f"校正了 {align_units()} 个机构。")
        found = list(problems())
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"发现 {len(found)} 处不一致。")
        self.stdout.write("机构树、记录所在地和授权全部一致。")
