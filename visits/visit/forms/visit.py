"""The visit form: four steps on a phone, three big answers a question, two where the child was not met; safety is asked
anew every time."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.forms import ManyAnswers, ServiceErrors
from childwelfare.questions.form_fields import answer_of, form_fields, initial_of, opener_problems
from childwelfare.questions.question import Kind, Question
from childwelfare.questions.question_set import Piece, Step
from visits.visit import codes
from visits.visit.forms.observed_changes import ObservedFields
from visits.visit.forms.siblings import SiblingForm, name_last
from visits.visit.forms.steps import Card, DrawnStep
from visits.visit.models import Visit
from visits.visit.observed_changes import KEY, OBSERVABLE
from visits.visit.questions import VISIT_QUESTIONS


class VisitForm(ObservedFields, ServiceErrors, forms.Form):
    """Answers to one visit; ``answers`` hands them on to ``log_visit``, ``ticked`` the lines of the brothers and
    sisters for ``log_family_visit``.

    ``last``: the visit before; ``visit``: one that came back; ``siblings``: [(file, its last visit)] who may be
    ticked; ``about``, ``opened_for``, ``taken_back``: as ObservedFields; ``noticing``: ask what changed though nothing
    is known here.
    """

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    together = forms.MultipleChoiceField(
        label=_("一起走访的兄弟姐妹"), required=False, widget=ManyAnswers,
        help_text=_("共同的只填一次，每个孩子各记一条"),
        error_messages={
            "invalid_choice": _("勾选的兄弟姐妹里有的刚转出、结案或并入别处，已从名单里去掉；请核对后再提交。")
        },
    )  # fmt: skip
    # read by the view; here for what is said about them
    photos = forms.Field(label=_("照片"), required=False, widget=forms.FileInput)

    def __init__(
        self,
        *args,
        last: Visit | None = None,
        visit: Visit | None = None,
        siblings=(),
        about=None,
        opened_for=None,
        noticing=False,
        taken_back=None,
        **kwargs,
    ):
        super().__init__(*args, initial=_initial(visit), **kwargs)
        self.last, self.noticing = last, noticing or about is not None
        if opened_for and self.data.get("noticed") == "yes":
            self.noticing = True  # what was typed is shown again with what is wrong
        self.fields |= form_fields(VISIT_QUESTIONS)
        self.add_noticed(about, opened_for, taken_back)
        self.siblings = [SiblingForm(self.data or None, child=child, last=before) for child, before in siblings]
        self.fields["together"].choices = [
            (str(line.child.pk), f"{line.child.name}（{line.child.age()}）") for line in self.siblings
        ]
        if last:
            name_last(self, last, VISIT_QUESTIONS.questions)

    def steps(self) -> list[DrawnStep]:
        """The steps, each with its cards and the lines of brothers and sisters."""
        return [self._drawn(step) for step in VISIT_QUESTIONS.steps]

    def _drawn(self, step: Step) -> DrawnStep:
        prefixes = [sibling.prefix for sibling in self.siblings]
        cards = []
        for item in step.items:
            cards += self._cards_of_piece(item.name) if isinstance(item, Piece) else self._cards(item, prefixes)
        lines = [line for line in (sibling.line(step) for sibling in self.siblings) if line]
        may_repeat = any(question.repeated for question in step.questions)
        rule = VISIT_QUESTIONS.step_when(step, prefixes)
        return DrawnStep(step.key, step.title, rule, cards, lines, may_repeat, self._same(step))

    def _cards_of_piece(self, name: str) -> list[Card]:
        if name == "together":
            return [Card(self["together"])] if self.siblings else []
        if not self.noticing:
            return []
        inside = [Card(self[KEY.format(each)], "noticed=yes") for each in OBSERVABLE]
        return [Card(self["noticed"], inside=inside)]

    def _cards(self, question: Question, prefixes: list[str]) -> list[Card]:
        """The question's card, its opener's before it; numbers are hidden and stand with the place."""
        if question.kind == Kind.HIDDEN_NUMBER:
            return []
        card = Card(self[question.name], VISIT_QUESTIONS.show_when(question, prefixes))
        return [Card(self[question.opener.name]), card] if question.opener else [card]

    def _same(self, step: Step) -> dict:
        """Last time's answers of a step, where all of them are known."""
        repeated = [question.name for question in step.questions if question.repeated] if self.last else []
        same = {name: getattr(self.last, name) for name in repeated}
        if not same or not all(same.values()):
            return {}
        for sibling in self.siblings:
            same |= sibling.same(step)
        return same

    def clean(self):
        data = super().clean()
        for name, problem in opener_problems(VISIT_QUESTIONS, data).items():
            self.add_error(name, problem)
        if not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("请选择一项。"))
        return data

    def is_valid(self):
        """The lines of the ticked brothers and sisters too."""
        valid = super().is_valid()
        for line in self.ticked:
            if line.is_valid() and not line.cleaned_data.get("outcome"):
                line.add_error("outcome", _("请选择一项。"))
            for name, texts in line.errors.items():
                super().add_error(None, [f"{line.child.name} {line.fields[name].label}：{text}" for text in texts])
        return valid and not self.errors

    @property
    def ticked(self) -> list[SiblingForm]:
        keys = self.cleaned_data.get("together", []) if self.is_bound else []
        return [line for line in self.siblings if str(line.child.pk) in keys]

    @property
    def hazards_looked_at(self) -> bool:
        return self.cleaned_data.get("hazard") in ("yes", "no")

    def answers(self) -> dict:
        """Cleaned fields of Visit."""
        return {question.name: answer_of(question, self.cleaned_data) for question in VISIT_QUESTIONS.questions}

    def add_error(self, field, error):
        """A message about a brother or sister stands at that child's line."""
        for line in getattr(self, "siblings", []):
            if field and field.startswith(f"{line.prefix}-"):
                line.add_error(field.removeprefix(f"{line.prefix}-"), error)
                field, error = None, [f"{line.child.name}：{text}" for text in ValidationError(error).messages]
        return super().add_error(field, error)

    def field_at(self, name: str) -> str | None:
        for line in self.siblings:
            if name.startswith(f"{line.prefix}-"):
                own = name.removeprefix(f"{line.prefix}-")
                return name if own in line.fields else self.field_at(own)
        if name in VISIT_QUESTIONS and VISIT_QUESTIONS[name].opener:
            name = VISIT_QUESTIONS[name].opener.name
        return super().field_at(name)


def _initial(visit: Visit | None) -> dict:
    if visit is None:
        return {
            "pk": uuid.uuid4(),
            "visited_on": timezone.localdate(),
            "method": codes.Method.HOME,
            "outcome": codes.Outcome.SEEN,
        }
    return initial_of(VISIT_QUESTIONS, visit) | {"pk": visit.pk, "version": visit.version}
