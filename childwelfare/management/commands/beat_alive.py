"""Exit 0 while a beat holds its lease, 1 otherwise: the health check of the beat container."""

import sys

from django.core.management import BaseCommand

from childwelfare.jobs.models import BeatLease


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def handle(self, **_options):
        alive = BeatLease.objects.is_alive(BeatLease.BEAT)
        sys.exit(0 if alive else 1)
