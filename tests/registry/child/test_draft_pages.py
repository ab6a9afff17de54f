"""A draft passes for no official form, and no form about a child in the registry opens for it."""

import pytest

from registry.child.services.files import recall_file
from registry.child.workflow import FILE
from registry.disclosure.document import document
from registry.printing.file import file_sheet
from registry.printing.left_behind import left_behind_sheet
from tests.builders import a_file, a_post, a_submitted_file, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
FORMS = {"close": "结案", "transfer": "转出", "stay": "临时居住", "extra-visit": "加访"}


@pytest.fixture
def station():
    village = a_village()
    return village, a_post(village.township)


def test_the_sheet_of_a_draft_says_that_it_is_one(client, station):
    village, clerk = station
    draft = a_file(village)
    for sheet in (file_sheet(draft), left_behind_sheet(draft)):
        assert sheet.standing == "草稿，未送审"
    sign_in(client, clerk)
    for form in ("print/", "print/left-behind/"):
        assert "草稿，未送审" in client.get(f"/children/{draft.pk}/{form}").text, form
    assert (
        "这份档案草稿，未送审。" in document(draft)["about"]
        and "草稿" in client.get(f"/children/{draft.pk}/disclosure/").text
    )


def test_the_sheet_of_what_its_maker_took_back_does_not_say_that_it_was_returned(station):
    village, clerk = station
    director = a_post(village)
    file = a_submitted_file(village, by=director)
    recall_file(file, by=director, seen_version=file.version)
    for sheet in (file_sheet(file), left_behind_sheet(file)):
        assert sheet.standing == "撤回修改，未建档"
    FILE.apply("submit", file, by=director, seen_version=file.version)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请补充")
    assert file_sheet(file).standing == "已退回，未建档"


def test_so_does_one_that_waits_and_an_approved_one_says_nothing(station):
    village, _clerk = station
    assert file_sheet(a_submitted_file(village)).standing == "待审核，未建档"
    approved = an_approved_file(village)
    assert file_sheet(approved).standing == "" and "未" not in document(approved)["about"]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_about_a_child_in_the_registry_does_not_open_for_a_draft(client, station, form):
    village, clerk = station
    draft, approved = a_file(village), an_approved_file(village)
    sign_in(client, clerk)
    address = f"/children/{draft.pk}/{form}/"
    answer = client.get(address, follow=True)
    assert answer.redirect_chain == [(f"/children/{draft.pk}/", 302)]
    assert f"不能办理“{FORMS[form]}”" in answer.text and f'href="{address}"' not in answer.text
    assert client.get(f"/children/{approved.pk}/{form}/").status_code == 200
