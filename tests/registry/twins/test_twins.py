"""The same child registered twice: seen before it is sent, asked once, told to nobody who may not know."""

import datetime
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.closing.services import close_file, reopen_file
from registry.family.models import Guardian
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from registry.twins.models import NotTheSame, NotTheSameTakenBack, pair_of
from registry.twins.presentation import elsewhere_lines
from registry.twins.services import (
    TwinsToAnswer,
    facts_of,
    may_take_back,
    say_not_the_same,
    take_back_not_the_same,
    twins_among,
    twins_of,
    twins_of_file,
)
from tests.builders import (
    a_county,
    a_file,
    a_post,
    a_submitted_file,
    a_township,
    a_village,
    an_approved_file,
    an_id_number,
    sign_in,
)

pytestmark = pytest.mark.django_db
WITHOUT = {"name": "欧阳雨桐", "id_number": "", "birth_date": datetime.date(2018, 5, 6)}
WHY = "同名的另一个孩子"


@pytest.fixture
def first(here, director):
    """In the registry since long."""
    return an_approved_file(here, by=director, **WITHOUT)


@pytest.fixture
def again(here, director, first):
    """The same child, a draft."""
    return a_file(here, by=director, **WITHOUT)


def send(file, by, action="submit"):
    file.refresh_from_db()
    FILE.apply(action, file, by=by, seen_version=file.version)


def names(twins) -> list[str]:
    return [twin.file.name for twin in twins.named]


# --- looking


@pytest.mark.both
def test_a_check_asks_three_queries_whatever_it_finds(again, director, first, django_assert_max_num_queries):
    facts_of(again)
    director.holds("view_child")
    with django_assert_max_num_queries(3):
        assert names(twins_of_file(again, director)) == [first.name]
    with django_assert_max_num_queries(3):
        found = twins_among([facts_of(again), facts_of(first)], director)
    assert [twins.named[0].file for twins in found] == [first, again]


@pytest.mark.both
def test_each_way_to_a_candidate(here, director):
    """By birth date in the county, by the name's sound in the township, by who cares for the child."""
    village, near = a_village(here.township), a_village(a_township(here.county))
    clerk, officer = a_post(here.township), a_post(here.county)
    asked = facts_of(a_file(here, by=director, name="张乐晴", id_number="", birth_date=datetime.date(2018, 5, 6)))
    date = {"id_number": "", "birth_date": datetime.date(2018, 6, 5)}
    swapped = a_file(village, name="张月晴", **date)  # 乐 is read yue as well
    far = a_file(near, name="张月晴", **date)  # another township, another carer: too little is alike
    carer = Guardian.objects.get(child=far)
    carer.name, carer.phone = "王芳", "13911112222"
    carer.save()
    born = a_file(near, name="张乐晴", id_number="", birth_date=datetime.date(2018, 5, 6))
    assert {twin.file for twin in twins_of(asked, clerk).named} == {swapped}
    assert {twin.file for twin in twins_of(asked, officer).named} == {swapped, born}


@pytest.mark.both
def test_by_the_number_of_who_cares(here, director):
    away = a_village(a_township(a_county(here.city)))
    one, other = (a_file(where, name="张乐晴", id_number="", birth_date=day) for where, day in
                  ((here, datetime.date(2018, 5, 6)), (away, datetime.date(2018, 6, 5))))  # fmt: skip
    for file in (one, other):
        guardian = Guardian.objects.get(child=file)
        guardian.phone, guardian.id_number = "", "410199196001010020"
        guardian.save()
    told = twins_of_file(ChildFile.objects.get(pk=one.pk), director)
    assert (told.named, told.elsewhere) == ([], [away.county])


def test_a_merged_file_and_a_mistaken_one_are_no_twins(here, director, clerk, first):
    mistaken = an_approved_file(here, by=director, clerk=clerk, **WITHOUT)
    close_file(mistaken, by=clerk, seen_version=mistaken.version, reason="entry_error")
    assert not twins_of_file(first, clerk)


# --- sending, approving, taking in again


@pytest.mark.both
def test_nobody_sends_the_same_child_twice_without_a_word(again, director, first):
    with pytest.raises(TwinsToAnswer, match=first.name):
        send(again, director)
    again.refresh_from_db()
    assert again.state == "draft", "nothing is lost"
    say_not_the_same(again, first, by=director, reason=WHY)
    send(again, director)
    assert again.state == "submitted"


def test_the_station_is_asked_about_what_the_village_could_not_see(here, director, clerk, first):
    beside = a_village(here.township)
    again = a_submitted_file(beside, **WITHOUT)
    with pytest.raises(TwinsToAnswer, match=first.name):
        send(again, clerk, "approve")
    say_not_the_same(again, first, by=clerk, reason=WHY)
    send(again, clerk, "approve")
    assert again.state == "approved"


