"""The form of an assessment, made from the assessment system at runtime: one question a step. The rules are in the
services."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, optional_day
from childwelfare.pages.forms import GrowingText, OnceForm, ServiceErrors
from childwelfare.pages.needed import mark_needed
from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from registry.assessments import codes
from registry.assessments.models import Assessment
from registry.assessments.services.answers import WHY_LIMIT, Before, Given, is_worse
from registry.assessments.services.assess import LIMITS
from registry.child.codes import Risk
from registry.instruments.definition import NO, UNKNOWN, YES, Definition, Dimension, Indicator, ScreenQuestion
from registry.instruments.facts import Fact
from registry.instruments.models import Instrument

NONE = "none_of_these"  # of an indicator that takes several answers: looked at, and there is none
SCREEN, END = "screen", "end"  # the groups of steps before and after the dimensions
UNKNOWN_WORDS = (_("不清楚"), _("没看到、问不到；不算好，也不算差"))


@dataclass(frozen=True)
class Face:
    """How an answer is drawn: ``sentence`` below its name; ``last``: on which day it was the answer, in words."""

    sentence: Words = ""
    last: str = ""
    is_unknown: bool = False


class AnswerCards(forms.RadioSelect):
    """Answers as cards below each other, each with the sentence by which it is known; 不清楚 apart."""

    template_name = "registry/assessments/_answers.html"

    def __init__(self, faces: Mapping[str, Face]) -> None:
        super().__init__()
        self.faces = faces

    def create_option(self, name, value, *args, **kwargs):
        return super().create_option(name, value, *args, **kwargs) | {"face": self.faces.get(value, Face())}


class ManyAnswerCards(forms.CheckboxSelectMultiple):
    """As AnswerCards, of which any number may be chosen."""

    template_name = "registry/assessments/_answers.html"

    def __init__(self, faces: Mapping[str, Face]) -> None:
        super().__init__()
        self.faces = faces

    def create_option(self, name, value, *args, **kwargs):
        return super().create_option(name, value, *args, **kwargs) | {"face": self.faces.get(value, Face())}


@dataclass(frozen=True)
class ToldLine:
    """What the file tells of an indicator: not asked."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, kw_only=True)
class QuestionStep:
    """One step: a question of ``group``, the ``n``-th ``of`` its own. ``rule``: when it is asked (data-show-when);
    ``why``: the field for why it is worse, shown by ``why_rule``."""

    group: str
    title: str
    n: int
    of: int
    field: forms.BoundField
    rule: str = ""
    why: forms.BoundField | None = None
    why_rule: str = ""
    told: tuple[ToldLine, ...] = ()


@dataclass(frozen=True)
class StepGroup:
    key: str
    name: Words


@dataclass
class _Asked:
    """What a form asks, as it is put together: the steps' field names with what belongs to them."""

    steps: list[dict[str, Any]] = field(default_factory=list)


