"""Papers that are sent in the background: none goes without a word, whatever the line or the hand does meanwhile."""

import pytest

from registry.papers.models import Paper
from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.builders import an_approved_file, an_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SENT_TO = "**/api/v1/children/*/papers/"


@pytest.fixture(autouse=True)
def _media_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def papers(director, open_page):
    """The page of a child's papers on a phone, its kind chosen."""
    file = an_approved_file(director.unit, by=director)
    page = open_page("phone")
    page.expected.append("ERR_FAILED")
    enter(page, director, f"/children/{file.pk}/papers/")
    page.select_option("[name=kind]", "id_card")
    page.evaluate("window.isFirstPage = true")
    return page


def take(page, name: str, note: str = ""):
    picture = an_upload(size=(60, 40 + len(name))).read()  # each its own: the same paper twice is refused
    page.set_input_files("[name=file]", {"name": name, "mimeType": "image/jpeg", "buffer": picture})
    page.fill("[name=note]", note)


def send(page):
    page.click(".paper-form .btn-primary")


def row(page, name: str):
    return page.locator(".paper-queue li", has_text=name)


def shown_anew(page, number: int):
    """The page came anew, and lists so many papers."""
    page.wait_for_function("() => !window.isFirstPage")
    page.locator(".paper-rows li").nth(number - 1).wait_for()
    assert Paper.objects.count() == number


def fail_once(page):
    page.route(SENT_TO, lambda route: route.abort("failed"), times=1)


def hold(page) -> list:
    """What is sent from now on waits in the list."""
    held = []
    page.route(SENT_TO, lambda route: held.append(route), times=1)
    return held


def until_held(page, held: list):
    for _look in range(100):
        if held:
            return held[0]
        page.wait_for_timeout(50)
    raise AssertionError("nothing was sent")


def test_one_that_failed_stays_while_the_next_is_sent_and_goes_through_later(papers):
    page = papers
    fail_once(page)
    take(page, "户口本.jpg", "第一页")
    send(page)
    row(page, "户口本.jpg").get_by_role("button", name="重试").wait_for()
    axe_finds_nothing_serious(page)
    take(page, "残疾证正面.jpg")
    send(page)
    row(page, "残疾证正面.jpg").get_by_text("已上传").wait_for()
    assert page.evaluate("window.isFirstPage"), "the page came anew over a paper that had not arrived"
    row(page, "户口本.jpg").get_by_role("button", name="重试").click()
    shown_anew(page, 2)
    assert sorted(Paper.objects.values_list("note", flat=True)) == ["", "第一页"]


def test_one_that_failed_goes_when_it_is_given_up(papers):
    page = papers
    fail_once(page)
    take(page, "户口本.jpg")
    send(page)
    row(page, "户口本.jpg").get_by_role("button", name="重试").wait_for()
    take(page, "残疾证正面.jpg")
    send(page)
    row(page, "残疾证正面.jpg").get_by_text("已上传").wait_for()
    row(page, "户口本.jpg").get_by_role("button", name="不传了").click()
    shown_anew(page, 1)


def test_what_is_sent_while_another_is_under_way_joins_the_queue(papers):
    page = papers
    held = hold(page)
    take(page, "户口本.jpg", "第一页")
    send(page)
    until_held(page, held)
    take(page, "残疾证正面.jpg", "正面")
    send(page)
    assert row(page, "残疾证正面.jpg").get_by_text("等待").is_visible()
    held[0].continue_()
    shown_anew(page, 2)
    assert sorted(Paper.objects.values_list("note", flat=True)) == sorted(["第一页", "正面"])


def test_what_is_chosen_and_written_meanwhile_outlasts_the_upload(papers):
    page = papers
    held = hold(page)
    take(page, "户口本.jpg")
    send(page)
    until_held(page, held)
    take(page, "残疾证正面.jpg", "正面")
    held[0].continue_()
    row(page, "户口本.jpg").get_by_text("已上传").wait_for()
    assert page.evaluate("window.isFirstPage") and page.input_value("[name=note]") == "正面"
    assert page.evaluate("document.querySelector('[name=file]').files[0].name") == "残疾证正面.jpg"
    send(page)
    shown_anew(page, 2)


def test_the_same_photo_chosen_twice_stands_there_once(papers, tmp_path):
    page = papers
    photos = []
    for name in ("户口本.jpg", "残疾证正面.jpg"):
        photos.append(tmp_path / name)
        photos[-1].write_bytes(an_upload(size=(60, 40)).read())
    for chosen in (photos[:1], photos):
        with page.expect_file_chooser() as chooser:
            page.locator("[name=file]").click()
        chooser.value.set_files(chosen)
    names = page.locator(".file-chosen li > span")
    assert names.all_inner_texts() == ["户口本.jpg", "残疾证正面.jpg"]
