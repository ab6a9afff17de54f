"""What is wrong with an assessment system as it was written: all of it at once, each with its place, in words.

A draft may be kept with problems; one that has any is not published (``registry.instruments.moves``). Pure, but for the
facts and situations that concepts register.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childwelfare.text.words import PATH_SIGN
from registry.child.codes import Risk
from registry.instruments.computed_answers import computed_problems
from registry.instruments.definition import UNKNOWN, Answer, Definition, Dimension, Indicator
from registry.instruments.situations import SITUATIONS

WHOLE = 100  # points of all dimensions together
LONGEST = {
    "key": 20,
    "name": 20,
    "text": 80,
    "question": 60,
    "sentence": 60,
    "help": 100,
    "action": 200,
    "words": 20,
}  # characters
MOST = {"screen": 12, "dimensions": 10, "indicators": 15, "answers": 10}  # of each in what holds it
LONGEST_MONTHS = 36  # of a level, until the next assessment
LONGEST_DAYS = 30  # working days of a level, until a plan or a meeting; holidays are read for no longer (orgs.holidays)
TONES = ("", "ok", "brand", "warm", "danger")
_KEY = re.compile(r"[a-z][a-z0-9_]*")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """``path``: where it stands in the definition's JSON; ``place``: the same in words; ``text``: what is wrong and
    what to do."""

    path: Path
    place: str
    text: str

    def __str__(self) -> str:
        return _("%(place)s：%(text)s") % {"place": self.place, "text": self.text} if self.place else self.text


def problems_of(definition: Definition) -> list[Problem]:
    """All that keeps ``definition`` from being published, in the order in which the editor shows its places."""
    return [
        *_screen(definition),
        *_keys_twice(definition),
        *_dimensions(definition),
        *_branches(definition),
        *_levels(definition),
        *_rules(definition),
    ]


def place_of(definition: Definition, path: Path) -> str:
    """A path in words: 维度 监护 › 指标 照料人年龄 › 答案 2."""
    match path:
        case ("screen", int(n), *_rest):
            return _("紧急筛查 第 %(n)s 题") % {"n": n + 1}
        case ("dimensions", int(n), *rest):
            return PATH_SIGN.join(_in_dimension(definition.dimensions[n], n, rest))
        case ("levels", int(n), *_rest):
            return _("等级 %(name)s") % {"name": definition.levels[n].name or n + 1}
        case ("screen", *_rest):
            return _("紧急筛查")
        case ("dimensions", *_rest):
            return _("维度与指标")
        case ("levels", *_rest):
            return _("等级与措施")
    return _("规则")


def _in_dimension(dimension: Dimension, number: int, rest: Sequence[str | int]) -> Iterator[str]:
    yield _("维度 %(name)s") % {"name": dimension.name or number + 1}
    if len(rest) > 1 and rest[0] == "indicators":
        n = int(rest[1])
        indicator = dimension.indicators[n]
        yield _("指标 %(name)s") % {"name": indicator.name or n + 1}
        if len(rest) > 3 and rest[2] == "answers":
            yield _("答案 %(n)s") % {"n": int(rest[3]) + 1}


def _screen(definition: Definition) -> Iterator[Problem]:
    if len(definition.screen) > MOST["screen"]:
        yield _at(definition, ("screen",), _too_many("screen", len(definition.screen)))
    for n, question in enumerate(definition.screen):
        path: Path = ("screen", n)
        yield from _texts(definition, path, {"key": question.key, "text": question.text}, {"help": question.help})
        if SITUATIONS and question.situation not in SITUATIONS:
            yield _at(definition, (*path, "situation"), _("请选择紧急报告用哪种情形。"))


def _keys_twice(definition: Definition) -> Iterator[Problem]:
    """Answers are kept by these keys: two of one name could not be told apart."""
    screen = [(("screen", n), each.key) for n, each in enumerate(definition.screen)]
    dimensions = [(("dimensions", n), each.key) for n, each in enumerate(definition.dimensions)]
    indicators = [(path, each.key) for path, each in _indicators(definition)]
    levels = [(("levels", n), each.key) for n, each in enumerate(definition.levels)]
    for group in (screen, dimensions, indicators, levels):
        yield from _twice(definition, group)
    for path, indicator in _indicators(definition):
        yield from _twice(definition, [((*path, "answers", n), each.key) for n, each in enumerate(indicator.answers)])


def _twice(definition: Definition, group: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    group = list(group)
    times = Counter(key for _path, key in group)
    for path, key in group:
        if key and times[key] > 1:
            yield _at(definition, (*path, "key"), _("代码 %(key)s 用了 %(n)s 次，请改成不同的。") % {
                "key": key, "n": times[key],
            })  # fmt: skip


def _dimensions(definition: Definition) -> Iterator[Problem]:
    total = sum(each.most for each in definition.dimensions)
    if not definition.dimensions:
        yield _at(definition, ("dimensions",), _("至少要有一个维度。"))
    elif total != WHOLE:
        text = _("各维度满分加起来是 %(total)s 分，应为 %(whole)s 分。")
        yield _at(definition, ("dimensions",), text % {"total": total, "whole": WHOLE})
    if len(definition.dimensions) > MOST["dimensions"]:
        yield _at(definition, ("dimensions",), _too_many("dimensions", len(definition.dimensions)))
    for n, dimension in enumerate(definition.dimensions):
        path: Path = ("dimensions", n)
        yield from _texts(definition, path, {"key": dimension.key, "name": dimension.name})
        reached = sum(each.most for each in dimension.indicators)
        if reached != dimension.most:
            text = _("满分写的是 %(most)s 分，各指标最多加起来是 %(reached)s 分，请改成一样。")
            yield _at(definition, (*path, "most"), text % {"most": dimension.most, "reached": reached})
        if not dimension.indicators:
            yield _at(definition, path, _("至少要有一个指标。"))
        if len(dimension.indicators) > MOST["indicators"]:
            yield _at(definition, path, _too_many("indicators", len(dimension.indicators)))
        for m, indicator in enumerate(dimension.indicators):
            yield from _indicator(definition, (*path, "indicators", m), indicator)


def _indicator(definition: Definition, path: Path, indicator: Indicator) -> Iterator[Problem]:
    needed = {"key": indicator.key, "name": indicator.name, "question": indicator.question}
    yield from _texts(definition, path, needed, {"help": indicator.help})
    fewest = 1 if indicator.several else 2
    if len(indicator.answers) < fewest:
        yield _at(definition, path, _("至少要有 %(n)s 个答案。") % {"n": fewest})
    if len(indicator.answers) > MOST["answers"]:
        yield _at(definition, path, _too_many("answers", len(indicator.answers)))
    if indicator.at_most is not None and not indicator.several:
        yield _at(definition, (*path, "at_most"), _("只有可选多项的指标才有“最多几分”。"))
    elif indicator.at_most is not None and indicator.at_most < 1:
        yield _at(definition, (*path, "at_most"), _("“最多几分”应是 1 分或更多。"))
    for n, answer in enumerate(indicator.answers):
        yield from _answer(definition, (*path, "answers", n), answer)
    for where, text in computed_problems(indicator):
        yield _at(definition, (*path, *where), text)


def _answer(definition: Definition, path: Path, answer: Answer) -> Iterator[Problem]:
    yield from _texts(definition, path, {"key": answer.key, "name": answer.name}, {"sentence": answer.sentence})
    if answer.key == UNKNOWN:
        yield _at(definition, (*path, "key"), _("代码 unknown 留给“不清楚”，请换一个。"))
    if not 0 <= answer.points <= WHOLE:
        yield _at(definition, (*path, "points"), _("分数应在 0 到 %(most)s 之间。") % {"most": WHOLE})
    if answer.tone not in TONES:
        yield _at(definition, (*path, "tone"), _("没有这种颜色，请重新选择。"))


def _branches(definition: Definition) -> Iterator[Problem]:
    """Indicators that can't ever be asked, and conditions that can't ever hold."""
    answers_of: dict[str, set[str]] = {}  # of those that stand before, and can be asked
    never, later = set(), {indicator.key for indicator in definition.indicators()}
    for path, indicator in _indicators(definition):
        holds = not indicator.when
        for n, when in enumerate(indicator.when):
            where = (*path, "when", n)
            if when.indicator in never:
                text = _("追问的前提“%(name)s”自己从不会被问到。")
                yield _at(definition, where, text % {"name": _name(definition, when.indicator)})
            elif when.indicator not in answers_of:
                text = _("追问的前提应是排在前面的指标。") if when.indicator in later else _("追问的前提指标不存在。")
                yield _at(definition, where, text)
            elif strange := [each for each in when.answers if each not in answers_of[when.indicator]]:
                text = _("前提“%(name)s”没有这些答案：%(answers)s。")
                said = {"name": _name(definition, when.indicator), "answers": _("、").join(strange)}
                yield _at(definition, where, text % said)
                holds = holds or len(strange) < len(when.answers)
            elif not when.answers:
                yield _at(definition, where, _("请选择答了什么才追问。"))
            else:
                holds = True
        if holds:
            answers_of[indicator.key] = {answer.key for answer in indicator.answers} | {UNKNOWN}
        else:
            never.add(indicator.key)
            yield _at(definition, (*path, "when"), _("这个指标从不会被问到。"))


def _levels(definition: Definition) -> Iterator[Problem]:
    levels = definition.levels
    if len(levels) < 2:
        yield _at(definition, ("levels",), _("至少要有 2 个等级。"))
    # the mildest one: the last where a high score is bad, the first where it is good
    upwards = list(reversed(levels)) if definition.higher_is_worse else list(levels)
    if upwards and upwards[0].least != 0:
        path = ("levels", levels.index(upwards[0]), "least")
        yield _at(definition, path, _("分数最低的等级要从 0 分起，否则有的分数没有等级。"))
    for lower, upper in zip(upwards, upwards[1:], strict=False):
        if upper.least <= lower.least:
            text = _("起点 %(least)s 分应高于“%(lower)s”的 %(other)s 分：等级按从重到轻排。")
            said = {"least": upper.least, "lower": lower.name, "other": lower.least}
            yield _at(definition, ("levels", levels.index(upper), "least"), text % said)
    severity = [Risk.values.index(level.key) for level in levels if level.key in Risk.values]
    if severity != sorted(severity):
        yield _at(definition, ("levels",), _("等级的代码应从重到轻：高、较高、一般、关注。"))
    for n, level in enumerate(levels):
        yield from _level(definition, ("levels", n), n)
        reachable = sum(each.most for each in definition.dimensions)
        if level.least > reachable:
            text = _("从 %(least)s 分起，而最多只能得 %(most)s 分，没有人会到这一级。")
            yield _at(definition, ("levels", n, "least"), text % {"least": level.least, "most": reachable})


def _level(definition: Definition, path: Path, n: int) -> Iterator[Problem]:
    level = definition.levels[n]
    yield from _texts(definition, path, {"name": level.name}, {"action": level.action})
    if level.key not in Risk.values:
        yield _at(definition, (*path, "key"), _("等级的代码请从列表中选择：走访间隔按它安排。"))
    if not 1 <= level.months <= LONGEST_MONTHS:
        text = _("几个月后再评，应在 1 到 %(most)s 之间。")
        yield _at(definition, (*path, "months"), text % {"most": LONGEST_MONTHS})
    for name, days in (("plan_days", level.plan_days), ("meeting_days", level.meeting_days)):
        if not 0 <= days <= LONGEST_DAYS:
            text = _("工作日数应在 0 到 %(most)s 之间，0 表示不要求。")
            yield _at(definition, (*path, name), text % {"most": LONGEST_DAYS})
    if level.plan_by not in ("township", "county"):
        yield _at(definition, (*path, "plan_by"), _("方案由工作站或县级审批，请选择。"))
    if level.tone not in TONES:
        yield _at(definition, (*path, "tone"), _("没有这种颜色，请重新选择。"))


def _rules(definition: Definition) -> Iterator[Problem]:
    if definition.screen and definition.screen_level not in {level.key for level in definition.levels}:
        yield _at(definition, ("screen_level",), _("筛查答“是”定的等级，应是上面等级中的一个。"))
    if not 0 <= definition.unknown_most <= 100:
        yield _at(definition, ("unknown_most",), _("“不清楚”的上限应在 0 到 100 之间，是百分数。"))
    lift = definition.lift
    if lift and not 0 < lift.parts <= lift.of:
        yield _at(definition, ("lift",), _("升级的线应在满分以内，如 2/3：分子从 1 起，不大于分母。"))
    if strange := [month for month in definition.fixed_months if not 1 <= month <= 12]:
        text = _("固定评估的月份应在 1 到 12 之间，现在有：%(months)s。")
        yield _at(definition, ("fixed_months",), text % {"months": _("、").join(map(str, strange))})
    if len(set(definition.fixed_months)) < len(definition.fixed_months):
        yield _at(definition, ("fixed_months",), _("固定评估的月份写了两遍。"))
    yield from _words(definition)


def _words(definition: Definition) -> Iterator[Problem]:
    words = definition.words
    if words is None:
        return
    dimension = next((each for each in definition.dimensions if each.key == words.dimension), None)
    if dimension is None:
        yield _at(definition, ("words", "dimension"), _("判断用语说的是哪个维度，请从上面的维度中选。"))
    starts = [least for least, _said in words.steps]
    if not starts or starts[0] != 0:
        yield _at(definition, ("words", "steps"), _("判断用语的第一档要从 0 分起。"))
    if any(later <= earlier for earlier, later in zip(starts, starts[1:], strict=False)):
        yield _at(definition, ("words", "steps"), _("判断用语的起点应一档比一档高。"))
    if dimension and starts and max(starts) > dimension.most:
        text = _("判断用语有一档从 %(least)s 分起，而“%(name)s”满分是 %(most)s 分。")
        said = {"least": max(starts), "name": dimension.name, "most": dimension.most}
        yield _at(definition, ("words", "steps"), text % said)
    for n, (_least, said_words) in enumerate(words.steps):
        yield from _texts(definition, ("words", "steps", n), {"words": said_words})


def _texts(
    definition: Definition, path: Path, needed: dict[str, str], may_be_blank: dict[str, str] | None = None
) -> Iterator[Problem]:
    """What is wrong with texts by themselves: missing, too long, no key."""
    for name, text in {**needed, **(may_be_blank or {})}.items():
        if name in needed and not text.strip():
            yield _at(definition, (*path, name), _("“%(what)s”还没有填。") % {"what": _label(name)})
        elif len(text) > LONGEST[name]:
            said = {"what": _label(name), "most": LONGEST[name], "n": len(text)}
            yield _at(definition, (*path, name), _("“%(what)s”最多 %(most)s 字，现在有 %(n)s 字。") % said)
        elif name == "key" and not _KEY.fullmatch(text):
            yield _at(definition, (*path, name), _("代码用小写字母、数字和下划线，以字母开头。"))


def _label(name: str) -> str:
    labels = {
        "key": _("代码"),
        "name": _("名称"),
        "text": _("问题"),
        "question": _("问题"),
        "sentence": _("怎样算"),
        "help": _("怎么看"),
        "action": _("措施"),
        "words": _("判断用语"),
    }
    return labels[name]


def _too_many(what: str, n: int) -> str:
    return _("最多 %(most)s 个，现在有 %(n)s 个。") % {"most": MOST[what], "n": n}


def _indicators(definition: Definition) -> Iterator[tuple[Path, Indicator]]:
    for n, dimension in enumerate(definition.dimensions):
        for m, indicator in enumerate(dimension.indicators):
            yield ("dimensions", n, "indicators", m), indicator


def _name(definition: Definition, key: str) -> str:
    return next((each.name for each in definition.indicators() if each.key == key), key)


def _at(definition: Definition, path: Path, text: str) -> Problem:
    return Problem(path, place_of(definition, path), text)
