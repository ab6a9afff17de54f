from visits.forms.visit import VisitForm

__all__ = ["VisitForm"]
