"""What people do in a browser, in their own words."""

from tests.builders import PASSWORD


def enter(page, post):
    """Sign in as the person of ``post``."""
    page.goto("/accounts/login/")
    page.fill("[name=username]", post.person.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def choose(page, name, value):
    """Tap one of the big answers."""
    page.locator(f'label.answer:has(input[name="{name}"][value="{value}"])').click()


def onward(page):
    """Tap 下一步."""
    page.click(".step-next:visible")


def axe_finds_nothing_serious(page):
    """Accessibility: nothing serious or critical on the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, f"{page.url}\n" + "\n".join(serious)
