"""The workbench, the search box and the menu as a clerk meets them: by mouse, by keyboard, on a phone."""

import datetime
import re

import pytest
from django.utils import timezone

from reports.rollup.services import roll_up
from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.builders import a_change, a_finding, a_post, a_submitted_file, a_village, an_alert, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def clerk():
    """A station where an urgent report, a change, a file and a finding wait."""
    village = a_village()
    file = an_approved_file(village, name="赵梦琪")
    a_change(file, address="五组")
    a_finding(file)
    a_submitted_file(village, name="郑宇航")
    an_alert(village, file=file)
    roll_up(village.county_id, f"{timezone.localdate():%Y-%m}")
    return a_post(village.township)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_one_button_of_each_line_leads_to_the_very_place(open_page, clerk, device):
    page = open_page(device)
    enter(page, clerk)
    page.wait_for_url(re.compile("/workbench/"))
    axe_finds_nothing_serious(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    line = page.locator(".waits > li", has_text="郑宇航")
    line.get_by_role("link").click()
    page.wait_for_url(re.compile("/review/file/"))
    assert "郑宇航" in page.inner_text("main")


def test_a_link_among_words_is_told_by_more_than_its_colour(open_page, clerk):
    """What the county's units lack: one of the words leads on, the other not."""
    village = a_village(clerk.unit)
    an_approved_file(village, on=timezone.localdate() - datetime.timedelta(days=60))
    roll_up(village.county_id, f"{timezone.localdate():%Y-%m}")
    page = open_page("desktop")
    enter(page, a_post(village.county))
    link = page.locator(".lack a").first
    link.wait_for()
    assert "underline" in link.evaluate("link => getComputedStyle(link).textDecorationLine")
    axe_finds_nothing_serious(page)


def test_ctrl_k_finds_a_child_by_keyboard_alone(open_page, clerk):
    page = open_page("desktop")
    enter(page, clerk)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    page.locator("#search-box").wait_for()
    page.keyboard.type("赵梦")
    page.locator("#search-results a.hit", has_text="赵梦琪").wait_for()
    axe_finds_nothing_serious(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/children/"))
    assert "赵梦琪" in page.inner_text("main")


def test_the_box_closes_by_escape_and_gives_the_focus_back(open_page, clerk):
    page = open_page("desktop")
    enter(page, clerk)
    page.wait_for_load_state("networkidle")
    opener = page.locator("[data-search-opener]")
    opener.focus()
    page.keyboard.press("Enter")
    page.locator("#search-box").wait_for()
    page.keyboard.press("Escape")
    page.locator("#search-box").wait_for(state="hidden")
    assert opener.evaluate("link => link === document.activeElement")


def test_the_group_one_opened_is_open_on_the_next_page_and_the_others_are_not(open_page, clerk):
    page = open_page("desktop")
    enter(page, clerk)
    page.wait_for_load_state("networkidle")
    page.locator('[data-nav-group="files"] > summary').click()
    page.locator('[data-nav-group="files"] a', has_text="档案变更").wait_for()
    page.goto("/review/")
    page.wait_for_load_state("networkidle")
    assert page.locator('[data-nav-group="files"]').evaluate("group => group.open")
    axe_finds_nothing_serious(page)


def test_on_the_rail_a_group_flies_out_and_escape_takes_it_back(open_page, clerk):
    page = open_page("desktop")
    enter(page, clerk, "/figures/")
    page.wait_for_load_state("networkidle")
    summary = page.locator('[data-nav-group="files"] > summary')
    summary.click()
    entry = page.locator('[data-nav-group="files"] a', has_text="档案变更")
    entry.wait_for()
    axe_finds_nothing_serious(page)
    page.keyboard.press("Escape")
    entry.wait_for(state="hidden")
    assert summary.evaluate("line => line === document.activeElement")
