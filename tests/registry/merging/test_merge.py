"""Two files of one child made one by hand, and taken apart again."""

import datetime
import itertools

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused, Stale
from registry.categories.services import end_membership, open_membership
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.closing.services import reopen_file
from registry.family.models import FamilyMember, Guardian
from registry.merging.models import Merge
from registry.merging.rows import MERGED, NOT_MERGED
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.merging.snapshots import snapshot
from registry.papers.models import Paper
from tests.builders import (
    a_post,
    a_township,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    an_id_number,
    facts,
    search_for,
    sign_in,
)
from tests.depth import examples
from tests.models import models_pointing_to
from visits.visit.models import Visit, VisitPhoto

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
_births = itertools.count()  # ID numbers of the builders repeat after five hundred on one day


def today():
    return timezone.localdate()


@pytest.fixture
def pair(village):
    """Two files of one child: in two villages of one county, one of them without a number."""
    one = an_approved_file(village, on=today() - 90 * DAY, name="欧阳文静", id_number="", school="高村小学")
    other = an_approved_file(
        a_unit(village.township), on=today() - 60 * DAY, name="欧阳文静", school="刘沟小学", address="三组",
        categories={"difficulty": {"difficulty": "poverty"}},
    )  # fmt: skip
    return one, other


def merged(survivor, other, by, **given) -> Merge:
    survivor.refresh_from_db()
    other.refresh_from_db()
    return merge_files(survivor, other, by=by, seen_versions=(survivor.version, other.version), **given)


def state(*files):
    return snapshot(list(ChildFile.objects.filter(pk__in=[file.pk for file in files])))


@pytest.mark.both
def test_everything_of_both_is_on_the_survivor(pair, officer):  # D24
    one, other = pair
    mine, theirs = a_visit(one), a_visit(other, visited_on=today() - 2 * DAY)
    VisitPhoto.objects.create(visit=theirs, file="x", width=1, height=1)
    Paper.objects.create(child=other, kind="id_card", size=1, made_by=officer.person, made_in=officer)
    FamilyMember.objects.create(child=one, relation="father", name="欧阳建国")
    FamilyMember.objects.create(child=other, relation="mother", name="李梅")
    merged(one, other, officer)
    one, other = (ChildFile.objects.get(pk=file.pk) for file in pair)
    assert set(one.visits.all()) == {mine, theirs} and VisitPhoto.objects.filter(visit__child=one).count() == 1
    assert one.papers.count() == 1
    assert {visit.village_id for visit in one.visits.all()} == {one.village_id}
    assert {member.relation for member in one.family.all()} == {"father", "mother"}
    assert one.guardians.count() == 2 and one.guardians.filter(until=None).count() == 1
    assert one.category_codes == "difficulty,left_behind"
    assert (one.school, one.address) == ("高村小学", "三组"), "its own value stands, what it lacked is filled"
    assert (other.state, other.close_reason, other.merged_into) == ("closed", "merged", one)
    assert other.category_codes == "" and not other.dues.exists()
    assert one.dues.open().count() == 1 and one.dues.exclude(visit=None).count() == 2


@pytest.mark.both
def test_the_number_goes_along_and_no_other_file_takes_it(pair, officer):
    one, other = pair
    number, file_number = other.id_number, other.file_number
    merged(one, other, officer)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.id_number, one.no_id_reason, other.id_number) == (number, "", "")
    assert other.file_number == file_number
    with pytest.raises(ValidationError):
        make_file(by=a_post(one.village), village=one.village, **facts(id_number=number))


def test_what_was_chosen_of_the_other_stands(pair, officer):
    one, other = pair
    merged(one, other, officer, take={"school"})
    assert ChildFile.objects.get(pk=one.pk).school == "刘沟小学"


@pytest.mark.both
def test_of_two_fathers_one_stays_completed_from_the_other(pair, officer):
    one, other = pair
    FamilyMember.objects.create(child=one, relation="father", name="欧阳建国")
    FamilyMember.objects.create(child=other, relation="father", name="欧阳建", away_at="深圳市", phone="13800001111")
    merged(one, other, officer)
    father = one.family.get()
    assert (father.name, father.away_at, father.phone) == ("欧阳建国", "深圳市", "13800001111")
    assert other.family.get().name == "欧阳建", "the other's stays readable"


@pytest.mark.parametrize(
    "mine_since, theirs_since, goes_on",
    [
        (datetime.date(2024, 3, 1), datetime.date(2025, 6, 1), "theirs"),
        (datetime.date(2025, 6, 1), datetime.date(2024, 3, 1), "mine"),
        (None, datetime.date(2024, 3, 1), "theirs"),
        (datetime.date(2024, 3, 1), None, "mine"),
        (datetime.date(2024, 3, 1), datetime.date(2024, 3, 1), "mine"),
        (None, None, "mine"),
    ],
)
def test_of_two_guardians_the_one_who_began_later_still_guards(pair, officer, mine_since, theirs_since, goes_on):
    one, other = pair
    mine, theirs = one.guardians.get(), other.guardians.get()
    for guardian, name, since in ((mine, "王秀兰", mine_since), (theirs, "李大山", theirs_since)):
        guardian.name, guardian.since = name, since
        guardian.save()
    merged(one, other, officer)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    staying, ended = (theirs, mine) if goes_on == "theirs" else (mine, theirs)
    assert (staying.until, ended.until) == (None, today())
    assert mine.child == theirs.child == one, "who guarded before is on the file too"
    one.refresh_from_db()
    assert one.guardian_name == staying.name


