"""The editor's pages: which forms stand on each, and what of a definition they say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from registry.instruments.definition import (
    Answer,
    Definition,
    Indicator,
    Level,
    Lift,
    ScreenQuestion,
    When,
    Words,
)
from registry.instruments.editing import at, free_key, put
from registry.instruments.forms import (
    AnswerForm,
    DimensionForm,
    IndicatorForm,
    LevelForm,
    RulesForm,
    ScreenForm,
    StepForm,
    WhenForm,
)
from registry.instruments.problems import Path, Problem
from registry.instruments.rows import rows_of


class Page:
    """One place of a definition as forms: ``form`` for what stands there once, ``rows`` for its lists. ``blank``: what
    a row begins with that is added."""

    blank: Mapping[str, Mapping[str, str]] = {}
    template = ""

    def __init__(self, definition: Definition, path: Path, data: QueryDict | None) -> None:
        self.definition, self.path, self.data = definition, path, data
        self.form: Any = None
        self.rows: dict[str, forms.BaseFormSet] = {}

    def is_valid(self) -> bool:
        asked = [each for each in (self.form, *self.rows.values()) if each is not None]
        valid = [each.is_valid() for each in asked]  # all are asked, so that all faults are shown at once
        return all(valid)

    def definition_as_written(self) -> Definition:
        raise NotImplementedError

    def add_rows(self, prefix: str, form: type[forms.Form], items: Any, **given: Any) -> None:
        initial = [vars(item) for item in items] if self.data is None else None
        self.rows[prefix] = rows_of(form)(self.data, initial=initial, prefix=prefix, form_kwargs=given)

    def said(self, prefix: str) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.rows[prefix]]

    def put_problems(self, problems: list[Problem]) -> list[Problem]:
        """Lay problems at the rows that they are of; returns those of this page that are of none."""
        mine = [each for each in problems if each.path[: len(self.path)] == self.path]
        left = []
        for problem in mine:
            prefix, *rest = [*problem.path[len(self.path) :], "", ""]
            row = self._row(str(prefix), rest[0])
            if row is None:
                left.append(problem)
            else:
                row.problems = [*getattr(row, "problems", ()), problem]
        return left

    def _row(self, prefix: str, n: Any) -> Any:
        rows = self.rows.get(prefix)
        if rows is None or not isinstance(n, int) or n >= len(rows.forms):
            return None
        return rows.forms[n]


class DimensionPage(Page):
    template = "registry/instruments/dimension.html"

    def __init__(self, definition: Definition, path: Path, data: QueryDict | None) -> None:
        super().__init__(definition, path, data)
        self.dimension = at(definition, path)
        self.form = DimensionForm(data, initial=vars(self.dimension))

    def definition_as_written(self) -> Definition:
        return put(self.definition, self.path, replace(self.dimension, **self.form.cleaned_data))


class IndicatorPage(Page):
    template = "registry/instruments/indicator.html"
    blank = {"answers": {"points": "0"}, "when": {}}

    def __init__(self, definition: Definition, path: Path, data: QueryDict | None) -> None:
        super().__init__(definition, path, data)
        self.indicator: Indicator = at(definition, path)
        self.form = IndicatorForm(data, initial=vars(self.indicator))
        self.add_rows("answers", AnswerForm, self.indicator.answers, source=self.form["source"].value() or "")
        self.add_rows("when", WhenForm, self.indicator.when, before=self._before())

    def definition_as_written(self) -> Definition:
        said, answers = self.form.cleaned_data, self.said("answers")
        keys = [answer["key"] for answer in answers if answer["key"]]
        written = []
        for answer in answers:
            if not answer["key"]:
                answer["key"] = free_key("a", keys)
                keys.append(answer["key"])
            written.append(Answer(**answer | {"values": tuple(answer.get("values", ()))}))
        when = [When(each["indicator"], tuple(each["answers"])) for each in self.said("when") if each["indicator"]]
        indicator = replace(self.indicator, answers=tuple(written), when=tuple(when), **said)
        return put(self.definition, self.path, indicator)

    def _before(self) -> list[Indicator]:
        before: list[Indicator] = []
        for indicator in self.definition.indicators():
            if indicator is self.indicator:
                break
            before.append(indicator)
        return before


class ScreenPage(Page):
    template = "registry/instruments/screen.html"
    blank = {"screen": {"situation": "other"}}

    def __init__(self, definition: Definition, path: Path, data: QueryDict | None) -> None:
        super().__init__(definition, path, data)
        self.add_rows("screen", ScreenForm, definition.screen)

    def definition_as_written(self) -> Definition:
        said = self.said("screen")
        keys, written = [each["key"] for each in said if each["key"]], []
        for each in said:
            if not each["key"]:
                each["key"] = free_key("u", keys)
                keys.append(each["key"])
            written.append(ScreenQuestion(**each))
        return replace(self.definition, screen=tuple(written))


class LevelsPage(Page):
    template = "registry/instruments/levels.html"
    blank = {
        "levels": {"key": "watch", "least": "0", "months": "6", "plan_days": "0", "meeting_days": "0",
                   "plan_by": "township"},
    }  # fmt: skip

    def __init__(self, definition: Definition, path: Path, data: QueryDict | None) -> None:
        super().__init__(definition, path, data)
        self.add_rows("levels", LevelForm, definition.levels)

    def definition_as_written(self) -> Definition:
        return replace(self.definition, levels=tuple(Level(**each) for each in self.said("levels")))


class RulesPage(Page):
    template = "registry/instruments/rules.html"
    blank = {"steps": {"least": "0"}}

    def __init__(self, definition: Definition, path: Path, data: QueryDict | None) -> None:
        super().__init__(definition, path, data)
        lift, words = definition.lift, definition.words
        initial = {
            "higher_is_worse": "yes" if definition.higher_is_worse else "no",
            "unknown_most": definition.unknown_most,
            "screen_level": definition.screen_level,
            "parts": lift.parts if lift else None,
            "of": lift.of if lift else None,
            "fixed_months": "、".join(map(str, definition.fixed_months)),
            "words_of": words.dimension if words else "",
        }
        self.form = RulesForm(data, initial=initial, definition=definition)
        steps = [_Step(least, said) for least, said in words.steps] if words else []
        self.add_rows("steps", StepForm, steps)

    def definition_as_written(self) -> Definition:
        said = self.form.cleaned_data
        steps = tuple((each["least"], each["words"]) for each in self.said("steps"))
        return replace(
            self.definition,
            higher_is_worse=said["higher_is_worse"] == "yes",
            unknown_most=said["unknown_most"],
            screen_level=said["screen_level"],
            lift=None if said["parts"] is None else Lift(said["parts"], said["of"]),
            fixed_months=said["fixed_months"],
            words=Words(said["words_of"], steps) if said["words_of"] else None,
        )


class _Step:
    def __init__(self, least: int, words: str) -> None:
        self.least, self.words = least, words


SECTIONS: dict[str, type[Page]] = {"screen": ScreenPage, "levels": LevelsPage, "rules": RulesPage}
RULES = ("unknown_most", "screen_level", "lift", "fixed_months", "words")  # what a path of the rules begins with


def is_of_rules(problem: Problem) -> bool:
    return bool(problem.path) and problem.path[0] in RULES
