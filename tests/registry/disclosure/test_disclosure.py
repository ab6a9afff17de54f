"""A guardian asks for the file: who asks is checked and kept, all that is kept of the child is in the document."""

import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from childwelfare.workflow.refusals import SentBefore
from orgs.audit.models import Audit
from registry.assessments.workflow import ASSESSMENT
from registry.categories.models import CategoryMembership
from registry.child.models import ChildFile
from registry.disclosure.document import DISCLOSED, LEFT_OUT, document
from registry.disclosure.models import Disclosure
from registry.disclosure.services import disclose
from registry.family.models import FamilyMember, Guardian
from tests.builders import a_paper, a_post, a_village, a_visit, an_approved_file, an_assessment, sign_in
from tests.registry.plans.plans import a_running_plan
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def file():
    file = an_approved_file(a_village(), incomes=["wages", "relief"], flags=["single_parent"], address="三组东头")
    FamilyMember.objects.create(child=file, relation="father", name="张建国", phone="13800009999", id_number="41019919")
    return file


@pytest.fixture
def clerk(file):
    return a_post(file.township)


def form_of(**given) -> dict:
    return {"pk": str(uuid.uuid4()), "asked_by": "李桂英", "relation": "paternal_grandmother",
            "checked": "id_card", "safe": "on"} | given  # fmt: skip


def columns(model) -> set[str]:
    return {column.name for column in model._meta.concrete_fields} - LEFT_OUT


def test_every_column_of_the_file_and_its_people_is_in_the_document(file):
    a_visit(file, hazards=["water"], help_given="讲了防溺水")
    a_paper(file)
    whole = json.loads(json.dumps(document(file), ensure_ascii=False))
    for key, model in (("child", ChildFile), ("family", FamilyMember), ("guardians", Guardian),
                       ("categories", CategoryMembership)):  # fmt: skip
        assert columns(model) <= set(whole[key]["rows"][0]), key
    child = whole["child"]["rows"][0]
    assert child["id_number"]["text"] == file.id_number and child["address"]["text"] == "三组东头"
    assert child["birth_date"] == {"label": "出生日期", "value": "2017-03-15", "text": "2017-03-15"}
    assert child["sex"] == {"label": "性别", "value": "female", "text": "女"}
    assert child["incomes"]["text"] == "打工收入、政府救助" and child["flags_sealed"]["text"] == "单亲"
    assert columns(Visit) - {"flags"} <= set(whole["visits"]["rows"][0])
    assert whole["visits"]["rows"][0]["help_given"]["text"] == "讲了防溺水"
    assert whole["papers"]["rows"][0]["kind"]["text"] == "身份证"
    assert [event["action"]["value"] for event in whole["events"]["rows"]] == ["make", "submit", "approve"]


def test_numbers_of_other_people_are_masked(file):
    whole = json.dumps(document(file), ensure_ascii=False)
    assert "13800009999" not in whole and "138****9999" in whole and "41019919" not in whole


def test_what_is_left_out_is_neither_sealed_nor_told_of_the_child(file):
    told = set(document(file)["child"]["rows"][0])
    missing = {column.name for column in ChildFile._meta.concrete_fields} - told
    assert missing == {"given_name", "pinyin", "initials", "name_order", "id_index", "phone_index", "category_codes",
                       "family_uid", "id_tail", "phone_tail", "guardian_name", "guardian_pinyin",
                       "guardian_phone_index", "guardian_phone_tail", "city", "county", "township", "made_by",
                       "made_in"}  # fmt: skip


def test_rooms_above_add_their_part(file, monkeypatch):
    monkeypatch.setattr("registry.disclosure.document.DISCLOSED", [*DISCLOSED, lambda file: ("needs", "需求", [])])
    assert document(file)["needs"] == {"title": "需求", "rows": []}


def test_the_document_is_chinese_for_an_english_clerk(client, file, clerk):
    sign_in(client, clerk)
    client.cookies["django_language"] = "en"
    answer = client.post(f"/children/{file.pk}/disclosure/", form_of())
    assert answer.json()["child"]["rows"][0]["sex"]["text"] == "女"


def test_the_clerk_enters_who_asks_and_gets_the_document(client, file, clerk):
    sign_in(client, clerk)
    assert "李桂英" in client.get(f"/children/{file.pk}/disclosure/").text
    answer = client.post(f"/children/{file.pk}/disclosure/", form_of())
    assert answer["Content-Type"].startswith("application/json") and "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="{file.file_number}.json"'
    given = Disclosure.objects.get()
    assert (given.asked_by, given.relation, given.person) == ("李桂英", "paternal_grandmother", clerk.person)
    act = Audit.objects.get(action="disclose")
    assert act.record == f"registry.childfile:{file.pk}" and "李桂英" not in act.data
    assert "以前提供过" in client.get(f"/children/{file.pk}/disclosure/").text


