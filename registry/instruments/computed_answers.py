"""What is wrong with the answers of a computed indicator: each value of its fact falls under exactly one."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from registry.instruments.definition import Indicator
from registry.instruments.facts import FACTS, FactSource

Found = tuple[tuple[str | int, ...], str]  # where in the indicator, and what is wrong


def computed_problems(indicator: Indicator) -> Iterator[Found]:
    """Nothing of an indicator that a person answers."""
    if not indicator.source:
        return
    source = FACTS.get(indicator.source)
    if source is None:
        yield ("source",), _("系统里没有“%(key)s”这个来源，请重新选择。") % {"key": indicator.source}
        return
    if indicator.several:
        yield ("several",), _("由系统算出的指标只有一个答案，不能选多项。")
    yield from _ranges(indicator) if source.codes is None else _codes(indicator, source)


def _codes(indicator: Indicator, source: FactSource) -> Iterator[Found]:
    codes, taken = source.codes or {}, dict[str, int]()
    for n, answer in enumerate(indicator.answers):
        for value in answer.values:
            if value not in codes:
                yield ("answers", n, "values"), _("来源没有“%(value)s”这个值。") % {"value": value}
            elif value in taken:
                text = _("“%(value)s”已归到答案 %(n)s，一个值只能归一个答案。")
                yield ("answers", n, "values"), text % {"value": codes[value], "n": taken[value] + 1}
            else:
                taken[value] = n
    if left := [str(label) for value, label in codes.items() if value not in taken]:
        text = _("来源的这些值没有归到任何答案：%(values)s。")
        yield ("answers",), text % {"values": _("、").join(left)}


def _ranges(indicator: Indicator) -> Iterator[Found]:
    """Answers without bounds are a person's: they are passed over, as ``answer_by`` does."""
    bounded = [
        (n, answer) for n, answer in enumerate(indicator.answers) if answer.least is not None or answer.most is not None
    ]
    if not bounded:
        yield ("answers",), _("请写明来源的数字在哪个范围归哪个答案。")
        return
    for n, answer in bounded:
        if answer.least is not None and answer.most is not None and answer.least > answer.most:
            yield ("answers", n, "least"), _("范围的下限大于上限。")
            return
    in_order = sorted(bounded, key=lambda pair: float("-inf") if pair[1].least is None else pair[1].least)
    first, last = in_order[0], in_order[-1]
    if first[1].least is not None and first[1].least > 0:
        yield ("answers", first[0], "least"), _("小于 %(n)s 的没有归到任何答案。") % {"n": first[1].least}
    for (_n, lower), (n, upper) in zip(in_order, in_order[1:], strict=False):
        if lower.most is None or upper.least is None or upper.least <= lower.most:
            text = _("“%(lower)s”和“%(upper)s”的范围重叠。")
            yield ("answers", n, "least"), text % {"lower": lower.name, "upper": upper.name}
        elif upper.least > lower.most + 1:
            said = {"least": lower.most + 1, "most": upper.least - 1}
            yield ("answers", n, "least"), _("%(least)s 到 %(most)s 没有归到任何答案。") % said
    if last[1].most is not None:
        yield ("answers", last[0], "most"), _("大于 %(n)s 的没有归到任何答案。") % {"n": last[1].most}
