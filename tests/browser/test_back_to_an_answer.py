"""The browser's Back to a page that answered a form: the form itself, and never that something was not sent."""

import re

import pytest

from tests.browser.acts import choose, enter_by_hand
from tests.browser.phone import a_child
from visits.alerts.models import Alert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORDS = "村东头穿红棉袄的小女孩"
SEND = "document.querySelector('form#alert').submit()"  # past the scripts that would stop it


def a_refused_form(page):
    page.goto("/alerts/new/")
    page.fill("[name=child_words]", WORDS)
    with page.expect_navigation():
        page.evaluate(SEND)
    page.locator("form#alert .field-error").first.wait_for()


def test_back_leads_to_the_form_or_without_a_network_says_only_that(director, phone, front):
    a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto("/")
    page.wait_for_function("Boolean(navigator.serviceWorker.controller)")
    a_refused_form(page)
    page.goto("/children/")
    page.go_back()
    assert re.search("/alerts/new/$", page.url)
    page.locator("form#alert .btn-danger, .foot .btn-danger").first.wait_for()
    assert "没有收到答复" not in page.inner_text("body")
    assert page.input_value("[name=child_words]") == WORDS
    page.goto("/children/")
    front.stop()
    page.go_back()
    page.wait_for_url(re.compile("/offline/"))
    assert "not-sent" not in page.url and page.url.endswith("no-page")
    assert not Alert.objects.exists()


def test_a_report_of_danger_is_not_swallowed_by_a_session_that_ended_elsewhere(director, open_page, settings):
    """Signed out from another device while she writes: after signing in again all of it stands there, still unsent."""
    a_child(director)
    page = open_page("phone")
    enter_by_hand(page, director)
    page.goto("/alerts/new/")
    page.fill("[name=child_words]", WORDS)
    page.wait_for_timeout(800)  # it is kept by then
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with page.expect_navigation():
        page.evaluate(SEND)
    assert "/accounts/login/" in page.url
    enter_by_hand(page, director)
    page.goto("/alerts/new/")
    page.locator("form#alert > .hint button").wait_for()  # what was brought back can be dropped
    assert page.input_value("[name=child_words]") == WORDS and not Alert.objects.exists()


def test_what_was_reported_is_no_draft_any_more(director, open_page):
    child = a_child(director)
    page = open_page("phone")
    enter_by_hand(page, director)
    page.goto(f"/alerts/new/?child={child.pk}")
    page.locator("label.situation").first.click()
    choose(page, "call", "busy")
    page.wait_for_timeout(800)  # it is kept by then
    page.click("button.btn-danger:visible")
    page.wait_for_url(re.compile("/alerts/[0-9a-f-]{36}/"))
    page.goto(f"/alerts/new/?child={child.pk}")
    assert not page.locator("label.situation input:checked").count()
    assert Alert.objects.count() == 1
