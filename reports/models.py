"""All models of the app, for Django. The code imports them from their concept: ``reports.rollup.models``."""

from reports.rollup.models import Figure

__all__ = ["Figure"]
