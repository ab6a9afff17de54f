"""The Celery app. Settings are the CELERY_ ones; tasks stand in the concepts' jobs.py (childwelfare/hooks.py)."""

import os
import sys
from typing import Any

from celery import Celery, signals

from childwelfare.runtime.process import die_with_launcher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "childwelfare.settings")

app = Celery("childwelfare")
app.config_from_object("django.conf:settings", namespace="CELERY")


@signals.setup_logging.connect
def keep_django_logging(**_kwargs):
    """Receiving this signal stops Celery from laying its own log format over the settings' one."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.celeryd_init.connect
def end_with_the_launcher(**_kwargs):
    die_with_launcher()


@signals.worker_init.connect
def refuse_keys_of_another_database(**_kwargs):
    """A worker with other keys than the database's would seal what nobody can open: it does not begin."""
    from django.db import DatabaseError, connection

    from childwelfare.security.keys import failing
    from childwelfare.security.proofs import words

    try:
        connection.ensure_connection()
        connection.close()  # each process of the pool opens its own
    except DatabaseError:
        return  # each process compares once the database answers
    if names := failing():
        sys.exit(words(names))


@signals.worker_ready.connect
def keep_the_schedule_too(**_kwargs):
    """The one worker of the embedded mode starts the scheduled tasks as well, in a thread: beat as a process of its
    own, which `celery worker -B` would make, takes 60 MB more for nothing."""
    from celery.beat import EmbeddedService
    from django.conf import settings

    if settings.CWR_EMBEDDED:
        beat: Any = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
        beat.start()

        def end_it(**_kwargs):
            """It saves the last runs and returns the lease; one that died, as /readyz says, is not waited for."""
            if beat.is_alive():
                beat.stop()

        signals.worker_shutdown.connect(end_it, weak=False)
