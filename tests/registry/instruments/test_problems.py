"""What is wrong with an assessment system is told all at once, each with its place."""

import dataclasses
from dataclasses import replace

import pytest

from registry.instruments.definition import Definition, Lift, When, Words
from registry.instruments.example import EXAMPLE
from registry.instruments.problems import problems_of


def with_dimension(n: int = 0, **given) -> Definition:
    dimensions = list(EXAMPLE.dimensions)
    dimensions[n] = replace(dimensions[n], **given)
    return replace(EXAMPLE, dimensions=tuple(dimensions))


def with_indicator(n: int, m: int, **given) -> Definition:
    indicators = list(EXAMPLE.dimensions[n].indicators)
    indicators[m] = replace(indicators[m], **given)
    return with_dimension(n, indicators=tuple(indicators))


def with_answer(n: int, m: int, a: int, **given) -> Definition:
    answers = list(EXAMPLE.dimensions[n].indicators[m].answers)
    answers[a] = replace(answers[a], **given)
    return with_indicator(n, m, answers=tuple(answers))


def with_level(n: int, **given) -> Definition:
    levels = list(EXAMPLE.levels)
    levels[n] = replace(levels[n], **given)
    return replace(EXAMPLE, levels=tuple(levels))


def test_the_example_has_none_and_comes_back_from_json():
    assert problems_of(EXAMPLE) == []
    assert Definition.from_json(EXAMPLE.as_json()) == EXAMPLE


