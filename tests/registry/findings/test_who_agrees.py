"""Who wrote any part of what a file says does not agree alone to what the rules found of it: its changes and the files
merged into it are parts of it."""

import datetime

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from registry.changes.services import amend_change, approve_change, return_change, undo_decision
from registry.child.models import ChildFile
from registry.findings.services.decide import decide_finding
from registry.findings.services.decide import undo_decision as undo_finding
from registry.merging.models import Merge
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from tests.builders import a_change, a_finding, a_post, an_approved_file, answers, fresh, sign_in
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(here):
    """A colleague at the same station."""
    return a_post(here.township)


@pytest.fixture
def file(here):
    return an_approved_file(here)


def agree(file, by):
    said = {"decision": "agree", "difficulty": "poverty", "reason": "已核实"}
    finding = a_finding(ChildFile.objects.get(pk=file.pk))
    return decide_finding(finding, by=fresh(by), seen_version=finding.version, **said)


def approved(change, by):
    return approve_change(change, by=by, seen_version=change.version)


@pytest.mark.both
@pytest.mark.parametrize("in_post", ["clerk", "director"])
def test_who_wrote_a_change_that_a_colleague_approved_does_not_agree_to_what_it_led_to(
    here, file, clerk, other, in_post
):
    by = clerk if in_post == "clerk" else a_post(here, person=clerk.person)
    approved(a_change(file, by=by, grade="三年级"), other)
    with pytest.raises(Refused, match="请由其他工作人员办理"):
        agree(file, clerk)
    assert not file.memberships.filter(category="difficulty").exists()


def test_who_amended_a_change_that_was_approved_does_not_agree(file, clerk, other):
    change = a_change(file, address="五组")
    return_change(change, by=other, seen_version=change.version, reason="门牌不对")
    change.refresh_from_db()
    amend_change(change, by=clerk, seen_version=change.version, values={"address": "六组"})
    approved(change, other)
    with pytest.raises(Refused, match="请由其他工作人员办理"):
        agree(file, clerk)


def test_who_noticed_it_on_a_visit_does_not_agree(file, clerk, other):
    changes = {"address": {"base": file.address, "value": "六组"}}
    log_visit(file, by=clerk, answers=answers(), hazards_looked_at=True, changes=changes)
    approved(file.changes.get(), other)
    with pytest.raises(Refused, match="请由其他工作人员办理"):
        agree(file, clerk)


def test_what_was_not_approved_or_is_not_approved_any_more_is_no_part_of_the_file(file, clerk, other):
    a_change(file, by=clerk, grade="二年级")
    change = approved(a_change(file, by=clerk, grade="三年级"), other)
    undo_decision(change, by=other, seen_version=change.version)
    agree(file, clerk)


def test_who_approved_a_change_has_not_written_it(file, clerk, other):
    approved(a_change(file, by=other, grade="三年级"), clerk)
    agree(file, clerk)


@pytest.mark.both
@pytest.mark.parametrize("wrote", ["file", "change"])
def test_who_wrote_in_a_file_that_was_merged_into_it_does_not_agree_until_that_is_undone(
    here, file, clerk, other, wrote
):
    given = {"name": file.name, "birth_date": file.birth_date, "id_number": ""}
    second = an_approved_file(here, clerk=other, **given, **({"by": clerk} if wrote == "file" else {}))
    if wrote == "change":
        approved(a_change(second, by=clerk, grade="三年级"), other)
        second.refresh_from_db()
    merge_files(file, second, by=other, seen_versions=(file.version, second.version))
    with pytest.raises(Refused, match="请由其他工作人员办理"):
        agree(file, clerk)
    undo_merge(Merge.objects.get(), by=other)
    file.findings.all().delete()
    agree(file, clerk)


def test_the_page_says_it_and_asks_once(client, file, clerk, other, django_assert_max_num_queries):
    for grade in ("一年级", "二年级", "三年级"):
        approved(a_change(ChildFile.objects.get(), by=clerk, grade=grade), other)
    where = f"/eligibility/findings/{a_finding(file).pk}/"
    page = sign_in(client, clerk).get(where).text
    assert 'value="agree"' not in page and 'value="keep"' in page and "这份档案您填写过" in page
    sign_in(client, other).get(where)
    with django_assert_max_num_queries(40) as asked:
        page = client.get(where).text
    assert 'value="agree"' in page and "这份档案您填写过" not in page
    about_writers = [each for each in asked if each["sql"].startswith('(SELECT "registry_change"."made_by_id"')]
    assert len(about_writers) == 1


def test_the_page_offers_to_agree_to_no_exit_by_age_before_its_day(client, file, other):
    soon = timezone.localdate() + datetime.timedelta(days=10)
    where = f"/eligibility/findings/{a_finding(file, 'age', 'left_behind', due_on=soon).pk}/"
    page = sign_in(client, other).get(where).text
    assert 'value="agree"' not in page and 'value="later"' in page and "才满年龄" in page
    sent = {"decision": "agree", "reason": "快到了", "exit_reason": "age", "on": str(timezone.localdate())}
    page = client.post(where, sent | {"version": 1})
    assert page.status_code == 422 and "才满年龄" in page.text and "快到了" in page.text


def test_what_a_colleague_decided_and_took_back_is_opened_again_before_it_is_decided(client, file, clerk, other):
    finding = a_finding(file)
    sent = {"decision": "keep", "reason": "奶奶说的原话", "version": finding.version}
    decide_finding(finding, by=clerk, decision="keep", reason="已核实", seen_version=finding.version)
    undo_finding(finding, by=clerk, seen_version=finding.version)
    page = sign_in(client, other).post(f"/eligibility/findings/{finding.pk}/", sent)
    assert page.status_code == 409 and "这次没有存上" in page.text and "奶奶说的原话" in page.text
    assert "记下决定</button>" not in page.text


def test_what_a_colleague_decided_is_told_before_what_the_form_lacks(file, clerk, other):
    finding = a_finding(file)
    decide_finding(finding, by=other, seen_version=1, decision="keep", reason="已核实")
    with pytest.raises(Stale, match=f"{other.person.name}“"):
        decide_finding(finding, by=clerk, seen_version=1, decision="later", reason="")
