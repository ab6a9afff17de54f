"""The short form of 条件核对, and the decision on a finding."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanDateField
from childwelfare.pages.forms import TRUTH, YES_NO, Answers
from registry.child import codes
from registry.child.codes import Situation
from registry.eligibility.conditions import BY_TERM
from registry.eligibility.facts import PARENTS, WHOSE, Facts
from registry.eligibility.typed_facts import facts_from

YES_NO_UNKNOWN = [*YES_NO, ("", _("不清楚"))]
NOT_KNOWN = ("", _("不清楚"))
NO_SITUATION = "none"
SITUATIONS = [NOT_KNOWN, (NO_SITUATION, _("没有这些情形")), *Situation.choices]
PARENT_FACTS = (
    "state", "situation", "since", "until", "grade", "disability", "proof", "away", "away_across", "away_since",
    "unable",
)  # fmt: skip
# fields of a parent that are asked only in some situations
SHOWN_IN = {
    "since": "|".join((*BY_TERM, Situation.OUT_OF_CONTACT)),
    "until": "|".join(BY_TERM),
    "grade": Situation.DISABLED.value,
    "disability": Situation.DISABLED.value,
    "proof": Situation.OUT_OF_CONTACT.value,
}


class YesNo(forms.ChoiceField):
    """True, False, or None for what is not known."""

    def __init__(self, label, **kwargs):
        super().__init__(choices=YES_NO_UNKNOWN, required=False, label=label, widget=Answers(across=3), **kwargs)

    def clean(self, value):
        return TRUTH.get(super().clean(value))


def _select(choices, label, **kwargs):
    return forms.ChoiceField(choices=[NOT_KNOWN, *choices], required=False, label=label, **kwargs)


def _parent_fields(who) -> dict:
    return {
        "state": forms.ChoiceField(choices=codes.Life, required=False, label=who, widget=Answers(across=2)),
        "situation": forms.ChoiceField(choices=SITUATIONS, required=False, label=_("有没有这些情形")),
        "since": CleanDateField(required=False, label=_("从哪天起")),
        "until": CleanDateField(required=False, label=_("期限到哪天"), help_text=_("刑期、戒毒期届满的日期")),
        "grade": _select(codes.DisabilityGrade.choices, _("残疾等级")),
        "disability": _select(codes.Disability.choices, _("残疾类别")),
        "proof": _select(codes.ContactProof.choices, _("失联的证明")),
        "away": YesNo(_("外出务工")),
        "away_across": YesNo(_("在外县（市、区）务工")),
        "away_since": CleanDateField(required=False, label=_("从哪天起外出"), help_text=_("中间回家探望不算中断")),
        "unable": YesNo(_("无监护能力")),
    }


class EligibilityForm(forms.Form):
    """A family's facts as somebody hears them at the door: all may stay open. ``facts`` after ``is_valid``."""

    birth_date = CleanDateField(required=False, label=_("出生日期"))
    age = forms.IntegerField(
        required=False, min_value=0, max_value=25, label=_("或周岁"), widget=forms.NumberInput(attrs={"class": "w-num"})
    )
    registration = forms.ChoiceField(
        choices=[*codes.Registration.choices, NOT_KNOWN], required=False, label=_("户口"), widget=Answers(across=2)
    )
    across_county = YesNo(_("户口在外县（市、区）"))
    here_since = CleanDateField(required=False, label=_("从哪天起住在这里"))
    with_guardian = YesNo(_("有父母或其他监护人一起生活"))
    guardianship = forms.ChoiceField(
        choices=[*codes.Guardianship.choices, NOT_KNOWN], required=False, label=_("监护情况"),
        help_text=_("差：无人监护、监护不当，或一方外出而另一方无监护能力"), widget=Answers(across=2),
    )  # fmt: skip
    low_income = _select(codes.LowIncome.choices, _("家庭低收入情形"))
    disabled = YesNo(_("孩子有残疾"))
    serious_illness = YesNo(_("孩子患重病"))
    student = YesNo(_("在全日制学校就读"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for parent in PARENTS:
            self.fields |= {f"{parent}_{name}": field for name, field in _parent_fields(WHOSE[parent]).items()}

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        try:
            self.facts = self._facts(data)
        except forms.ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(name.replace(".", "_"), messages)
        return data

    def _facts(self, data) -> Facts:
        names = [name for name in self.base_fields if name != "age"]
        given = {name: data[name] for name in names} | {"age": data["age"]}
        for parent in PARENTS:
            one = {name: data[f"{parent}_{name}"] for name in PARENT_FACTS}
            one["situations"] = self._situations(one)
            given[parent] = one
        return facts_from(given, on=timezone.localdate())

    @staticmethod
    def _situations(one: dict):
        kind = one["situation"]
        if not kind:
            return None
        asked = {name: one[name] for name, kinds in SHOWN_IN.items() if kind in kinds.split("|")}
        return [] if kind == NO_SITUATION else [{"kind": kind, **asked}]

    def child(self):
        """The first card: bound fields."""
        return [self[name] for name in ("birth_date", "age", "registration")]

    def care(self):
        return [self[name] for name in ("with_guardian", "guardianship")]

    def living(self):
        return [self[name] for name in ("low_income", "disabled", "serious_illness", "student")]

    def parents(self):
        """(name of the parent, its card's fields by name, the conditional ones with when they are shown)."""
        for parent in PARENTS:
            fields = {name: self[f"{parent}_{name}"] for name in PARENT_FACTS}
            shown = [(fields[name], f"{parent}_situation={kinds}") for name, kinds in SHOWN_IN.items()]
            yield parent, fields, shown
