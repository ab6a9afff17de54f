"""A clerk clears her queue without touching the mouse, in a long run fifty; on a phone with the same buttons."""

import re

import pytest

from registry.changes.models import Change
from registry.child.models import ChildFile
from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.builders import a_change, a_post, a_village, an_approved_file
from tests.depth import examples

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

VALUES = {
    "address": "五组3号", "grade": "三年级", "school": "高村小学", "guardian_phone": "13811112222",
    "father_away_at": "江苏苏州",
}  # fmt: skip


def a_station(children: int):
    """Five changes of each child wait."""
    village = a_village()
    director, clerk = a_post(village), a_post(village.township)
    for number in range(children):
        file = an_approved_file(village, by=director, clerk=clerk, name=f"张小{'一二三四五六七八九十'[number]}")
        for name, value in VALUES.items():
            a_change(file, by=director, **{name: value})
    return clerk


def waiting(page, left: int):
    """The queue counts ``left``; on a phone it stands behind the case."""
    page.locator(".queue-head h1", has_text=re.compile(rf"待审核 {left}\b")).wait_for(state="attached")


def decide(page, key: str, left: int):
    """Press a key once the page listens, and wait for the queue to have ``left`` cases."""
    page.wait_for_load_state("domcontentloaded")
    page.keyboard.press(key)
    if left:
        waiting(page, left)
    else:
        page.get_by_text("没有等着审核的").wait_for()


@pytest.mark.parametrize(("device", "children"), [("desktop", examples(10)), ("phone", 2)])
def test_a_queue_of_changes_is_cleared_by_keyboard(open_page, device, children):
    page, changes = open_page(device), 5 * children
    enter(page, a_station(children), "/review/")
    if device == "phone":
        page.locator(".queue a").first.click()
        page.wait_for_url(re.compile("/review/change/"))
    axe_finds_nothing_serious(page)
    before = page.url
    if device == "desktop":
        page.keyboard.press("j")
        page.wait_for_url(lambda url: url != before)
        page.keyboard.press("k")
        page.wait_for_url(re.compile("/review/change/"))

    decide(page, "a", changes - 1)  # approved, taken back, approved again
    page.keyboard.press("u")
    page.get_by_text("已撤销").wait_for()
    assert Change.objects.filter(state="submitted").count() == changes
    decide(page, "a", changes - 1)

    page.keyboard.press("r")  # returned with a reason
    page.locator(".layer .pill").first.click()
    page.get_by_role("button", name="退回", exact=True).last.click()
    waiting(page, changes - 2)

    for left in range(changes - 3, -1, -1):
        decide(page, "a", left)
    assert Change.objects.filter(state="returned").count() == 1
    assert Change.objects.filter(state="decided").count() == changes - 1
    assert ChildFile.objects.filter(address="五组3号").count() >= children - 1


def test_the_buttons_stay_within_the_window_after_a_decision(open_page):
    """What was done and how to take it back stand above the desk; what decides the next case stays below it."""
    page = open_page("desktop")
    enter(page, a_station(children=2), "/review/")
    decide(page, "a", 9)
    page.locator(".undo-bar").wait_for()
    assert beyond_the_window(page) == []
    page.keyboard.press("u")  # now a message instead of the bar
    page.get_by_text("已撤销").wait_for()
    assert beyond_the_window(page) == []


def beyond_the_window(page) -> list[str]:
    """The buttons of the case that nobody reaches: the desk does not scroll as a whole."""
    return page.evaluate(
        """() => [...document.querySelectorAll('#decide button')]
          .filter((button) => button.getBoundingClientRect().bottom > window.innerHeight)
          .map((button) => button.textContent.trim())"""
    )
