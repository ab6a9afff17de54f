"""At 1366 × 768 the buttons of two files that look like one child are on the screen without scrolling."""

import datetime

import pytest

from tests.browser.acts import enter
from tests.builders import a_post, a_submitted_file, a_village, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SAME = {"name": "欧阳雨桐", "id_number": "", "birth_date": datetime.date(2018, 5, 6)}


def test_the_buttons_of_a_pair_are_above_the_fold(here, open_page):
    an_approved_file(here, **SAME)
    again = a_submitted_file(a_village(here.township), **SAME)
    page = open_page("desktop")
    enter(page, a_post(here.township))
    for address in (f"/children/{again.pk}/twins/", f"/review/file/{again.pk}/"):
        page.goto(address)
        button = page.get_by_role("button", name="不是同一个孩子", exact=True)
        button.wait_for()
        box, foot = button.bounding_box(), page.locator(".desk-foot, .decision-bar").first
        lowest = foot.bounding_box()["y"] if foot.count() else 768
        assert box["y"] + box["height"] < min(lowest, 768), address
