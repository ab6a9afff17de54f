"""What the pages of the assessment system show of it: as its assessor sees it, and where its problems are mended."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from registry.child.codes import UNASSESSED, Risk
from registry.instruments.definition import UNKNOWN, Definition, Indicator, Level
from registry.instruments.facts import FACTS
from registry.instruments.models import Instrument
from registry.instruments.problems import Problem
from registry.instruments.scoring import asked
from registry.instruments.situations import SITUATIONS
from registry.instruments.try_out import Tally

LEVELS: dict[str, Words] = {**dict(Risk.choices), UNASSESSED: gettext_lazy("评不出")}


@dataclass(frozen=True)
class ShownIndicator:
    """``source``: where its answer comes from, ``when``: on which answers it is asked, both in words."""

    indicator: Indicator
    source: Words
    when: str


def shown_dimensions(definition: Definition) -> list[tuple[Any, list[ShownIndicator]]]:
    names = {each.key: each for each in definition.indicators()}
    return [
        (
            dimension,
            [
                ShownIndicator(each, FACTS[each.source].label if each.source in FACTS else "", _asked_when(each, names))
                for each in dimension.indicators
            ],
        )
        for dimension in definition.dimensions
    ]


def _asked_when(indicator: Indicator, names: dict[str, Indicator]) -> str:
    said = []
    for when in indicator.when:
        before = names.get(when.indicator)
        labels = {answer.key: answer.name for answer in before.answers} if before else {}
        answers = [labels.get(key, _("不清楚") if key == UNKNOWN else key) for key in when.answers]
        said.append(f"{before.name if before else when.indicator}：{_('、').join(answers)}")
    return _("；").join(said)


def shown_screen(definition: Definition) -> list[tuple[Any, Words]]:
    return [(question, SITUATIONS.get(question.situation, "")) for question in definition.screen]


@dataclass(frozen=True)
class ShownLevel:
    level: Level
    range: str
    asks: list[str]


def shown_levels(definition: Definition) -> list[ShownLevel]:
    """The worst first, each with the scores that give it and what it asks for."""
    starts = sorted({level.least for level in definition.levels})
    shown = []
    for level in definition.levels:
        above = next((start for start in starts if start > level.least), None)
        scores = f"{level.least}–{above - 1}" if above is not None else _("%(n)s 以上") % {"n": level.least}
        shown.append(ShownLevel(level, scores, list(_asks(level))))
    return shown


def _asks(level: Level):
    if level.meeting_days:
        yield _("%(n)s 个工作日内会商") % {"n": level.meeting_days}
    if level.plan_days:
        who = _("县级") if level.plan_by == "county" else _("工作站")
        yield _("%(n)s 个工作日内定方案，%(who)s审批") % {"n": level.plan_days, "who": who}
    if level.needs_listed:
        yield _("至少列一项需求")
    if level.county_signs:
        yield _("县级还要确认")
    yield _("%(n)s 个月后再评") % {"n": level.months}


def rules_in_words(definition: Definition) -> list[str]:
    said = [
        _("分数越高，情况越重") if definition.higher_is_worse else _("分数越高，情况越好"),
        _("“不清楚”超过 %(n)s%% 的，算没评完，不出等级") % {"n": definition.unknown_most},
    ]
    if definition.screen:
        level = LEVELS.get(definition.screen_level, definition.screen_level)
        said.append(_("紧急筛查有一题答“是”，就定为“%(level)s”，不再算分") % {"level": level})
    if definition.lift:
        said.append(
            _("一个维度达到满分的 %(parts)s/%(of)s，等级升一级")
            % {"parts": definition.lift.parts, "of": definition.lift.of}
        )
    if definition.fixed_months:
        said.append(_("每年 %(months)s 月都评") % {"months": _("、").join(map(str, definition.fixed_months))})
    if words := definition.words:
        name = next((each.name for each in definition.dimensions if each.key == words.dimension), words.dimension)
        steps = _("；").join(_("%(n)s 分起 %(said)s") % {"n": least, "said": said_} for least, said_ in words.steps)
        said.append(_("%(name)s的分数另说：%(steps)s") % {"name": name, "steps": steps})
    return said


def when_it_holds(instrument: Instrument) -> str:
    if instrument.since is None:
        return ""
    since = short_day(instrument.since)
    if instrument.is_replaced:
        return _("原定 %(since)s 起，没有启用") % {"since": since}
    if instrument.until is None:
        return _("%(since)s 起") % {"since": since}
    return _("%(since)s 至 %(until)s 前") % {"since": since, "until": short_day(instrument.until)}


def address_of(instrument: Instrument, path: tuple) -> str:
    """The page of the editor on which what stands at ``path`` is mended."""
    match path:
        case ("dimensions", int(n), "indicators", int(m), *_rest):
            return reverse("instrument-indicator", args=[instrument.pk, n, m])
        case ("dimensions", int(n), *_rest):
            return reverse("instrument-dimension", args=[instrument.pk, n])
        case ("dimensions",):
            return reverse("instrument-edit", args=[instrument.pk]) + "#dimensions"
        case ("screen" | "levels" as section, *_rest):
            return reverse("instrument-section", args=[instrument.pk, section])
    return reverse("instrument-section", args=[instrument.pk, "rules"])


def with_addresses(instrument: Instrument, problems: list[Problem]) -> list[tuple[Problem, str]]:
    return [(problem, address_of(instrument, problem.path)) for problem in problems]


def counted_by_place(problems: list[Problem]) -> Counter:
    """How many problems lie at each place and below: by path as text, "dimensions.0.indicators.2"."""
    counts: Counter = Counter()
    for problem in problems:
        steps = [str(step) for step in problem.path]
        for depth in range(1, len(steps) + 1):
            counts[".".join(steps[:depth])] += 1
    return counts


def level_table(tally: Tally) -> list[tuple[Words, list[tuple[int, bool]], int]]:
    """Old level by new: (label, (children, whether they stay) by new level, sum)."""
    rows = []
    for was, label in LEVELS.items():
        cells = [(tally.pairs.get((was, now), 0), was == now) for now in LEVELS]
        total = sum(n for n, _stays in cells)
        if was != UNASSESSED or total:
            rows.append((label, cells, total))
    return rows


def answered_in_words(definition: Definition, answers: Mapping[str, Any]) -> str:
    """What was answered to what was asked: 照料人年龄：60 岁以下；…"""
    said = []
    for indicator in asked(definition, answers):
        answer = answers.get(indicator.key)
        given = answer if isinstance(answer, list) else [answer]
        names = {each.key: each.name for each in indicator.answers} | {UNKNOWN: _("不清楚")}
        told = _("、").join(names[key] for key in given if key in names) or _("没有")
        said.append(_("%(name)s：%(words)s") % {"name": indicator.name, "words": told})
    return _("；").join(said)
