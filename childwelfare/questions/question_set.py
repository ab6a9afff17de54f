"""Steps of questions under a key and a version; what is asked, shown, missing and wrong follows from the table."""

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.questions.conditions import Condition, Conditions, any_holds, as_texts
from childwelfare.questions.question import AskedOf, Question, usual_words
from childwelfare.text.words import Words

NO_NAME = gettext_lazy("这里写的是人，不能有表情和符号，请改正。")


@dataclass(frozen=True)
class Piece:
    """Something in a step that is no question; the form that draws the step knows what ``name`` is."""

    name: str


@dataclass
class Step:
    """Questions on one page of the form. ``when``: the step is shown; always, if empty."""

    key: str
    title: Words
    items: list[Question | Piece]
    when: Conditions = ()

    @property
    def questions(self) -> list[Question]:
        return [item for item in self.items if isinstance(item, Question)]


@dataclass(frozen=True)
class Line:
    """An answer on the page of a record, last time's beside it."""

    label: Words
    then: Any
    now: Any
    changed: bool


@dataclass(frozen=True)
class QuestionSet:
    """``version`` stands in the records whose answers are rows: each is read by the version that it was asked by.

    ``met``: on these answers a child was met, and what is said of any child holds for it.
    """

    key: str
    version: int
    steps: list[Step]
    met: Conditions = field(default=())

    @property
    def questions(self) -> list[Question]:
        return [question for question, _step in self.places]

    @property
    def places(self) -> list[tuple[Question, Step]]:
        """Each question and the step that it stands in."""
        return [(question, step) for step in self.steps for question in step.questions]

    def __getitem__(self, name: str) -> Question:
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        return any(question.name == name for question in self.questions)

    def asked_of(self, *whom: AskedOf) -> list[Question]:
        return [question for question in self.questions if question.asked_of in whom]

    # --- when a question is shown ---

    def step_of(self, question: Question) -> Step:
        for each, step in self.places:
            if each.name == question.name:
                return step
        raise KeyError(question.name)

    def is_always_needed(self, question: Question) -> bool:
        return question.needed and not question.when and not self.step_of(question).when

    def is_shown(self, question: Question, answers: Mapping[str, Any], *, on: datetime.date) -> bool:
        """Whether ``answers``, of one child, ask it. ``on``: the day from which ages of dates are counted."""
        return self._is_shown(question, self.step_of(question), self._with_openers(answers), on)

    def _is_shown(self, question: Question, step: Step, answers: Mapping[str, Any], on: datetime.date) -> bool:
        return all(any_holds(conditions, answers, on=on) for conditions in _conditions_of(question, step))

    def _is_asked(self, question: Question, step: Step, answers: Mapping[str, Any], on: datetime.date) -> bool:
        """Shown, or needed on these answers."""
        return any_holds(question.needed_when, answers, on=on) or self._is_shown(question, step, answers, on)

    def _with_openers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        complete = dict(answers)
        for question in self.questions:
            value = answers.get(question.name)
            if question.opener and value is not None:
                complete[question.opener.name] = bool(value)
        return complete

    def asked_answers(self, answers: Mapping[str, Any], *, on: datetime.date) -> dict[str, Any]:
        """``answers``, of one child, with those to questions that they don't ask left blank: nobody was asked, and what
        a hidden field or a program sends of them says nothing. ``on`` as of ``is_shown``."""
        asked, blanked = dict(answers), True
        places = self.places
        while blanked:  # a question may hang on the answer to one that is not asked either
            blanked, complete = False, self._with_openers(asked)
            for question, step in places:
                value = asked.get(question.name)
                if as_texts(value) and value != question.blank and not self._is_asked(question, step, complete, on):
                    asked[question.name], blanked = question.blank, True
        return asked

    def show_when(self, question: Question, prefixes: Iterable[str] = ()) -> str:
        """The rule that the script reads in the form. ``prefixes``: of the lines of brothers and sisters there."""
        rules = []
        for condition in question.once_when:
            rules += self._texts(condition, prefixes)
        for condition in question.when:
            rules += self._texts(condition, prefixes if question.asked_of == AskedOf.ANY_CHILD else ())
        if question.opener:
            rules.append(Condition(question.opener.name, ("yes",)).text())
        return ",".join(rules)

    def step_when(self, step: Step, prefixes: Iterable[str] = ()) -> str:
        """The rule of a whole step: what is said of any child there is asked if any was met."""
        return ",".join(text for condition in step.when for text in self._texts(condition, prefixes))

    def _texts(self, condition: Condition, prefixes: Iterable[str]) -> list[str]:
        texts = [condition.text()]
        if self._is_of_each(condition):
            texts += [condition.text(prefix) for prefix in prefixes]
        return texts

    def show_on_line(self, question: Question, prefix: str) -> str:
        """The rule of a question on the line of the brother or sister with this ``prefix``."""
        rules = [condition.text(prefix if self._is_of_each(condition) else "") for condition in question.when]
        return ",".join(rules)

    def line_when(self, step: Step, prefix: str) -> str:
        """The rule of the whole line: one of its questions is shown; "" where one always is.

        Who depends on another question of the same line is shown only with it, and adds nothing.
        """
        conditions: list[Condition] = []
        names = [question.name for question in step.questions]
        for question in step.questions:
            if question.asked_of != AskedOf.EACH_CHILD:
                continue
            wanted = question.when or step.when
            if not wanted:
                return ""
            conditions += [each for each in wanted if each.question not in names and each not in conditions]
        return ",".join(each.text(prefix if self._is_of_each(each) else "") for each in conditions)

    def _is_of_each(self, condition: Condition) -> bool:
        names = [question.name for question in self.asked_of(AskedOf.EACH_CHILD)]
        return condition.question in names

    # --- what is missing or wrong ---

    def check(self, answers: Mapping[str, Any], *, on: datetime.date) -> dict[str, list[str]]:
        """{question: [message]} of the answers about one child. A question with an opener that was not looked at is
        None; ``on``: the day on which it was recorded."""
        problems = {}
        complete = self._with_openers(answers)
        for question, step in self.places:
            problem = self._problem_of(question, step, complete, on)
            if problem:
                problems[question.name] = [problem]
        return problems

    def _problem_of(self, question: Question, step: Step, answers: Mapping[str, Any], on: datetime.date) -> str:
        value = answers.get(question.name)
        if not question.is_answered(value):
            return self._missing(question, answers, on) if self._is_needed(question, step, answers, on) else ""
        if problem := _misfit(question, value, answers) or _no_name(question, value):
            return problem
        # of what is not asked only a contradiction is told; the rest is not kept
        return _disorder(question, value, answers) if self._is_asked(question, step, answers, on) else ""

    def _is_needed(self, question: Question, step: Step, answers: Mapping[str, Any], on: datetime.date) -> bool:
        if any_holds(question.needed_when, answers, on=on):
            return True
        return question.needed and self._is_shown(question, step, answers, on)

    def _missing(self, question: Question, answers: Mapping[str, Any], on: datetime.date) -> str:
        text = str(question.missing or usual_words(question))
        for conditions, what in question.help_when:
            if any_holds(conditions, answers, on=on):
                return text % {"what": what}
        return text

    # --- what follows from the answers ---

    def flags(self, record: Any, *, on: datetime.date) -> set[str]:
        """The flags that the answers in ``record`` raise to what it asks. ``on``: the day on which it was recorded."""
        raised, questions = set(), self.questions
        asked = self.asked_answers({each.name: value_of(record, each.name) for each in questions}, on=on)
        for question in questions:
            said = as_texts(asked[question.name])
            for flag, values in question.flags.items():
                is_raised = bool(set(said) & set(values)) if values else bool(said)
                if is_raised:
                    raised.add(flag)
        return raised

    def lines(self, record: Any, before: Any = None, *, on: datetime.date) -> list[Line]:
        """The answers in ``record``, {question: answer} or an object with attributes, beside those in ``before``."""
        answers = {question.name: value_of(record, question.name) for question in self.questions}
        detailed = [question for question in self.questions if question.detail]
        lines = []
        for question in sorted(detailed, key=lambda each: each.detail):
            value = answers[question.name]
            if question.compared and not (self.is_shown(question, answers, on=on) or (question.marked and value)):
                continue
            now, then = question.in_words(value), ""
            if question.compared and before is not None:
                then = question.in_words(value_of(before, question.name))
            if now or then:
                differs = bool(then) and then != now  # what was not asked last time has not changed
                changed = bool(value) if question.marked else differs
                lines.append(Line(question.detail_label or question.label, then, now, changed))
        return lines

    # --- the same for the phone ---

    def as_json(self) -> dict[str, Any]:
        """What static/js/offline/questions.js reads; what isn't so is left out."""
        steps = []
        for step in self.steps:
            steps.append({"key": step.key, "repeated": [each.name for each in step.questions if each.repeated]})
        return {
            "key": self.key,
            "version": self.version,
            "steps": steps,
            "met": _as_json(self.met),
            "questions": [self.json_of(question) for question in self.questions],
        }

    def json_of(self, question: Question) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": question.name,
            "kind": str(question.kind),
            "asked_of": str(question.asked_of),
            "shown": [_as_json(conditions) for conditions in _conditions_of(question, self.step_of(question))],
            "once_when": _as_json(question.once_when),
            "needed": question.needed,
            "needed_when": _as_json(question.needed_when),
            "named_last": question.named_last,
            "until_today": question.until_today,
        }
        if question.needed or question.needed_when or question.fits:
            told["missing"] = str(question.missing_on_phone or usual_words(question))
        if question.opener:
            told["opener"] = question.opener.name
        if question.fits:
            told["fits"] = {"question": question.fits.question, "answers": question.fits.answers}
        for name, other in (("after", question.after), ("until", question.until)):
            if other:
                told[name] = {"question": other.question, "problem": str(other.problem)}
        if question.names_people:
            told["no_symbols"] = str(NO_NAME)
        if limit := question.soon_after:
            told["soon_after"] = {"question": limit.question, "days": limit.days, "problem": str(limit.problem)}
        return {name: value for name, value in told.items() if value}


