"""What is asked when the station calls back about a visit."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, PeopleField
from childwelfare.pages.forms import Answers, GrowingText, ServiceErrors
from childwelfare.questions.conditions import Condition
from visits.oversight.models import Happened
from visits.visit import codes


class SpotCheckForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"happened": None, "asked_who": Condition("happened", (Happened.YES, Happened.NO))}

    happened = forms.ChoiceField(
        label=_("主任来过吗"), choices=Happened.choices, required=False, widget=Answers(across=2)
    )
    asked_who = PeopleField(label=_("问的是谁"), max_length=50, required=False, help_text=_("姓名，是孩子的什么人"))
    said_on = CleanDateField(label=_("说是哪天来的"), required=False, help_text=_("记不清可不填"))
    carer = forms.ChoiceField(
        label=_("说是谁在照看"), choices=codes.Carer.choices, required=False, widget=Answers(across=2)
    )
    note = CleanCharField(label=_("说明"), max_length=200, required=False, widget=GrowingText())
