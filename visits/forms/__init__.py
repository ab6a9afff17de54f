from visits.forms.alert import AlertForm, CallForm, CloseForm, ReopenForm, StepForm
from visits.forms.visit import VisitForm

__all__ = ["AlertForm", "CallForm", "CloseForm", "ReopenForm", "StepForm", "VisitForm"]
