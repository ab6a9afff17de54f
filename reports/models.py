from reports.models.figure import Figure

__all__ = ["Figure"]
