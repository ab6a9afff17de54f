"""What people do in a browser, in their own words."""

from tests.builders import PASSWORD

STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  const shown = [...document.querySelectorAll('main :is(button, input, select, textarea, label), .foot button')]
    .filter((el) => el.offsetParent && el.type !== 'hidden');
  const out = shown.filter((el) => {
    const box = el.getBoundingClientRect();
    return box.width && (box.left < -1 || box.right > wide + 1);
  });
  return [document.documentElement.scrollWidth - wide, ...out.map((el) => el.outerHTML.slice(0, 120))];
}"""


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


def fits(page):
    """Nothing of the step that is shown sticks out sideways, and its last control can be brought above the foot."""
    beyond, *out = page.evaluate(STICKS_OUT)
    assert beyond <= 0 and not out, (beyond, out)
    last = page.locator("[data-step].step-now :is(input, textarea, select, button):visible").last
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    box, foot = last.bounding_box(), page.locator(".foot:visible").bounding_box()
    assert box["y"] + box["height"] <= foot["y"] + 1, "the foot hides no control"
