"""The rules against a plain second reading of the documents, over all combinations; and what "unknown" must mean."""

import dataclasses
import datetime
import itertools

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.child.codes import Category, Situation
from registry.eligibility import Facts, ParentFacts, SituationFacts, evaluate
from registry.eligibility.rules import PARAMETERS, RULES
from registry.eligibility.typed_facts import facts_from
from registry.variants.models import RuleVariant
from tests.builders import a_county, a_variant, a_village, an_approved_file
from tests.depth import examples

D = datetime.date
ON = D(2026, 11, 1)
STATES = (None, "alive", "dead", "missing")
LONG, SHORT = D(2026, 5, 1), D(2026, 5, 2)  # six months to the day, and a day less


def verdicts(facts, on=ON, **more) -> dict:
    return {one.category: one for one in evaluate(facts, on, **more)}


def word(facts, category, on=ON, **more) -> str:
    return verdicts(facts, on, **more)[category].verdict


# -- the second reading: nested ifs, for facts that are all known --------------------------------------------------


def plain_age(born, on):
    years = on.year - born.year
    if (on.month, on.day) < (born.month, born.day):
        years -= 1
    return years


def plain_six_months(since, on):
    month, year = since.month + 6, since.year
    if month > 12:
        month, year = month - 12, year + 1
    for day in (since.day, 30, 29, 28):
        try:
            return D(year, month, min(day, since.day)) <= on
        except ValueError:
            continue
    raise AssertionError


def plain_situation(situation, on):
    if situation is None:
        return False
    if situation.kind == "disabled":
        if situation.grade in ("1", "2"):
            return True
        return situation.disability in ("5", "6")
    if situation.kind in ("ill", "custody_revoked", "expelled"):
        return True
    if situation.kind == "out_of_contact":
        return plain_six_months(situation.since, on)
    if situation.until is not None and situation.until <= on:
        return False
    return plain_six_months(situation.since, situation.until or on)


def plain_gone(parent):
    return parent.state == "dead" or parent.state == "missing"


def plain_one(parent):
    return parent.situations[0] if parent.situations else None


def plain_far(parent, on):
    if plain_gone(parent) or not parent.away or not parent.away_across:
        return False
    return plain_six_months(parent.away_since, on)


def plain_cannot(parent, on):
    if plain_gone(parent) or parent.unable:
        return True
    one = plain_one(parent)
    if one is None or one.kind in ("disabled", "ill"):
        return False
    return one.until is None or one.until > on


def plain(facts, on) -> dict:
    """{category: whether it holds}, written from the documents."""
    father, mother, age = facts.father, facts.mother, plain_age(facts.birth_date, on)
    orphan = de_facto = left_2016 = left_2024 = False
    if age < 18:
        if plain_gone(father) and plain_gone(mother):
            orphan = True
        elif plain_gone(father):
            de_facto = plain_situation(plain_one(mother), on)
        elif plain_gone(mother):
            de_facto = plain_situation(plain_one(father), on)
        else:
            de_facto = plain_situation(plain_one(father), on) and plain_situation(plain_one(mother), on)
    if age < 16:
        pairs = ((father, mother), (mother, father))
        for one, other in pairs:
            if plain_far(one, on) and (plain_far(other, on) or plain_cannot(other, on)):
                left_2024 = True
            out, other_out = one.away and not plain_gone(one), other.away and not plain_gone(other)
            if out and (other_out or plain_cannot(other, on)):
                left_2016 = facts.registration == "rural"
    migrant = age < 16 and facts.across_county and plain_six_months(facts.here_since, on) and facts.with_guardian
    return {"orphan": orphan, "de_facto": de_facto, "left_2016": left_2016, "left_behind": left_2024,
            "migrant": bool(migrant)}  # fmt: skip


ALL_SITUATIONS = [
    None,
    *(SituationFacts("disabled", disability=kind, grade=grade) for kind in ("1", "4", "5", "6") for grade in "124"),
    SituationFacts("ill"),
    *(SituationFacts(kind, since=since, until=until)
      for kind in ("imprisoned", "drug_isolation", "detained")
      for since, until in ((LONG, None), (D(2026, 10, 1), D(2027, 4, 1)), (D(2026, 10, 1), D(2027, 3, 31)),
                           (D(2025, 1, 1), D(2026, 11, 1)))),
    SituationFacts("out_of_contact", since=LONG),
    SituationFacts("out_of_contact", since=SHORT),
    SituationFacts("custody_revoked"),
    SituationFacts("expelled"),
]  # fmt: skip
KNOWN_STATES = ("alive", "dead", "missing")
PARENTS = [
    ParentFacts(state, () if one is None else (one,), away, since, across, unable)
    for state in KNOWN_STATES
    for one in ALL_SITUATIONS
    for away, since, across in ((False, None, False), (True, LONG, True), (True, SHORT, True), (True, LONG, False))
    for unable in (True, False)
]


