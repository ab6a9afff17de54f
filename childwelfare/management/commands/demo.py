import gc
import time

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from childwelfare.demo.makers import load_demo
from childwelfare.workflow.refusals import Refused


class Command(BaseCommand):
    help = "Fill an empty registry with made-up children, families and twelve months of visits on the loaded divisions."

    def add_arguments(self, parser):
        parser.add_argument("--children", type=int, default=3000)
        parser.add_argument("--seed", type=int, default=64)
        parser.add_argument("--no-rollup", action="store_true", help="leave the figures to the worker")

    def handle(self, *, children, seed, no_rollup, **options):
        started = time.perf_counter()
        if connection.vendor == "sqlite":
            # kB; with the usual 2,000 the indexes' pages go to the disk and come back many times over
            connection.cursor().execute("PRAGMA cache_size = -16000")
        gc.disable()  # a hundred thousand records are made and all of them kept: collecting finds nothing
        try:
            made = load_demo(children, seed)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        finally:
            gc.enable()
        self.stdout.write(
            "虚构数据：儿童 {children}，走访 {visits}，工作人员 {people}。".format(**made)
            + f"用时 {time.perf_counter() - started:.1f} 秒。"
        )
        if not no_rollup and "rollup" in get_commands():
            call_command("rollup", period=f"{timezone.localdate():%Y-%m}", stdout=self.stdout)
