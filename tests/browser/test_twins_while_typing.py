"""On the form of a new file: a child that is on file already is named while it is typed; without a network nothing is
said, and the server asks when the form is sent."""

import datetime

import pytest

from tests.browser.acts import enter
from tests.builders import a_post, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_child_on_file_is_named_while_it_is_typed(here, open_page):
    file = an_approved_file(here, name="欧阳雨桐", id_number="", birth_date=datetime.date(2018, 5, 6))
    page = open_page("desktop")
    page.expected += ["htmx:(sendAbort|sendError|afterRequest)", "ERR_FAILED"]  # what htmx writes of the network
    enter(page, a_post(here), "/children/new/")
    page.fill("#id_name", "欧阳雨童")
    page.fill("#id_birth_date", "2018-05-06")
    page.press("#id_birth_date", "Tab")
    named = page.locator(f'[data-quiet] a[href="/children/{file.pk}/"]')
    named.wait_for()
    assert "姓名同音" in page.inner_text("[data-quiet]")
    page.route("**/children/twins/", lambda route: route.abort())
    page.fill("#id_name", "欧阳雨")
    with page.expect_event("requestfailed"):
        page.press("#id_name", "Tab")
    page.wait_for_timeout(200)
    assert page.locator(".toast").count() == 0, "what was asked unbidden fails without a word"
