"""A visit that is sent again, however it comes: once, with what comes in addition, and every word about it true."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, SentBefore, Stale
from registry.changes.services import withdraw_change
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.merging.services.merge import merge_files
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_post, a_stay, a_village, a_visit, an_approved_file, answers, sign_in
from tests.threads import at_once
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit, log_visit, recall_visit
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
PLACE = {"latitude": "34.78000", "longitude": "113.65000", "accuracy_m": 12}


def send(child, by, *, key=None, changes=None, **said) -> Visit:
    """From a new copy of the form unless a key is given; the file as it was read then."""
    return log_visit(
        child, by=by, pk=key or uuid.uuid4(), answers=answers(**said), hazards_looked_at=True, changes=changes
    )


def moved_to(child, place="九组") -> dict:
    return {"address": {"base": child.address, "value": place}}


def hand_on(child) -> ChildFile:
    """The child is handed on to another county, today."""
    here = ChildFile.objects.get(pk=child.pk)
    there = a_village()
    transfer = ask_transfer(
        here, by=a_post(here.township), target=there, reason="随父母搬走", seen_version=here.version
    )
    TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=transfer.version)
    return ChildFile.objects.get(pk=child.pk)


@pytest.mark.both
@pytest.mark.parametrize("then", [PLACE, PLACE | {"latitude": "34.78001"}, {}])
def test_the_place_taken_anew_or_not_at_all_makes_no_second_visit(child, post, then):
    first = send(child, post, **PLACE)
    assert send(child, post, **then) == first == send(child, post, key=first.pk, **then)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "first, second",
    [
        ({"family_change": "奶奶住院"}, {"family_change": ""}),
        ({"family_change": "奶奶住院了"}, {"family_change": "奶奶住院"}),
        ({"family_change": "奶奶住院"}, {"changes": True}),
        ({"changes": True}, {}),
        ({"guardian_words": "好"}, {"guardian_words": "不好"}),
    ],
)
def test_under_the_same_key_anything_else_is_told(child, post, first, second):
    def given(said):
        return said | ({"changes": moved_to(child)} if said.get("changes") else {})

    key = uuid.uuid4()
    send(child, post, key=key, **given(first))
    with pytest.raises(SentBefore):
        send(child, post, key=key, **given(second))
    assert Visit.objects.count() == 1
    assert send(child, post, key=key, **given(first)).pk == key, "the same once more is the same"


def test_a_host_s_second_notice_is_told_under_the_key_and_kept_under_another(post, clerk):
    child = an_approved_file(a_village(post.unit.township), by=post)
    a_stay(child, post.unit)
    first = send(child, post, key=uuid.uuid4(), changes=moved_to(child))
    assert "九组" in first.family_change and child.changes.count() == 0
    more = moved_to(child) | {"school": {"base": child.school, "value": "第二小学"}}
    with pytest.raises(SentBefore):
        send(child, post, key=first.pk, changes=more)
    assert send(child, post, changes=moved_to(child)) == first
    other = send(child, post, changes=more)
    assert other != first and "第二小学" in other.family_change


def test_an_old_copy_of_a_form_after_a_correction_is_the_visit_that_was_made(child, post, clerk):
    key = uuid.uuid4()
    first = send(child, post, key=key, guardian_words="好")
    VISIT.apply("return", first, by=clerk, seen_version=first.version, reason="请补充")
    given = {"answers": answers(guardian_words="电话是新的"), "hazards_looked_at": True}
    correct_visit(Visit.objects.get(), by=post, seen_version=2, **given)
    assert send(child, post, key=key, guardian_words="好").guardian_words == "电话是新的"
    assert send(child, post, guardian_words="好").pk == key and Visit.objects.count() == 1


def test_a_correction_sent_twice_is_told_as_sent_and_another_one_is_not(child, post, clerk):
    first = send(child, post)
    VISIT.apply("return", first, by=clerk, seen_version=first.version, reason="请补充")
    given = {"answers": answers(guardian_words="新"), "hazards_looked_at": True}
    for _time in range(2):
        assert correct_visit(Visit.objects.get(), by=post, seen_version=2, **given).state == "submitted"
    assert Visit.objects.get().events.filter(action="resubmit").count() == 1
    with pytest.raises(Stale):
        correct_visit(Visit.objects.get(), by=post, seen_version=2, answers=answers(), hazards_looked_at=True)
    with pytest.raises(Stale):
        correct_visit(Visit.objects.get(), by=a_post(child.village), seen_version=2, **given)


def test_a_correction_proposes_only_what_the_visit_did_not(child, post, clerk):
    visit = send(child, post, changes=moved_to(child))
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    given = {"answers": answers(guardian_words="新"), "hazards_looked_at": True}
    visit = Visit.objects.get()
    correct_visit(visit, by=post, seen_version=visit.version, changes=moved_to(child), **given)
    assert child.changes.count() == 1 and "family_changed" in Visit.objects.get().flags


def test_after_a_transfer_a_new_copy_of_the_form_is_the_same_visit(child, post):
    first = send(child, post, changes=moved_to(child))
    here = hand_on(child)
    assert send(here, post, changes=moved_to(child)) == first and Visit.objects.count() == 1


def test_a_key_of_a_visit_that_a_merge_moved_is_still_that_visit(child, post, clerk):
    key = uuid.uuid4()
    send(child, post, key=key)
    survivor = an_approved_file(child.village, by=post)
    read = ChildFile.objects.get(pk=child.pk)
    merge_files(survivor, read, by=clerk, seen_versions=(survivor.version, read.version))
    assert send(ChildFile.objects.get(pk=child.pk), post, key=key).child_id == survivor.pk
    another = send(read, post, visited_on=timezone.localdate(), guardian_words="又去了")  # as it was read before
    assert another.child_id == survivor.pk and Visit.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_copies_of_a_form_at_once_are_one_visit():
    """The page loaded anew while the first sending is still on its way: another key, the same answers."""
    post = a_post(a_village())
    for _round in range(3):
        child = an_approved_file(post.unit)

        def once(child=child):
            return send(ChildFile.objects.get(pk=child.pk), post).pk

        assert len(set(at_once(once, once, once))) == 1
        assert Visit.objects.filter(child=child).count() == 1


# --- by page


def form_of(**given) -> dict:
    said = {name: value for name, value in answers().items() if value not in (None, "")}
    return said | {"hazard": "no", "pk": str(uuid.uuid4())} | given


@pytest.fixture
def opened(client, child, post):
    """The visit form as it was opened: what was noticed in it is sealed with what the file said then."""
    sign_in(client, post)
    form = client.get(f"/children/{child.pk}/visit/").context["form"]
    noticed = {"noticed": "yes", "base": form.initial["base"]}
    shown = {f"changes-{name}": form.initial.get(f"changes-{name}") or "" for name in ("school", "grade")}
    return noticed | shown | {"changes-address": "九组12号"}


def test_what_was_noticed_while_the_child_was_handed_on_is_kept_in_words(client, child, post, opened):
    hand_on(child)
    page = client.post(f"/children/{child.pk}/visit/", form_of(**opened), follow=True)
    assert "之前的走访已记入档案" in page.text
    assert "九组12号" in Visit.objects.get().family_change


def test_what_was_noticed_comes_with_a_completed_visit_after_a_transfer(client, child, post, clerk, opened):
    visit = a_visit(child, by=post)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    hand_on(child)
    version = Visit.objects.get().version
    client.post(f"/visits/{visit.pk}/edit/", form_of(pk=str(visit.pk), version=version, **opened))
    assert "九组12号" in Visit.objects.get().family_change and Visit.objects.get().state == "submitted"


def test_what_was_typed_while_the_file_was_closed_stays_on_the_page(client, child, post):
    sign_in(client, post)
    form = form_of(guardian_words="奶奶说要搬走")
    clerk = a_post(child.township)
    close_file(child, by=clerk, seen_version=child.version, reason="moved", on=timezone.localdate())
    page = client.post(f"/children/{child.pk}/visit/", form)
    assert page.status_code == 422 and "不在册" in page.text and "奶奶说要搬走" in page.text
    assert client.get(f"/children/{child.pk}/visit/").status_code == 302


def test_what_was_typed_while_a_colleague_completed_it_stays_on_the_page(client, child, post, clerk):
    visit = a_visit(child, by=post)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    sign_in(client, post)
    form = form_of(pk=str(visit.pk), version="2", guardian_words="我补的")
    colleague = a_post(child.village)
    hers = {"answers": answers(guardian_words="她补的"), "hazards_looked_at": True}
    correct_visit(Visit.objects.get(), by=colleague, seen_version=2, **hers)
    page = client.post(f"/visits/{visit.pk}/edit/", form)
    assert page.status_code == 409 and "我补的" in page.text and Visit.objects.get().guardian_words == "她补的"


def test_a_form_whose_sister_was_handed_on_says_so(client, child, post):
    sign_in(client, post)
    page = client.post(f"/children/{child.pk}/visit/", form_of(together=[str(uuid.uuid4())]))
    assert page.status_code == 422 and "勾选的兄弟姐妹里有的" in page.text


@pytest.mark.parametrize("more", [{}, {"changes": True}])
def test_a_key_that_joined_a_visit_is_that_visit_for_good(child, post, more):
    """The reloaded form was taken for the visit; the answer to it was lost, and it comes once more much later."""
    changes = moved_to(child) if more else None
    first, key = send(child, post), uuid.uuid4()
    assert send(child, post, key=key, changes=changes) == first
    with time_machine.travel(timezone.now() + 11 * MINUTE, tick=False):
        assert send(child, post, key=key, changes=changes) == first
        assert Visit.objects.count() == 1 and child.changes.count() == len(more)
        with pytest.raises(SentBefore):
            send(child, post, key=key, guardian_words="另一句")


def test_a_reloaded_old_copy_after_a_correction_to_another_day_is_that_visit(child, post, clerk):
    first = send(child, post)
    VISIT.apply("return", first, by=clerk, seen_version=first.version, reason="日期不对")
    earlier = answers(visited_on=timezone.localdate() - DAY)
    correct_visit(Visit.objects.get(), by=post, seen_version=2, answers=earlier, hazards_looked_at=True)
    assert send(child, post) == first and Visit.objects.count() == 1


def test_what_was_withdrawn_is_noticed_anew_by_a_correction(child, post, clerk):
    visit = send(child, post, changes=moved_to(child))
    change = child.changes.get()
    withdraw_change(change, by=post, seen_version=change.version)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="地址再核")
    given = {"answers": answers(), "hazards_looked_at": True, "changes": moved_to(child)}
    correct_visit(Visit.objects.get(), by=post, seen_version=2, **given)
    assert sorted(child.changes.values_list("state", flat=True)) == ["submitted", "withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_the_same_correction_twice_at_once_is_told_as_sent_twice():
    post = a_post(a_village())
    child = an_approved_file(post.unit)
    visit = send(child, post)
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=visit.version, reason="请补充")
    said = {"answers": answers(guardian_words="新"), "hazards_looked_at": True}

    def once():
        return correct_visit(Visit.objects.get(pk=visit.pk), by=post, seen_version=2, **said).state

    assert at_once(once, once, once) == ["submitted"] * 3
    assert Visit.objects.get().events.filter(action="resubmit").count() == 1


def test_a_visit_from_before_fingerprints_is_still_known_by_its_key(child, post, clerk):
    first = send(child, post)
    Visit.objects.update(sendings=[])
    assert send(child, post, key=first.pk) == first
    VISIT.apply("return", first, by=clerk, seen_version=first.version, reason="请补充")
    given = {"answers": answers(guardian_words="新"), "hazards_looked_at": True}
    for _time in range(2):
        correct_visit(Visit.objects.get(), by=post, seen_version=2, **given)
    assert send(child, post, key=first.pk) == first and Visit.objects.count() == 1


def test_a_visit_that_came_back_after_the_file_was_closed_earlier_is_completed_with_its_day(child, post, clerk):
    visit = send(child, post)
    here = ChildFile.objects.get()
    on = max(here.begun_on, timezone.localdate() - 5 * DAY)
    close_file(here, by=clerk, seen_version=here.version, reason="moved", on=on)
    visit.refresh_from_db()
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    given = {"answers": answers(guardian_words="新"), "hazards_looked_at": True}
    assert correct_visit(Visit.objects.get(), by=post, seen_version=visit.version, **given).state == "submitted"


def test_a_visit_to_a_child_whose_approval_was_taken_back_meanwhile_is_kept(child, post, clerk):
    read = ChildFile.objects.get(pk=child.pk)
    ChildFile.objects.update(state="submitted", approved_on=None)
    visit = send(read, post)
    assert Visit.objects.get() == visit and not child.dues.filter(visit=visit).exists()


@pytest.mark.parametrize("merges", [1, 2])
def test_a_joined_key_is_known_after_its_file_was_merged(child, post, clerk, merges):
    first, key = send(child, post), uuid.uuid4()
    assert send(child, post, key=key) == first
    read = child
    for _each in range(merges):
        survivor, read = an_approved_file(child.village, by=post), ChildFile.objects.get(pk=read.pk)
        merge_files(survivor, read, by=clerk, seen_versions=(survivor.version, read.version))
        read = survivor
    assert send(ChildFile.objects.get(pk=child.pk), post, key=key).pk == first.pk
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("days, refused", [(3, False), (4, False), (25, True)])
def test_a_returned_visit_that_a_merge_moved_into_a_younger_file_is_completed(post, clerk, days, refused):
    """With its day, or with another one of the time in which the old file was in the registry."""
    old = an_approved_file(post.unit, by=post, on=timezone.localdate() - 20 * DAY)
    visit = send(old, post, visited_on=timezone.localdate() - 3 * DAY)
    survivor = an_approved_file(post.unit, by=post, on=timezone.localdate())
    read = ChildFile.objects.get(pk=old.pk)
    merge_files(survivor, read, by=clerk, seen_versions=(survivor.version, read.version))
    visit = Visit.objects.get()
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    day = timezone.localdate() - days * DAY
    said = answers(visited_on=day, late_reason="下雨路断", guardian_words="新")
    visit = Visit.objects.get()
    given = {"by": post, "seen_version": visit.version, "answers": said, "hazards_looked_at": True}
    if refused:
        with pytest.raises(ValidationError, match="早于建档日期"):
            correct_visit(visit, **given)
    else:
        assert correct_visit(visit, **given).visited_on == day


def test_an_old_correction_is_not_told_as_what_the_visit_says_now(child, post, clerk):
    send(child, post)
    for words in ("乙", "丙"):
        visit = Visit.objects.get()
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
        given = {"answers": answers(guardian_words=words), "hazards_looked_at": True}
        correct_visit(Visit.objects.get(), by=post, seen_version=visit.version, **given)
    with pytest.raises(Stale):
        said = answers(guardian_words="乙")
        correct_visit(Visit.objects.get(), by=post, seen_version=2, answers=said, hazards_looked_at=True)


def test_what_comes_in_addition_leaves_the_mark_of_a_phone_with_a_wrong_date(child, post):
    given = {"answers": answers(), "hazards_looked_at": True}
    log_visit(child, by=post, clock_off=True, **given)
    send(child, post, changes=moved_to(child))
    assert set(Visit.objects.get().flags) == {"clock_off", "family_changed"}


def test_who_took_it_back_and_sends_an_old_copy_is_not_told_that_it_was_returned(client, child, post):
    """Under a key of its own it is refused; under the first one the page leads to the visit."""
    visit = send(child, post)
    recall_visit(visit, by=post, seen_version=visit.version)
    with pytest.raises(Refused, match="您已撤回修改"):
        send(child, post)
    said = {name: value for name, value in answers().items() if value not in (None, "", [])}
    said |= {"hazard": "no", "pk": str(visit.pk), "visited_on": timezone.localdate().isoformat()}
    page = sign_in(client, post).post(f"/children/{child.pk}/visit/", said, follow=True).text
    assert "您已撤回修改，没有再送" in page and "已被退回" not in page
