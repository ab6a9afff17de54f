"""The one sheet into which the answers flow: a row a unit, what exists beside what was asked for, and the sum."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count

from orgs.units.models import OrgUnit
from reports.indicators.indicator import Indicator, Numbers
from reports.requests.columns import Held, held_by
from reports.requests.models import DataAnswer, DataQuestion, DataRequest
from reports.requests.questions import in_words, words_of_total
from reports.requests.states import AnswerState, QuestionKind
from reports.requests.units import Line, Place, label_of, lines_of, names_of, places_of, units_of, who_answers
from reports.submissions.official import reported_by


@dataclass
class Row:
    """One line of it: a unit of the month asked with its figures (``held``; None of an answer that has a line of its
    own), and what was answered for it."""

    line: Line
    held: Held | None
    asker: OrgUnit

    @property
    def unit(self) -> OrgUnit:
        """As it was called in the month asked; who answers, in a line of its own."""
        return self.line.place.then if self.line.place else self.answer.unit  # type: ignore[union-attr]

    @property
    def answer(self) -> DataAnswer | None:
        """None where nobody was asked."""
        return self.line.answer

    @cached_property
    def place(self) -> str:
        """Where it lies, from the asking unit down, and what became of it."""
        return label_of(self.line, self.asker)

    @property
    def answered_by(self) -> str:
        """The units whose answers, in other lines, speak for it; blank where none does."""
        return names_of(self.line.elsewhere)

    @property
    def values(self) -> Mapping[str, Any] | None:
        """What it answered; None where it did not, or has it back."""
        return self.answer.values if self.answer and self.answer.is_answered else None

    @property
    def is_missing(self) -> bool:
        return self.answer is not None and not self.answer.is_answered

    @property
    def is_gone(self) -> bool:
        return self.answer is not None and self.is_missing and not self.answer.is_expected

    @property
    def is_left_out(self) -> bool:
        """Nobody was asked for it, though others were: nobody stands in its place."""
        return self.answer is None and not self.line.elsewhere and bool(self.line.place and not self.line.place.now)


@dataclass
class RequestSheet:
    """``indicators``, then ``questions``, of each unit. Nothing is imputed: a number that is not there is None.
    ``ledger``: what the asking unit signed for the month, where the sheet is of all its units."""

    request: DataRequest
    indicators: Sequence[Indicator]
    questions: Sequence[DataQuestion]
    rows: list[Row] = field(default_factory=list)
    ledger: Numbers = field(default_factory=dict)

    @property
    def has_columns(self) -> bool:
        return bool(self.indicators or self.questions)

    @property
    def units(self) -> list[Row]:
        """The lines of units of the month asked; the others say only what was answered for several of them together."""
        return [row for row in self.rows if row.held]

    @cached_property
    def number_asked(self) -> int:
        """How many units are to answer: of a draft those that would be asked."""
        asked = [row for row in self.rows if row.answer]
        return len(asked) or len(who_answers(row.line.place for row in self.rows if row.line.place))

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
    def gone(self) -> list[Row]:
        """Those that were asked, and closed since without a successor, before they answered."""
        return [row for row in self.rows if row.is_gone]

    @property
    def answered(self) -> list[Row]:
        return [row for row in self.rows if row.values is not None]

    @property
    def sources(self) -> set[str]:
        """Where the figures come from: reported, live, or blank where a unit's month was not counted."""
        return set(self.counted)

    @cached_property
    def counted(self) -> Counter[str]:
        """{where the figures come from: of how many units}."""
        return Counter(row.held.source for row in self.rows if row.held)

    def numbers(self, row: Row) -> list[int | None]:
        """None where a number is missing, and in a line that has no figures."""
        return [row.held.numbers.get(each.key) if row.held else None for each in self.indicators]

    def said(self, row: Row) -> list[Any]:
        """What ``row`` answered to each question; None where it left one blank, or did not answer."""
        values = row.values or {}
        return [values.get(str(each.pk)) for each in self.questions]

    def words(self, row: Row) -> list[str]:
        return [in_words(each, value) for each, value in zip(self.questions, self.said(row), strict=True)]

    @cached_property
    def number_totals(self) -> list[int | None]:
        """None where a unit's number is missing, for the sum would be too small."""
        held = [row.held for row in self.rows if row.held]
        columns = [[each.numbers.get(indicator.key) for each in held] for indicator in self.indicators]
        return [None if None in column or not column else sum(n or 0 for n in column) for column in columns]

    @property
    def ledger_totals(self) -> list[int | None]:
        """What the asking unit signed; None where it signed nothing, or only some of its units are asked."""
        return [self.ledger.get(each.key) for each in self.indicators]

    @property
    def apart_from_ledger(self) -> list[tuple[Indicator, int, int]]:
        """(indicator, what was signed, what the rows come to) where both differ: for units that were left out of the
        ledger, live figures stand in the sheet."""
        pairs = zip(self.indicators, self.ledger_totals, self.number_totals, strict=True)
        known = [(each, signed, total) for each, signed, total in pairs if signed is not None and total is not None]
        return [(each, signed, total) for each, signed, total in known if signed != total]

    @cached_property
    def answer_totals(self) -> list[int | None]:
        """Of numbers, what those who answered come to; how many said yes; None of what has no sum."""
        said = [self.said(row) for row in self.answered]
        return [self._total(each, [row[at] for row in said]) for at, each in enumerate(self.questions)]

    @property
    def answer_totals_in_words(self) -> list[str]:
        """As a sheet says them: of yes and no how many said yes; blank of what has no sum."""
        pairs = zip(self.questions, self.answer_totals, strict=True)
        return [words_of_total(each, total) for each, total in pairs]

    def _total(self, question: DataQuestion, values: list[Any]) -> int | None:
        given = [value for value in values if value is not None]
        if question.kind == QuestionKind.NUMBER:
            return sum(given) if given else None
        if question.kind == QuestionKind.YES_NO:
            return sum(value == "yes" for value in given) if given else None
        return None


