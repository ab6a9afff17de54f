"""A draft is put by with what is known so far; what is missing is said when it is sent."""

import uuid

import pytest

from childwelfare.pages.needed import needed_of
from registry.child.models import ChildFile
from tests.builders import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(director):
    return {"pk": str(uuid.uuid4()), "village": str(director.unit.uid), "name": "刘雨欣", "birth_date": "2017-03-15"}


@pytest.fixture
def signed_in(client, director):
    return sign_in(client, director)


def test_a_name_and_a_birth_date_are_enough_for_a_draft(signed_in, said):
    for _ in range(2):  # the same form twice is one draft
        assert signed_in.post("/children/new/", said | {"draft": "1"}).status_code == 302
    file = ChildFile.objects.get()
    assert (file.state, file.name, file.sex, file.category_codes) == ("draft", "刘雨欣", "", "")
    for page in ("", "edit/", "print/", "quality/"):
        assert signed_in.get(f"/children/{file.pk}/{page}").status_code in (200, 404), page
    assert "刘雨欣" in signed_in.get("/children/?state=draft").text
    assert signed_in.get(f"/api/v1/children/{file.pk}/").json()["sex"] == ""


def test_sent_such_a_draft_says_what_is_missing_and_waits(signed_in, said):
    signed_in.post("/children/new/", said | {"draft": "1", "categories": ["difficulty"], "schooling": "dropped_out"})
    file = ChildFile.objects.get()
    page = signed_in.post(f"/children/{file.pk}/submit/", {"version": file.version}, follow=True).text
    for what in ("身份证号或没有的原因", "性别", "民族", "困境类型", "离校日期", "实际监护人"):
        assert what in page.split("还不能提交，缺：")[1].split("。")[0]
    assert ChildFile.objects.get().state == "draft"


def test_the_form_that_is_sent_asks_for_the_rest_at_its_fields(signed_in, said):
    answer = signed_in.post("/children/new/", said | {"submit": "1"})
    assert answer.status_code == 422 and not ChildFile.objects.exists()
    assert {"guardian_name", "guardian_relation"} <= answer.context["form"].errors.keys()
    whole = said | {
        "guardian_name": "刘桂芳",
        "guardian_relation": "paternal_grandmother",
        "nation": "01",
        "submit": "1",
    }
    answer = signed_in.post("/children/new/", whole)
    assert {"id_number", "categories"} <= answer.context["form"].errors.keys() and not ChildFile.objects.exists()


def test_a_draft_is_completed_little_by_little(signed_in, said):
    signed_in.post("/children/new/", said | {"draft": "1"})
    file = ChildFile.objects.get()
    more = said | {"version": file.version, "sex": "female", "no_id_reason": "not_yet", "nation": "01", "draft": "1"}
    assert signed_in.post(f"/children/{file.pk}/edit/", more).status_code == 302
    file.refresh_from_db()
    assert (file.sex, file.no_id_reason, file.guardians.count()) == ("female", "not_yet", 0)
    rest = {"guardian_name": "刘桂芳", "guardian_relation": "paternal_grandmother", "categories": ["left_behind"]}
    sent = {name: value for name, value in (more | rest).items() if name != "draft"} | {"submit": "1"}
    signed_in.post(f"/children/{file.pk}/edit/", sent | {"version": file.version})
    assert ChildFile.objects.get().state == "submitted"


@pytest.mark.parametrize(
    ("field", "given"),
    [("name", ""), ("birth_date", ""), ("birth_date", "2090-01-01"), ("id_number", "41019920170315002")],
)
def test_without_them_or_with_what_is_wrong_it_says_so(signed_in, said, field, given):
    answer = signed_in.post("/children/new/", said | {field: given, "draft": "1"})
    assert needed_of(answer.context["form"].fields["guardian_name"]), "the form may be sent next"
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not ChildFile.objects.exists()


def test_what_is_needed_before_sending_is_told_apart_from_what_may_come_later(signed_in, said):
    """On the draft's page and before the ticked ones go: no question that the server then answers with a refusal."""
    signed_in.post("/children/new/", said | {"draft": "1"})
    file = ChildFile.objects.get()
    ticked = signed_in.post("/children/submit/", {"file": f"{file.pk}:{file.version}"}).text
    for page in (signed_in.get(f"/children/{file.pk}/").text, ticked):
        needed, later = page.split("送之前要有：")[1].split("可以送后再补：")
        for what in ("身份证号或没有的原因", "性别", "民族", "儿童类别", "实际监护人"):
            assert what in needed and what not in later.split("。")[0].split("、")
        assert "户籍地址" in later.split("。")[0] and "户籍地址" not in needed
    assert "现在就送" not in page and "送出 0 份" not in ticked and "审核前不能再改" not in ticked
    assert f'action="/children/{file.pk}/submit/"' not in signed_in.get(f"/children/{file.pk}/").text


def test_a_program_writes_in_it_little_by_little_too(signed_in, said):
    signed_in.post("/children/new/", said | {"draft": "1"})
    file = ChildFile.objects.get()
    for fields in ({"birth_date": "2017-03-16"}, {"schooling": "dropped_out"}, {"guardian_name": "刘桂芳"}):
        sent = {"version": file.version, "fields": fields}
        answer = signed_in.patch(f"/api/v1/children/{file.pk}/", sent, content_type="application/json")
        assert answer.status_code == 200, answer.json()
        file.refresh_from_db()
    refused = {"version": file.version, "fields": {"birth_date": "2090-01-01"}}
    answer = signed_in.patch(f"/api/v1/children/{file.pk}/", refused, content_type="application/json")
    assert answer.status_code in (400, 422) and "birth_date" in answer.json()
