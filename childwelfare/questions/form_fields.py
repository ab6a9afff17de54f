"""The fields of a form that asks a set of questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, PeopleField
from childwelfare.pages.forms import TRUTH, YES_NO, Answers, DateInput, GrowingText, ManyAnswers
from childwelfare.pages.needed import mark_needed
from childwelfare.questions.conditions import Condition
from childwelfare.questions.question import Kind, Question
from childwelfare.questions.question_set import QuestionSet, value_of

NUMBER = {
    "invalid": _("不是整数。"),
    "min_value": _("数不能小于 %(limit_value)s。"),
    "max_value": _("数太大了，最大是 %(limit_value)s。"),
}
AS_WORD = {True: "yes", False: "no", None: ""}


class FittingAnswers(Answers):
    """Big answers, each shown while another question has an answer that it fits. ``prefix``: of the form."""

    def __init__(self, question: Question, prefix: str):
        super().__init__(across=question.across)
        self.fits, self.prefix = question.fits, prefix

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        others = [other for other, fitting in self.fits.answers.items() if value in fitting]
        return option | {"show_when": Condition(self.fits.question, tuple(others)).text(self.prefix)}


def form_fields(question_set: QuestionSet) -> dict[str, forms.Field]:
    """A field for each question, and for each opener before its question."""
    fields = {}
    for question in question_set.questions:
        if question.opener:
            fields[question.opener.name] = opener_field(question)
        fields[question.name] = form_field(question, required=question_set.is_always_needed(question))
    return fields


def form_field(question: Question, *, prefix: str = "", required: bool = False) -> forms.Field:
    """``prefix``: of the form that it will stand in. ``required`` is said by dates alone: of what else is needed the
    set says what is missing (``check``), in its own words."""
    help_text = question.help
    if question.help_when:
        help_text = _help_when(question, prefix)
    field = FIELD_OF_KIND[question.kind](question, prefix, required)
    field.label, field.help_text = question.label, help_text
    if question.opener:
        mark_needed(field, question.opener.unnamed)  # shown on its yes alone
    elif question.needed or question.needed_when:
        # a question that is needed wherever it is shown asks no more; a line's conditions are about its own child
        rule = "" if question.needed else ",".join(each.text(prefix) for each in question.needed_when)
        mark_needed(field, question.words_if_missing, rule=rule)
    return field


def _help_when(question: Question, prefix: str) -> str:
    rules = []
    for conditions, text in question.help_when:
        if prefix and conditions == question.once_when:
            continue  # said once for all, not on this line
        rules.append((",".join(condition.text(prefix) for condition in conditions), text))
    return format_html_join("", '<span data-show-when="{}">{}</span>', rules)


def _choice(question: Question, prefix: str, required: bool) -> forms.Field:
    widget = FittingAnswers(question, prefix) if question.fits else Answers(across=question.across)
    return forms.ChoiceField(choices=question.codes.choices, required=False, widget=widget)


def _several(question: Question, prefix: str, required: bool) -> forms.Field:
    return forms.MultipleChoiceField(choices=question.codes.choices, required=False, widget=ManyAnswers)


def _yes_no(question: Question, prefix: str, required: bool) -> forms.Field:
    return forms.ChoiceField(choices=YES_NO, required=False, widget=Answers(across=question.across))


def _text(question: Question, prefix: str, required: bool) -> forms.Field:
    kind = PeopleField if question.names_people else CleanCharField
    field = kind(max_length=question.longest, required=False)
    field.widget.attrs["enterkeyhint"] = "next"
    return field


def _long_text(question: Question, prefix: str, required: bool) -> forms.Field:
    widget = GrowingText(attrs={"maxlength": question.longest})
    return CleanCharField(max_length=question.longest, required=False, widget=widget)


def _date(question: Question, prefix: str, required: bool) -> forms.Field:
    last = question.last_offered(timezone.localdate())
    attrs = {"max": last.isoformat()} if last else {}
    return CleanDateField(required=required, widget=DateInput(attrs=attrs))


def _tick(question: Question, prefix: str, required: bool) -> forms.Field:
    return forms.BooleanField(required=False)


def _hidden_number(question: Question, prefix: str, required: bool) -> forms.Field:
    if not question.decimals:
        # beyond it the column takes nothing more
        return forms.IntegerField(
            required=False,
            min_value=question.least,
            max_value=question.largest,
            widget=forms.HiddenInput,
            error_messages=NUMBER,
        )
    return forms.DecimalField(
        required=False, max_digits=question.digits, decimal_places=question.decimals, widget=forms.HiddenInput,
        min_value=question.least, max_value=question.largest, error_messages=NUMBER | {"invalid": _("不是数。")},
    )  # fmt: skip


FIELD_OF_KIND = {
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.YES_NO: _yes_no,
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.DATE: _date,
    Kind.TICK: _tick,
    Kind.HIDDEN_NUMBER: _hidden_number,
}


def opener_field(question: Question) -> forms.Field:
    opener = question.opener
    field = forms.ChoiceField(
        label=opener.label,
        help_text=opener.help,
        choices=[("no", opener.no), ("yes", opener.yes)],
        required=False,
        widget=Answers(across=2),
    )
    if question.needed:
        mark_needed(field, question.words_if_missing)
    return field


def opener_problems(question_set: QuestionSet, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """{field: message} where what an opener says and what its question says don't go together."""
    problems = {}
    for question in question_set.questions:
        if question.opener:
            said, chosen = cleaned.get(question.opener.name), cleaned.get(question.name)
            if said == "yes" and not chosen:
                problems[question.name] = question.opener.unnamed
            if said == "no" and chosen:
                problems[question.opener.name] = question.opener.contrary
    return problems


def answer_of(question: Question, cleaned: Mapping[str, Any]) -> Any:
    """The answer in a form's cleaned data; None where the form has no such field."""
    value = cleaned.get(question.name)
    if question.kind == Kind.YES_NO:
        return TRUTH.get(value)
    if question.kind == Kind.SEVERAL:
        return value or []
    if question.kind == Kind.CHOICE and not value and question.default is not None:
        return question.default
    return value


def initial_of(question_set: QuestionSet, record: Any) -> dict[str, Any]:
    """What a form shows of the answers in ``record``; what an opener asks was looked at where it is shown."""
    answers = {question.name: value_of(record, question.name) for question in question_set.questions}
    initial = dict(answers)
    for question in question_set.questions:
        if question.kind == Kind.YES_NO:
            initial[question.name] = AS_WORD[answers[question.name]]
        if question.opener:
            looked = question_set.is_shown(question, answers, on=timezone.localdate())
            initial[question.opener.name] = AS_WORD[bool(answers[question.name])] if looked else ""
    return initial
