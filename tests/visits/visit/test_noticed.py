"""What a director notices at the door goes to the station as a change, with the visit and never instead of it."""

import datetime
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.changes.models import Change
from registry.changes.services import approve_change, undo_decision
from registry.child.fields import fields
from registry.child.models import ChildFile
from registry.closing.services import close_file, undo_act
from registry.stays.services import end_stay
from tests.builders import a_change, a_post, a_stay, a_unit, a_visit, an_approved_file, answers, fresh, sign_in
from tests.threads import done_or_told
from tests.visits.phones.test_sync import Phone
from tests.visits.visit.test_log_visit import form_of
from visits.phones.pull import pull
from visits.visit.models import Visit
from visits.visit.observed_changes import OBSERVABLE, in_words, values_on_file
from visits.visit.services.log import correct_visit, log_visit, recall_visit
from visits.visit.services.observed_changes import changes_taken_back
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MOVED = {"address": {"base": "三组12号", "value": "五组3号"}}


@pytest.fixture
def child(post):
    return an_approved_file(post.unit, by=post, address="三组12号", school="高村乡中心小学")


def log(child, by, changes, **given):
    return log_visit(child, by=by, answers=answers(**given), hazards_looked_at=True, changes=changes)


def test_only_what_needs_no_document_can_be_noticed():
    assert set(OBSERVABLE) <= set(fields())
    assert not {fields()[name].column for name in OBSERVABLE} & {"id_number", "disability_certificate", "flags"}


def test_visit_and_change_come_together_and_the_station_opens_both(child, post):
    visit = log(child, post, MOVED)
    change = visit.noticed.get()
    assert (change.note, change.state, visit.flags) == ("走访中发现", "submitted", ["family_changed"])
    approve_change(change, by=a_post(post.unit.township), seen_version=change.version)
    assert ChildFile.objects.get(pk=child.pk).address == "五组3号"


@pytest.mark.parametrize(
    "changes",
    [{}, None, {"address": {"base": "三组12号", "value": "三组12号"}}, {"address": {"base": "", "value": "三组12号"}}],
)
def test_nothing_changed_is_no_fault_and_no_change(child, post, changes):
    visit = log(child, post, changes)
    assert not Change.objects.exists() and visit.flags == []


def test_a_value_left_as_it_was_seen_undoes_nobody(child, post):
    ChildFile.objects.filter(pk=child.pk).update(address="九组9号")
    log(ChildFile.objects.get(pk=child.pk), post, {"address": {"base": "三组12号", "value": "三组12号"}})
    assert not Change.objects.exists()


def test_a_change_that_cannot_be_saves_no_visit(child, post):
    with pytest.raises(ValidationError) as error:
        log(child, post, {"guardian_name": {"base": "李桂英", "value": ""}})
    assert list(error.value.message_dict) == ["changes-guardian_name"]
    assert not Visit.objects.exists() and not Change.objects.exists()


def test_a_change_that_waits_for_the_same_field_stands_beside(child, post):
    a_change(child, by=post, address="九组9号")
    assert log(child, post, MOVED).noticed.get().fields.get().value == "五组3号"


def test_a_host_writes_it_into_the_visit(child, post):
    there = a_unit(post.unit.township)
    a_stay(child, there)
    visit = log(child, a_post(there), MOVED | {"mother_away": {"base": None, "value": True}}, family_change="祖母生病")
    assert visit.family_change == "祖母生病；现住址（组、门牌）：五组3号；母亲 外出务工：是"
    assert not Change.objects.exists() and "family_changed" in visit.flags


def test_what_a_host_noticed_is_never_cut(child, post):
    there = a_unit(post.unit.township)
    a_stay(child, there)
    with pytest.raises(ValidationError) as refused:
        log(child, a_post(there), MOVED, family_change="祖" * 795)
    assert "请把家庭变化写短到 785 字以内" in refused.value.message_dict["family_change"][0]
    assert not Visit.objects.exists()
    assert log(child, a_post(there), MOVED, family_change="祖" * 785).family_change.endswith("五组3号")


@pytest.mark.parametrize("who", ["a host", "of a closed file"])
def test_a_number_in_words_is_masked_wherever_the_visit_is_read(client, child, post, clerk, who):
    number, masked, writer = "13911122233", "139****2233", post
    noticed = {"guardian_phone": {"base": "13800004321", "value": number}}
    if who == "a host":
        writer = a_post(a_unit(post.unit.township))
        a_stay(child, writer.unit)
    visit = log(child, writer, {}) if who == "of a closed file" else log(child, writer, noticed)
    if who == "of a closed file":
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="电话换了吗")
        ChildFile.objects.update(closed_on=visit.visited_on, close_reason="moved", state="closed")
        given = {"answers": answers(), "hazards_looked_at": True, "changes": noticed}
        correct_visit(Visit.objects.get(), by=writer, seen_version=visit.version, **given)
    told = Visit.objects.get().family_change
    assert number not in told and f"{masked}（全号请问走访的人）" in told
    sign_in(client, clerk)
    for address in (f"/visits/{visit.pk}/", "/api/v1/visits/", f"/api/v1/visits/{visit.pk}/"):
        text = client.get(address).text
        assert masked in text and number not in text, address


