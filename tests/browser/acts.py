"""What people do in a browser, in their own words."""

from django.conf import settings
from django.test import Client

from tests.builders import PASSWORD, sign_in

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

ABOVE_THE_FOOT = """() => {
  window.scrollTo(0, document.documentElement.scrollHeight);
  const shown = (el) => el.getBoundingClientRect().height > 0;
  const step = [...document.querySelectorAll('[data-step]')].find(shown);
  const fields = step && [...step.querySelectorAll('input:not([type=hidden]), textarea, select, button')].filter(shown);
  const foot = [...document.querySelectorAll('.foot')].find(shown);
  return fields && foot &&
    fields[fields.length - 1].getBoundingClientRect().bottom <= foot.getBoundingClientRect().top + 1;
}"""


def enter(page, post, path="/"):
    """To ``path``, which is where the day of ``post`` begins unless said, signed in already."""
    let_in(page, post)
    page.goto(path)


def let_in(page, post):
    """Signed in already; the first page is yet to be opened."""
    session = sign_in(Client(), post).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "localhost", "path": "/", "httpOnly": True}]
    )


def enter_by_hand(page, post):
    """Sign in as the person of ``post``: name, password, button."""
    page.goto("/accounts/login/")
    page.fill("[name=username]", post.person.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def choose(page, name, value):
    """Tap one of the big answers."""
    page.locator(f'label.answer:has(input[name="{name}"][value="{value}"])').click()


def answer_care(page):
    """The step of care and living, each with its first answer."""
    for field in ("carer", "care", "living", "attendance", "health", "mood"):
        page.locator(f'label.answer:has(input[name="{field}"])').first.click()


def onward(page):
    """Tap 下一步."""
    page.click(".step-next:visible")


def axe_finds_nothing_serious(page):
    """Accessibility: nothing serious or critical on the page as it stands."""
    serious = serious_findings(page)
    assert not serious, f"{page.url}\n" + "\n".join(serious)


# rules of axe that find nothing but what is moderate or minor
FINDING_NOTHING_SERIOUS = (
    "aria-allowed-role", "aria-deprecated-role", "empty-heading", "empty-table-header", "focus-order-semantics",
    "form-field-multiple-labels", "heading-order", "hidden-content", "html-xml-lang-mismatch", "image-redundant-alt",
    "landmark-banner-is-top-level", "landmark-contentinfo-is-top-level", "landmark-main-is-top-level",
    "landmark-no-duplicate-banner", "landmark-no-duplicate-contentinfo", "landmark-no-duplicate-main",
    "landmark-one-main", "landmark-unique", "meta-viewport", "meta-viewport-large", "no-autoplay-audio",
    "page-has-heading-one", "presentation-role-conflict", "region", "scope-attr-valid", "server-side-image-map",
    "skip-link", "table-duplicate-name",
)  # fmt: skip


# what axe finds is sorted out on the page: all that it says of a page takes longer to hand over than to find
SERIOUS = """async (options) => (await axe.run(options)).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => `${found.id}: ${found.nodes[0].html.slice(0, 160)}`)"""


def serious_findings(page) -> list[str]:
    """What axe finds serious or critical on the page as it stands, in words."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    rules = dict.fromkeys(FINDING_NOTHING_SERIOUS, {"enabled": False})
    # no rule that is asked reads style sheets or media themselves; to parse them first took a third of its time
    return page.evaluate(SERIOUS, {"resultTypes": ["violations"], "rules": rules, "preload": False})


def fits(page):
    """Nothing of the step that is shown sticks out sideways, and its last control can be brought above the foot."""
    page.wait_for_function(ABOVE_THE_FOOT)
    beyond, *out = page.evaluate(STICKS_OUT)
    assert beyond <= 0 and not out, (beyond, out)


def every_step_fits(page, outcome: str):
    """Through the visit form with all that it may ask, then where nobody was met."""
    fits(page)
    onward(page)
    fits(page)
    answer_care(page)
    onward(page)
    choose(page, "hazard", "yes")
    page.locator('label.answer:has(input[name="hazards"])').first.click()
    choose(page, "noticed", "yes")
    fits(page)
    onward(page)
    fits(page)
    for _back in range(3):
        page.click(".step-prev")
    choose(page, "outcome", outcome)
    onward(page)
    fits(page)
