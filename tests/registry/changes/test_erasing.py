"""What a file says is erased by a change: each kind of field, numbers too, by page and API, shown as such."""

import pytest
from django.core.exceptions import ValidationError

from registry.changes.models import Change
from registry.changes.services import approve_change
from registry.child.fields import content_of, fields
from registry.child.models import ChildFile
from tests.builders import a_post, an_approved_file, sign_in
from tests.registry.changes.test_change_pages import form_of

pytestmark = pytest.mark.django_db
PHONE = "13811112222"


@pytest.fixture
def file(here):
    return an_approved_file(here, address="三组12号", phone=PHONE)


def now(file, *names):
    content = content_of(ChildFile.objects.get(pk=file.pk))
    return tuple(content[name] for name in names)


def test_a_number_is_erased_by_its_tick_and_the_desk_says_so(client, file, clerk):
    sign_in(client, a_post(file.village))
    where = f"/children/{file.pk}/change/"
    posted = form_of(client, file)
    client.post(where, posted | {"erase_phone": "on", "erase_guardian_phone": "on", "address": ""})
    change = Change.objects.get()
    proposed = {field.name: field.value for field in change.fields.all()}
    assert proposed == {"phone": "", "guardian_phone": "", "address": ""}
    sign_in(client, clerk)
    desk = client.get(f"/review/change/{change.pk}/").text
    assert desk.count("（清空）") == 3 and "138****2222" in desk and PHONE not in desk
    approve_change(change, by=clerk, seen_version=1)
    assert now(file, "phone", "guardian_phone", "address") == ("", "", "")
    assert client.get(f"/children/{file.pk}/history/").text.count("（清空）") == 3
    assert not ChildFile.objects.get().phone_tail


def test_an_id_number_is_erased_also_where_others_have_none(client, file, clerk):
    """Files without a number are not each other's."""
    an_approved_file(file.village, id_number="", no_id_reason="unregistered", name="郑晨阳")
    sign_in(client, a_post(file.village))
    posted = form_of(client, file) | {"erase_id_number": "on", "no_id_reason": "unregistered"}
    answer = client.post(f"/children/{file.pk}/change/", posted)
    assert answer.status_code == 302, answer.context["form"].errors
    approve_change(Change.objects.get(), by=clerk, seen_version=1)
    assert now(file, "id_number", "no_id_reason") == ("", "unregistered")


def test_only_what_the_file_holds_can_be_ticked_and_a_new_number_beside_a_tick_is_asked_about(client, file):
    sign_in(client, a_post(file.village))
    form = client.get(f"/children/{file.pk}/change/").context["form"]
    ticks = {name for name in form.fields if name.startswith("erase_")}
    held = {name for name, field in fields().items() if field.sealed and form.now[name]}
    assert ticks == {f"erase_{name}" for name in held} and {"id_number", "phone", "guardian_phone"} <= held
    groups = [group for _key, _title, found, _state in form.steps() for group in found]
    shown = {field.name for group in groups for field in group["fields"]}
    assert ticks <= shown
    both = form_of(client, file) | {"erase_phone": "on", "phone": "13800009999"}
    page = client.post(f"/children/{file.pk}/change/", both)
    assert page.status_code == 422 and "又勾选了清空" in page.text and not Change.objects.exists()


def test_no_number_because_is_refused_while_the_file_holds_one(client, file, clerk):
    sign_in(client, a_post(file.village))
    where, posted = f"/children/{file.pk}/change/", form_of(client, file) | {"no_id_reason": "unregistered"}
    page = client.post(where, posted)
    assert page.status_code == 422 and "请清空号码" in page.text and not Change.objects.exists()
    assert client.post(where, posted | {"erase_id_number": "on"}).status_code == 302
    change = Change.objects.get()
    for half in (["no_id_reason"], ["id_number"]):  # one without the other says what nobody proposed
        with pytest.raises(ValidationError):
            approve_change(change, by=clerk, seen_version=1, names=half)
    approve_change(change, by=clerk, seen_version=1)
    assert now(file, "id_number", "no_id_reason") == ("", "unregistered")
    assert not ChildFile.objects.get().id_index


def test_over_the_api_a_blank_value_erases_and_is_told(client, file):
    sign_in(client, a_post(file.village))
    fields = {"phone": {"base": PHONE, "value": ""}, "school": {"base": file.school, "value": "一小"}}
    body = {"child": str(file.pk), "fields": fields}
    answer = client.post("/api/v1/changes/", body, content_type="application/json")
    assert answer.status_code == 201
    assert {line["name"]: line["erases"] for line in answer.json()["lines"]} == {"phone": True, "school": False}