def same_as_plain(facts, on):
    found, wanted = verdicts(facts, on), plain(facts, on)
    old = next(part for part in found["left_behind"].parts if part.version == "2016-13")
    told = {category: found[category].verdict for category in ("orphan", "de_facto", "left_behind", "migrant")}
    told["left_2016"] = old.verdict
    assert told == {key: "meets" if holds else "no" for key, holds in wanted.items()}, facts


def test_every_pair_of_parents_as_the_second_reading_has_it():
    distinct = [parent for parent in PARENTS if not parent.away or not parent.unable]
    for father, mother in itertools.product(distinct[::7], distinct[::3]):
        facts = Facts(birth_date=D(2015, 1, 1), registration="rural", father=father, mother=mother,
                      across_county=False, here_since=LONG, with_guardian=True)  # fmt: skip
        same_as_plain(facts, ON)


@settings(max_examples=examples(200))
@given(
    st.sampled_from(PARENTS), st.sampled_from(PARENTS), st.sampled_from(("rural", "urban", "none")),
    st.sampled_from((D(2008, 2, 29), D(2008, 11, 1), D(2008, 11, 2), D(2010, 11, 1), D(2010, 11, 2), D(2012, 2, 29))),
    st.booleans(), st.sampled_from((LONG, SHORT)), st.booleans(),
)  # fmt: skip
def test_ages_registration_and_durations_as_the_second_reading_has_them(father, mother, reg, born, across, here, by):
    same_as_plain(Facts(birth_date=born, registration=reg, father=father, mother=mother, across_county=across,
                        here_since=here, with_guardian=by), ON)  # fmt: skip


@pytest.mark.parametrize(("on", "told"), [(D(2026, 2, 28), "meets"), (D(2026, 3, 1), "no")])
def test_a_child_of_29_february_is_18_on_1_march(on, told):
    facts = Facts(birth_date=D(2008, 2, 29), father=ParentFacts("dead"), mother=ParentFacts("missing"))
    assert word(facts, "orphan", on) == told
    same_as_plain(dataclasses.replace(facts, registration="rural", across_county=False, here_since=LONG,
                                      with_guardian=True, father=PARENTS[-1], mother=PARENTS[-1]), on)  # fmt: skip


@pytest.mark.parametrize(
    ("since", "day", "told"),
    [(D(2025, 8, 31), D(2026, 2, 27), "no"), (D(2025, 8, 31), D(2026, 2, 28), "meets"),
     (D(2024, 8, 29), D(2025, 2, 28), "meets"), (D(2026, 5, 1), D(2026, 10, 31), "no")],
)  # fmt: skip
def test_six_months_end_on_the_corresponding_day_or_the_last_of_the_month(since, day, told):
    lost = SituationFacts("out_of_contact", since=since)
    facts = Facts(birth_date=D(2018, 1, 1), father=ParentFacts("dead"), mother=ParentFacts("alive", (lost,)))
    assert word(facts, "de_facto", day) == told


# -- what is not known -------------------------------------------------------------------------------------------

maybe = st.none() | st.booleans()
days = st.none() | st.sampled_from((LONG, SHORT, D(2026, 11, 1)))
some_situation = st.builds(
    SituationFacts, st.sampled_from(Situation.values), days,
    st.none() | st.sampled_from((D(2026, 12, 1), D(2027, 9, 1))),
    st.none() | st.sampled_from("157"), st.none() | st.sampled_from("14"),
)  # fmt: skip
some_parent = st.builds(
    ParentFacts, st.sampled_from(STATES), st.none() | st.lists(some_situation, max_size=2).map(tuple),
    maybe, days, maybe, maybe,
)  # fmt: skip
some_family = st.builds(
    Facts,
    birth_date=st.none() | st.sampled_from((D(2008, 11, 1), D(2010, 11, 1), D(2015, 1, 1))),
    registration=st.none() | st.sampled_from(("rural", "urban")),
    father=some_parent, mother=some_parent,
    guardianship=st.none() | st.sampled_from(("good", "poor")), with_guardian=maybe,
    low_income=st.none() | st.sampled_from(("none", "minimum_living", "marginal")),
    disabled=maybe, serious_illness=maybe, across_county=maybe, here_since=days,
)  # fmt: skip


def filled(less, more):
    """``less`` with every blank answered from ``more``."""
    values = {}
    for field in dataclasses.fields(less):
        own, other = getattr(less, field.name), getattr(more, field.name)
        if isinstance(own, ParentFacts):
            own = filled(own, other)
        values[field.name] = other if own is None else own
    return type(less)(**values)


