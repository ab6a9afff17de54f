"""Scoring against a second implementation, written another way: any valid instrument, any answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.instruments.definition import UNKNOWN, Answer, Definition, Dimension, Indicator, Level, Lift, When
from registry.instruments.example import EXAMPLE
from registry.instruments.scoring import score
from tests.registry.instruments.world import answers


@st.composite
def instruments(draw) -> Definition:
    """Valid but for the sum of 100, which no rule of scoring asks for."""
    before: list[Indicator] = []
    dimensions = []
    for d in range(draw(st.integers(1, 3))):
        indicators = []
        for i in range(draw(st.integers(1, 3))):
            points = draw(st.lists(st.integers(0, 6), min_size=2, max_size=4))
            several = draw(st.booleans())
            at_most = draw(st.none() | st.integers(1, 8)) if several else None
            when = ()
            if before and draw(st.booleans()):
                on = draw(st.sampled_from(before))
                keys = [*(answer.key for answer in on.answers), UNKNOWN]
                when = (When(on.key, tuple(draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))),)
            found = tuple(Answer(f"a{n}", f"{n}", value) for n, value in enumerate(points))
            made = Indicator(f"d{d}i{i}", "x", "?", found, several=several, at_most=at_most, when=when)
            before.append(made)
            indicators.append(made)
        dimensions.append(Dimension(f"d{d}", "x", sum(each.most for each in indicators), tuple(indicators)))
    higher_is_worse, total = draw(st.booleans()), sum(each.most for each in dimensions)
    starts = sorted(draw(st.sets(st.integers(1, max(total, 1)), min_size=1, max_size=3)) | {0}, reverse=True)
    if not higher_is_worse:
        starts.reverse()
    keys = ("high", "raised", "general", "watch")
    levels = tuple(Level(key, key, least, 3) for key, least in zip(keys, starts, strict=False))
    lift = draw(st.none() | st.sampled_from([Lift(2, 3), Lift(1, 2), Lift(1, 1)]))
    return Definition(
        tuple(dimensions), levels, higher_is_worse=higher_is_worse, unknown_most=draw(st.integers(0, 100)), lift=lift
    )


@st.composite
def answered(draw):
    definition = draw(instruments())
    given = {}
    for indicator in definition.indicators():
        keys = [answer.key for answer in indicator.answers]
        one = st.sampled_from([*keys, UNKNOWN])
        many = st.just(UNKNOWN) | st.lists(st.sampled_from(keys), unique=True)
        if draw(st.booleans()) or draw(st.booleans()):
            given[indicator.key] = draw(many if indicator.several else one)
    return definition, given


def plainly(definition: Definition, given: dict):
    """(level, score, worst, unknown per cent, points by dimension) by steps that share nothing with the product's."""
    shown = []
    for dimension in definition.dimensions:
        for indicator in dimension.indicators:
            open_ = not indicator.when
            for when in indicator.when:
                said = given.get(when.indicator)
                said = said if isinstance(said, list) else [said]
                if when.indicator in shown and any(each in when.answers for each in said):
                    open_ = True
            if open_:
                shown.append(indicator.key)
    by_dimension, best_total, worst_total, blank = {}, 0, 0, 0
    for dimension in definition.dimensions:
        low = high = 0
        for indicator in dimension.indicators:
            value = given.get(indicator.key)
            table = {answer.key: answer.points for answer in indicator.answers}
            if indicator.key not in shown:
                # nothing speaks against the child
                a = b = 0 if definition.higher_is_worse else indicator.most
            elif value is None or value == UNKNOWN:
                blank += 1
                a, b = 0, indicator.most
                if not definition.higher_is_worse:
                    a, b = b, a
            else:
                a = sum(table[each] for each in value) if isinstance(value, list) else table[value]
                if indicator.at_most is not None:
                    a = min(a, indicator.at_most)
                b = a
            low, high = low + a, high + b
        by_dimension[dimension.key] = low
        best_total, worst_total = best_total + low, worst_total + high
    unknown = -(-100 * blank // len(shown)) if shown else 100
    at = 0
    for n, level in enumerate(definition.levels):
        if (
            level.least <= best_total
            and level.least >= definition.levels[at].least
            or definition.levels[at].least > best_total
        ):
            at = n
    if definition.lift:
        for dimension in definition.dimensions:
            bad = by_dimension[dimension.key]
            bad = bad if definition.higher_is_worse else dimension.most - bad
            if dimension.most and bad / dimension.most + 1e-9 >= definition.lift.parts / definition.lift.of:
                at = max(at - 1, 0)
                break
    level = definition.levels[at].key if unknown <= definition.unknown_most else ""
    return level, best_total, worst_total, unknown, by_dimension


@settings(max_examples=300)
@given(answered())
def test_any_instrument_and_any_answers_come_to_the_same(case):
    definition, given = case
    found = score(definition, {}, given)
    assert (found.level, found.score, found.worst, found.unknown, found.scores) == plainly(definition, given)


@settings(max_examples=100)
@given(answered())
def test_what_is_not_known_never_makes_it_worse(case):
    """Taking an answer away can't raise the level, but may leave none."""
    definition, given = case
    definition = Definition(**vars(definition) | {"unknown_most": 100})
    keys = [level.key for level in definition.levels]
    branching = {when.indicator for indicator in definition.indicators() for when in indicator.when}
    before = keys.index(score(definition, {}, given).level)
    for key in set(given) - branching:
        after = score(definition, {}, {name: value for name, value in given.items() if name != key})
        assert keys.index(after.level) >= before


def test_the_first_yes_of_the_screen_decides_and_nothing_is_counted():
    found = score(EXAMPLE, {"harm": "no", "lost": "unknown", "nobody": "yes", "self_harm": "yes"}, answers())
    assert (found.urgent, found.level, found.score) == ("nobody", "high", None)


def test_a_dimension_at_two_thirds_lifts_the_level_by_one():
    """Safety at 10 of 15 and nothing else: 10 points are 关注, lifted they are 一般."""
    bad = answers(hazards=["water", "road"], alone="yes", nights="done")
    found = score(EXAMPLE, {}, bad)
    assert (found.score, found.by_score, found.level, found.lifted_by) == (10, "watch", "general", ("safety",))
    assert score(EXAMPLE, {}, bad | {"hazards": ["water"]}).level == "watch"


def test_words_of_guardianship_follow_its_points():
    assert score(EXAMPLE, {}, answers()).words == "监护正常"
    assert score(EXAMPLE, {}, answers(duty="neglect", carer_habits="some")).words == "监护不足"


def test_nobody_to_care_for_a_child_is_the_worst_guardianship():
    worst = {"carer_age": "over_70", "carer_health": "all", "carer_habits": "some", "duty": "neglect"}
    worst |= {"parent_contact": "longer"}
    found = {key: score(EXAMPLE, {}, answers(carer=key, **worst)) for key in ("none", "other", "relative", "parents")}
    reached = [each.scores["care"] for each in found.values()]
    assert reached == sorted(reached, reverse=True) and len(set(reached)) == 4
    assert [each.words for each in found.values()] == ["监护缺失", "监护失当", "监护失当", "监护失当"]
    assert found["none"].lifted_by == ("care",)


def test_over_a_fifth_not_known_gives_no_level():
    told = list(answers())
    known = {key: value for key, value in answers().items() if key in told[: len(told) - 6]}
    found = score(EXAMPLE, {}, known)
    assert not found.level
    assert found.unknown > 20