def _conditions_of(question: Question, step: Step) -> list[Conditions]:
    """One of each must hold."""
    own = (*question.once_when, *question.when)
    return [conditions for conditions in (step.when, own) if conditions]


def value_of(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)


def _as_json(conditions: Conditions) -> list[dict[str, Any]]:
    return [condition.as_json() for condition in conditions]


def _misfit(question: Question, value: Any, answers: Mapping[str, Any]) -> str:
    """What is said of an answer that doesn't fit another one."""
    fits = question.fits
    if fits is None or not answers.get(fits.question):
        return ""
    fitting = fits.answers.get(answers[fits.question], ())
    if value in fitting:
        return ""
    if not fitting:
        return str(fits.none)
    return str(fits.others) % {"answers": _("、").join(str(question.in_words(each)) for each in fitting)}


def _no_name(question: Question, value: Any) -> str:
    """What is said of a picture or symbol among names; phones say the same."""
    if question.names_people and any(unicodedata.category(letter) == "So" for letter in str(value)):
        return str(NO_NAME)
    return ""


def _disorder(question: Question, value: Any, answers: Mapping[str, Any]) -> str:
    """What is said of a date that is before, after or long after another one, and shouldn't be."""
    for other, is_wrong in ((question.after, lambda day: value <= day), (question.until, lambda day: value > day)):
        day = answers.get(other.question) if other else None
        if other and day and is_wrong(day):
            return str(other.problem)
    limit = question.soon_after
    begun = answers.get(limit.question) if limit else None
    if limit and begun and (_as_day(value) - _as_day(begun)).days > limit.days:
        return str(limit.problem)
    return ""


def _as_day(value: Any) -> datetime.date:
    """A date, also as JSON has it."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


QUESTION_SETS: dict[tuple[str, int], QuestionSet] = {}


def register(question_set: QuestionSet) -> QuestionSet:
    """Make ``question_set`` known under its key and version. Raises ValueError where another one has them."""
    place = (question_set.key, question_set.version)
    if place in QUESTION_SETS:
        raise ValueError(f"there is a set {place} already")
    QUESTION_SETS[place] = question_set
    return question_set


def question_set(key: str, version: int) -> QuestionSet:
    """The questions that a record of this ``version`` was asked. Raises KeyError.

    For sets whose answers are rows; no page has one yet, a test does (tests/childwelfare/questions/made_up.py)."""
    return QUESTION_SETS[key, version]


def newest(key: str) -> QuestionSet:
    """The version that is asked today; for sets whose answers are rows, as ``question_set``."""
    version = max(version for name, version in QUESTION_SETS if name == key)
    return QUESTION_SETS[key, version]
