"""What the quality rules say about files, and that the counted issues stay true whatever is written."""

import datetime
import itertools

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from registry.categories.services import end_membership, open_membership
from registry.changes.services import approve_change, undo_decision
from registry.child.fields import fields, is_category
from registry.child.forms import ChildForm
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.closing.services import close_file, may_be_given_back, reopen_file
from registry.family.models import Guardian
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.quality import RULES, SECTIONS, case_of, keys_of, rules_found
from registry.quality.models import FileIssue
from registry.quality.rule import RuleKind
from registry.quality.services import recount_file, recount_issues
from registry.transfers.services import ask_transfer
from tests.builders import (
    a_change,
    a_file,
    a_post,
    a_submitted_file,
    a_unit,
    a_visit,
    an_approved_file,
    an_id_number,
)
from tests.depth import examples
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
D = datetime.date
DAY = datetime.timedelta(days=1)
_births = itertools.count()


def today():
    return timezone.localdate()


def found(file, on=None) -> set[str]:
    return {rule.key for rule in rules_found(case_of(ChildFile.objects.get(pk=file.pk), on))}


def rows(*files) -> set[tuple]:
    issues = FileIssue.objects.filter(child__in=files) if files else FileIssue.objects.all()
    return set(issues.values_list("child", "rule", "village"))


def true_rows() -> set[tuple]:
    """What a plain look at every file says."""
    files = ChildFile.objects.all()
    return {(file.pk, key, file.village_id) for file in files for key in keys_of(case_of(file))}


# --- the rules


def test_every_rule_names_its_section_its_words_and_fields_that_a_step_of_the_form_asks_for():
    steps = {
        name: key for key, _question, groups in ChildForm.STEPS for _title, names in groups for name in names
    } | {"difficulty": "category"}  # fmt: skip
    for rule in RULES.values():
        assert rule.section in SECTIONS and rule.kind in RuleKind.values and str(rule.label) and rule.reads
        assert len(rule.key) <= 40
        if rule.kind != RuleKind.MISSING:
            assert str(rule.why)
        for name in rule.reads:
            assert is_category(name) or name in fields(), f"{rule.key} reads {name}"
        first = rule.reads[0]
        assert rule.step == ("category" if is_category(first) else steps[first]), rule.key
    assert sum(rule.kind == RuleKind.CONTRADICTION for rule in RULES.values()) >= 15


CHILD = {
    "here_before_birth": {"here_since": D(2010, 1, 1)},
    "unregistered_but_placed": {"registration": "none", "registered_at": "刘沟"},
    "good_but_unfit": {"guardianship": "good", "guardianship_kind": "weak_carer"},
    "relief_without_need": {"low_income": "none", "relief": ["minimum_living"]},
    "school_too_early": {"schooling": "senior"},
    "school_too_late": {"schooling": "kindergarten"},
    "in_school_but_left": {"schooling": "junior", "out_of_school_since": D(2026, 1, 5)},
    "boards_nowhere": {"schooling": "not_in_school", "boarding": True},
    "grade_without_kind": {"disability_grade": "2"},
    "healthy_but_disabled": {"health": "healthy", "disability": "1"},
    "healthy_but_ill": {"health": "healthy", "illness": "哮喘"},
    "no_disability_certificate": {"disability": "1"},
    "no_illness": {"health": "ill"},
    "no_out_of_school_reason": {"schooling": "not_in_school"},
}


@pytest.mark.parametrize("key", CHILD)
def test_a_fault_in_the_childs_own_fields_is_found_and_gone_when_corrected(village, key):
    file = an_approved_file(village)
    before = {name: getattr(file, name) for name in CHILD[key]}
    assert key not in found(file)
    for values, there in ((CHILD[key], True), (before, False)):
        for name, value in values.items():
            setattr(file, name, value)
        file.save()
        assert (key in found(file)) is there


GUARDIAN = {
    "guardian_born_after_child": {"birth_date": D(2020, 1, 1)},
    "guardian_young": {"birth_date": D(2012, 1, 1)},
    "entrusting_over": {"entrusted_from": D(2024, 1, 1), "entrusted_to": D(2025, 1, 1)},
    "no_guardian_phone": {"phone": ""},
}


@pytest.mark.parametrize("key", GUARDIAN)
def test_a_fault_in_the_guardian_is_found(village, key):
    file = an_approved_file(village)
    guardian = file.guardians.get()
    assert key not in found(file)
    for name, value in GUARDIAN[key].items():
        setattr(guardian, name, value)
    guardian.save()
    assert key in found(file)


PARENT = {
    "father_young": {"birth_date": D(2008, 1, 1)},
    "father_dead_but_active": {"life": "dead", "away": True},
    "father_kept_away_but_able": {"situation": "out_of_contact", "unable": False},
    "father_held_and_at_work": {"situation": "imprisoned", "away": True},
    "father_situation_turned": {"situation": "ill", "situation_since": D(2025, 1, 1), "situation_until": D(2024, 1, 1)},
    "father_term_over": {"situation": "imprisoned", "situation_until": D(2025, 1, 1)},
    "no_father_away_at": {"away": True},
}


