"""What makes a phone offer to install the app: asked of Chromium itself, and of the answers that it reads."""

import pytest

from tests.builders import a_post, a_village

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_phone_may_install_it_and_starts_it_without_a_network(phone, front):
    phone.set_up(a_post(a_village()))
    asked = phone.context.new_cdp_session(phone.page)
    manifest = asked.send("Page.getAppManifest")
    assert manifest["errors"] == [] and manifest["url"].endswith("/manifest.webmanifest")
    errors = asked.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] == []
    about = phone.page.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.json())")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in about["icons"]}
    assert about["display"] == "standalone" and about["name"] and len(about["short_name"]) <= 12
    scope = phone.page.evaluate("navigator.serviceWorker.ready.then((worker) => new URL(worker.scope).pathname)")
    assert scope == about["scope"] == "/"
    front.stop()
    asked.send("Network.clearBrowserCache")  # each module comes from the worker, or not at all
    phone.page.goto(about["start_url"])
    phone.page.locator("main [data-screen=today]:visible").first.wait_for()
    assert (
        phone.page.locator('meta[name="viewport"]').count()
        == phone.page.locator('meta[name="theme-color"]').count()
        == 1
    )
