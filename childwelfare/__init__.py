"""The project, and what all apps stand on and which knows none of them."""

from childwelfare.celery import app as celery_app

__all__ = ["celery_app"]
