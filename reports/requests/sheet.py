"""The one sheet into which the answers flow: a row a unit, what exists beside what was asked for, and the sum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count

from childwelfare.text.words import PATH_SIGN
from orgs.units.models import OrgUnit
from reports.indicators.table import Indicator, Numbers
from reports.requests.columns import Held, held_by, units_to_ask
from reports.requests.models import AnswerState, DataAnswer, DataQuestion, DataRequest, QuestionKind
from reports.requests.questions import in_words


@dataclass
class Row:
    """One unit. ``held``: what exists; ``answer``: None where nobody was asked; ``asker``: the unit that asks."""

    unit: OrgUnit
    held: Held
    asker: OrgUnit
    answer: DataAnswer | None = None

    @property
    def place(self) -> str:
        """Where it lies, from the asking unit down: township › village for a county."""
        below = [each.short_name for each in self.unit.chain() if each.level > self.asker.level]
        return PATH_SIGN.join(below)

    @property
    def values(self) -> Mapping[str, Any] | None:
        """What it answered; None where it did not, or has it back."""
        return self.answer.values if self.answer and self.answer.is_answered else None

    @property
    def is_missing(self) -> bool:
        return self.answer is not None and not self.answer.is_answered


@dataclass
class RequestSheet:
    """``indicators``, then ``questions``, of each unit. Nothing is imputed: a number that is not there is None."""

    request: DataRequest
    indicators: Sequence[Indicator]
    questions: Sequence[DataQuestion]
    rows: list[Row] = field(default_factory=list)

    @property
    def has_columns(self) -> bool:
        return bool(self.indicators or self.questions)

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.is_missing]

    @property
    def behind(self) -> list[Row]:
        """Those that are still to answer, the longest overdue first; what was returned before what never came."""
        rows = [(row.answer, row) for row in self.rows if row.answer and row.answer.is_expected]
        rows.sort(key=lambda pair: (pair[0].due_on, pair[0].state != AnswerState.RETURNED))
        return [row for _answer, row in rows]

    @property
    def answered(self) -> list[Row]:
        return [row for row in self.rows if row.values is not None]

    @property
    def sources(self) -> set[str]:
        """Where the figures come from: reported, live, or blank where a unit's month was not counted."""
        return {row.held.source for row in self.rows}

    def numbers(self, row: Row) -> list[int | None]:
        return [row.held.numbers.get(each.key) for each in self.indicators]

    def said(self, row: Row) -> list[Any]:
        """What ``row`` answered to each question; None where it left one blank, or did not answer."""
        values = row.values or {}
        return [values.get(str(each.pk)) for each in self.questions]

    def words(self, row: Row) -> list[str]:
        return [in_words(each, value) for each, value in zip(self.questions, self.said(row), strict=True)]

    @cached_property
    def number_totals(self) -> list[int | None]:
        """None where a unit's number is missing, for the sum would be too small."""
        columns = [[row.held.numbers.get(each.key) for row in self.rows] for each in self.indicators]
        return [None if None in column or not column else sum(n or 0 for n in column) for column in columns]

    @cached_property
    def answer_totals(self) -> list[int | None]:
        """Of numbers, what those who answered come to; how many said yes; None of what has no sum."""
        said = [self.said(row) for row in self.answered]
        return [self._total(each, [row[at] for row in said]) for at, each in enumerate(self.questions)]

    def _total(self, question: DataQuestion, values: list[Any]) -> int | None:
        given = [value for value in values if value is not None]
        if question.kind == QuestionKind.NUMBER:
            return sum(given) if given else None
        if question.kind == QuestionKind.YES_NO:
            return sum(value == "yes" for value in given) if given else None
        return None


def sheet_of(request: DataRequest) -> RequestSheet:
    """As it stands: live while it is open, as it was when it was closed. Six queries, however many units."""
    sheet = RequestSheet(request, request.indicators, list(request.questions.all()))
    answers = list(request.answers.with_all().in_order())
    frozen = DataRequest.objects.values_list("figures", flat=True).get(pk=request.pk)
    if frozen is not None:
        held = {each["unit"]: Held(each["numbers"], each["source"]) for each in frozen}
        units = OrgUnit.objects.with_path().in_bulk(held)
        standing = [units[pk] for pk in held]
    else:
        standing = [answer.unit for answer in answers] or list(units_to_ask(request))
        held = held_by(standing, request.period)
    by_unit = {answer.unit_id: answer for answer in answers}
    nothing = Held(_nothing())
    sheet.rows = [Row(unit, held.get(unit.pk, nothing), request.unit, by_unit.get(unit.pk)) for unit in standing]
    return sheet


def with_progress(requests: Iterable[DataRequest]) -> list[DataRequest]:
    """``requests``, each with how many units have ``answered``. Two queries."""
    rows = list(requests)
    found = DataAnswer.objects.filter(request__in=[each.pk for each in rows], state=AnswerState.ANSWERED).order_by()
    answered = dict(found.values_list("request").annotate(Count("pk")))
    for each in rows:
        each.answered = answered.get(each.pk, 0)
    return rows


def freeze(units: Iterable[OrgUnit], held: Mapping[int, Held], keys: Sequence[str]) -> list[dict[str, Any]]:
    """The figures ``keys`` of ``units`` as they are kept once a request is closed."""
    nothing = Held(_nothing())
    found = [(unit.pk, held.get(unit.pk, nothing)) for unit in units]
    return [
        {"unit": pk, "source": each.source, "numbers": {key: each.numbers.get(key) for key in keys}}
        for pk, each in found
    ]


def own_figures(request: DataRequest, unit: OrgUnit) -> list[tuple[Indicator, int | None]]:
    """(indicator, number) of what is there of ``unit`` already: it is shown, and nobody types it."""
    held = held_by([unit], request.period).get(unit.pk, Held(_nothing()))
    return [(each, held.numbers.get(each.key)) for each in request.indicators]


def former_values(answer: DataAnswer, questions: Sequence[DataQuestion]) -> dict[str, Any]:
    """{key of a question: what the unit answered to the same one last}: the same name, kind and measure. Two
    queries."""
    names = [each.name for each in questions]
    sent = DataAnswer.objects.filter(unit=answer.unit_id, state=AnswerState.ANSWERED).exclude(pk=answer.pk)
    earlier = DataQuestion.objects.filter(name__in=names, request__in=sent.values("request"))
    same = list(earlier.order_by("request__asked_on", "request__made_at"))
    said = {row.request_id: row.values for row in sent.filter(request__in={each.request_id for each in same})}
    found: dict[str, Any] = {}
    for question in questions:
        alike = (each for each in same if _asks_the_same(each, question))
        values = (said.get(each.request_id, {}).get(str(each.pk)) for each in alike)
        if known := [value for value in values if value is not None]:
            found[str(question.pk)] = known[-1]
    return found


def _asks_the_same(one: DataQuestion, other: DataQuestion) -> bool:
    return (one.name, one.kind, one.measure) == (other.name, other.kind, other.measure)


def _nothing() -> Numbers:
    return {}