class AssessForm(OnceForm):
    """``told``: {indicator: (its answer, the fact)} of what the file answers; ``last``: the assessment before, whose
    answers are named and not chosen; ``second``: the second assessor's; ``assessment``: one that came back."""

    one_at_a_time = True
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    instrument = forms.UUIDField(widget=forms.HiddenInput, required=False)
    occasion = forms.ChoiceField(label=_("评估原因"), required=False)
    assessed_on = optional_day(_("评估日期"), initial=timezone.localdate)
    participants = CleanCharField(
        label=_("参与人"), required=False, max_length=LIMITS["participants"],
        help_text=_("一起评估的人，如 班主任王老师、村医"),
    )  # fmt: skip
    child_view = CleanCharField(
        label=_("孩子的想法"), required=False, max_length=LIMITS["child_view"], widget=GrowingText(),
        help_text=_("孩子自己最想要什么、怕什么，尽量写原话"),
    )  # fmt: skip
    guardian_view = CleanCharField(
        label=_("监护人的意见"), required=False, max_length=LIMITS["guardian_view"], widget=GrowingText()
    )
    strengths = CleanCharField(
        label=_("有利条件"), required=False, max_length=LIMITS["strengths"], widget=GrowingText(),
        help_text=_("家里、亲戚、学校、村里能靠得上的人和事"),
    )  # fmt: skip
    danger_words = CleanCharField(
        label=_("眼下的情况"), required=False, max_length=LIMITS["danger_words"], widget=GrowingText({"rows": 2}),
        help_text=_("谁有危险、现在在哪里、怎么样；写进紧急报告"),
    )  # fmt: skip
    level = forms.ChoiceField(label=_("定为"), required=False)
    level_reason = CleanCharField(
        label=_("和按分数的不同，写明原因"), required=False, max_length=LIMITS["level_reason"], widget=GrowingText()
    )
    guardianship_words = forms.ChoiceField(label=_("监护情况判断"), required=False)

    def __init__(
        self,
        *args: Any,
        instrument: Instrument,
        told: Mapping[str, tuple[str, Fact]],
        last: Before,
        second: bool = False,
        occasion: str = codes.Occasion.REGULAR,
        assessment: Assessment | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        given = {"instrument": instrument.pk, "occasion": occasion} | (_initial(assessment) if assessment else {})
        super().__init__(*args, initial=given | dict(initial or {}), **kwargs)
        self.content: Definition = instrument.content
        self.told, self.last, self.is_second = told, last, second
        occasions = [choice for choice in codes.Occasion.choices if (choice[0] == codes.Occasion.SECOND) == second]
        self.fields["occasion"].choices = occasions
        self._choose_levels()
        self._asked = _Asked()
        self._add_screen()
        for dimension in self.content.dimensions:
            self._add_dimension(dimension)

    @property
    def groups(self) -> list[StepGroup]:
        """The parts of the form, for the bar above it."""
        asked = {step["group"] for step in self._asked.steps}
        dimensions = [StepGroup(each.key, each.name) for each in self.content.dimensions if each.key in asked]
        screen = [StepGroup(SCREEN, _("筛查"))] if self.content.screen else []
        return [*screen, *dimensions, StepGroup(END, _("意见"))]

    @property
    def is_danger(self) -> bool:
        """Whether a question of the urgent screen is answered with yes: then the rest is not asked."""
        return any(self[f"screen_{question.key}"].value() == YES for question in self.content.screen)

    @property
    def question_steps(self) -> list[QuestionStep]:
        of_group: dict[str, int] = {}
        for step in self._asked.steps:
            of_group[step["group"]] = of_group.get(step["group"], 0) + 1
        shown: dict[str, int] = {}
        steps = []
        for step in self._asked.steps:
            group = step["group"]
            shown[group] = shown.get(group, 0) + 1
            steps.append(
                QuestionStep(
                    group=group, title=step["title"], n=shown[group], of=of_group[group], field=self[step["name"]],
                    rule=step.get("rule", ""), why=self[step["why"]] if step.get("why") else None,
                    why_rule=step.get("why_rule", ""), told=step.get("told", ()),
                )
            )  # fmt: skip
        return steps

    def arguments(self) -> dict:
        return {"given": self.given(), "pk": self.cleaned_data["pk"]}

    def given(self) -> Given:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        screen = {each.key: data.get(f"screen_{each.key}") or "" for each in self.content.screen}
        answers, why = {}, {}
        for indicator in self.content.indicators():
            if answer := data.get(f"answer_{indicator.key}"):
                answers[indicator.key] = _answer(indicator, answer)
            if reason := data.get(f"why_{indicator.key}"):
                why[indicator.key] = reason
        plain = ("occasion", "assessed_on", "level", "guardianship_words", "instrument", *LIMITS)
        return Given(screen=screen, answers=answers, worse_because=why, **{name: data[name] for name in plain})

    def field_at(self, name: str) -> str | None:
        part, dot, key = name.partition(".")
        names = {"screen": "screen_", "answers": "answer_", "worse_because": "why_"}
        found = f"{names[part]}{key}" if dot and part in names else name
        return super().field_at(found)

    def _choose_levels(self) -> None:
        levels = [(each.key, each.name) for each in self.content.levels]
        self.fields["level"].choices = [("", _("按分数")), *levels]
        if self.content.words is None:
            del self.fields["guardianship_words"]
            return
        words = [(step[1], step[1]) for step in self.content.words.steps]
        self.fields["guardianship_words"].choices = [("", _("按分数")), *words]

    def _add_screen(self) -> None:
        for question in self.content.screen:
            name = f"screen_{question.key}"
            self.fields[name] = _screen_field(question)
            self._asked.steps.append({"group": SCREEN, "title": str(_("筛查")), "name": name})

    def _add_dimension(self, dimension: Dimension) -> None:
        told = tuple(self._told_of(dimension))
        for indicator in dimension.indicators:
            if indicator.key in self.told:
                continue
            rule = self._rule(indicator)
            if rule is None:
                continue
            name, why = f"answer_{indicator.key}", f"why_{indicator.key}"
            self.fields[name] = self._answer_field(indicator)
            step = {"group": dimension.key, "title": dimension.name, "name": name, "rule": rule, "told": told}
            if worse := self._worse(indicator):
                self.fields[why] = CleanCharField(
                    label=_("比上次差，请写一句为什么"), required=False, max_length=WHY_LIMIT
                )
                step |= {"why": why, "why_rule": f"{name}={'|'.join(worse)}"}
            self._asked.steps.append(step)

    def _rule(self, indicator: Indicator) -> str | None:
        """When it is asked, by the answers of the form; blank: always; None: never, by what the file tells."""
        if not indicator.when:
            return ""
        by_form = []
        for each in indicator.when:
            answer = self.told.get(each.indicator)
            if answer is None:
                by_form.append(f"answer_{each.indicator}={'|'.join(each.answers)}")
            elif answer[0] in each.answers:
                return ""
        return ",".join(by_form) or None

    def _worse(self, indicator: Indicator) -> list[str]:
        """The answers that are worse than last time's; none of an indicator that takes several, which are counted."""
        then = self.last.answers.get(indicator.key)
        if indicator.several:
            return [each.key for each in indicator.answers] if then is not None and then != UNKNOWN else []
        return [each.key for each in indicator.answers if is_worse(self.content, indicator, each.key, then)]

    def _answer_field(self, indicator: Indicator) -> forms.Field:
        then = self.last.answers.get(indicator.key)
        when = str(_("上次")) + (f" {short_day(self.last.on)}" if self.last.on else "")
        given = then if isinstance(then, list | tuple) else [then]
        faces = {each.key: Face(each.sentence, when if each.key in given else "") for each in indicator.answers}
        faces[UNKNOWN] = Face(UNKNOWN_WORDS[1], when if then == UNKNOWN else "", is_unknown=True)
        choices: list[tuple[str, Words]] = [(each.key, each.name) for each in indicator.answers]
        if indicator.several:
            faces[NONE] = Face(_("看过了，没有这些"), when if then == [] else "")
            choices.append((NONE, _("都没有")))
        choices.append((UNKNOWN, UNKNOWN_WORDS[0]))
        made: Any = forms.MultipleChoiceField if indicator.several else forms.ChoiceField
        widget: Any = ManyAnswerCards(faces) if indicator.several else AnswerCards(faces)
        asked = made(label=indicator.question, help_text=indicator.help, choices=choices, required=False, widget=widget)
        mark_needed(asked, "", rule="")
        return asked

    def _told_of(self, dimension: Dimension) -> list[ToldLine]:
        lines = []
        for indicator in dimension.indicators:
            if indicator.key in self.told:
                answer, fact = self.told[indicator.key]
                name = indicator[answer].name
                lines.append(ToldLine(indicator.name, fact.words or name, name if fact.words else ""))
        return lines


def _screen_field(question: ScreenQuestion) -> forms.ChoiceField:
    faces = {
        YES: Face(_("马上定为最高等级，并提出紧急报告")),
        NO: Face(_("看过、问过，没有")),
        UNKNOWN: Face(UNKNOWN_WORDS[1], is_unknown=True),
    }
    choices = [(YES, _("是")), (NO, _("否")), (UNKNOWN, UNKNOWN_WORDS[0])]
    asked = forms.ChoiceField(
        label=question.text, help_text=question.help, choices=choices, required=False, widget=AnswerCards(faces)
    )
    mark_needed(asked, "", rule="")
    return asked


def _answer(indicator: Indicator, given: Any) -> Any:
    """As the service takes it: of several the list, empty where there is none of them."""
    if not indicator.several:
        return given
    if UNKNOWN in given:
        return UNKNOWN
    return [key for key in given if key != NONE]


def _initial(assessment: Assessment) -> dict[str, Any]:
    """What one that came back says, to be corrected."""
    names = ("occasion", "assessed_on", *LIMITS)
    given = {name: getattr(assessment, name) for name in names} | {"version": assessment.version}
    given |= {f"screen_{key}": answer for key, answer in assessment.screen.items()}
    for key, answer in assessment.answers.items():
        several = isinstance(answer, list)
        given[f"answer_{key}"] = (answer or [NONE]) if several else answer
    given |= {f"why_{key}": reason for key, reason in assessment.reasons_given.items()}
    given["level"] = assessment.level if assessment.level != assessment.proposed else ""
    return given | {"pk": uuid.uuid4()}


class NoticeForm(ServiceErrors, forms.Form):
    """When the family was told in writing."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    notified_on = CleanDateField(label=_("书面告知家庭日期"), required=False)

    def arguments(self) -> dict:
        return {"on": self.cleaned_data["notified_on"], "seen_version": self.cleaned_data["version"] or 0}


class ListForm(forms.Form):
    """What narrows the list of assessments."""

    level = forms.ChoiceField(label=_("等级"), required=False, choices=[("", _("全部等级")), *Risk.choices])
