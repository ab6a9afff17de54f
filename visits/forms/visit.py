"""The visit form: four steps on a phone, three big answers a question; safety is asked anew every time."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.forms import Answers, DateInput, GrowingText, ManyAnswers, ServiceErrors
from registry.forms.child import CleanCharField, CleanDateField
from visits import codes
from visits.models import Visit

YES_NO = [("yes", _("是")), ("no", _("否"))]
CHOICES = {
    "method": (codes.Method, _("怎样走访"), 2),
    "outcome": (codes.Outcome, _("见到孩子了吗"), 2),
    "carer": (codes.Carer, _("实际照看人"), 2),
    "care": (codes.Level, _("照看情况"), 3),
    "living": (codes.Level, _("吃穿住用"), 3),
    "attendance": (codes.Attendance, _("上学"), 2),
    "health": (codes.Level, _("身体"), 3),
    "mood": (codes.Mood, _("情绪"), 3),
}
TEXTS = {
    "met": (50, _("见到谁"), ""),
    "met_relation": (30, _("是孩子的"), ""),
    "late_reason": (100, _("补录原因"), _("走访超过 3 天才记录时填写")),
    "carer_note": (100, _("照看人说明"), _("与档案不一致时写明是谁")),
    "hazard_note": (200, _("隐患说明"), ""),
    "family_change": (200, _("家里有什么变化"), _("与上次相比：谁外出、谁回来、生病、搬家等")),
    "guardian_words": (200, _("监护人的话"), _("尽量用原话")),
    "needs": (200, _("需要什么帮助"), ""),
    "help_given": (200, _("已提供的帮助和指导"), ""),
    "benefits": (100, _("正在享受的救助"), ""),
}
LONG = {"hazard_note", "family_change", "guardian_words", "needs", "help_given"}
CARRIED = ("carer", "care", "living", "attendance", "health", "mood")
ANSWERED = (*CHOICES, *TEXTS, "visited_on", "parent_contact_on", "next_on", "focus")


class VisitForm(ServiceErrors, forms.Form):
    """Answers to one visit; ``answers`` hands them on to ``log_visit``."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    latitude = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=8, decimal_places=5)
    longitude = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=8, decimal_places=5)
    accuracy_m = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    visited_on = CleanDateField(label=_("走访日期"))
    seen_alone = forms.ChoiceField(
        label=_("单独和孩子说过话"), choices=YES_NO, required=False, widget=Answers(across=2)
    )
    lives_alone = forms.ChoiceField(label=_("孩子单独居住"), choices=YES_NO, required=False, widget=Answers(across=2))
    parent_contact_on = CleanDateField(label=_("父母最近一次联系孩子"), required=False)
    hazard = forms.ChoiceField(
        label=_("安全隐患（水、电、火、路、网、陌生人）"),
        help_text=_("每次都要亲自看，不带入上次答案"),
        choices=[("no", _("没有")), ("yes", _("有"))],
        required=False,
        widget=Answers(across=2),
    )
    hazards = forms.MultipleChoiceField(label=_("有哪些隐患"), choices=codes.Hazard, required=False, widget=ManyAnswers)
    focus = forms.BooleanField(label=_("列为重点关注"), required=False)
    next_on = CleanDateField(label=_("约定下次走访"), required=False, help_text=_("不填就按规定的间隔"))

    STEPS = (
        ("who", _("见到谁？"), (
            "visited_on", "method", "outcome", "met", "met_relation", "seen_alone", "parent_contact_on",
            "late_reason",
        )),
        ("care", _("谁在照看，过得怎样？"), (
            "carer", "carer_note", "care", "living", "attendance", "health", "mood",
        )),
        ("safety", _("安全吗，有什么变化？"), (
            "hazard", "hazards", "hazard_note", "lives_alone", "family_change", "guardian_words",
        )),
        ("next", _("做了什么，下一步？"), ("needs", "help_given", "benefits", "focus", "next_on")),
    )  # fmt: skip

    def __init__(self, *args, last: Visit | None = None, visit: Visit | None = None, **kwargs):
        super().__init__(*args, initial=_initial(visit), **kwargs)
        for name, (choices, label, across) in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices.choices, required=False, widget=Answers(across=across)
            )
        for name, (limit, label, help_text) in TEXTS.items():
            self.fields[name] = CleanCharField(label=label, max_length=limit, required=False, help_text=help_text)
            if name in LONG:
                self.fields[name].widget = GrowingText(attrs={"maxlength": limit})
        today = timezone.localdate().isoformat()
        self.fields["visited_on"].widget = DateInput(attrs={"max": today})
        self.fields["parent_contact_on"].widget = DateInput(attrs={"max": today})
        if last:
            for name in CARRIED:
                if answer := getattr(last, f"get_{name}_display")():
                    day = date_format(last.visited_on, "MONTH_DAY_FORMAT")
                    words = gettext("上次：%(answer)s（%(day)s）") % {"answer": answer, "day": day}
                    self.fields[name].help_text = words

    def steps(self):
        """(key, question, bound fields) of each step."""
        return [(key, title, [self[name] for name in names]) for key, title, names in self.STEPS]

    def clean(self):
        data = super().clean()
        if data.get("hazard") == "yes" and not data.get("hazards"):
            self.add_error("hazards", _("请选出是哪些隐患。"))
        if data.get("hazard") == "no" and data.get("hazards"):
            self.add_error("hazard", _("上面选了“没有”，下面又选了隐患，请核对。"))
        if not data.get("method"):
            data["method"] = codes.Method.HOME
        if not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("请选择一项。"))
        return data

    @property
    def hazards_looked_at(self) -> bool:
        return self.cleaned_data.get("hazard") in ("yes", "no")

    def answers(self) -> dict:
        """Cleaned fields of Visit."""
        data = self.cleaned_data
        answers = {name: data.get(name) for name in ANSWERED}
        yes_no = {"yes": True, "no": False}
        answers |= {name: yes_no.get(data.get(name)) for name in ("seen_alone", "lives_alone")}
        answers |= {name: data.get(name) for name in ("latitude", "longitude", "accuracy_m")}
        return answers | {"hazards": data.get("hazards", [])}

    def field_at(self, name: str) -> str | None:
        return super().field_at("hazard" if name == "hazards" else name)


def _initial(visit: Visit | None) -> dict:
    if visit is None:
        return {
            "pk": uuid.uuid4(),
            "visited_on": timezone.localdate(),
            "method": codes.Method.HOME,
            "outcome": codes.Outcome.SEEN,
        }
    initial = {name: getattr(visit, name) for name in ANSWERED}
    words = {True: "yes", False: "no", None: ""}
    initial |= {name: words[getattr(visit, name)] for name in ("seen_alone", "lives_alone")}
    initial |= {"hazards": visit.hazards, "hazard": "yes" if visit.hazards else "no"}
    return initial | {"pk": visit.pk, "version": visit.version}
