"""The form of a publicity activity. The rules are in the services."""

from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, optional_day
from childwelfare.pages.forms import GrowingText, ManyAnswers, OnceForm
from orgs.publicity import codes
from orgs.publicity.services import LIMITS


class PublicityForm(OnceForm):
    NEEDED: ClassVar = {"held_on": None, "where": None, "topic": None, "audience": None, "people": None}

    held_on = optional_day(_("日期"), initial=timezone.localdate)
    where = CleanCharField(label=_("地点"), required=False, max_length=LIMITS["where"])
    topic = CleanCharField(label=_("主题"), required=False, max_length=LIMITS["topic"])
    audience = forms.MultipleChoiceField(label=_("面向谁"), choices=codes.Audience, required=False, widget=ManyAnswers)
    people = forms.IntegerField(label=_("人数"), required=False)
    note = CleanCharField(label=_("内容"), required=False, max_length=LIMITS["note"], widget=GrowingText())