@pytest.mark.both
def test_overlapping_memberships_are_joined(pair, officer):
    one, other = pair
    clerk = a_post(other.township)
    open_membership(other, "left_behind", since=datetime.date(2023, 1, 1), by=clerk)
    merged(one, other, officer)
    held = one.memberships.get(category="left_behind")
    assert (held.since, held.until) == (datetime.date(2023, 1, 1), None)


def test_a_number_that_does_not_fit_is_refused_and_nothing_is_merged(pair, officer):
    one, other = pair
    ChildFile.objects.filter(pk=one.pk).update(birth_date=datetime.date(2016, 1, 1))
    with pytest.raises(ValidationError):
        merged(one, other, officer)
    other.refresh_from_db()
    assert other.state == "approved" and not Merge.objects.exists()


@pytest.mark.parametrize("unfit", ["same", "merged", "draft"])
def test_what_can_not_be_merged_is_said(pair, officer, village, unfit):
    one, other = pair
    if unfit == "same":
        with pytest.raises(Refused):
            merged(one, one, officer)
        return
    if unfit == "merged":
        merged(one, other, officer)
        third = an_approved_file(village)
    else:
        ChildFile.objects.filter(pk=other.pk).update(state="draft", approved_on=None)
        third = one
    with pytest.raises(Refused):
        merged(third, other, officer)


def test_two_townships_are_the_countys_business(village, officer):
    one, other = an_approved_file(village), an_approved_file(a_unit(a_unit(village.county)))
    with pytest.raises(PermissionDenied):
        merged(one, other, a_post(village.township))
    merged(one, other, officer)


@pytest.mark.both
def test_an_older_screen_merges_nothing(pair, officer):
    one, other = pair
    with pytest.raises(Stale):
        merge_files(one, other, by=officer, seen_versions=(one.version, other.version - 1))


def test_a_merged_file_is_not_reopened(pair, officer):
    merged(*pair, officer)
    other = ChildFile.objects.get(pk=pair[1].pk)
    with pytest.raises(Refused, match="撤销合并"):
        reopen_file(other, by=a_post(other.township), seen_version=other.version, reason="x",
                    categories={"left_behind": {"since": today()}})  # fmt: skip


def test_reopening_a_merged_file_is_offered_nowhere(client, pair, officer):
    merged(*pair, officer)
    other = ChildFile.objects.get(pk=pair[1].pk)
    sign_in(client, a_post(other.township))
    assert "reopen" not in client.get(f"/api/v1/children/{other.pk}/").json()["actions"]
    assert f"/children/{other.pk}/reopen/" not in client.get(f"/children/{other.pk}/").text


def test_every_model_that_points_to_a_file_says_what_a_merge_does_with_it():
    named = {each.model._meta.label for each in MERGED} | set(NOT_MERGED)
    pointing = models_pointing_to(ChildFile).keys()
    assert pointing <= named, f"say in registry.merging.rows what a merge does with {sorted(pointing - named)}"


# --- undoing


