"""What is asked and checked before something is sent: a reason, how many photos."""

import pytest

from registry.papers.models import Paper
from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.builders import a_paper, an_approved_file, an_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture(autouse=True)
def _media_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_voiding_a_paper_asks_in_words_for_the_reason(director, open_page):
    file = an_approved_file(director.unit, by=director)
    a_paper(file, by=director)
    page = open_page("desktop")
    enter(page, director, f"/children/{file.pk}/papers/")
    page.click(".paper-facts form button")
    title = page.inner_text("#ask-title")
    assert title.startswith("作废“") and "<" not in title
    page.click(".layer-foot .btn-danger")
    assert page.inner_text(".layer [role=alert]") == "请写明为什么作废。"
    page.fill("#ask-reason", "长" * 501)
    page.click(".layer-foot .btn-danger")
    assert page.inner_text(".layer [role=alert]") == "原因最多 500 字，现在有 501 字。"
    page.fill("#ask-reason", "传错了孩子")
    page.keyboard.press("Escape")
    page.click(".paper-facts form button")
    assert page.input_value("#ask-reason") == "传错了孩子", "put aside, not lost"
    page.click(".layer-foot .btn-danger")
    page.wait_for_selector("text=已作废")
    assert Paper.objects.get().removed_reason == "传错了孩子"


def test_one_photo_too_many_is_said_before_it_is_sent(director, open_page):
    child = an_approved_file(director.unit, by=director)
    page = open_page("desktop")
    enter(page, director, f"/children/{child.pk}/visit/")
    picture = {"mimeType": "image/jpeg", "buffer": an_upload(size=(60, 40)).read()}
    photos = [{"name": f"{n}.jpg"} | picture for n in range(4)]
    page.set_input_files("#id_photos", photos)
    assert "最多 3 张" in page.inner_text(".field:has(#id_photos)")
    page.click(".step-last-only.btn-primary")
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 4, "nothing was sent, all is here"
    page.set_input_files("#id_photos", photos[:3])
    assert "最多 3 张：选了" not in page.inner_text(".field:has(#id_photos)")


def test_files_are_chosen_by_a_button_that_says_what_for_and_named(director, open_page):
    """On phones one for the camera beside it; what is chosen later is added, and each can be put back."""
    child = an_approved_file(director.unit, by=director)
    page = open_page("phone")
    page.on("filechooser", lambda chooser: None)  # from now on: switched on by each wait anew, it may come too late
    enter(page, director, f"/children/{child.pk}/papers/")
    field = page.locator(".field:has(#id_paper_file)")
    control = field.locator("#id_paper_file")
    name_parts = control.evaluate("""(input) => {
      const ids = input.getAttribute("aria-labelledby").split(" ");
      return ids.map((id) => document.getElementById(id).innerText);
    }""")
    assert name_parts == ["照片或 PDF，可一次选几份 必填", "选照片或 PDF"]
    control.focus()
    for opened_by, name in (("选照片或 PDF", "户口本.jpg"), ("拍照", "残疾证.jpg")):
        with page.expect_file_chooser() as chooser:
            if opened_by == "拍照":
                field.get_by_role("button", name="拍照", exact=True).click()
            else:
                page.keyboard.press("Enter")
        chooser.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": an_upload(size=(60, 40)).read()})
    assert field.locator("li").all_inner_texts() == ["户口本.jpg\n去掉", "残疾证.jpg\n去掉"]
    control.focus()
    with page.expect_file_chooser():  # and thought better of it: no event follows
        page.keyboard.press("Enter")
    field.get_by_role("button", name="去掉 户口本.jpg").click()
    assert control.evaluate("(input) => Array.from(input.files, (file) => file.name)") == ["残疾证.jpg"]
    assert control.get_attribute("accept").endswith("application/pdf"), "the camera alone was asked for pictures alone"
    axe_finds_nothing_serious(page)
