"""The browser's Back to a page that answered a form: the form itself, and never that something was not sent."""

import re

import pytest

from tests.browser.phone import a_child
from visits.alerts.models import Alert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SEND = "document.querySelector('form#alert').submit()"  # past the scripts that would stop it


def a_refused_form(page):
    page.goto("/alerts/new/")
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
    page.goto("/children/")
    front.stop()
    page.go_back()
    page.wait_for_url(re.compile("/offline/"))
    assert "not-sent" not in page.url and page.url.endswith("no-page")
    assert not Alert.objects.exists()