@settings(max_examples=examples(200))
@given(some_family, some_family)
def test_answering_what_was_open_never_turns_a_verdict_round(less, more):
    before, after = verdicts(less), verdicts(filled(less, more))
    for category, verdict in before.items():
        if verdict.verdict != "unknown":
            assert after[category].verdict == verdict.verdict


@settings(max_examples=examples(200))
@given(some_family, some_family)
def test_what_is_not_named_as_missing_does_not_decide(less, more):
    whole = filled(less, more)
    for category, verdict in verdicts(less).items():
        assert bool(verdict.missing) == (verdict.verdict == "unknown")
        for name in ("registration", "guardianship", "with_guardian", "low_income", "disabled", "across_county"):
            if getattr(less, name) is None and name not in verdict.missing:
                answered = dataclasses.replace(less, **{name: getattr(whole, name)})
                assert word(answered, category) == verdict.verdict


def test_only_what_would_decide_is_asked():
    facts = Facts(birth_date=D(2016, 5, 1), father=ParentFacts("dead"), mother=ParentFacts("alive"))
    assert verdicts(facts)["de_facto"].missing == ("mother.situations",)
    jailed = SituationFacts("imprisoned", since=D(2026, 10, 1))
    facts = dataclasses.replace(facts, mother=ParentFacts("alive", (jailed,)))
    asked = verdicts(facts)["de_facto"]
    assert (asked.verdict, asked.missing) == ("unknown", ("mother.imprisoned.until",))
    assert "期限" in asked.questions[0]["label"] and "母亲" in asked.questions[0]["label"]
    assert verdicts(Facts(birth_date=D(2000, 1, 1)))["orphan"].missing == ()


def test_an_age_serves_where_the_birth_date_is_not_known():
    facts = Facts(age=17, father=ParentFacts("dead"), mother=ParentFacts("dead"))
    assert word(facts, "orphan") == "meets" and word(dataclasses.replace(facts, age=18), "orphan") == "no"


def test_reasons_carry_document_and_article_in_the_readers_language():
    facts = Facts(birth_date=D(2016, 5, 1), father=ParentFacts("dead"),
                  mother=ParentFacts("alive", (SituationFacts("custody_revoked"),)))  # fmt: skip
    told = verdicts(facts)["de_facto"]
    assert told.verdict == "meets"
    assert any("125号" in reason and "被撤销监护资格" in reason for reason in told.reasons)
    assert all("号" in reason and reason.endswith("）") for reason in told.reasons)


# -- the day and the place ---------------------------------------------------------------------------------------


def test_both_definitions_of_left_behind_are_shown_and_the_one_in_force_decides():
    near = ParentFacts("alive", (), True, LONG, False, False)
    facts = Facts(birth_date=D(2015, 1, 1), registration="rural", father=near, mother=near)
    now, then = verdicts(facts)["left_behind"], verdicts(facts, D(2023, 1, 1))["left_behind"]
    assert (now.verdict, now.version) == ("no", "2024")
    assert [(part.verdict, part.decides) for part in now.parts] == [("meets", False), ("no", True)]
    assert (then.verdict, then.version) == ("meets", "2016-13")
    assert [part.version for part in then.parts] == ["2016-13"]


def test_what_125_added_does_not_count_before_it():
    expelled = ParentFacts("alive", (SituationFacts("expelled"),))
    facts = Facts(birth_date=D(2015, 1, 1), father=ParentFacts("dead"), mother=expelled)
    assert word(facts, "de_facto", D(2020, 6, 1)) == "no"
    assert word(facts, "de_facto", D(2020, 12, 24)) == "meets"
    assert "de_facto" not in verdicts(facts, D(2019, 12, 31))


@pytest.mark.both
@pytest.mark.django_db
def test_a_countys_variant_replaces_parameters_from_its_date_and_only_there():
    county = a_county()
    expelled = ParentFacts("alive", (SituationFacts("expelled"),))
    both = Facts(birth_date=D(2015, 1, 1), father=expelled, mother=expelled)
    beside = dataclasses.replace(both, father=ParentFacts("dead"))
    a_variant(county, "de_facto", expelled_only_beside_dead=True)
    assert word(both, "de_facto") == word(both, "de_facto", unit=a_county()) == "meets"
    told = {one.category: one for one in evaluate(both, ON, county)}["de_facto"]
    assert told.verdict == "no" and "粤〔2021〕1号" in told.source
    assert word(both, "de_facto", D(2020, 12, 30), unit=county) == "meets"
    assert word(beside, "de_facto", unit=county) == "meets"


