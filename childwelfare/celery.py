"""The Celery app. Tasks are found in each app's tasks.py; settings are the CELERY_ ones."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "childwelfare.settings")

app = Celery("childwelfare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_django_logging(**_kwargs):
    """Receiving this signal stops Celery from laying its own log format over the settings' one."""


@signals.beat_embedded_init.connect
def end_with_the_worker(**_kwargs):
    """An embedded beat ends with its worker, even one that was killed: else a restart makes two beats."""
    from childwelfare.process import die_with_parent

    die_with_parent()
