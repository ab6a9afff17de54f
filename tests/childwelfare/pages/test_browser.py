"""The two screens of the tests are what they say, and a fault on a page fails its test."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_phone_is_narrow_and_has_touch(phone):
    phone.goto("/healthz")
    assert phone.evaluate("[screen.width, navigator.maxTouchPoints > 0, navigator.language]") == [390, True, "zh-CN"]


def test_the_desktop_is_an_office_screen(desktop):
    desktop.goto("/healthz")
    assert desktop.evaluate("innerWidth") == 1366


def test_errors_are_noticed_and_meant_ones_are_not(open_page, faults):
    page = open_page("desktop")
    page.goto("/healthz")
    page.evaluate("console.error('meant: 409')")
    page.evaluate("setTimeout(() => { throw new Error('a slip') })")
    page.evaluate("fetch('https://example.invalid/').catch(() => {})")
    page.wait_for_timeout(300)
    found = "\n".join(faults)
    assert "console: meant: 409" in found and "exception: a slip" in found and "Content Security Policy" in found
    faults.clear()
    page.expected.append("meant")
    page.evaluate("console.error('meant: 409')")
    assert not faults
