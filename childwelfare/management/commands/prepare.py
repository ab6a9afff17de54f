"""Bring the embedded mode's database up to date, and fill an empty one with the real divisions and the demo."""

import time
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection, transaction

from childwelfare.runtime.database import switch_to_wal
from childwelfare.runtime.process import die_with_launcher

UNITS = settings.ROOT / "data" / "zhengzhou_units.csv"


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # half a second of the start; tests and lint run them

    def add_arguments(self, parser):
        parser.add_argument("--children", type=int, default=3000, help="made-up children for an empty one; 0: none")
        parser.add_argument("--only-tables", action="store_true", help="fill nothing yet")

    def handle(self, *, children, only_tables=False, **_options):
        die_with_launcher()
        if connection.vendor == "sqlite":
            settings.CWR_HOME.mkdir(parents=True, exist_ok=True)
            switch_to_wal(connection.settings_dict["NAME"])
        with self._step("migrate"):
            call_command("migrate", verbosity=0, interactive=False)
        if only_tables:
            return
        if apps.get_model("orgs", "OrgUnit").objects.exists():
            return
        # all or nothing: after an interruption the next start finds an empty database and begins again
        with transaction.atomic():
            with self._step("load_units"):
                call_command("load_units", str(UNITS), stdout=self.stderr)
            if children:
                with self._step("demo"):
                    call_command("demo", children=children, stdout=self.stderr)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # without it SQLite takes an index of all visits for one of those that wait

    @contextmanager
    def _step(self, name):
        start = time.monotonic()
        yield
        self.stdout.write(f"{name} {time.monotonic() - start:.1f}")
        self.stdout.flush()
