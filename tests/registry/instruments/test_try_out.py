"""What a draft would make of the children's levels: counted beside the pages, the same as after publishing."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.jobs.services import run
from childwelfare.workflow.refusals import Refused
from registry.instruments import rescoring
from registry.instruments.definition import Answer, Definition, Indicator
from registry.instruments.example import EXAMPLE
from registry.instruments.models import Rescored, TriedOut
from registry.instruments.services import draft_instrument, publish, save_draft, try_out
from registry.instruments.try_out import changed_rows, newest_try_out, tallies_below, tally_within
from tests.builders import a_city, a_county, a_post, a_township, a_village, an_approved_file, an_instrument
from tests.registry.instruments.world import an_assessment, answers, counted, with_levels

pytestmark = pytest.mark.django_db
POOR = answers(carer="none", income="poor", conflict="violence")  # 18 points: 一般


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def officer(city):
    return a_post(city)


@pytest.fixture
def old(city):
    return an_instrument(city)


@pytest.fixture
def villages(city):
    return [a_village(a_township(a_county(city))) for _ in range(2)]


def a_draft(officer, definition):
    draft = draft_instrument(by=officer)
    return save_draft(draft, by=officer, seen_version=1, name="新版", definition=definition)


def test_a_copy_changes_nobody_not_even_whom_a_person_judged_otherwise(officer, old, villages):
    an_assessment(an_approved_file(villages[0]), old, level="high")
    an_assessment(an_approved_file(villages[0]), old, given=POOR)
    draft = a_draft(officer, EXAMPLE)
    try_out(draft, by=officer)
    found = tally_within(counted(draft), officer.unit)
    assert (found.scored, found.changed, found.unscored) == (2, 0, 0)


def test_old_by_new_is_counted_by_county_and_the_children_are_known(officer, old, villages):
    """一般 from 18 on instead of 15 leaves the child of 18 points; 较高 from 18 lifts it."""
    worse = an_assessment(an_approved_file(villages[0]), old, given=POOR)
    an_assessment(an_approved_file(villages[1]), old)
    draft = a_draft(officer, with_levels(raised=18))
    try_out(draft, by=officer)
    done = counted(draft)
    found = tally_within(done, officer.unit)
    assert found.pairs == {("general", "raised"): 1, ("watch", "watch"): 1}
    assert (found.worse, found.better) == (1, 0)
    assert {unit.pk: each.changed for unit, each in tallies_below(done, officer.unit)} == {
        villages[0].county_id: 1, villages[1].county_id: 0,
    }  # fmt: skip
    assert [row.assessment for row in changed_rows(done)] == [worse]


def test_the_newest_assessment_in_force_of_each_child_counts(officer, old, villages):
    file = an_approved_file(villages[0])
    day = timezone.localdate() - datetime.timedelta(days=90)
    an_assessment(file, old, given=POOR, assessed_on=day)
    newest = an_assessment(file, old)
    an_assessment(file, old, given=POOR, state="submitted")
    an_assessment(file, old, given=POOR, second_of=newest)
    draft = a_draft(officer, with_levels(raised=18))
    try_out(draft, by=officer)
    assert tally_within(counted(draft), officer.unit).pairs == {("watch", "watch"): 1}


def with_new_question(**given) -> Definition:
    """Six points of schooling are asked by a new indicator instead."""
    school = EXAMPLE.dimensions[3]
    new = Indicator("way", "上学路", "上学路上怎么走？", (Answer("a", "近", 0), Answer("b", "远", 6)), **given)
    school = type(school)(school.key, school.name, school.most, (new, *school.indicators[1:]))
    definition = Definition(
        **vars(EXAMPLE) | {"dimensions": (*EXAMPLE.dimensions[:3], school, *EXAMPLE.dimensions[4:])}
    )
    return definition


def test_who_is_not_known_well_enough_by_new_questions_is_counted_apart(officer, old, villages):
    an_assessment(an_approved_file(villages[0]), old)
    definition = Definition(**vars(with_new_question()) | {"unknown_most": 3})
    draft = a_draft(officer, _without_branches(definition))
    try_out(draft, by=officer)
    found = tally_within(counted(draft), officer.unit)
    assert (found.unscored, found.changed) == (1, 0)


def _without_branches(definition: Definition) -> Definition:
    """The questions that hung on the one that was taken away are asked of everybody."""
    school = definition.dimensions[3]
    free = tuple(type(each)(**vars(each) | {"when": ()}) for each in school.indicators)
    school = type(school)(school.key, school.name, school.most, free)
    return Definition(
        **vars(definition) | {"dimensions": (*definition.dimensions[:3], school, *definition.dimensions[4:])}
    )


def test_a_computed_answer_follows_the_ranges_of_the_new_version(officer, old, villages):
    """The file told 65 years: by the old 2 points, by the new, where old begins at 64, 4."""
    told = {"carer_age": {"value": 65, "words": "祖母 李桂英，65 岁"}}
    given = POOR | {"carer_age": "to_70", "duty": "lacking", "dislike": "thinks", "bond": "distant"}  # 27 points
    assessment = an_assessment(an_approved_file(villages[0]), old, given=given, computed=told)
    care = EXAMPLE.dimensions[0]
    age = care.indicators[1]
    ranges = ((None, 60), (61, 63), (64, None))
    shifted = tuple(
        type(answer)(**vars(answer) | {"least": least, "most": most})
        for answer, (least, most) in zip(age.answers, ranges, strict=True)
    )
    care = type(care)(care.key, care.name, care.most, (
        care.indicators[0], type(age)(**vars(age) | {"answers": shifted}), *care.indicators[2:],
    ))  # fmt: skip
    definition = Definition(**vars(EXAMPLE) | {"dimensions": (care, *EXAMPLE.dimensions[1:])})
    assert rescoring.answers_by(definition, assessment, {})["carer_age"] == "over_70"


def test_what_was_tried_is_what_comes_of_publishing(officer, old, villages, monkeypatch):
    """Counted three files at a time, so that chunks meet."""
    monkeypatch.setattr(rescoring, "CHUNK", 3)
    for n in range(7):
        an_assessment(an_approved_file(villages[n % 2]), old, given=POOR if n % 3 else answers())
    an_approved_file(villages[0])
    draft = a_draft(officer, with_levels(raised=18))
    try_out(draft, by=officer)
    tried = counted(draft)
    rows = {(row.assessment_id, row.level, row.level_by_it) for row in TriedOut.objects.filter(try_out=tried)}
    day = timezone.localdate() + datetime.timedelta(days=1)
    publish(draft, by=officer, seen_version=draft.version, since=day, document="郑民〔2031〕3号")
    after = counted(draft)
    assert after.is_final
    assert after.counts == tried.counts
    assert len(rows) == 4
    kept = Rescored.objects.filter(instrument=draft)
    assert {(row.assessment_id, row.level, row.level_by_it) for row in kept} == rows
    assert {row.assessment_id for row in changed_rows(after)} == {key for key, _was, _now in rows}


def test_a_job_that_runs_twice_leaves_what_one_leaves(officer, old, villages):
    an_assessment(an_approved_file(villages[0]), old, given=POOR)
    draft = a_draft(officer, with_levels(raised=18))
    begun = try_out(draft, by=officer)
    from registry.instruments.try_out import count_try_out

    for _ in range(2):
        count_try_out(str(begun.pk), lambda _done, _total: None)
    assert TriedOut.objects.filter(try_out=begun).count() == 1


def test_asked_again_while_it_is_counted_it_is_the_same_count(officer, old):
    draft = a_draft(officer, EXAMPLE)
    first = try_out(draft, by=officer)
    assert try_out(draft, by=officer) == first
    run(first.job_id)
    assert try_out(draft, by=officer) != first
    assert newest_try_out(draft).counted_at is None


def test_a_draft_with_problems_is_not_tried(officer, old):
    draft = a_draft(officer, with_levels(watch=1))
    with pytest.raises(Refused, match="还有 1 处要改.*分数最低的等级要从 0 分起"):
        try_out(draft, by=officer)


def test_a_county_tries_nothing(officer, old, villages):
    draft = a_draft(officer, EXAMPLE)
    with pytest.raises(PermissionDenied):
        try_out(draft, by=a_post(villages[0].county))


def test_a_chunk_costs_a_fixed_number_of_queries(officer, old, villages, django_assert_num_queries):
    for n in range(6):
        an_assessment(an_approved_file(villages[n % 2]), old)
    draft = a_draft(officer, EXAMPLE)
    # the unit, files, assessments; then no more files
    with django_assert_num_queries(4):
        assert sum(n for n, _lines in rescoring.rescored(draft, on=timezone.localdate())) == 6


def test_a_fact_that_no_question_asked_for_is_asked_of_the_file(officer, old, villages, django_assert_num_queries):
    """The first question of the old asked nothing of the file: who cares for the child is read from it now."""
    file = an_approved_file(villages[0])
    given = {key: value for key, value in answers().items() if key != "carer"}
    an_assessment(file, old, given=given)
    draft = a_draft(officer, EXAMPLE)
    with django_assert_num_queries(5):  # and its guardians
        ((_n, (line,)),) = rescoring.rescored(draft, on=timezone.localdate())
    assert line.level_by_it == "watch"