@pytest.mark.both
@settings(
    max_examples=examples(20), phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_merged_and_undone_every_row_is_as_before(village, officer, data):
    files, born = [], datetime.date(2014, 1, 1) + next(_births) * DAY
    for _number in range(2):
        numbered = data.draw(st.booleans())
        held = data.draw(st.sets(st.sampled_from(["left_behind", "difficulty", "orphan"]), min_size=1))
        file = an_approved_file(
            a_unit(village.township), on=today() - data.draw(st.integers(5, 90)) * DAY,
            id_number=an_id_number(born) if numbered else "", birth_date=born,
            categories={name: {"difficulty": "own", "since": today() - data.draw(st.integers(3, 900)) * DAY}
                        for name in held},
            school=data.draw(st.sampled_from(["", "高村小学", "刘沟小学"])),
        )  # fmt: skip
        for relation in data.draw(st.sets(st.sampled_from(["father", "mother", "brother"]))):
            FamilyMember.objects.create(child=file, relation=relation, name="某", away=True)
        if data.draw(st.booleans()):
            Guardian.objects.filter(child=file).update(since=today() - data.draw(st.integers(1, 400)) * DAY)
        for ago in data.draw(st.sets(st.integers(0, 4), max_size=3)):
            a_visit(file, visited_on=today() - ago * DAY, late_reason="补录")
        if data.draw(st.booleans()):
            end_membership(file.memberships.filter(until=None).first(), by=officer, on=today(), reason="other")
        files.append(file)
    before = state(*files)
    take = data.draw(st.sets(st.sampled_from(["school", "name", "phone", "schooling", "risk"])))
    merge = merged(*files, officer, take=take)
    assert state(*files) != before
    assert undo_merge(merge, by=officer) == []
    assert known_again(state(*files)) == known_again(before)


def known_again(rows: dict) -> dict:
    """Without since when a due is planned so: months that ended before the merge keep what they said of it apart."""
    dues = {pk: {**row, "known_from": None} for pk, row in rows["visits.VisitDue"].items()}
    return rows | {"visits.VisitDue": dues}


@pytest.mark.both
def test_what_came_after_the_merge_stays_with_the_survivor(pair, officer):
    one, other = pair
    theirs = a_visit(other)
    merge = merged(one, other, officer)
    one = ChildFile.objects.get(pk=one.pk)
    later = a_visit(one, visited_on=today())
    undo_merge(merge, by=officer)
    later.refresh_from_db()
    theirs.refresh_from_db()
    assert (later.child, theirs.child, theirs.village) == (one, other, other.village)
    assert one.dues.filter(visit=later).exists() and other.dues.filter(visit=theirs).exists()


@pytest.mark.both
def test_what_was_changed_after_the_merge_stays_and_is_named(pair, officer):
    one, other = pair
    merge = merged(one, other, officer, take={"school"})
    one = ChildFile.objects.get(pk=one.pk)
    one.school = "荥阳二小"
    one.save()
    assert undo_merge(merge, by=officer) == ["学校"]
    one.refresh_from_db()
    assert one.school == "荥阳二小" and one.address == ""


@pytest.mark.both
def test_it_is_undone_once_and_the_latest_first(pair, officer, village):
    one, other = pair
    third = an_approved_file(village)
    first, second = merged(one, other, officer), merged(one, third, officer)
    with pytest.raises(Refused, match="后面的"):
        undo_merge(first, by=officer)
    undo_merge(second, by=officer)
    undo_merge(first, by=officer)
    with pytest.raises(Stale):
        undo_merge(first, by=officer)
    other.refresh_from_db()
    assert other.state == "approved" and other.dues.open().count() == 1


def test_who_may_not_merge_may_not_undo(pair, officer):
    merge = merged(*pair, officer)
    with pytest.raises(PermissionDenied):
        undo_merge(merge, by=a_post(a_township().county))


# --- pages


def test_the_pages_find_compare_merge_and_undo(client, pair, officer):
    one, other = pair
    sign_in(client, officer)
    where = f"/children/{one.pk}/merge/"
    assert f"?other={other.pk}" in client.get(where).text
    page = client.get(where, {"other": str(other.pk)})
    assert "高村小学" in page.text and "刘沟小学" in page.text and other.id_number not in page.text
    sent = {"other": str(other.pk), "version": one.version, "its": other.version, "take": ["school"]}
    assert client.post(where, sent | {"its": 99}).status_code == 409
    assert client.post(where, sent | {"take": ["village"]}).status_code == 422
    assert client.post(where, sent).url == f"/children/{one.pk}/"
    led = client.get(f"/children/{other.pk}/", follow=True)
    assert led.redirect_chain[-1][0] == f"/children/{one.pk}/" and "已并入" in led.text and "撤销合并" in led.text
    undone = client.post(f"/merges/{Merge.objects.get().pk}/undo/", follow=True)
    assert "恢复原样" in undone.text
    assert client.get(f"/children/{other.pk}/").status_code == 200


def test_nothing_is_said_to_be_missing_before_it_is_searched(client, pair, officer):
    one, other = pair
    ChildFile.objects.filter(pk=other.pk).update(name="孙浩然")
    sign_in(client, officer)
    where = f"/children/{one.pk}/merge/"
    assert "没有找到" not in client.get(where).text
    assert "没有找到另一份" in search_for(client, where, {"q": "赵不存在"}).text


def test_a_file_out_of_reach_is_not_found(client, pair):
    one, _other = pair
    stranger = an_approved_file(a_village())
    sign_in(client, a_post(one.township))
    assert client.get(f"/children/{one.pk}/merge/", {"other": str(stranger.pk)}).status_code == 404
    assert Visit.objects.count() == 0


def test_the_api_merges_and_undoes(client, pair, officer):
    one, other = pair
    sign_in(client, officer)
    body = {"survivor": str(one.pk), "other": str(other.pk), "version": one.version, "other_version": 1}
    assert client.post("/api/v1/merges/", body, content_type="application/json").status_code == 409
    body["other_version"] = other.version
    bad = client.post("/api/v1/merges/", body | {"take": ["id"]}, content_type="application/json")
    assert bad.status_code == 400 and not Merge.objects.exists()
    made = client.post("/api/v1/merges/", body | {"take": ["school"]}, content_type="application/json")
    assert made.status_code == 201
    undone = client.post(f"/api/v1/merges/{made.json()['id']}/undo/")
    assert undone.status_code == 200 and undone.json()["undone_at"] and undone.json()["kept"] == []
    assert client.post(f"/api/v1/merges/{made.json()['id']}/undo/").status_code == 409
