"""Every kind of page that each role comes to by links, as a browser shows it at a low desk and on a small phone."""

import re

import pytest
from django.test import Client

from tests.browser.acts import enter, serious_findings
from tests.builders import a_post, sign_in
from tests.crawl import crawl, kind_of, typeset_nothing
from tests.roles import ROLES, unit_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.exhaustive]

PAGES_OF_A_KIND = 2  # a browser takes a second a page
SCREENS = {"desk": {"width": 1366, "height": 650}, "phone": {"width": 360, "height": 640}}
# what nobody can press: each is brought into the window first, as a reader scrolls to it
OUT_OF_REACH = """() => {
  const wide = document.documentElement.clientWidth, high = window.innerHeight;
  const named = (el) => (el.innerText || el.getAttribute('aria-label') || el.outerHTML).trim().slice(0, 60);
  const controls = [...document.querySelectorAll('button, a.btn, input[type=submit], summary, .foot a')];
  const wrong = [];
  for (const el of controls.filter((one) => one.checkVisibility({ visibilityProperty: true }))) {
    if (el.closest('.sr-only, [inert]')) continue;
    el.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = el.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, high / 2)];
    const top = document.elementFromPoint(x, y);
    const within = x >= 0 && x <= wide && y >= 0 && y <= high;
    if (!within) wrong.push(`outside: ${named(el)} at ${Math.round(x)}, ${Math.round(y)}`);
    else if (!top || !(el.contains(top) || top.contains(el))) {
      wrong.push(`covered: ${named(el)} by ${top && top.outerHTML.slice(0, 80)}`);
    }
  }
  window.scrollTo(0, 0);
  const beyond = document.documentElement.scrollWidth - wide;
  if (beyond > 0) wrong.push(`${beyond} px sideways`);
  return wrong;
}"""


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_sound(open_page, monkeypatch, busy_village, role):
    typeset_nothing(monkeypatch)
    post = a_post(unit_of(role, busy_village), role)
    client = Client()
    sign_in(client, post)
    ways = [path for path, _came, got, page in crawl(client, of_a_kind=PAGES_OF_A_KIND) if page is not None]
    page = open_page("desktop")
    page.route(re.compile(r"\.(woff2?|ttf|png|jpe?g|webp)(\?|$)|/thumbnail/"), lambda route: route.abort())
    page.expected.append("net::ERR_FAILED")
    enter(page, post)
    wrong, looked_at = [], set()
    for way in ways:
        page.set_viewport_size(SCREENS["desk"])
        page.goto(way, wait_until="load")
        first = kind_of(way) not in looked_at
        looked_at.add(kind_of(way))
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            found = page.evaluate(OUT_OF_REACH)
            if first and screen == ("phone" if role == "village_director" else "desk"):
                found += serious_findings(page)
            wrong += [f"{screen} {way}: {what}" for what in found]
    assert not wrong, "\n".join(wrong)