def test_a_closed_file_is_not_reopened_beside_its_twin(here, director, clerk, first):
    gone = an_approved_file(here, by=director, clerk=clerk, **WITHOUT)
    close_file(gone, by=clerk, seen_version=gone.version, reason="other", on=timezone.localdate(), note="去外地")
    said = {"by": clerk, "reason": "回来了", "categories": {"left_behind": {}}}
    with pytest.raises(TwinsToAnswer):
        reopen_file(gone, seen_version=gone.version, **said)
    gone.refresh_from_db()
    assert gone.state == "closed"
    say_not_the_same(first, gone, by=clerk, reason=WHY)
    assert reopen_file(gone, seen_version=gone.version, **said).state == "approved"


def test_of_two_drafts_sent_at_once_neither_slips_through(here, director):
    one, other = (a_file(here, by=director, **WITHOUT) for _ in range(2))
    for file in (one, other):
        with pytest.raises(TwinsToAnswer):
            send(file, director)


# --- the word that it is another child


@pytest.mark.both
def test_it_is_said_once_whoever_comes_first(again, first, director, clerk):
    said = say_not_the_same(again, first, by=director, reason=WHY)
    assert say_not_the_same(first, again, by=clerk, reason="另一个原因") == said
    assert (said.pair, NotTheSame.objects.get().reason) == (pair_of(first.pk, again.pk), WHY)
    assert Audit.objects.filter(action="say_not_the_same").count() == 1
    assert not twins_of_file(again, clerk).to_answer and twins_of_file(first, clerk).answered


