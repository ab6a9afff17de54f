from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from childwelfare.security.keys import make_keys
from childwelfare.security.proofs import leave_proofs, refuse_new_keys_beside_data


class Command(BaseCommand):
    help = (
        "Create the keys of encrypted fields, blind indexes, phones and the audit trail where they are missing, never "
        "in the place of keys that the database was sealed with. Back the folder up."
    )
    requires_system_checks = []

    def handle(self, **options):
        try:
            refuse_new_keys_beside_data()
        except OperationalError as error:
            raise CommandError(f"连不上数据库，不知道它是否已有密钥，没有新建：{error}") from error
        made = make_keys(Path(settings.CWR_KEYS))
        leave_proofs()
        for path in made:
            self.stdout.write(f"made {path}")
        if not made:
            self.stdout.write("All keys are there.")
