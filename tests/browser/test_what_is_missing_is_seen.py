"""A report of danger that lacks something, on a small phone with its text doubled: what is missing is said in view."""

import pytest

from tests.browser.acts import enter
from tests.browser.phone import a_child
from tests.builders import a_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SMALL = {"width": 360, "height": 640}
DOUBLED = "document.documentElement.style.fontSize = '200%'"
# in the window, and nothing lies over it
SEEN = """(selector) => {
  const shown = (one) => one.getClientRects().length && one.textContent.trim();
  const message = [...document.querySelectorAll(selector)].find(shown);
  if (!message) return false;
  const box = message.getBoundingClientRect();
  const at = (y) => message.contains(document.elementFromPoint(box.left + box.width / 2, y));
  return box.top >= 0 && box.bottom <= innerHeight && at(box.top + 2) && at(box.bottom - 2);
}"""


def told_in_view(page):
    """Once the page has scrolled there."""
    page.locator(".foot-unsent:visible", has_text="没有送出").wait_for()
    for selector in ("fieldset .field-error span", ".foot-unsent"):
        page.wait_for_function(SEEN, arg=selector)


def test_a_report_without_what_was_seen_says_so_in_view(village, open_page):
    page = open_page("phone", viewport=SMALL)
    enter(page, a_post(village), "/alerts/new/")
    page.fill("[name=child_words]", "男孩，七八岁")
    page.evaluate(DOUBLED)
    page.click(".foot .btn-danger")
    told_in_view(page)
    page.locator("label.situation").first.click()
    page.locator("label.answer:has([name=call])").first.click()
    assert not page.locator(".foot-unsent").count(), "it goes with what was missing"


def test_in_the_app_too(director, phone):
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    page.set_viewport_size(SMALL)
    page.goto(f"/offline/#alert/{child.pk}")
    page.locator("#alert").wait_for()
    page.evaluate(DOUBLED)
    page.click("[data-foot=alert] .btn-danger")
    told_in_view(page)