@pytest.mark.parametrize("is_host", [True, False])
def test_the_form_says_where_a_number_does_not_go_along_in_full(client, child, post, is_host):
    there = a_unit(post.unit.township)
    a_stay(child, there)
    page = sign_in(client, a_post(there) if is_host else post).get(f"/children/{child.pk}/visit/")
    assert page.status_code == 200 and ("全号请另外告诉管理档案的人" in page.text) == is_host


def test_words_for_a_field_that_was_emptied():
    assert in_words({"school": {"base": "村小", "value": ""}}) == "学校：没有"


def test_the_same_form_twice_is_one_change(child, post):
    pk = uuid.uuid4()
    for _time in range(2):
        log_visit(child, by=post, pk=pk, answers=answers(), hazards_looked_at=True, changes=MOVED)
    log(child, post, MOVED)  # and again from a new copy of the form
    assert Change.objects.count() == Visit.objects.count() == 1


def test_a_corrected_visit_notices_too(child, post):
    visit = log(child, post, MOVED)
    VISIT.apply("return", visit, by=a_post(post.unit.township), seen_version=1, reason="学校也换了吗")
    visit = Visit.objects.get()
    school = {"school": {"base": "高村乡中心小学", "value": "高村乡第二小学"}}
    correct_visit(visit, by=post, seen_version=2, answers=answers(), hazards_looked_at=True, changes=school)
    visit.refresh_from_db()
    assert visit.noticed.count() == 2 and visit.flags == ["family_changed"]


# --- through the page


def posted(client, child, **changes):
    page = client.get(f"/children/{child.pk}/visit/")
    base = page.context["form"].initial["base"]
    said = {f"changes-{name}": value for name, value in changes.items()}
    return client.post(f"/children/{child.pk}/visit/", form_of(noticed="yes", base=base) | said, follow=True)


def as_it_stands(child) -> dict:
    """The fields as the page prefills them."""
    now = ChildFile.objects.get(pk=child.pk)
    said = {name: value for name, value in values_on_file([now])[child.pk].items() if not fields()[name].sealed}
    return {name: {True: "yes", False: "no"}.get(value, value) or "" for name, value in said.items()}


def test_the_page_shows_what_the_file_says_and_no_number_in_clear(client, child, post):
    page = sign_in(client, post).get(f"/children/{child.pk}/visit/").text
    assert 'value="三组12号"' in page and "有变化" in page
    assert "13800001234" not in page and "13800004321" not in page


def test_only_what_was_altered_is_proposed(client, child, post):
    sign_in(client, post)
    said = as_it_stands(child) | {"address": "五组3号", "guardian_phone": "", "father_away": "yes"}
    page = posted(client, child, **said)
    change = Visit.objects.get().noticed.get()
    assert {field.name: field.value for field in change.fields.all()} == {"address": "五组3号", "father_away": True}
    assert "作为变更送到工作站" in page.text


def test_visit_and_change_lead_to_each_other(client, child, post):
    visit = log(child, post, MOVED)
    change = visit.noticed.get()
    sign_in(client, post)
    assert f"/changes/{change.pk}/" in client.get(f"/visits/{visit.pk}/").text
    assert f"/visits/{visit.pk}/" in client.get(f"/changes/{change.pk}/").text


def test_a_forged_base_is_no_base(client, child, post):
    sign_in(client, post)
    said = form_of(noticed="yes", base="bm9uc2Vuc2U=") | {"changes-address": "五组3号"}
    page = client.post(f"/children/{child.pk}/visit/", said)
    assert page.status_code == 422 and not Visit.objects.exists()


def test_a_bad_number_is_said_at_its_field(client, child, post):
    sign_in(client, post)
    page = posted(client, child, **as_it_stands(child) | {"phone": "138"})
    assert page.status_code == 422 and "changes-phone" in page.context["form"].errors
    assert not Visit.objects.exists()


def test_a_host_reads_the_file_who_had_it_before_does_not(client, child, post):
    there = a_unit(post.unit.township)
    stay = a_stay(child, there, days=5)
    host = a_post(there)
    assert "三组12号" in sign_in(client, host).get(f"/children/{child.pk}/visit/").text
    end_stay(stay, by=a_post(post.unit.township), reason="孩子回家了", seen_version=stay.version)
    page = client.get(f"/children/{child.pk}/visit/").text
    assert "三组12号" not in page and "有变化吗" not in page