@pytest.mark.both
def test_the_database_holds_a_pair_in_one_order(again, first, director):
    small, large = pair_of(first.pk, again.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        NotTheSame.objects.create(
            first_id=large, second_id=small, reason=WHY, made_by=director.person, made_in=director
        )


def test_a_reason_is_needed_and_a_short_one(again, first, director):
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(ValidationError):
            say_not_the_same(again, first, by=director, reason=reason)
    with pytest.raises(Refused):
        say_not_the_same(again, again, by=director, reason=WHY)


def test_who_may_not_open_both_says_nothing(again, director, first):
    there = a_submitted_file(a_village(again.township), **WITHOUT)
    for by in (director, a_post(there.village), a_post(a_village()), a_post(again.city)):
        with pytest.raises(PermissionDenied):
            say_not_the_same(again, there, by=by, reason=WHY)
    assert not NotTheSame.objects.exists()


def test_it_stays_through_a_merge_and_its_undoing(here, director, clerk, first):
    other = an_approved_file(here, by=director, clerk=clerk, **WITHOUT)
    say_not_the_same(first, other, by=clerk, reason=WHY)
    merge = merge_files(first, other, by=clerk, seen_versions=(first.version, other.version))
    first.refresh_from_db()
    assert not twins_of_file(first, clerk), "what was merged is one"
    undo_merge(merge, by=clerk)
    first.refresh_from_db()
    assert twins_of_file(first, clerk).answered and not twins_of_file(first, clerk).to_answer


# --- never across a scope


def test_of_a_file_out_of_reach_only_whom_to_ask_is_told(client, here, director):
    hidden = an_approved_file(a_village(a_township(here.county)), **WITHOUT)
    again = a_file(here, by=director, **WITHOUT)
    told = twins_of_file(again, director)
    assert (told.named, told.elsewhere) == ([], [here.county])
    sign_in(client, director)
    send(again, director)  # no word is asked of who can't look
    page = client.get(f"/children/{again.pk}/twins/").text
    assert f"县内已有一份相似的档案，请向{here.county.centre_name}" in page
    for secret in (str(hidden.pk), hidden.village.short_name, hidden.township.name):
        assert secret not in page
    assert Audit.objects.filter(action="told_of_twins").exists(), "who probes is seen"


def test_of_another_county_it_is_told_by_the_city(here, director):
    away = a_village(a_township(a_county(here.city)))
    hidden = a_file(away, **WITHOUT)  # the same phone of who cares
    again = a_file(here, by=director, **WITHOUT)
    (line,) = elsewhere_lines(twins_of_file(again, director), here)
    assert line.startswith("市内") and away.county.centre_name in line and hidden.name not in line


# --- pages


def typed(village, **more) -> dict:
    return {"name": WITHOUT["name"], "birth_date": "2018-05-06", "village": str(village.uid)} | more


def test_the_form_is_told_while_it_is_filled_in(client, here, director, first):
    sign_in(client, director)
    page = client.post("/children/twins/", typed(here))
    assert page.status_code == 200 and f"/children/{first.pk}/" in page.text and "姓名相同" in page.text
    row = Audit.objects.get(action="view_twins")
    assert row.record.endswith(str(first.pk)) and json.loads(row.data) == {"where": "form"}
    form = client.get("/children/new/").text
    assert 'hx-post="/children/twins/"' in form


def test_number_after_number_is_in_the_trail_and_has_an_end(client, here, director, monkeypatch):
    monkeypatch.setattr("registry.twins.views.NUMBERS_AN_HOUR", 2)
    sign_in(client, director)
    pages = [client.post("/children/twins/", typed(here, id_number=an_id_number())).text for _try in range(3)]
    assert "核对得太频繁" in pages[2] and "核对得太频繁" not in pages[1]
    assert Audit.objects.filter(action="check_number").count() == 2


@pytest.mark.parametrize(
    "sent",
    [{}, {"name": "欧阳雨桐"}, {"birth_date": "2018-13-45"}, {"village": "x"}, {"pk": "x"}, {"name": "\x00"},
     {"id_number": "1" * 18, "birth_date": ""}],
)  # fmt: skip
def test_what_is_wrong_in_the_form_is_no_matter_of_the_check(client, here, director, first, sent):
    sign_in(client, director)
    whole = typed(here) if len(sent) == 1 and "name" not in sent else {}
    assert client.post("/children/twins/", whole | sent).status_code == 200


def test_a_sender_is_led_to_the_pair_and_sends_when_it_is_answered(client, here, director, again, first):
    sign_in(client, director)
    page = client.post(f"/children/{again.pk}/submit/", {"version": again.version}, follow=True)
    assert page.redirect_chain[-1][0] == f"/children/{again.pk}/twins/"
    assert "相似的档案" in page.text and f"/children/{again.pk}/submit/" not in page.text
    for other, reason, status in (("x", WHY, 422), (first.pk, "", 422), (again.pk, WHY, 422)):
        sent = client.post(f"/children/{again.pk}/twins/", {"other": other, "reason": reason})
        assert sent.status_code == status
    assert (
        client.post(f"/children/{again.pk}/twins/", {"other": a_file(a_village()).pk, "reason": WHY}).status_code == 404
    )
    page = client.post(f"/children/{again.pk}/twins/", {"other": first.pk, "reason": WHY}, follow=True)
    assert WHY in page.text and f"/children/{again.pk}/submit/" in page.text
    client.post(f"/children/{again.pk}/submit/", {"version": again.version})
    again.refresh_from_db()
    assert again.state == "submitted"


def test_the_desk_shows_the_pair_and_goes_on_when_it_is_answered(client, here, clerk, first):
    again = a_submitted_file(a_village(here.township), **WITHOUT)
    sign_in(client, clerk)
    case = f"/review/file/{again.pk}/"
    page = client.get(case).text
    assert "疑似重复" in page and f"/children/{first.pk}/" in page
    refused = client.post(f"{case}approve/", {"version": again.version})
    assert refused.status_code == 422 and "可能重复建档" in refused.text
    answered = {"other": first.pk, "reason": WHY, "back": "review"}
    page = client.post(f"/children/{again.pk}/twins/", answered, follow=True)
    assert page.redirect_chain[-1][0] == case and WHY in page.text
    client.post(f"{case}approve/", {"version": again.version})
    again.refresh_from_db()
    assert again.state == "approved"


def test_the_station_reads_what_the_village_said(client, here, director, clerk, first):
    again = a_submitted_file(here, by=director, **WITHOUT)
    say_not_the_same(again, first, by=director, reason="双胞胎")
    sign_in(client, clerk)
    assert "双胞胎" in client.get(f"/review/file/{again.pk}/").text


def test_both_files_say_it_to_who_may_open_both(client, here, director, clerk, first):
    beside = a_village(here.township)
    again = a_submitted_file(beside, **WITHOUT)
    sign_in(client, clerk)
    for file in (first, again):
        assert "疑似重复" in client.get(f"/children/{file.pk}/").text
    sign_in(client, director)
    assert "疑似重复" not in client.get(f"/children/{first.pk}/").text


def test_who_takes_a_child_in_sees_whom_it_may_be(client, here, clerk, first):
    there = a_village(a_township(here.county))
    file = an_approved_file(there, **WITHOUT)
    transfer = ask_transfer(file, by=a_post(there.township), target=here, reason="搬家", seen_version=file.version)
    sign_in(client, clerk)
    assert f"/children/{first.pk}/" in client.get(f"/transfers/{transfer.pk}/").text
    page = client.post(f"/transfers/{transfer.pk}/accept/", {"version": transfer.version}, follow=True)
    assert page.redirect_chain[-1][0] == f"/children/{file.pk}/twins/" and "合并" in page.text
    transfer.refresh_from_db()
    assert not TRANSFER.is_open_to(clerk, transfer, "accept") and transfer.state == "accepted"


# --- taking the word back


@pytest.mark.both
def test_who_said_it_takes_it_back_within_fifteen_minutes_and_is_asked_again(again, first, director):
    said = say_not_the_same(again, first, by=director, reason=WHY)
    taken = take_back_not_the_same(first, again, by=director, reason="看错了出生日期")
    assert (taken.reason, taken.made_at, taken.taken_back_by) == (WHY, said.made_at, director.person)
    assert taken.taken_back_reason == "看错了出生日期"
    assert Audit.objects.filter(action="take_back_not_the_same").count() == 1
    with pytest.raises(TwinsToAnswer):
        send(again, director)
    with pytest.raises(Stale):
        take_back_not_the_same(first, again, by=director, reason="再收一次")
    assert say_not_the_same(again, first, by=director, reason="双胞胎").pk != said.pk, "said anew it is another word"
    assert NotTheSame.objects.count() == 1 == NotTheSameTakenBack.objects.count()


def test_after_fifteen_minutes_the_county_takes_it_back_and_nobody_else(again, first, here, director, clerk):
    said = say_not_the_same(again, first, by=director, reason=WHY)
    officer = a_post(here.county)
    for ago, by, may in (
        (15, director, True), (16, director, False), (1, clerk, False), (16, clerk, False), (9999, officer, True),
    ):  # fmt: skip
        NotTheSame.objects.update(made_at=timezone.now() - datetime.timedelta(minutes=ago, seconds=-5))
        said.refresh_from_db()
        assert may_take_back(said, again, first, by=by) is may
    with pytest.raises(PermissionDenied):
        take_back_not_the_same(again, first, by=clerk, reason="不对")
    with pytest.raises(PermissionDenied):
        take_back_not_the_same(again, first, by=a_post(a_county(here.city)), reason="不对")
    for reason in ("", " ", "字" * 201):
        with pytest.raises(ValidationError):
            take_back_not_the_same(again, first, by=officer, reason=reason)
    assert take_back_not_the_same(again, first, by=officer, reason="核实是一个孩子").taken_back_in == officer


def test_by_page_and_api_it_is_taken_back(client, again, first, director):
    sign_in(client, director)
    page, reason = f"/children/{again.pk}/twins/", {"other": str(first.pk), "reason": "看错了"}
    client.post(page, {"other": first.pk, "reason": WHY})
    assert "收回说明" in client.get(page).text
    wrong = client.post(f"{page}take-back/", reason | {"reason": ""})
    assert wrong.status_code == 422 and "请写明为什么收回" in wrong.text
    done = client.post(f"{page}take-back/", reason, follow=True)
    assert "请再核对" in done.text and "不是同一个孩子，因为" in done.text
    assert client.post(f"{page}take-back/", reason).status_code == 409
    assert client.post(f"{page}take-back/", {"other": "x"}).status_code == 422
    ask, api = {"content_type": "application/json"}, f"/api/v1/children/{again.pk}/not-the-same/"
    client.post(api, reason | {"reason": WHY}, **ask)
    for body, status in (({}, 400), (reason, 200), (reason, 409)):
        assert client.post(f"{api}take-back/", body, **ask).status_code == status
    assert client.get(f"/api/v1/children/{again.pk}/twins/").json()["named"][0]["said"] == ""


# --- API


def test_the_api_lists_them_and_takes_the_word(client, here, director, again, first):
    sign_in(client, director)
    shown = client.get(f"/api/v1/children/{again.pk}/twins/").json()
    assert [twin["id"] for twin in shown["named"]] == [str(first.pk)] and shown["elsewhere"] == []
    assert shown["named"][0]["points"] >= 70 and "姓名相同" in shown["named"][0]["alike"]
    ask = {"content_type": "application/json"}
    sent = client.post(f"/api/v1/children/{again.pk}/submit/", {"version": again.version}, **ask)
    assert sent.status_code == 422 and first.name in sent.json()["detail"]
    path = f"/api/v1/children/{again.pk}/not-the-same/"
    for body, status in (
        ({}, 400), ({"other": "x", "reason": WHY}, 400), ({"other": str(first.pk), "reason": ""}, 400),
        ({"other": str(a_file(a_village()).pk), "reason": WHY}, 404), ({"other": str(first.pk), "reason": WHY}, 201),
    ):  # fmt: skip
        assert client.post(path, body, **ask).status_code == status
    assert client.get(f"/api/v1/children/{again.pk}/twins/").json()["named"][0]["said"] == WHY
    sent = client.post(f"/api/v1/children/{again.pk}/submit/", {"version": again.version}, **ask)
    assert sent.status_code == 200