def test_the_same_form_sent_twice_is_one_record(client, file, clerk):
    sign_in(client, clerk)
    form = form_of()
    assert "可不填" not in client.get(f"/children/{file.pk}/disclosure/").text, "one of its answers may be needed"
    assert [client.post(f"/children/{file.pk}/disclosure/", form).status_code for _ in range(2)] == [200, 200]
    assert Disclosure.objects.count() == 1
    other = an_approved_file(file.village)
    assert client.post(f"/children/{other.pk}/disclosure/", form).status_code == 409
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"asked_by": ""}, "申请人姓名"), ({"asked_by": "x" * 3000}, "申请人姓名"),
        ({"asked_by": "\x00"}, "申请人姓名"),
        ({"relation": ""}, "是孩子的"), ({"relation": "x"}, "是孩子的"), ({"checked": "<b>"}, "身份怎样核对"),
        ({"checked": "other"}, "请写明是怎样核对的"), ({"note": "长" * 201}, "说明"), ({"pk": "x"}, ""),
        ({"safe": ""}, "先报县级指导中心"),
    ],
)  # fmt: skip
def test_nonsense_or_an_unsafe_request_gets_no_document(client, file, clerk, given, says):
    sign_in(client, clerk)
    page = client.post(f"/children/{file.pk}/disclosure/", form_of(**given))
    assert page.status_code == 422 and says in page.text and not Disclosure.objects.exists()


def test_who_may(client, file):
    with pytest.raises(PermissionDenied):
        disclose(file, by=a_post(file.village), asked_by="x", relation="self", checked="id_card", safe=True)
    sign_in(client, a_post(file.village))
    assert client.get(f"/children/{file.pk}/disclosure/").status_code == 403
    sign_in(client, a_post(a_village().township))
    assert client.post(f"/children/{file.pk}/disclosure/", form_of()).status_code == 404
    sign_in(client, a_post(file.county))
    assert client.post(f"/children/{file.pk}/disclosure/", form_of()).status_code == 200


@pytest.mark.both
def test_the_record_can_not_be_changed_or_taken_away(file, clerk):
    disclose(file, by=clerk, asked_by="李桂英", relation="self", checked="id_card", safe=True)
    for act in (lambda: Disclosure.objects.update(asked_by="x"), lambda: Disclosure.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_same_form_again_hands_it_out_again_and_says_so_in_the_trail(file, clerk):
    pk = uuid.uuid4()
    asked = {"asked_by": "李桂英", "relation": "paternal_grandmother", "checked": "id_card", "safe": True, "pk": pk}
    assert disclose(file, by=clerk, **asked) and disclose(file, by=clerk, **asked)
    acts = Audit.objects.filter(action="disclose")
    assert Disclosure.objects.get().pk == pk and acts.count() == 2
    assert all(str(pk) in act.data for act in acts)


@pytest.mark.parametrize("other", [{"asked_by": "张三"}, {"relation": "other"}, {"checked": "custody_paper"}])
def test_the_same_key_gives_nothing_to_another_applicant(file, clerk, other):
    asked = {"asked_by": "李桂英", "relation": "paternal_grandmother", "checked": "id_card", "safe": True}
    asked["pk"] = uuid.uuid4()
    disclose(file, by=clerk, **asked)
    with pytest.raises(SentBefore, match="已经用过"):
        disclose(file, by=clerk, **asked | other)
    assert Disclosure.objects.count() == 1 and Audit.objects.filter(action="disclose").count() == 1


def test_the_page_says_so_with_what_was_typed_and_a_new_key(client, file, clerk):
    pk = uuid.uuid4()
    asked = {"asked_by": "李桂英", "relation": "paternal_grandmother", "checked": "id_card", "safe": True}
    disclose(file, by=clerk, pk=pk, **asked)
    sign_in(client, clerk)
    page = client.post(f"/children/{file.pk}/disclosure/", asked | {"pk": str(pk), "asked_by": "张三", "safe": "on"})
    assert page.status_code == 409 and "张三" in page.text and str(pk) not in page.text


def test_the_copy_says_nothing_that_turns_against_the_child_at_home():
    """What it said, what was said of its guardians, what the urgent screen found; and nothing that nobody confirmed."""
    file = an_approved_file(a_village())
    director, clerk = a_post(file.village), a_post(file.township)
    quiet = an_assessment(file, by=director, child_view="怕爸爸，想住到姑姑家", answers={"conflict": "yes"})
    ASSESSMENT.apply("confirm", quiet, by=clerk, seen_version=quiet.version)
    danger = {"screen": {"harm": "yes"}, "danger_words": "孩子说爸爸打她", "child_view": "怕"}
    urgent = an_assessment(ChildFile.objects.get(pk=file.pk), by=a_post(file.village), **danger)
    plan = a_running_plan(ChildFile.objects.get(pk=file.pk), director, clerk, child_heard="不想回家")
    told = document(ChildFile.objects.get(pk=file.pk))
    text = json.dumps([told["assessments"], told["plans"]], ensure_ascii=False)
    for words in ("怕爸爸", "爸爸打她", "harm", "不想回家"):
        assert words not in text
    (row,) = told["assessments"]["rows"]
    assert "conflict" not in row["answers"]["text"] and "：" in row["answers"]["text"]
    ASSESSMENT.apply("confirm", urgent, by=clerk, seen_version=urgent.version)
    again = document(ChildFile.objects.get(pk=file.pk))
    assert len(again["assessments"]["rows"]) == 1 and plan.goals.get().goal in text
