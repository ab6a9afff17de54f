"""The Celery app. Settings are the CELERY_ ones; tasks stand in the concepts' jobs.py (childwelfare/hooks.py)."""

import os
import signal
import sys

from celery import Celery, signals

from childwelfare.runtime.process import die_with_launcher, die_with_parent

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


@signals.beat_embedded_init.connect
def end_with_the_worker(**_kwargs):
    """An embedded beat ends with its worker, even one that was killed: else a restart makes two beats."""
    die_with_parent()
    # at once, also out of its sleep between two ticks; SystemExit lets it save its last runs and return its lease
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
