from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from childwelfare.security.keys import make_keys


class Command(BaseCommand):
    help = "Create the keys of encrypted fields and blind indexes where they are missing. Back the folder up."
    requires_system_checks = []

    def handle(self, **options):
        made = make_keys(Path(settings.CWR_KEYS))
        for path in made:
            self.stdout.write(f"made {path}")
        if not made:
            self.stdout.write("All keys are there.")
