"""In what a version differs from another, in words: what is there anew, what is gone, what counts otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from childwelfare.text.words import PATH_SIGN
from registry.instruments.definition import Definition, Dimension, Indicator


@dataclass(frozen=True)
class Difference:
    """``was`` and ``now``: "" where there was nothing, or is nothing any more."""

    place: str
    was: str
    now: str


def differences(old: Definition, new: Definition) -> list[Difference]:
    """By the keys of dimensions, indicators, answers and levels, in the order of the new version."""
    return [
        *_of_items(_("紧急筛查"), {each.key: each.text for each in old.screen}, {e.key: e.text for e in new.screen}),
        *_of_dimensions(old, new),
        *_of_indicators(old, new),
        *_of_levels(old, new),
        *_compared(_("规则"), _rules(old), _rules(new)),
    ]


def _of_dimensions(old: Definition, new: Definition) -> Iterator[Difference]:
    def said(dimension: Dimension) -> str:
        return _("%(name)s，满分 %(n)s 分") % {"name": dimension.name, "n": dimension.most}

    yield from _of_items(
        _("维度"),
        {each.key: said(each) for each in old.dimensions},
        {each.key: said(each) for each in new.dimensions},
    )


def _of_indicators(old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = dict(_placed(old)), dict(_placed(new))
    for key, (place, indicator) in after.items():
        if key not in before:
            yield Difference(place, "", indicator.question)
            continue
        was = before[key][1]
        yield from _compared(place, _asked(was), _asked(indicator))
        answers = {answer.key: _answer(answer) for answer in was.answers}
        yield from _of_items(place, answers, {answer.key: _answer(answer) for answer in indicator.answers})
    for key, (place, indicator) in before.items():
        if key not in after:
            yield Difference(place, indicator.question, "")


def _placed(definition: Definition) -> Iterator[tuple[str, tuple[str, Indicator]]]:
    for dimension in definition.dimensions:
        for indicator in dimension.indicators:
            yield indicator.key, (dimension.name + PATH_SIGN + indicator.name, indicator)


def _asked(indicator: Indicator) -> dict[str, Any]:
    when = [f"{each.indicator}: {', '.join(each.answers)}" for each in indicator.when]
    return {
        _("问题"): indicator.question,
        _("来源"): indicator.source,
        _("最多几分"): indicator.most,
        _("追问的前提"): "; ".join(when),
    }


def _answer(answer: Any) -> str:
    bounds = "" if answer.least is None and answer.most is None else f"（{answer.least or ''}–{answer.most or ''}）"
    return _("%(name)s%(bounds)s %(n)s 分") % {"name": answer.name, "bounds": bounds, "n": answer.points}


def _of_levels(old: Definition, new: Definition) -> Iterator[Difference]:
    before = {level.key: level for level in old.levels}
    for level in new.levels:
        place = _("等级 %(name)s") % {"name": level.name}
        if level.key not in before:
            yield Difference(place, "", _("从 %(n)s 分起") % {"n": level.least})
        else:
            yield from _compared(place, _level(before[level.key]), _level(level))
    kept = {level.key for level in new.levels}
    for key, level in before.items():
        if key not in kept:
            yield Difference(_("等级 %(name)s") % {"name": level.name}, _("从 %(n)s 分起") % {"n": level.least}, "")


def _level(level: Any) -> dict[str, Any]:
    return {
        _("名称"): level.name,
        _("从几分起"): level.least,
        _("几个月后再评"): level.months,
        _("几个工作日内定方案"): level.plan_days,
        _("方案由谁审批"): _("县级") if level.plan_by == "county" else _("工作站"),
        _("几个工作日内会商"): level.meeting_days,
        _("至少列一项需求"): _yes_no(level.needs_listed),
        _("县级还要确认"): _yes_no(level.county_signs),
        _("措施"): level.action,
    }


def _rules(definition: Definition) -> dict[str, Any]:
    lift, words = definition.lift, definition.words
    return {
        _("分数的方向"): _("越高越重") if definition.higher_is_worse else _("越高越好"),
        _("“不清楚”的上限"): f"{definition.unknown_most}%",
        _("筛查答“是”定哪一级"): definition.screen_level,
        _("一个维度升级的线"): f"{lift.parts}/{lift.of}" if lift else "",
        _("判断用语"): _("、").join(f"{least} {said}" for least, said in words.steps) if words else "",
        _("固定评估的月份"): _("、").join(map(str, definition.fixed_months)),
    }


def _yes_no(value: bool) -> str:
    return _("是") if value else _("否")


def _of_items(place: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for key in _keys(after, before):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            yield Difference(place, was, now)


def _compared(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for label in after:
        if before[label] != after[label]:
            yield Difference(place + PATH_SIGN + label, str(before[label]), str(after[label]))


def _keys(*tables: Mapping[str, str]) -> Sequence[str]:
    return list(dict.fromkeys(key for table in tables for key in table))
