"""The project and its ground floor: what knows no app."""

from childwelfare.celery import app as celery_app

__all__ = ["celery_app"]
