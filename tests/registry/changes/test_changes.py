"""An approved file changes only through review: old beside new, field by field, nothing overwritten unseen."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.audit.models import Audit
from registry.changes.conflicts import ChangeConflict
from registry.changes.diff import history_of
from registry.changes.models import Change
from registry.changes.services import (
    amend_change,
    approve_change,
    propose_change,
    return_change,
    undo_decision,
    withdraw_change,
)
from registry.child.fields import content_of, equal
from registry.child.models import ChildFile
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_change, a_file, a_post, a_township, a_village, an_approved_file, an_id_number
from tests.depth import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    return an_approved_file(a_village(), address="三组12号")


@pytest.fixture
def clerk(file):
    return a_post(file.township)


def now(file, name):
    return content_of(ChildFile.objects.get(pk=file.pk))[name]


def test_nothing_changes_before_the_station_approves(file, clerk):
    change = a_change(file, address="五组3号", guardian_phone="13811112222")
    assert (now(file, "address"), now(file, "guardian_phone")) == ("三组12号", "13800004321")
    approve_change(change, by=clerk, seen_version=change.version)
    assert (now(file, "address"), now(file, "guardian_phone")) == ("五组3号", "13811112222")
    assert change.state == "decided"


def test_a_change_that_changes_nothing_is_not_sent(file):
    with pytest.raises(Refused, match="没有变更"):
        a_change(file, address="三组12号")
    change = a_change(file, address="五组", school="")  # the blank one is left out
    assert [field.name for field in change.fields.all()] == ["address"]


def test_sent_twice_it_is_one_change(file):
    import uuid

    pk, post = uuid.uuid4(), a_post(file.village)
    fields = {"address": {"base": "三组12号", "value": "五组"}}
    first = propose_change(file, by=post, fields=fields, pk=pk)
    assert propose_change(file, by=post, fields=fields, pk=pk) == first
    assert Change.objects.count() == 1


def test_one_field_is_approved_and_another_returned_with_its_reason(file, clerk):
    change = a_change(file, address="五组", grade="三年级")
    approve_change(change, by=clerk, seen_version=change.version, names=["grade"])
    assert change.state == "submitted"
    return_change(change, by=clerk, seen_version=change.version, names=["address"], reason="缺门牌号")
    assert change.state == "returned"
    assert (now(file, "grade"), now(file, "address")) == ("三年级", "三组12号")


def test_after_a_return_the_reviewer_sees_what_moved_since(file, clerk):
    post = a_post(file.village)
    change = a_change(file, by=post, address="五组")
    return_change(change, by=clerk, seen_version=change.version, reason="缺门牌号")
    amend_change(change, by=post, seen_version=change.version, values={"address": "五组8号"})
    field = change.fields.get()
    assert (field.base, field.returned, field.value) == ("三组12号", "五组", "五组8号")
    return_change(change, by=clerk, seen_version=change.version, reason="是几单元？")
    reasons = [event.reason for event in change.events.filter(action="return")]
    assert reasons == ["缺门牌号", "是几单元？"]  # D29


@pytest.mark.both
def test_what_was_approved_is_what_was_on_the_screen(file, clerk):  # D22
    post = a_post(file.village)
    change = a_change(file, by=post, address="五组")
    seen = change.version
    return_change(change, by=a_post(file.township), seen_version=seen, reason="缺门牌号")
    amend_change(change, by=post, seen_version=change.version, values={"address": "九组"})
    with pytest.raises(Stale):
        approve_change(change, by=clerk, seen_version=seen)
    assert now(file, "address") == "三组12号"


def test_two_changes_of_one_field_are_a_conflict_not_an_overwriting(file, clerk):
    one, other = a_change(file, address="五组"), a_change(file, address="九组")
    approve_change(one, by=clerk, seen_version=one.version)
    with pytest.raises(ChangeConflict) as refusal:
        approve_change(other, by=clerk, seen_version=other.version)
    assert refusal.value.names == ["address"]
    assert now(file, "address") == "五组"
    with pytest.raises(ChangeConflict):  # settled against something else than what the file says
        approve_change(other, by=clerk, seen_version=other.version, settle={"address": "三组12号"})
    approve_change(other, by=clerk, seen_version=other.version, settle={"address": "五组"})
    assert now(file, "address") == "九组"
    assert other.fields.get().replaced == "五组"


@pytest.mark.both
def test_two_changes_of_two_fields_both_come_in(file, clerk):
    one, other = a_change(file, address="五组"), a_change(file, grade="四年级")
    for change in (one, other):
        approve_change(change, by=clerk, seen_version=change.version)
    assert (now(file, "address"), now(file, "grade")) == ("五组", "四年级")


def test_a_birth_date_against_the_id_number_is_refused_at_its_field(file):
    with pytest.raises(ValidationError) as refusal:
        a_change(file, birth_date=datetime.date(2016, 3, 15))
    assert "birth_date" in refusal.value.message_dict


def test_half_of_a_pair_is_not_approved_alone(file, clerk):
    number = an_id_number(datetime.date(2016, 5, 1))
    change = a_change(file, id_number=number, birth_date=datetime.date(2016, 5, 1))
    with pytest.raises(ValidationError):
        approve_change(change, by=clerk, seen_version=change.version, names=["id_number"])
    assert change.fields.filter(verdict="pending").count() == 2
    approve_change(change, by=clerk, seen_version=change.version)
    assert now(file, "id_number") == number


def test_an_id_number_that_comes_later_runs_the_duplicate_check(clerk, file):
    late = an_approved_file(file.village, name="李浩", id_number="", birth_date=datetime.date(2015, 1, 2))
    with pytest.raises(ValidationError) as refusal:
        a_change(late, id_number=file.id_number, birth_date=file.birth_date, sex=file.sex)
    assert file.name in refusal.value.message_dict["id_number"][0]
    number = an_id_number(datetime.date(2015, 1, 2))
    change = a_change(late, id_number=number)
    approve_change(change, by=clerk, seen_version=change.version)
    late.refresh_from_db()
    assert (late.id_number, late.no_id_reason) == (number, "")


def test_a_category_opens_and_ends_with_date_and_reason(file, clerk):
    today = timezone.localdate()
    change = a_change(
        file,
        category_difficulty={"since": today, "difficulty": "poverty", "grounds": "家中失火"},
        category_left_behind={"since": datetime.date(2024, 3, 1), "until": today, "exit_reason": "parents_back"},
    )
    approve_change(change, by=clerk, seen_version=change.version)
    file.refresh_from_db()
    assert file.category_codes == "difficulty"
    ended = file.memberships.get(category="left_behind")
    assert (ended.until, ended.exit_reason, ended.decided_by) == (today, "parents_back", clerk.person)


def test_a_category_does_not_end_in_the_future_or_without_a_reason(file):
    value = {"since": datetime.date(2024, 3, 1), "until": timezone.localdate() + datetime.timedelta(days=1)}
    for bad in (value | {"exit_reason": "age"}, value | {"until": timezone.localdate()}):
        with pytest.raises(ValidationError) as refusal:
            a_change(file, category_left_behind=bad)
        assert "category_left_behind" in refusal.value.message_dict


def test_a_raised_risk_shortens_the_open_due(file, clerk):
    change = a_change(file, risk="high")
    approve_change(change, by=clerk, seen_version=change.version)
    assert file.dues.open().get().days == 7


def test_nobody_approves_his_own_and_the_county_decides_what_a_station_made(file, clerk):
    change = a_change(file, by=clerk, address="五组")
    assert change.station_made
    with pytest.raises(Refused, match="自己"):
        approve_change(change, by=clerk, seen_version=change.version)
    county = a_post(file.county)
    approve_change(change, by=county, seen_version=change.version)
    assert now(file, "address") == "五组"
    from_below = a_change(file, address="六组")
    with pytest.raises(PermissionDenied):
        approve_change(from_below, by=county, seen_version=from_below.version)


def test_strangers_neither_propose_nor_decide(file):
    change = a_change(file, address="五组")
    for unit in (a_township(file.county), a_village(file.township)):
        with pytest.raises(PermissionDenied):
            approve_change(change, by=a_post(unit), seen_version=change.version)
        with pytest.raises(PermissionDenied):
            a_change(file, by=a_post(unit), address="七组")


def test_a_draft_is_completed_not_changed(file):
    with pytest.raises(Refused, match="不在册"):
        a_change(a_file(file.village, name="李浩"), address="五组")


@pytest.mark.both
def test_an_approval_can_be_taken_back_at_once(file, clerk):
    today = timezone.localdate()
    before = content_of(file)
    change = a_change(
        file,
        address="五组",
        guardian_name="王大娘",
        category_migrant={"since": today, "difficulty": "", "grounds": ""},
        category_left_behind={"since": datetime.date(2024, 3, 1), "until": today, "exit_reason": "parents_back"},
    )
    approve_change(change, by=clerk, seen_version=change.version)
    with pytest.raises(Refused):
        undo_decision(change, by=a_post(file.township), seen_version=change.version)
    undo_decision(change, by=clerk, seen_version=change.version)
    after = content_of(ChildFile.objects.get(pk=file.pk))
    assert all(equal(after[name], before[name]) for name in before)
    assert change.state == "submitted"
    approve_change(change, by=clerk, seen_version=change.version)
    assert now(file, "address") == "五组"


def test_after_a_quarter_of_an_hour_a_decision_stands(file, clerk):
    change = a_change(file, address="五组")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        approve_change(change, by=clerk, seen_version=change.version)
        clock.shift(UNDO_WITHIN + datetime.timedelta(seconds=1))
        with pytest.raises(Refused, match=f"{UNDO_WITHIN.seconds // 60} 分钟"):
            undo_decision(change, by=clerk, seen_version=change.version)
        assert now(file, "address") == "五组"
        clock.shift(datetime.timedelta(seconds=-2))
        undo_decision(change, by=clerk, seen_version=change.version)


def test_what_was_said_first_of_a_father_is_taken_back_to_nothing(file, clerk):
    before = content_of(file)
    assert before["father_life"] == ""
    change = a_change(file, father_life="dead")
    approve_change(change, by=clerk, seen_version=change.version)
    undo_decision(change, by=clerk, seen_version=change.version)
    after = content_of(ChildFile.objects.get(pk=file.pk))
    assert all(equal(after[name], before[name]) for name in before) and not file.family.exists()


def test_it_is_not_taken_back_once_somebody_went_on(file, clerk):
    change = a_change(file, address="五组")
    approve_change(change, by=clerk, seen_version=change.version)
    later = a_change(file, address="九组")
    approve_change(later, by=clerk, seen_version=later.version)
    with pytest.raises(Stale, match="又被改过"):
        undo_decision(change, by=clerk, seen_version=change.version)
    assert now(file, "address") == "九组"


def test_the_maker_takes_back_what_is_not_decided(file, clerk):
    post = a_post(file.village)
    change = a_change(file, by=post, address="五组", grade="二年级")
    approve_change(change, by=clerk, seen_version=change.version, names=["grade"])
    withdraw_change(change, by=post, seen_version=change.version)
    assert change.state == "decided"
    assert (now(file, "grade"), now(file, "address")) == ("二年级", "三组12号")


def test_the_trail_names_fields_and_never_values(file, clerk):
    change = a_change(file, address="五组66号")
    approve_change(change, by=clerk, seen_version=change.version)
    acts = Audit.objects.filter(action__in=("propose_change", "approve_change"))
    assert acts.count() == 2
    assert "五组66号" not in str(list(acts.values()))


EDITS = st.lists(
    st.tuples(st.sampled_from(["address", "grade", "school"]), st.sampled_from(["甲", "乙", "丙"]), st.booleans()),
    min_size=2, max_size=6,
)  # fmt: skip


@pytest.mark.both
@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(edits=EDITS, order=st.randoms(use_true_random=False))
def test_two_editors_in_any_order_lose_no_field(edits, order):
    """Every approved value is in the file until another approval replaced it with the reviewer's eyes on both; every
    value that was replaced is kept in the change that replaced it."""
    file = an_approved_file(a_village(), address="", grade="", school="")
    clerk, editors = a_post(file.township), [a_post(file.village), a_post(file.village)]
    based = content_of(file)
    changes = []
    for name, value, first in edits:
        fields = {name: {"base": based[name], "value": value}}
        changes.append(propose_change(file, by=editors[first], fields=fields))
    order.shuffle(changes)
    model = dict.fromkeys(("address", "grade", "school"), "")
    for change in changes:
        field = change.fields.get()
        if model[field.name] in ("", field.value):
            approve_change(change, by=clerk, seen_version=change.version)
        else:
            with pytest.raises(ChangeConflict):
                approve_change(change, by=clerk, seen_version=change.version)
            approve_change(change, by=clerk, seen_version=change.version, settle={field.name: model[field.name]})
            assert equal(change.fields.get().replaced, model[field.name])
        model[field.name] = field.value
        content = content_of(ChildFile.objects.get(pk=file.pk))
        assert {name: content[name] for name in model} == model


def test_a_change_is_withdrawn_by_who_proposed_it_alone(village):
    director, other = a_post(village), a_post(village)
    change = a_change(an_approved_file(village, by=director), by=director, address="五组")
    with pytest.raises(PermissionDenied):
        withdraw_change(change, by=other, seen_version=change.version)
    assert withdraw_change(change, by=director, seen_version=change.version).state == "withdrawn"


def test_an_approval_is_not_taken_back_in_a_file_that_is_another_countys_by_now(file, clerk):
    change = a_change(file, guardian_phone="13800138000")
    approve_change(change, by=clerk, seen_version=change.version)
    held = Change.objects.get(pk=change.pk)  # as the page read it, before the child was handed on
    file.refresh_from_db()
    there = a_village()
    transfer = ask_transfer(file, by=clerk, target=there, reason="随父母迁居", seen_version=file.version)
    TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=1)
    with pytest.raises(Stale, match="不由您这里办理"):
        undo_decision(held, by=clerk, seen_version=held.version)
    assert now(file, "guardian_phone") == "13800138000" and Change.objects.get(pk=change.pk).state == "decided"


def test_each_field_is_known_by_who_wrote_its_present_value(file):
    """Sent again by another, only what was written anew is the other's; and back again when the first writes it."""
    first, other, clerk = a_post(file.village), a_post(file.village), a_post(file.township)
    change = a_change(file, by=first, address="五组", grade="三年级")
    return_change(change, by=clerk, seen_version=change.version, reason="缺门牌号")
    amend_change(change, by=other, seen_version=change.version, values={"address": "五组8号", "grade": "三年级"})
    assert {field.name: field.amended_by for field in change.fields.all()} == {"address": other.person, "grade": None}
    return_change(change, by=clerk, seen_version=change.version, reason="是几单元？")
    amend_change(change, by=first, seen_version=change.version, values={"grade": "四年级"})
    assert {field.name: field.amended_by for field in change.fields.all()} == {"address": other.person, "grade": None}
    approve_change(change, by=clerk, seen_version=change.version)
    written = {entry["name"]: entry["amended_by"] for entry in history_of(file)}
    assert written == {"address": other.person, "grade": None}


def test_a_move_that_was_refused_half_way_leaves_the_record_in_hand_as_it_was(file, clerk):
    one, other = a_change(file, address="五组"), a_change(file, address="九组")
    approve_change(one, by=clerk, seen_version=one.version)
    seen = (other.state, other.version)
    with pytest.raises(ChangeConflict):
        approve_change(other, by=clerk, seen_version=other.version)
    assert (other.state, other.version) == seen
