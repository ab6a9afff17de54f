"""Back up the database, the sealed photos and papers and the anchors into a new folder; the keys are kept apart."""

from pathlib import Path

from django.core.management import BaseCommand

from childwelfare.runtime.backup import make_backup


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("into", type=Path, help="folder in which the backup gets a folder of its own")

    def handle(self, *, into, **_options):
        self.stdout.write(str(make_backup(into)))
        self.stderr.write(
            "备份里没有密钥（CWR_KEYS）：请另存一处，不要和备份放在一起；没有密钥，备份里的证件号、电话、照片都打不开。"
        )
