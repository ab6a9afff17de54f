"""What a page that came back refused says of other tabs' drafts: it shows what was sent, and nothing was altered."""

import pytest

from registry.changes.services import approve_change
from tests.browser.acts import enter
from tests.browser.test_drafts import BROUGHT_BACK, OFFERED, OTHER_PAGE, SEND_AS_IT_IS, a_form, write
from tests.builders import a_change, a_post, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BESIDE = "text=在这里写过、没有送出的内容还在。“"


@pytest.fixture
def child(director):
    return an_approved_file(director.unit, by=director, address="二组")


@pytest.fixture
def path(child):
    return f"/children/{child.pk}/change/"


@pytest.fixture
def tabs(director, open_page):
    page = open_page("desktop")
    enter(page, director)
    return [page, page.context.new_page()]


def send_in_vain(tab):
    """Without the name that the file needs."""
    tab.expected.append("422")
    tab.evaluate(SEND_AS_IT_IS)
    tab.locator("form .field-error:has-text('请填写姓名')").first.wait_for(state="attached")


def test_a_refused_page_does_not_say_that_what_another_tab_wrote_in_was_altered_or_sent(tabs, path):
    for tab in tabs:
        a_form(tab, path)
    write(tabs[1], "address", "第二个窗口")
    tabs[0].fill("[name=name]", "")
    write(tabs[0], "address", "第一个窗口")
    send_in_vain(tabs[0])
    tabs[0].locator(BESIDE).wait_for()
    assert tabs[0].locator(OFFERED).count() == 0
    assert tabs[0].input_value("[name=address]") == "第一个窗口"


def test_nor_where_what_was_sent_in_vain_had_come_back_by_itself(tabs, path):
    for tab in tabs:
        a_form(tab, path)
    write(tabs[1], "address", "第二个窗口")
    tabs[0].fill("[name=name]", "")
    write(tabs[0], "address", "第一个窗口")
    for tab in tabs:
        tab.goto(OTHER_PAGE)
    a_form(tabs[0], path)
    tabs[0].locator(BROUGHT_BACK).wait_for()
    send_in_vain(tabs[0])
    tabs[0].locator(BESIDE).wait_for()
    assert tabs[0].locator(OFFERED).count() == 0


def test_what_a_colleague_altered_in_between_is_still_told_on_a_refused_page(tabs, path, child):
    a_form(tabs[1], path)
    write(tabs[1], "address", "第二个窗口")
    change = a_change(child, by=a_post(child.village), address="九组 99 号")
    approve_change(change, by=a_post(child.township), seen_version=1)
    a_form(tabs[0], path)
    tabs[0].locator(OFFERED).wait_for()
    tabs[0].fill("[name=name]", "")
    write(tabs[0], "address", "第一个窗口")
    send_in_vain(tabs[0])
    tabs[0].locator(OFFERED).wait_for()
    assert tabs[0].locator(BESIDE).count() == 0