# --- from outside


def test_over_the_api(client, child, post):
    sign_in(client, post)
    given = {"child": str(child.pk), "changes": MOVED} | {
        name: value.isoformat() if name == "visited_on" else value for name, value in answers().items()
    }
    made = client.post("/api/v1/visits/", given, content_type="application/json")
    assert made.status_code == 201 and made.json()["noticed"] == [str(Change.objects.get().pk)]
    given["changes"] = {"id_number": {"base": "", "value": "1"}}
    bad = client.post("/api/v1/visits/", given, content_type="application/json")
    assert bad.status_code == 400 and "changes" in bad.json()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ("x", "changes"),
        ({"address": "x"}, "changes"),
        ({"address": {"base": "", "value": 5}}, "changes-address"),
        ({"away": {"base": None, "value": 1}}, "changes-away"),
        ({"phone": {"base": "", "value": "1"}}, "changes-phone"),
    ],
)
def test_nonsense_is_refused_in_words_at_its_field(client, child, post, changes, place):
    phone = Phone(client, post)
    told = phone.verdict(phone.item(phone.payload(child, changes=changes), schema=2))
    assert told["verdict"] == "refused" and list(told["errors"]) == [place] and not Visit.objects.exists()


def test_a_phone_holds_the_base_and_sends_it(client, child, post):
    phone = Phone(client, post)
    (row,) = phone.pull()["files"]
    assert row["noticed"]["address"] == "三组12号" and set(row["noticed"]) == set(OBSERVABLE)
    changes = {"address": {"base": row["noticed"]["address"], "value": "五组3号"}}
    family = str(uuid.uuid4())
    item = phone.item(phone.payload(child, changes=changes, family=family), schema=2)
    assert phone.verdict(item)["verdict"] == "accepted"
    visit = Visit.objects.get()
    assert str(visit.family) == family and visit.noticed.get().fields.get().base == "三组12号"
    assert "三组12号" not in json.dumps(phone.pull()["returned"])


def test_a_phone_reads_that_nobody_was_met_last_time(client, child, post):
    a_visit(child, by=post, outcome="refused")
    (row,) = Phone(client, post).pull()["files"]
    assert row["due"]["why"] == ["未见到孩子：被拒绝，请工作站或村干部一同上门"]


def test_an_item_of_an_older_app_asks_the_station(client, child, post):
    phone = Phone(client, post)
    text = json.dumps({"post": str(post.uid), "child": str(child.pk), "visited_on": f"{timezone.localdate()}",
                       "outcome": "away", "guardian_words": "去上海了", "hazards": []})  # fmt: skip
    assert phone.verdict(phone.item(text, schema=1))["verdict"] == "accepted"
    visit = Visit.objects.get()
    assert (visit.next_step, visit.whereabouts) == ("tell_station", "去上海了")
    assert "next_step" in phone.verdict(phone.item(text + " ", schema=2))["errors"]


def test_a_full_village_costs_no_query_each(client, post, django_assert_max_num_queries):
    phone = Phone(client, post)
    for _number in range(5):
        an_approved_file(post.unit, by=post)
    with django_assert_max_num_queries(25):
        assert len(phone.pull()["files"]) == 5


# --- taken back with the visit


def taken_back(child, post) -> Visit:
    """A visit that noticed a new address, taken back, as it is read next."""
    visit = log(child, post, MOVED)
    recall_visit(visit, by=post, seen_version=visit.version)
    return Visit.objects.get(pk=visit.pk)


def resend(visit, by, changes) -> Visit:
    return correct_visit(
        visit, by=by, seen_version=visit.version, answers=answers(), hazards_looked_at=True, changes=changes
    )


@pytest.mark.both
def test_what_a_visit_noticed_is_taken_back_and_sent_again_with_it(child, post):
    visit = taken_back(child, post)
    change = visit.noticed.get()
    told = change.events.last()
    assert (change.state, told.action, told.person_id) == ("withdrawn", "recall_with_visit", post.person_id)
    assert changes_taken_back(visit) == MOVED
    resend(visit, post, changes_taken_back(visit))
    again = visit.noticed.exclude(pk=change.pk).get()
    assert again.state == "submitted" and again.fields.get().value == "五组3号"
    assert changes_taken_back(Visit.objects.get()) == {}
    recall_visit(visit, by=post, seen_version=visit.version)
    assert changes_taken_back(Visit.objects.get()) == MOVED, "of the last time alone"


@pytest.mark.both
def test_what_a_clerk_noticed_she_does_not_approve_because_a_director_sent_it_again(child, clerk, post):
    visit = taken_back(child, clerk)
    again = resend(visit, post, changes_taken_back(visit)).noticed.open().get()
    assert again.made_by == post.person and again.station_made
    with pytest.raises(Refused, match="自己填报"):
        approve_change(again, by=fresh(clerk), seen_version=again.version)