CASES = {
    "points of a dimension": (with_answer(0, 2, 1, points=9), "维度 监护：满分写的是 30 分，各指标最多加起来是 35 分"),
    "points of all": (with_dimension(0, most=29), "维度与指标：各维度满分加起来是 99 分，应为 100 分"),
    "a later indicator": (
        with_indicator(0, 1, when=(When("duty", ("full",)),)), "指标 照料人年龄：追问的前提应是排在前面的指标",
    ),
    "an unknown indicator": (
        with_indicator(0, 1, when=(When("nothing", ("full",)),)), "指标 照料人年龄：追问的前提指标不存在",
    ),
    "an unknown answer": (
        with_indicator(0, 1, when=(When("carer", ("uncle",)),)), "前提“实际照料人”没有这些答案：uncle",
    ),
    "never asked": (with_indicator(0, 1, when=(When("carer", ("uncle",)),)), "这个指标从不会被问到"),
    "lowest level": (with_level(3, least=1), "等级 关注：分数最低的等级要从 0 分起"),
    "equal levels": (with_level(1, least=15), "等级 较高：起点 15 分应高于“一般”的 15 分"),
    "a level nobody reaches": (with_level(0, least=101), "等级 高：从 101 分起，而最多只能得 100 分"),
    "one level": (replace(EXAMPLE, levels=EXAMPLE.levels[3:]), "等级与措施：至少要有 2 个等级"),
    "levels upside down": (
        replace(with_level(0, key="raised"), levels=(
            replace(EXAMPLE.levels[0], key="raised"), replace(EXAMPLE.levels[1], key="high"), *EXAMPLE.levels[2:],
        )), "等级的代码应从重到轻",
    ),
    "an unknown level": (with_level(0, key="severe"), "等级的代码请从列表中选择"),
    "an indicator twice": (with_indicator(0, 1, key="carer"), "指标 照料人年龄：代码 carer 用了 2 次"),
    "an answer twice": (with_answer(0, 2, 1, key="good"), "答案 2：代码 good 用了 2 次"),
    "an answer that is called unknown": (with_answer(0, 2, 1, key="unknown"), "代码 unknown 留给“不清楚”"),
    "a gap": (with_answer(0, 1, 1, least=63), "指标 照料人年龄 › 答案 2：61 到 62 没有归到任何答案"),
    "an overlap": (with_answer(0, 1, 1, least=60), "“60 岁以下”和“61 到 70 岁”的范围重叠"),
    "no end": (with_answer(0, 1, 2, most=90), "大于 90 的没有归到任何答案"),
    "no beginning": (with_answer(0, 1, 0, least=18), "小于 18 的没有归到任何答案"),
    "upside down": (with_answer(0, 1, 1, least=70, most=61), "范围的下限大于上限"),
    "an unknown source": (with_indicator(0, 1, source="horoscope"), "系统里没有“horoscope”这个来源"),
    "a code without answer": (with_answer(0, 0, 2, values=()), "来源的这些值没有归到任何答案：其他人"),
    "a code twice": (with_answer(0, 0, 2, values=("relative",)), "“亲属”已归到答案 2"),
    "a code that is none": (with_answer(0, 0, 2, values=("other", "aunt")), "来源没有“aunt”这个值"),
    "several of a computed one": (with_indicator(0, 1, several=True), "由系统算出的指标只有一个答案"),
    "most of a single one": (with_indicator(0, 2, at_most=3), "只有可选多项的指标才有“最多几分”"),
    "points below nothing": (with_answer(0, 2, 1, points=-1), "答案 2：分数应在 0 到 100 之间"),
    "one answer": (with_indicator(0, 2, answers=EXAMPLE.dimensions[0].indicators[2].answers[:1]), "至少要有 2 个答案"),
    "no question": (with_indicator(0, 2, question=" "), "“问题”还没有填"),
    "a long name": (with_indicator(0, 2, name="长" * 21), "“名称”最多 20 字，现在有 21 字"),
    "a strange key": (with_indicator(0, 2, key="照料"), "代码用小写字母"),
    "a strange situation": (
        replace(EXAMPLE, screen=(replace(EXAMPLE.screen[0], situation="rain"),)),
        "紧急筛查 第 1 题：请选择紧急报告用哪种情形",
    ),
    "a lift over one": (replace(EXAMPLE, lift=Lift(4, 3)), "升级的线应在满分以内"),
    "words not from nothing": (
        replace(EXAMPLE, words=Words("care", ((1, "正常"),))), "判断用语的第一档要从 0 分起",
    ),
    "words of nothing": (replace(EXAMPLE, words=Words("luck", ((0, "好"),))), "判断用语说的是哪个维度"),
    "words above all": (replace(EXAMPLE, words=Words("care", ((0, "好"), (31, "坏")))), "判断用语有一档从 31 分起"),
    "a thirteenth month": (replace(EXAMPLE, fixed_months=(3, 13)), "固定评估的月份应在 1 到 12 之间，现在有：13"),
    "no months": (with_level(2, months=0), "等级 一般：几个月后再评，应在 1 到 36 之间"),
    "the screen's level": (replace(EXAMPLE, screen_level="severe"), "筛查答“是”定的等级，应是上面等级中的一个"),
    "an unknown share": (replace(EXAMPLE, unknown_most=101), "“不清楚”的上限应在 0 到 100 之间"),
    "nothing at all": (Definition((), ()), "至少要有一个维度"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_kind_is_told_with_its_place(case):
    definition, said = CASES[case]
    assert said in "\n".join(map(str, problems_of(definition)))


def test_all_are_told_at_once_by_path():
    definition = replace(with_level(3, least=1), fixed_months=(0,), lift=Lift(0, 3))
    assert [problem.path for problem in problems_of(definition)] == [
        ("levels", 3, "least"), ("lift",), ("fixed_months",),
    ]  # fmt: skip


def test_an_indicator_behind_one_that_is_never_asked_is_never_asked_either():
    definition = with_indicator(0, 1, when=(When("nothing", ("full",)),))
    indicators = list(definition.dimensions[0].indicators)
    indicators[2] = dataclasses.replace(indicators[2], when=(When("carer_age", ("to_60",)),))
    dimension = dataclasses.replace(definition.dimensions[0], indicators=tuple(indicators))
    said = problems_of(replace(definition, dimensions=(dimension, *definition.dimensions[1:])))
    assert "指标 照料人健康：追问的前提“照料人年龄”自己从不会被问到" in "\n".join(map(str, said))
