"""A browser in which an earlier version left its service worker shows the pages of this one with their own scripts."""

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

CONTROLLED = """async () => {
  await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((wait) => setTimeout(wait, 20));
}"""


def test_a_page_takes_its_own_script_under_the_worker_of_an_earlier_version(open_page, settings):
    settings.ROOT_URLCONF = "tests.browser.earlier_worker"
    page = open_page("desktop", service_workers="allow")
    page.goto("/accounts/login/")
    page.evaluate(CONTROLLED)
    page.goto("/accounts/login/")
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)"), "the earlier worker answers for this page"
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.dataset.scriptOf") is None
    script = page.evaluate("document.querySelector('script[src$=\"/js/app.js\"]').src")
    assert page.evaluate("(address) => import(address).then((app) => typeof app.translate)", script) == "function"