def sheet_of(request: DataRequest) -> RequestSheet:
    """As it stands: live while it is open, as it was when it was closed. Twelve queries, however many units."""
    sheet = RequestSheet(request, request.indicators, list(request.questions.all()))
    answers = list(request.answers.with_all().in_order())
    frozen = DataRequest.objects.values_list("figures", flat=True).get(pk=request.pk)
    if frozen is None:
        places = places_asked(request, answers)
        held = held_by([each.unit for each in places], request.period)
    else:
        held = {each["unit"]: Held(each["numbers"], each["source"]) for each in frozen}
        units = OrgUnit.objects.with_path().in_bulk(held)
        now = {each["unit"]: each.get("now", [each["unit"]]) for each in frozen}
        places = places_of([units[pk] for pk in held], request.month_asked, now)
    nothing = Held(_nothing())
    sheet.rows = [
        Row(line, held.get(line.place.pk, nothing) if line.place else None, request.unit)
        for line in lines_of(places, answers)
    ]
    if sheet.indicators and not request.within.exists():
        sheet.ledger = ledger_of(request)
    return sheet


def ledger_of(request: DataRequest) -> Numbers:
    """What the asking unit, or those that it took over from, signed for the month; nothing where there is none. One
    query or two."""
    asker = request.unit
    units = list(OrgUnit.objects.filter(pk__in=asker.own_keys)) if asker.took_over else [asker]
    signed = list(reported_by(units, request.period).values())
    return {key: sum(each.get(key) or 0 for each in signed) for key in request.columns} if signed else {}


def places_asked(request: DataRequest, answers: Iterable[DataAnswer]) -> list[Place]:
    """The units of the month asked: those for which somebody was asked stay, whatever is found of the month since."""
    units = {each.pk: each for each in units_of(request)}
    others = {pk for answer in answers for pk in answer.covers} - set(units)
    units |= OrgUnit.objects.with_path().in_bulk(others) if others else {}
    return places_of(list(units.values()), request.month_asked)


def with_progress(requests: Iterable[DataRequest]) -> list[DataRequest]:
    """``requests``, each with how many units have ``answered``. Two queries."""
    rows = list(requests)
    found = DataAnswer.objects.filter(request__in=[each.pk for each in rows], state=AnswerState.ANSWERED).order_by()
    answered = dict(found.values_list("request").annotate(Count("pk")))
    for each in rows:
        each.answered = answered.get(each.pk, 0)
    return rows


def freeze(request: DataRequest) -> list[dict[str, Any]]:
    """The figures of its units as they are kept once it is closed."""
    places = places_asked(request, request.answers.all())
    held, nothing = held_by([each.unit for each in places], request.period), Held(_nothing())
    found = [(place, held.get(place.pk, nothing)) for place in places]
    return [
        {
            "unit": place.pk,
            "now": [each.pk for each in place.now],
            "source": each.source,
            "numbers": {key: each.numbers.get(key) for key in request.columns},
        }
        for place, each in found
    ]


def own_figures(answer: DataAnswer) -> list[tuple[Place, list[tuple[Indicator, int | None]]]]:
    """(unit of the month asked, its figures) of all for which ``answer`` speaks: they are shown, and nobody types
    them."""
    request = answer.request
    if not request.columns:
        return []
    units = list(OrgUnit.objects.with_path().filter(pk__in=answer.covered))
    held, nothing = held_by(units, request.period), Held(_nothing())
    return [
        (place, [(each, held.get(place.pk, nothing).numbers.get(each.key)) for each in request.indicators])
        for place in places_of(units, request.month_asked)
    ]


def covered_by(answer: DataAnswer) -> list[Place]:
    """The units of the month asked for which ``answer`` speaks, where they are not simply its own: it says so."""
    units = list(OrgUnit.objects.with_path().filter(pk__in=answer.covered))
    places = places_of(units, answer.request.month_asked)
    return places if len(places) > 1 or any(each.became or each.pk != answer.unit_id for each in places) else []


def former_values(answer: DataAnswer, questions: Sequence[DataQuestion]) -> dict[str, Any]:
    """{key of a question: what the unit, or the one whose place alone it took, answered to the same one last}: the same
    name, kind and measure. Two queries."""
    names = [each.name for each in questions]
    alone = len(answer.covered) == 1 and answer.covered[0] in answer.unit.took_over
    own = {answer.unit_id, *(answer.covered if alone else ())}
    sent = DataAnswer.objects.filter(unit__in=own, state=AnswerState.ANSWERED).exclude(pk=answer.pk)
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
