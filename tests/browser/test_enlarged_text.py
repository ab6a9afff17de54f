"""Text at 200 % on a small phone: nothing sticks out sideways, the bars leave the page its room, titles are whole."""

import pytest
from django.test import Client

from tests.browser.acts import enter
from tests.browser.phone import a_child
from tests.builders import PASSWORD, a_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BARS = """() => [...document.querySelectorAll('.topbar, .foot, .phonenav')]
  .reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0)"""
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


def test_the_button_that_signs_out_elsewhere_stays_in_one_line(village, open_page):
    director = a_post(village)
    agent = "Mozilla/5.0 (Linux; Android 10; HMA-AL00) AppleWebKit/537.36 HuaweiBrowser/15 Mobile"
    elsewhere = Client(headers={"User-Agent": agent})
    elsewhere.post("/accounts/login/", {"username": director.person.username, "password": PASSWORD})
    page = open_page("phone", viewport={"width": 360, "height": 640})
    enter(page, director)
    page.goto("/accounts/mine/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    button = page.locator("button:has-text('退出这一处')").first
    assert button.evaluate("(one) => one.clientWidth > one.clientHeight") and button.bounding_box()["width"] < 340
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
