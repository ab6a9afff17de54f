"""The form of one closed village: which of its children go where."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.forms import Answers, ManyAnswers, ServiceErrors
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.placing.services import candidates_of


class PlacingForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"children": None, "village": None}

    children = forms.MultipleChoiceField(label=_("哪些孩子"), required=False, widget=ManyAnswers)
    village = forms.ChoiceField(label=_("安置到"), required=False, widget=Answers(across=2))

    def __init__(self, *args, closed: OrgUnit, files: list[ChildFile], named: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.closed, self.candidates = closed, {str(unit.uid): unit for unit in candidates_of(closed)}
        self.fields["children"].choices = [(str(file.pk), named[file.pk]) for file in files]
        self.fields["village"].choices = [(uid, _label(unit, closed)) for uid, unit in self.candidates.items()]

    def arguments(self) -> dict:
        village = self.candidates.get(self.cleaned_data["village"])
        return {"files": self.cleaned_data["children"], "village": village}


def _label(unit: OrgUnit, closed: OrgUnit) -> str:
    """Of the same township the name is enough."""
    return unit.short_name if unit.township_id == closed.township_id else unit.path_label