@pytest.mark.parametrize("key", [key for key in PARENT if not key.startswith("no_")])
def test_a_fault_in_a_parent_is_found(village, key):
    file = an_approved_file(village)
    member = file.family.create(relation="father", name="张强")
    assert key not in found(file)
    for name, value in PARENT[key].items():
        setattr(member, name, value)
    member.save()
    assert key in found(file)


def test_a_parent_who_guards_must_be_there(village):
    file = an_approved_file(village)
    Guardian.objects.filter(child=file).update(relation="mother")
    mother = file.family.create(relation="mother", name="李芳")
    for values, key in (({"life": "dead"}, "guardian_gone"), ({"away": True}, "guardian_away"),
                        ({"unable": True}, "guardian_unable")):  # fmt: skip
        file.family.filter(pk=mother.pk).update(**{"life": "alive", "away": None, "unable": None} | values)
        assert {"guardian_gone", "guardian_away", "guardian_unable"} & found(file) == {key}


def test_the_phone_at_home_is_not_the_one_far_away(village):
    file = an_approved_file(village)
    file.family.create(relation="father", name="张强", away=True, phone=file.guardians.get().phone)
    assert "phone_of_away_parent" in found(file)


def test_two_guardians_at_once(village):
    file = an_approved_file(village)
    file.guardians.update(since=D(2025, 6, 1))
    former = file.guardians.create(name="张大山", relation="uncle", since=D(2024, 1, 1), until=D(2025, 6, 1))
    assert "guardians_overlap" not in found(file)
    file.guardians.filter(pk=former.pk).update(until=D(2025, 9, 1))
    assert "guardians_overlap" in found(file)


def test_grandparents_are_a_generation_older(village):
    file = an_approved_file(village)
    file.family.create(relation="paternal_grandmother", name="李桂英", birth_date=D(2000, 1, 1))
    assert "grandparents_young" in found(file)


@pytest.mark.parametrize(
    ("categories", "parents", "key"),
    [
        ({"orphan": {}}, {"father": {"life": "dead"}, "mother": {"life": "alive"}}, "orphan_of_the_living"),
        ({"orphan": {}, "de_facto": {}}, {}, "orphan_and_de_facto"),
        ({"left_behind": {}}, {"father": {"away": False}, "mother": {"life": "dead"}}, "nobody_away"),
        ({"difficulty": {"difficulty": "poverty"}}, {}, "poor_without_need"),
    ],
)
def test_a_category_against_the_facts(village, categories, parents, key):
    given = {name: {"since": D(2024, 3, 1)} | each for name, each in categories.items()}
    file = an_approved_file(village, categories=given, low_income="none")
    for relation, values in parents.items():
        file.family.create(relation=relation, name="某某", **values)
    assert key in found(file)


def test_what_the_file_does_not_tell_is_no_contradiction(village):
    file = an_approved_file(village)
    file.family.create(relation="father", name="张强", away=False)
    assert not [key for key in found(file) if RULES[key].kind == RuleKind.CONTRADICTION]


@pytest.mark.both
def test_stale_after_twelve_months_without_a_change_or_an_accepted_visit(village):
    file = an_approved_file(village)
    later = today() + datetime.timedelta(days=366)
    assert "untouched" not in found(file) and "untouched" in found(file, later)
    ChildFile.objects.filter(pk=file.pk).update(updated_at=timezone.now() - datetime.timedelta(days=400))
    recount_file(file)
    assert (file.pk, "untouched", village.pk) in rows()
    visit, clerk = a_visit(file), a_post(village.township)
    assert (file.pk, "stale", village.pk) in rows()
    VISIT.apply("accept", visit, by=clerk, seen_version=visit.version)
    assert (file.pk, "stale", village.pk) not in rows()
    VISIT.undo(visit, by=clerk, seen_version=visit.version)
    assert (file.pk, "stale", village.pk) in rows()


@pytest.mark.both
def test_time_alone_makes_issues_by_night_and_twice_changes_nothing(village):
    file = an_approved_file(village, schooling="primary")
    recount_issues(village.county)
    before = rows()
    assert recount_issues(village.county) == 1 and rows() == before == true_rows()
    recount_issues(village.county, on=D(2034, 3, 1))
    assert (file.pk, "school_too_late", village.pk) in rows()
    recount_issues(village.county)
    assert rows() == before


def test_since_stays_as_long_as_the_issue(village):
    file = an_approved_file(village)
    FileIssue.objects.filter(child=file).update(since=D(2026, 1, 1))
    recount_issues(village.county)
    assert set(file.issues.values_list("since", flat=True)) == {D(2026, 1, 1)}


# --- following the writes


