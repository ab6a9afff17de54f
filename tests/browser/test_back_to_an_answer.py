"""The browser's Back to a page that answered a form: the form itself, and never that something was not sent."""

import re
import time

import pytest

from orgs.drafts.models import FormDraft
from tests.browser.acts import choose, enter_by_hand
from tests.browser.phone import a_child
from tests.builders import an_approved_file
from visits.alerts.models import Alert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORDS = "村东头穿红棉袄的小女孩"
WRITE_AND_SEND = """([name, words]) => {
  const field = document.querySelector(`form[data-draft] [name=${name}]`);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.form.requestSubmit();
}"""  # in one moment: no hand is as quick, and no pause lies between
SEND = "document.querySelector('form#alert').submit()"  # past the scripts that would stop it


def wait_until(holds):
    for _try in range(50):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited 5 s")


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
    page.locator("label.situation").first.click()
    choose(page, "call", "busy")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.evaluate(WRITE_AND_SEND, ["child_words", WORDS])
    page.wait_for_url(re.compile("/accounts/login/"))
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


def test_what_was_written_just_before_sending_is_in_the_draft_until_the_server_took_it(director, open_page):
    """Refused, it is kept as it came back, here and on the server; taken, no late copy of it stays."""
    child = an_approved_file(director.unit, by=director)
    page = open_page("phone")
    enter_by_hand(page, director)
    page.goto(f"/children/{child.pk}/change/")
    page.evaluate(WRITE_AND_SEND, ["address", "长" * 200])
    page.locator("#register .field-bad").first.wait_for(state="attached")
    wait_until(lambda: FormDraft.objects.exists() and "长" * 200 in FormDraft.objects.get().body)
    page.goto("/today/")
    page.goto(f"/children/{child.pk}/change/")
    page.locator("#register > .hint button").wait_for()
    assert page.input_value("[name=address]") == "长" * 200
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/drafts/")):
        page.evaluate(WRITE_AND_SEND, ["address", "五组 3 号"])
    page.wait_for_url(lambda url: "/change/" not in url)
    wait_until(lambda: not FormDraft.objects.exists())
    page.wait_for_timeout(500)
    assert not FormDraft.objects.exists()
    page.goto(f"/children/{child.pk}/change/")
    assert page.locator("#register > .hint button").count() == 0
