"""What a file says, told by the API under the names by which the API takes it."""

import pytest

from orgs.accounts.models import ApiToken
from registry.child.fields import content_of, fields, to_json
from registry.child.models import ChildFile
from registry.family.models import FamilyMember
from tests.builders import a_post, an_approved_file

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def ask(client, post, path="", **given):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(post)}"}
    if given:
        return client.patch(f"/api/v1/children/{path}", given, content_type="application/json", headers=headers)
    return client.get(f"/api/v1/children/{path}", headers=headers)


@pytest.fixture
def file(post):
    file = an_approved_file(
        post.unit, phone=PHONE, flags=["single_parent"], disability_certificate="41019920170315002841"
    )
    FamilyMember.objects.create(child=file, relation="father", name="张建国", away=True, phone=PHONE)
    return file


def test_one_file_tells_every_readable_field_as_it_is_taken(client, post, file):
    content = ask(client, post, f"{file.pk}/").json()["content"]
    stored = content_of(ChildFile.objects.get(pk=file.pk))
    readable = {name: field for name, field in fields().items() if field.entry.readable}
    assert set(content) == set(readable)
    for name, field in readable.items():
        if not field.sealed:
            assert content[name] == to_json(stored[name]), name
    assert (content["father_name"], content["father_away"], content["mother_phone"]) == ("张建国", True, "")


def test_sealed_numbers_are_masked_and_marks_are_left_out(client, post, file):
    answer = ask(client, post, f"{file.pk}/").text
    content = ask(client, post, f"{file.pk}/").json()["content"]
    for number in (PHONE, file.id_number, file.disability_certificate):
        assert number and number not in answer
    assert content["phone"].startswith("138") and content["father_phone"] == content["phone"]
    assert "flags" not in content and "single_parent" not in answer


def test_a_list_and_who_may_not_open_a_file_get_nothing_of_it(client, post, file):
    city = a_post(file.city)
    assert ask(client, city, f"{file.pk}/").status_code == 403
    for reader in (post, city):
        rows = ask(client, reader).json()["results"]
        assert rows and all("content" not in row for row in rows)


def test_what_was_read_may_be_sent_back_field_by_field(client, post, file):
    ChildFile.objects.filter(pk=file.pk).update(state="draft")
    read = ask(client, post, f"{file.pk}/").json()
    plain = {name: value for name, value in read["content"].items() if not fields()[name].sealed}
    plain = {name: value for name, value in plain.items() if "mother" not in name and "grand" not in name}
    answer = ask(client, post, f"{file.pk}/", version=read["version"], fields=plain | {"grade": "三年级"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["content"] == read["content"] | {"grade": "三年级"}


def test_a_category_is_given_once(client, post):
    headers = {"Authorization": f"Token {ApiToken.objects.issue(post)}"}
    twice = [{"category": "left_behind", "since": "2020-03-01"}, {"category": "left_behind", "since": "2026-03-01"}]
    given = {"village": str(post.unit.uid), "name": "王小雨", "sex": "female", "birth_date": "2017-03-15"}
    where = "/api/v1/children/"
    answer = client.post(where, given | {"categories": twice}, content_type="application/json", headers=headers)
    assert answer.status_code == 400 and "写了两次" in answer.json()["categories"][0]
    assert not ChildFile.objects.exists()
