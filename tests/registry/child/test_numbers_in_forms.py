"""No number stands in clear before the click that is recorded; where to call is the duty, the button carries it."""

import json

import pytest

from orgs.audit.models import Audit
from registry.changes.models import Change
from registry.child.fields import content_of, fields
from registry.child.models import ChildFile
from tests.builders import a_change, a_file, a_post, a_village, a_visit, an_approved_file, an_entrustment, sign_in
from tests.fixtures import *  # noqa: F403
from visits.oversight.services import draw_checks

pytestmark = pytest.mark.django_db
OWN, GUARDIAN = "13811112222", "13800004321"
PEOPLE = {"phone": OWN}


def sent_back(client, where) -> dict:
    """What the form at ``where`` posts when nothing is altered."""
    posted = {}
    for field in client.get(where).context["form"]:
        value = field.value()
        if value is True or value is False:
            value = "true" if value else "false" if field.name != "serious_illness" else ""
        if value not in (None, "", []):
            posted[field.name] = value
    return posted


def numbers_of(file) -> dict[str, str]:
    content = content_of(ChildFile.objects.get(pk=file.pk))
    return {name: content[name] for name, field in fields().items() if field.sealed and content[name]}


def in_clear(text: str, file) -> list[str]:
    return [number for number in numbers_of(file).values() if number in text]


@pytest.fixture
def draft(here, post):
    return a_file(here, by=post, **PEOPLE)


def test_a_draft_is_completed_without_its_numbers_being_shown(client, draft, post):
    sign_in(client, post)
    where, before = f"/children/{draft.pk}/edit/", numbers_of(draft)
    page = client.get(where).text
    assert len(before) > 2 and not in_clear(page, draft) and page.count("显示（会留下记录）") == len(before)
    form = sent_back(client, where)
    assert client.post(where, form | {"address": "四组9号", "draft": "1"}).status_code == 302
    assert numbers_of(draft) == before and content_of(ChildFile.objects.get(pk=draft.pk))["address"] == "四组9号"
    form = sent_back(client, where) | {"phone": "13900005555", "erase_guardian_phone": "on", "draft": "1"}
    assert client.post(where, form).status_code == 302
    assert numbers_of(draft) == {k: v for k, v in before.items() if k != "guardian_phone"} | {"phone": "13900005555"}
    refused = client.post(where, sent_back(client, where) | {"name": "", "draft": "1"})
    assert refused.status_code == 422 and not in_clear(refused.text, draft)


def test_the_family_of_a_brother_comes_along_without_its_numbers_being_shown(client, here, post, draft):
    brother = an_approved_file(here, by=post, **PEOPLE)
    sign_in(client, post)
    where = f"/children/new/?sibling={brother.pk}"
    assert not in_clear(client.get(where).text, brother)
    mine = {
        "name": "张小宝",
        "sex": "male",
        "birth_date": "2019-02-03",
        "id_number": "",
        "no_id_reason": "unregistered",
    }
    done = client.post(where, sent_back(client, where) | mine | {"categories": ["left_behind"], "draft": "1"})
    assert done.status_code == 302, done.context["form"].errors
    made, lent = numbers_of(ChildFile.objects.get(name="张小宝")), numbers_of(brother)
    assert made["guardian_phone"] == lent["guardian_phone"] and "id_number" not in made


def test_a_returned_number_is_masked_and_sent_again_as_it_was(client, here, post, clerk):
    change = a_change(an_approved_file(here, by=post), by=post, phone="13811119999")
    change.fields.update(verdict="returned")
    Change.objects.filter(pk=change.pk).update(state="returned")
    sign_in(client, post)
    page = client.get(f"/changes/{change.pk}/")
    assert page.status_code == 200 and "138****9999" in page.text and "13811119999" not in page.text
    assert client.post(f"/changes/{change.pk}/amend/", {"version": change.version, "phone": ""}).status_code == 302
    assert change.fields.get().value == "13811119999"


def test_a_station_s_day_carries_no_number_and_a_director_s_says_how_many(client, here, post, clerk):
    file = an_approved_file(here, by=post, **PEOPLE)
    sign_in(client, clerk)
    assert not in_clear(client.get("/today/").text, file)
    sign_in(client, post)
    assert in_clear(client.get("/today/").text, file)
    read = Audit.objects.filter(action="read_list", person=post.person).latest("at")
    assert (json.loads(read.data)["numbers"], json.loads(read.data)["rows"]) == (1, 1)


def test_to_call_back_about_a_visit_is_recorded_as_reading_the_number(client, here, post, clerk):
    file = an_approved_file(here, by=post, **PEOPLE)
    visit = a_visit(file, by=post)
    (check,) = draw_checks(clerk, visit.visited_on.replace(day=1))
    sign_in(client, clerk)
    assert GUARDIAN in client.get(f"/visits/checks/{check.pk}/").text
    assert Audit.objects.filter(action="reveal", person=clerk.person).count() == 1


def test_an_entrusted_carer_s_number_is_shown_by_a_recorded_click(client, here, post):
    agreement = an_entrustment(an_approved_file(here, by=post), by=post, carer_phone="13811117777")
    sign_in(client, post)
    assert "13811117777" not in client.get(f"/children/{agreement.child_id}/guidance/").text
    assert "13811117777" in client.post(f"/entrustments/{agreement.pk}/reveal/").text
    assert Audit.objects.filter(action="reveal", person=post.person).count() == 1
    sign_in(client, a_post(an_approved_file(a_village()).village))
    assert client.post(f"/entrustments/{agreement.pk}/reveal/").status_code == 404
