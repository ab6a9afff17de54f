"""Say whether a backup is whole and as it was written; then how it is restored."""

from pathlib import Path

from django.core.management import BaseCommand

from childwelfare.runtime.backup import check_backup


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # the database may be gone: that is why one asks

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **_options):
        manifest = check_backup(folder)
        self.stdout.write(f"{manifest['made_at']} {manifest['engine']} {manifest['database']}：完整。")
        self.stdout.write("需要的密钥：" + "、".join(manifest["keys"]))
