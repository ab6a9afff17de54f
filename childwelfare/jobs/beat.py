"""Celery's beat under a lease: however many run, scheduled tasks are started once."""

import logging
import os
import secrets
import socket
import time
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.db.models.functions import Now
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from childwelfare.jobs.models import BeatLease

LASTS = timedelta(seconds=15)
RENEW_AFTER = 5  # seconds

logger = logging.getLogger(__name__)


class LeasedScheduler(DatabaseScheduler):
    """Ticks only while it holds the lease; otherwise it looks again every ``max_interval`` seconds."""

    _renewed = None  # time.monotonic() of the last renewal; None while another beat holds the lease

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds to wait. A database that is locked, full or restarting delays the tasks, it does not end the beat."""
        try:
            return super().tick(*args, **kwargs) if self._has_lease() else self.max_interval
        except DatabaseError:
            logger.exception("beat could not reach the database; it tries again")
            close_old_connections()
            return self.max_interval

    def close(self) -> None:
        super().close()
        try:
            BeatLease.objects.release(BeatLease.BEAT, self.holder)
        except DatabaseError:
            logger.warning("beat could not give its lease back; it ends by itself within %s", LASTS)

    def _has_lease(self) -> bool:
        now = time.monotonic()
        if self._renewed is not None and now - self._renewed < RENEW_AFTER:
            return True
        close_old_connections()
        held = BeatLease.objects.take(BeatLease.BEAT, self.holder, LASTS)
        if held and self._renewed is None:
            self._read_anew()
        self._renewed = now if held else None
        return held

    def _read_anew(self) -> None:
        """The last runs are the former holder's: without them every task would start at once, again. Those after now
        are of one whose clock was ahead: nothing would start until then."""
        PeriodicTask.objects.filter(last_run_at__gt=Now()).update(last_run_at=Now())
        self._initial_read, self._heap = True, None