def test_what_the_director_wrote_anew_is_hers_alone(child, clerk, post):
    visit = taken_back(child, clerk)
    another = {"address": {"base": MOVED["address"]["base"], "value": "七组"}}
    again = resend(visit, post, another).noticed.open().get()
    approve_change(again, by=fresh(clerk), seen_version=again.version)


def test_taken_back_twice_only_what_was_noticed_the_second_time_comes_again(child, post):
    visit = taken_back(child, post)
    school = {"school": {"base": "高村乡中心小学", "value": "高村乡第二小学"}}
    visit = resend(visit, post, school)
    recall_visit(visit, by=post, seen_version=visit.version)
    assert changes_taken_back(Visit.objects.get()) == school


def test_sent_again_without_it_nothing_is_noticed(child, post):
    visit = resend(taken_back(child, post), post, {})
    assert visit.flags == [] and not visit.noticed.open().exists()


def test_what_was_approved_or_returned_for_the_visit_stays(child, post):
    visit = log(child, post, MOVED)
    change = visit.noticed.get()
    approve_change(change, by=a_post(post.unit.township), seen_version=change.version)
    recall_visit(visit, by=post, seen_version=visit.version)
    assert visit.noticed.get().state == "decided" and changes_taken_back(visit) == {}


def test_the_page_says_so_and_has_it_in_the_form(client, child, post):
    visit = log(child, post, MOVED)
    page = sign_in(client, post).post(f"/visits/{visit.pk}/recall/", {"version": visit.version}, follow=True)
    assert "走访中发现的变更（现住址（组、门牌））也一并撤回" in page.text
    form = page.context["form"]
    assert (form["noticed"].value(), form["changes-address"].value()) == ("yes", "五组3号")


def test_the_phone_has_it_with_the_answers(child, post):
    visit = taken_back(child, post)
    (row,) = pull(post).returned
    assert row["answers"]["changes"] == MOVED and row["visit"] == str(visit.pk)


@pytest.mark.django_db(transaction=True)
def test_taken_back_while_the_station_approves_one_of_the_two_comes_second(child, post):
    visit, clerk = log(child, post, MOVED), a_post(post.unit.township)
    change = visit.noticed.get()
    recalled, approved = done_or_told(
        lambda: recall_visit(Visit.objects.get(), by=post, seen_version=visit.version),
        lambda: approve_change(Change.objects.get(), by=clerk, seen_version=change.version),
    )
    assert recalled == "done" and Visit.objects.get().state == "returned"
    assert Change.objects.get().state == ("decided" if approved == "done" else "withdrawn")
    assert ChildFile.objects.get(pk=child.pk).address == ("五组3号" if approved == "done" else "三组12号")


def open_again_by_undoing_the_approval(visit, post, clerk):
    change = visit.noticed.get()
    approve_change(change, by=clerk, seen_version=change.version)
    recall_visit(visit, by=post, seen_version=visit.version)
    undo_decision(change, by=clerk, seen_version=change.version)


def open_again_by_undoing_the_closing(visit, post, clerk):
    file = ChildFile.objects.get(pk=visit.child_id)
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=timezone.localdate())
    recall_visit(Visit.objects.get(), by=post, seen_version=visit.version)
    undo_act(file, by=clerk, seen_version=file.version)


@pytest.mark.parametrize("open_again", [open_again_by_undoing_the_approval, open_again_by_undoing_the_closing])
def test_what_is_open_again_while_its_visit_is_taken_back_does_not_wait_for_approval(child, post, open_again):
    visit = log(child, post, MOVED)
    open_again(visit, post, a_post(post.unit.township))
    change = visit.noticed.get()
    told = [event.action for event in change.events.all()]
    assert change.state == "withdrawn" and told[-2:] == ["undo", "recall_with_visit"]
    assert ChildFile.objects.get(pk=child.pk).address == "三组12号"
    visit = Visit.objects.get()
    assert changes_taken_back(visit) == MOVED, "it stands in the visit's form"
    resend(visit, post, changes_taken_back(visit))
    assert visit.noticed.open().get().fields.get().value == "五组3号"


def test_what_is_open_again_once_its_visit_was_sent_again_waits(child, post):
    clerk = a_post(post.unit.township)
    visit = log(child, post, MOVED)
    change = visit.noticed.get()
    approve_change(change, by=clerk, seen_version=change.version)
    recall_visit(visit, by=post, seen_version=visit.version)
    resend(Visit.objects.get(), post, {})
    undo_decision(change, by=clerk, seen_version=change.version)
    assert Change.objects.get().state == "submitted"
