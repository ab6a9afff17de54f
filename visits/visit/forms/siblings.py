"""What is asked of one brother or sister on a family visit; everything else is told once for all."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from childwelfare.questions.conditions import any_holds
from childwelfare.questions.form_fields import answer_of, form_field
from childwelfare.questions.question import AskedOf, Question
from childwelfare.questions.question_set import Step
from childwelfare.text.days import short_day
from registry.child.models import ChildFile
from visits.visit import codes
from visits.visit.forms.steps import Card, Line
from visits.visit.questions import VISIT_QUESTIONS


def name_last(form: forms.Form, last, questions: list[Question]) -> None:
    """Last time's answers beside the questions, in words; nothing is chosen by it."""
    day = short_day(last.visited_on)
    for question in questions:
        answer = question.in_words(getattr(last, question.name)) if question.named_last else ""
        if answer:
            said = {"answer": answer, "day": day}
            form.fields[question.name].help_text = gettext("上次：%(answer)s（%(day)s）") % said


class SiblingForm(forms.Form):
    """``child``'s line. ``last``: the visit before, or None."""

    def __init__(self, *args, child: ChildFile, last=None, **kwargs):
        super().__init__(*args, prefix=str(child.pk), **kwargs)
        self.child, self.last = child, last
        self.initial = {"outcome": codes.Outcome.SEEN}  # who is ticked was visited; who was not met is told apart
        own = VISIT_QUESTIONS.asked_of(AskedOf.EACH_CHILD)
        for question in own:
            self.fields[question.name] = form_field(question, prefix=self.prefix)
        if last:
            name_last(self, last, own)

    def line(self, step: Step) -> Line | None:
        """What ``step`` asks of this child."""
        cards = []
        for question in step.questions:
            if question.asked_of == AskedOf.EACH_CHILD:
                rule = VISIT_QUESTIONS.show_on_line(question, self.prefix)
                cards.append(Card(self[question.name], rule))
        ticked = f"together={self.child.pk}"
        return Line(self.child, cards, VISIT_QUESTIONS.line_when(step, self.prefix) or ticked) if cards else None

    def same(self, step: Step) -> dict[str, str]:
        """Last time's answers of this child that the step's button fills in."""
        same = {}
        for question in step.questions:
            if self.last and question.repeated and question.asked_of == AskedOf.EACH_CHILD:
                same[self.add_prefix(question.name)] = getattr(self.last, question.name)
        return same

    def answers(self, shared: dict) -> dict:
        """This child's answers, with what the form told once for all, as far as this child was met."""
        own = {}
        for question in VISIT_QUESTIONS.asked_of(AskedOf.EACH_CHILD):
            own[question.name] = answer_of(question, self.cleaned_data)
        today = timezone.localdate()
        met = any_holds(VISIT_QUESTIONS.met, own, on=today)
        answers = {}
        for question in VISIT_QUESTIONS.questions:
            name = question.name
            if question.asked_of == AskedOf.DOOR or (met and question.asked_of == AskedOf.ANY_CHILD):
                answers[name] = shared[name]
            elif question.asked_of == AskedOf.EACH_CHILD:
                once = any_holds(question.once_when, own, on=today)
                answers[name] = shared[name] if once else own[name]
        return answers
