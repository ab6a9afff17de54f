"""The forms of assessments and needs that phones show without a network, without a day in them: the shell is kept for
weeks. The questions of an assessment are drawn on the phone, from the assessment system that it holds."""

import copy

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.assessments.codes import Occasion
from registry.assessments.forms import AssessForm
from registry.needs.forms import NeedForm

ENDS_WITH = (
    "level", "level_reason", "child_view", "guardian_view", "strengths", "participants", "assessed_on", "occasion",
)  # fmt: skip


class AssessmentEnd(forms.Form):
    """The fields of an assessment that no assessment system changes, as the page with a network has them. Levels are
    put in on the phone."""

    def __init__(self) -> None:
        super().__init__()
        for name in ENDS_WITH:
            self.fields[name] = copy.deepcopy(AssessForm.base_fields[name])
        self.fields["level"].choices = [("", _("按分数"))]
        self.fields["occasion"].choices = [choice for choice in Occasion.choices if choice[0] != Occasion.SECOND]
        _without_day(self, "assessed_on")


def blank_need() -> NeedForm:
    """The form of a need without its last day: that goes by the urgency, from the day on which it arrives."""
    form = NeedForm()
    form.initial.clear()
    del form.fields["due_on"]
    _without_day(form, "found_on")
    return form


def _without_day(form: forms.Form, name: str) -> None:
    form.fields[name].initial = None
    form.fields[name].widget.attrs.pop("max", None)
