"""What is wanted, a column that is missing, and what a unit answers."""

from typing import Any

from django import forms
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanDateField, PrintedCharField
from childwelfare.pages.forms import Answers, GrowingText, OnceForm, ServiceErrors
from orgs.units.models import Level, OrgUnit
from reports.requests.models import (
    DOCUMENT_LONGEST,
    MEANING_LONGEST,
    MEASURE_LONGEST,
    NAME_LONGEST,
    NOTE_LONGEST,
    PURPOSE_LONGEST,
    TITLE_LONGEST,
    DataAnswer,
    DataQuestion,
)
from reports.requests.questions import TEXT_LONGEST
from reports.requests.states import QuestionKind
from reports.rollup.periods import Period

YES_NO = [("yes", _("是")), ("no", _("否"))]


class RequestForm(OnceForm):
    """``within`` lists the units of the tiers below ``asker``, the city's without villages, for there are thousands."""

    title = PrintedCharField(label=_("要什么"), max_length=TITLE_LONGEST, help_text=_("如：暑期防溺水排查情况"))
    purpose = PrintedCharField(
        label=_("依据和用途"),
        max_length=PURPOSE_LONGEST,
        widget=GrowingText({"rows": 2}),
        help_text=_("为什么要、拿来做什么；填的人看得到"),
    )
    document = PrintedCharField(label=_("文号"), max_length=DOCUMENT_LONGEST, required=False, help_text=_("有的话"))
    period = forms.ChoiceField(label=_("要哪个月的"), error_messages={"invalid_choice": _("请从列表中选择月份。")})
    level = forms.TypedChoiceField(
        label=_("要到哪一级"), coerce=int, error_messages={"invalid_choice": _("只能向下级要数，请重新选择。")}
    )
    due_on = CleanDateField(label=_("什么时候要"), help_text=_("至少给下面两个工作日；逢休息日顺延"))
    within = forms.MultipleChoiceField(
        label=_("只要其中几个（不选就是全部）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("没有这个单位，或它不在您的管辖范围内。")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, asker: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["period"].choices = [(key, Period.of(key).label) for key in Period.of().lately()]
        below = [level for level in Level if level > asker.level]
        fields["level"].choices = [(level.value, level.label) for level in below]
        self.units = units_to_choose(asker)
        fields["within"].choices = [
            (above.short_name, [(str(unit.uid), unit.short_name) for unit in units]) for above, units in self.units
        ]

    def facts(self) -> dict[str, Any]:
        """Arguments of ``save_request``."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("pk", "version")}
        asked = set(facts["within"])
        return facts | {"within": [unit for _above, units in self.units for unit in units if str(unit.uid) in asked]}


def units_to_choose(unit: OrgUnit) -> list[tuple[OrgUnit, list[OrgUnit]]]:
    """(unit above, [its units]) that may be chosen one by one."""
    deepest = Level.TOWNSHIP if unit.level == Level.CITY else Level.VILLAGE
    below = OrgUnit.objects.current().below(unit).filter(level__lte=deepest, stand_in=False)
    groups: dict[int, tuple[OrgUnit, list[OrgUnit]]] = {}
    for each in below.select_related("parent").order_by("level", "parent__code", "parent__pinyin", "code", "pinyin"):
        if each.parent:
            groups.setdefault(each.parent_id, (each.parent, []))[1].append(each)
    return list(groups.values())


class QuestionForm(ServiceErrors, forms.Form):
    """A column that is not there yet."""

    name = PrintedCharField(label=_("栏目名称"), max_length=NAME_LONGEST, help_text=_("如：会游泳的儿童"))
    meaning = PrintedCharField(
        label=_("口径"),
        max_length=MEANING_LONGEST,
        widget=GrowingText({"rows": 2}),
        help_text=_("数的是谁、数到哪一天；填的人照这个数"),
    )
    kind = forms.ChoiceField(label=_("怎么填"), choices=QuestionKind.choices, initial=QuestionKind.NUMBER)
    measure = PrintedCharField(
        label=_("计量单位"), max_length=MEASURE_LONGEST, required=False, help_text=_("数要写：人、元、户")
    )
    choices = PrintedCharField(
        label=_("可选的答案"), required=False, widget=GrowingText({"rows": 3}), help_text=_("选一项的才写：一行一个")
    )
    though_alike = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def facts(self) -> dict[str, Any]:
        """Arguments of ``add_question``."""
        given = dict(self.cleaned_data)
        return given | {"choices": given["choices"].splitlines()}


class AnswerForm(ServiceErrors, forms.Form):
    """A field for each question, by its kind; what was answered last time stands in it and is said to."""

    note = PrintedCharField(
        label=_("说明"),
        required=False,
        max_length=NOTE_LONGEST,
        widget=GrowingText({"rows": 2}),
        help_text=_("有空着的，写明原因"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(
        self, *args: Any, answer: DataAnswer, questions: list[DataQuestion], former: dict[str, Any], **kwargs: Any
    ) -> None:
        first = {"note": answer.note, "version": answer.version}
        super().__init__(*args, initial=first, **kwargs)
        self.questions, self.former = questions, former
        for question in questions:
            key = str(question.pk)
            known = answer.values.get(key, None if answer.values else former.get(key))
            self.fields[question.field] = field_of(question, known)

    def asked(self) -> list[tuple[DataQuestion, Any, Any]]:
        """(question, bound field, what was answered last time)."""
        return [(each, self[each.field], self.former.get(str(each.pk))) for each in self.questions]

    def arguments(self) -> dict[str, Any]:
        given = {each.field: self.cleaned_data.get(each.field, "") for each in self.questions}
        return {"given": given, "note": self.cleaned_data["note"]}


def field_of(question: DataQuestion, known: Any) -> forms.Field:
    """How ``question`` is asked; what is wrong with an answer says the service."""
    # a help text is drawn as it stands; this one somebody typed
    common: dict[str, Any] = {"label": question.head, "help_text": conditional_escape(question.meaning)}
    common |= {"required": False, "initial": known}
    if question.kind == QuestionKind.YES_NO:
        wrong = {"invalid_choice": _("请选是或否。")}
        return forms.ChoiceField(choices=YES_NO, widget=Answers(across=2), error_messages=wrong, **common)
    if question.kind == QuestionKind.CHOICE:
        wrong = {"invalid_choice": _("请从可选的答案里选一项。")}
        choices = [("", _("请选择")), *((each, each) for each in question.choices)]
        return forms.ChoiceField(choices=choices, error_messages=wrong, **common)
    if question.kind == QuestionKind.NUMBER:
        return forms.CharField(widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}), **common)
    return PrintedCharField(max_length=TEXT_LONGEST, **common)
