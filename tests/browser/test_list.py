"""The list of files in a browser: a short address, a saved list, drafts ticked and submitted."""

import pytest

from registry.child.models import ChildFile
from registry.lists.models import SavedView
from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.builders import a_file, a_post, a_village

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_narrow_save_and_open_again(open_page):
    village = a_village()
    a_file(village, name="张子涵", risk="high")
    a_file(village, name="刘雨欣")
    page = open_page("desktop")
    enter(page, a_post(village.township), "/children/")
    page.select_option("#f-risk", "high")
    page.click(".list-form .filters .btn-primary")
    page.wait_for_url("**/children/?risk=high")
    assert "张子涵" in page.inner_text("table") and "刘雨欣" not in page.inner_text("table")
    page.click(".list-save > summary")
    axe_finds_nothing_serious(page)
    page.fill("#v-name", "高风险")
    page.click(".list-save-box button")
    page.get_by_text("已存为").wait_for()
    assert SavedView.objects.get().query == "risk=high"
    page.goto("/children/")
    page.click(".list-views a")
    page.wait_for_url("**/children/?risk=high")
    page.click(".list-chips .pill")
    page.wait_for_url("**/children/?")
    assert "刘雨欣" in page.inner_text("table")


def test_tick_and_submit_on_a_phone(open_page):
    village = a_village()
    director = a_post(village)
    for name in ("张子涵", "刘雨欣", "李小燕"):
        a_file(village, by=director, name=name)
    page = open_page("phone")
    enter(page, director, "/children/")
    button = page.locator("[data-tick-button]")
    assert button.is_disabled()
    page.check("[data-tick-all] input")
    assert "3 份" in button.inner_text()
    page.locator("[name=file]").first.uncheck()
    assert "2 份" in button.inner_text()
    axe_finds_nothing_serious(page)
    button.click()
    page.get_by_text("把这 2 份草稿送到工作站？").first.wait_for()
    axe_finds_nothing_serious(page)
    page.click(".list-bulk .btn-primary")
    page.get_by_text("已送出 2 份").wait_for()
    assert ChildFile.objects.filter(state="submitted").count() == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_on_a_phone_the_first_child_stands_on_the_first_screen(open_page, scripts):
    village = a_village()
    director = a_post(village)
    a_file(village, name="张子涵", risk="high")
    page = open_page("phone", java_script_enabled=scripts)
    enter(page, director, "/children/?risk=high")
    box, nav = page.locator("table tbody tr").first.bounding_box(), page.locator(".phonenav").bounding_box()
    assert box["y"] + box["height"] / 2 < nav["y"]
    fold = page.locator(".filters-fold > summary")
    assert "1" in fold.inner_text()
    assert page.locator("#f-q").is_visible() and page.locator(".list-chips .pill").is_visible()
    assert not page.locator("#f-risk").is_visible()
    fold.click()
    page.select_option("#f-risk", "")
    page.click(".list-form .btn-primary")
    page.wait_for_url(lambda url: "risk=high" not in url)
    assert not page.locator(".list-chips .pill").count()


def test_on_a_desktop_the_filters_stand_open(open_page):
    village = a_village()
    page = open_page("desktop")
    enter(page, a_post(village), "/children/")
    assert page.locator("#f-risk").is_visible() and not page.locator(".filters-fold > summary").is_visible()
