"""Text at 200 % on a small phone: nothing sticks out sideways, the bars leave the page its room, titles are whole."""

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.acts import enter
from tests.browser.phone import a_child
from tests.builders import PASSWORD, a_post, a_visit
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BARS = """() => [...document.querySelectorAll('.topbar, .foot, .phonenav')]
  .reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0)"""
LARGE_FROM_THE_START = """document.addEventListener("readystatechange", () => {
  document.documentElement.style.fontSize = "200%";
})"""
CUT = """() => [...document.querySelectorAll('.bar-title, h1, h2, .phonenav a, .call b')]
  .filter((title) => title.getClientRects().length && title.scrollWidth > title.clientWidth + 1)
  .filter((title) => !title.closest('.page-head-wide'))
  .map((title) => title.textContent.trim())"""


@pytest.mark.parametrize(
    "tier, pages",
    [
        ("village", ["/children/", "/children/new/", "/alerts/new/"]),
        ("township", ["/visits/phones/", "/review/", "/workbench/"]),
    ],
)
def test_enlarged_text_leaves_the_page_its_room(village, open_page, tier, pages):
    director = a_post(village)
    a_child(director)
    page = open_page("phone", viewport={"width": 360, "height": 640})
    enter(page, director if tier == "village" else a_post(village.township))
    for path in pages:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.evaluate(BARS) <= 640 * 0.4, path
        assert not page.evaluate(CUT), path
    page.context.add_cookies([page.context.cookies()[0] | {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en"}])
    for path in pages:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{path} in English"


def test_the_first_child_and_what_is_to_be_gone_on_with_stand_on_the_first_screen(village, open_page):
    """What came back says who in a line, and unfolds; at the usual size it is never folded."""
    director, clerk = a_post(village), a_post(village.township)
    for name in ("张子涵", "李明轩", "赵梦琪"):
        visit = a_visit(a_child(director, name), by=director)
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="照看人电话没写，请补上")
    page = open_page("phone", viewport={"width": 360, "height": 640})
    enter(page, director, "/today/")
    assert page.locator(".lines li").first.is_visible() and not page.locator(".lines summary").is_visible()
    page.add_init_script(LARGE_FROM_THE_START)
    page.goto("/today/")
    page.locator(".lines:not([open])").wait_for()
    assert "接着办 3" in page.inner_text(".lines summary") and "张子涵" in page.inner_text(".lines summary")
    name, nav = (page.locator(each).first.bounding_box() for each in ("article.child .child-name", ".phonenav"))
    assert name["y"] + name["height"] <= nav["y"]
    page.click(".lines summary")
    line = page.locator(".lines .line-text").first
    assert line.bounding_box()["width"] > 200, "its reason is not cut to the name"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_button_that_signs_out_elsewhere_stays_in_one_line(village, open_page):
    director = a_post(village)
    agent = "Mozilla/5.0 (Linux; Android 10; HMA-AL00) AppleWebKit/537.36 HuaweiBrowser/15 Mobile"
    elsewhere = Client(headers={"User-Agent": agent})
    elsewhere.post("/accounts/login/", {"username": director.person.username, "password": PASSWORD})
    page = open_page("phone", viewport={"width": 360, "height": 640})
    enter(page, director, "/accounts/mine/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    button = page.locator("button:has-text('退出这一处')").first
    assert button.evaluate("(one) => one.clientWidth > one.clientHeight") and button.bounding_box()["width"] < 340
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
