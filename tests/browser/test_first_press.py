"""The first press on a button does what the button says, whatever leaving the last field changes on the page."""

import datetime

import pytest
from django.utils import timezone

from tests.browser.acts import enter
from tests.builders import a_post, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def stay_page(here, open_page):
    """The form of a stay, filled in all but for the phone, which stands above the button."""
    file = an_approved_file(here, on=timezone.localdate() - datetime.timedelta(days=60))
    page = open_page("desktop")
    enter(page, a_post(here.township))
    page.set_viewport_size({"width": 1366, "height": 1600})  # all of it: nothing scrolls to make up for what moves
    page.goto(f"/children/{file.pk}/stay/")
    page.expected.append("422")
    return page


SEND = "#act .cluster .btn-primary"


def press_slowly(page, selector, *, at: float):
    """As a hand does: down, a moment, up at the same point of the screen; ``at``: how far down the button, 0 to 1."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + at * box["height"])
    page.mouse.down()
    page.wait_for_timeout(120)
    page.mouse.up()


def write_phone(page, number):
    """Key by key: the browser itself says that the field changed, when it is left."""
    page.locator("[name=host_phone]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(number)


def test_a_message_that_goes_on_leaving_the_field_does_not_move_the_button(stay_page):
    page = stay_page
    write_phone(page, "139")
    page.locator("[name=host_name]").focus()
    write_phone(page, "13800001234")
    press_slowly(page, SEND, at=0.9)
    page.get_by_text("请填写").first.wait_for()  # the press was heard: the day and the reason are asked for


def test_a_message_that_comes_on_leaving_the_field_does_not_move_the_button(stay_page):
    page = stay_page
    write_phone(page, "13800001234")
    page.locator("[name=host_name]").focus()
    write_phone(page, "139")
    press_slowly(page, SEND, at=0.1)
    page.get_by_text("少 8 位").first.wait_for()
    page.get_by_text("请填写").first.wait_for()  # the press was heard


def test_the_message_is_there_once_the_button_is_let_go(stay_page):
    page = stay_page
    write_phone(page, "139")
    page.mouse.click(5, 300)
    page.get_by_text("少 8 位").first.wait_for()