@pytest.mark.both
def test_only_files_in_the_registry_are_counted(village):
    draft, waiting = a_file(village), a_submitted_file(village)
    assert not rows(draft, waiting)
    clerk = a_post(village.township)
    FILE.apply("approve", waiting, by=clerk, seen_version=waiting.version)
    assert (waiting.pk, "missing", village.pk) in rows()
    FILE.undo(waiting, by=clerk, seen_version=waiting.version)
    assert not rows()


def test_every_file_is_either_complete_or_lacks_something(village):
    file, clerk = an_approved_file(village), a_post(village.township)
    for relation in ("father", "mother"):
        file.family.create(relation=relation, life="unknown")
    values = {
        "registration": "rural", "registered_at": "刘沟", "registered_region": "410182", "address": "五组",
        "guardian_capacity": "good", "father_life": "dead", "mother_life": "alive", "mother_name": "李芳",
        "mother_away": True, "mother_away_at": "浙江杭州", "mother_away_since": D(2024, 3, 1),
        "mother_phone": "13900139012", "incomes": ["wages"], "low_income": "minimum_living",
        "school": "高村小学", "health": "healthy", "insurance": "resident",
        "category_left_behind": {"since": D(2024, 3, 1), "grounds": "母亲外出"},
    }  # fmt: skip
    change = a_change(file, **values)
    approve_change(change, by=clerk, seen_version=change.version)
    assert {key for _pk, key, _village in rows()} == {"complete"}
    undo_decision(change, by=clerk, seen_version=change.version)
    keys = {key for _pk, key, _village in rows()}
    assert {"missing", "family:missing", "no_health"} <= keys and "complete" not in keys
    assert rows() == true_rows()


def _births_on() -> D:
    return D(2014, 1, 1) + next(_births) * DAY


def _change(world, file, draw):
    values = draw(st.fixed_dictionaries({}, optional={
        "schooling": st.sampled_from(["primary", "senior", "not_in_school"]), "health": st.sampled_from(["", "ill"]),
        "father_life": st.sampled_from(["alive", "dead"]), "father_away": st.sampled_from([True, False, None]),
        "guardian_phone": st.sampled_from(["", "13800001111"]), "low_income": st.sampled_from(["", "none"]),
    }))  # fmt: skip
    from registry.child.fields import content_of, equal

    now = content_of(ChildFile.objects.get(pk=file.pk))
    values = {name: value for name, value in values.items() if not equal(value, now[name])}
    if file.state == "approved" and values:
        change = a_change(file, by=world["director"], **values)
        approve_change(change, by=world["clerk"], seen_version=change.version)
        if draw(st.booleans()):
            undo_decision(change, by=world["clerk"], seen_version=change.version)


def _category(world, file, draw):
    if file.state != "approved":
        return
    held = file.memberships.filter(category="orphan", until=None).first()
    if held:
        end_membership(held, by=world["clerk"], on=today(), reason="other")
    elif not file.memberships.filter(category="orphan").exists():
        open_membership(file, "orphan", by=world["clerk"], since=today())


def _close(world, file, draw):
    if file.state == "approved":
        close_file(file, by=world["clerk"], seen_version=file.version, reason="moved", on=today())
    elif file.state == "closed" and not file.merged_into_id:
        given = {name: {"since": today()} for name in may_be_given_back(file, on=today())}
        reopen_file(file, by=world["clerk"], seen_version=file.version, reason="回来了", categories=given)


def _move(world, file, draw):
    if file.state == "approved":
        target = next(one for one in world["villages"] if one.pk != file.village_id)
        ask_transfer(file, by=world["clerk"], target=target, reason="随父母搬家", seen_version=file.version)


def _merge(world, file, draw):
    other = ChildFile.objects.exclude(pk=file.pk).filter(state="approved").first()
    if file.state != "approved" or other is None:
        return
    try:
        merge = merge_files(file, other, by=world["clerk"], seen_versions=(file.version, other.version))
    except Refused:  # a change of the other file, undone to open, waits for its decision
        return
    if draw(st.booleans()):
        undo_merge(merge, by=world["clerk"])


@pytest.mark.both
@settings(
    max_examples=examples(12), phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_after_any_writes_the_rows_are_those_of_a_recount_of_everything(village, data):
    FileIssue.objects.all().delete()
    ChildFile.objects.update(state="closed")  # of the example before
    director, clerk = a_post(village.township), a_post(village.township)
    world = {"director": director, "clerk": clerk, "villages": [village, a_unit(village.township)]}
    files = []
    for _number in range(3):
        born = _births_on()
        files.append(an_approved_file(village, birth_date=born, id_number=an_id_number(born)))
    for act in data.draw(st.lists(st.sampled_from([_change, _category, _close, _move, _merge]), max_size=6)):
        file = ChildFile.objects.get(pk=data.draw(st.sampled_from(files)).pk)
        act(world, file, data.draw)
    kept = rows()
    recount_issues(village.county)
    assert rows() == kept == true_rows()