@pytest.mark.django_db
def test_the_county_goes_before_the_city():
    county = a_county()
    a_variant(county, "left_behind", min_months=3)
    a_variant(county.city, "left_behind", min_months=12, rural_only=True)
    away = ParentFacts("alive", (), True, D(2026, 7, 1), True, False)
    facts = Facts(birth_date=D(2015, 1, 1), registration="rural", father=away, mother=away)
    assert word(facts, "left_behind") == "no"
    assert word(facts, "left_behind", unit=county) == "meets"
    assert word(dataclasses.replace(facts, registration="urban"), "left_behind", unit=county) == "no"


@pytest.mark.both
@pytest.mark.django_db
def test_moves_between_central_districts_do_not_count():
    facts = Facts(birth_date=D(2015, 1, 1), registered_region="410102", living_region="410105", here_since=LONG,
                  with_guardian=True)  # fmt: skip
    county = a_county()
    assert word(facts, "migrant", unit=county) == "meets"
    a_variant(county.city, "migrant", central_districts=["410102", "410105"])
    assert word(facts, "migrant", unit=county) == "no"


@pytest.mark.django_db
def test_a_full_time_student_stays_where_the_place_has_it_so():
    county = a_county()
    a_variant(county, "orphan", student_past_18=True)
    facts = Facts(birth_date=D(2008, 1, 1), father=ParentFacts("dead"), mother=ParentFacts("dead"), student=True)
    assert (word(facts, "orphan"), word(facts, "orphan", unit=county)) == ("no", "meets")
    open_still = {v.category: v for v in evaluate(dataclasses.replace(facts, student=None), ON, county)}["orphan"]
    assert (open_still.verdict, open_still.missing) == ("unknown", ("student",))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("category", "parameters"),
    [("de_facto", {}), ("de_facto", {"rural_only": True}), ("de_facto", {"min_months": 0}), ("de_facto", []),
     ("de_facto", {"min_months": True}), ("migrant", {"central_districts": ["41"]}), ("orphan", {"x": 1})],
)  # fmt: skip
def test_a_variant_holds_declared_parameters_only(category, parameters):
    variant = RuleVariant(unit=a_county(), category=category, parameters=parameters, since=ON, document="试行")
    with pytest.raises(ValidationError) as refused:
        variant.full_clean()
    assert "parameters" in refused.value.message_dict


def test_every_rule_says_where_it_is_written_and_no_two_decide_on_one_day():
    assert {rule.category for rule in RULES} == set(Category.values)
    for rule in RULES:
        assert rule.source and rule.text and set(rule.parameters) <= set(PARAMETERS) | {"without_125"}
    for one, other in itertools.combinations(RULES, 2):
        if one.category == other.category:
            assert one.valid_to and one.valid_to <= other.valid_from


# -- facts from a file and from what somebody typed ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_says_what_it_holds_and_a_blank_is_no_no():
    from registry.eligibility.facts import facts_of

    file = an_approved_file(a_village(), low_income="minimum_living", registration="rural")
    file.family.create(relation="father", life="dead")
    file.family.create(
        relation="mother", situation="imprisoned", situation_since=LONG, away=True, away_at="广东省深圳市"
    )
    facts = facts_of(file)
    assert facts.father.state == "dead" and facts.father.situations is None
    assert facts.mother.situations[0].kind == "imprisoned" and facts.mother.away_across is True
    assert facts.with_guardian is True and facts.student is True and facts.disabled is None
    assert word(facts, "de_facto") == word(facts, "difficulty") == "meets"


@pytest.mark.parametrize(
    ("given_facts", "field"),
    [({"birth_date": D(2027, 1, 1)}, "birth_date"), ({"birth_date": D(1800, 1, 1)}, "birth_date"),
     ({"mother": {"away_since": D(2026, 11, 2)}}, "mother.away_since"),
     ({"father": {"situations": [{"kind": "imprisoned", "since": D(2027, 1, 1)}]}}, "father.since"),
     ({"father": {"situations": [{"kind": "imprisoned", "since": LONG, "until": D(2026, 1, 1)}]}}, "father.until"),
     ({"birth_date": D(2020, 1, 1), "here_since": D(2019, 1, 1)}, "here_since")],
)  # fmt: skip
def test_days_that_cannot_be_are_refused_at_their_field(given_facts, field):
    with pytest.raises(ValidationError) as refused:
        facts_from(given_facts, on=ON)
    assert list(refused.value.message_dict) == [field]


def test_who_is_away_for_work_is_alive_and_who_is_unfit_guards_poorly():
    facts = facts_from({"father": {"away": True}, "guardian": {"relation": "aunt", "capacity": "none"}}, on=ON)
    assert facts.father.state == "alive" and facts.with_guardian is True and facts.guardianship == "poor"
