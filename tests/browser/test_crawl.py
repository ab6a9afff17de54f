"""Every kind of page that each role comes to by links, as a browser shows it at a low desk and on a small phone.

What looks the same is looked at once: a page of one address name that is made of nothing but what was seen there
already, whoever came to it in this run, is not loaded again.
"""

import hashlib
import os
from pathlib import Path

import pytest
from django.test import Client

from tests.browser.acts import enter, serious_findings
from tests.builders import a_post, sign_in
from tests.crawl import crawl, kind_of, typeset_nothing
from tests.roles import ROLES, unit_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.exhaustive]

PAGES_OF_A_KIND = 2  # a browser takes a second a page
AXE_LOOKS_AT = {"village_director": "phone"}  # who else works, works at a desk
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
    screen_of_axe = AXE_LOOKS_AT.get(role, "desk")
    found = [(path, shown) for path, _came, _got, shown in crawl(client, of_a_kind=PAGES_OF_A_KIND) if shown]
    home, *others = found
    ways = [home[0], *(path for path, shown in others if is_new(screen_of_axe, path, shown.looks()))]
    page = open_page("desktop")
    enter(page, post)
    wrong = []
    for way in ways:
        page.set_viewport_size(SCREENS["desk"])
        page.goto(way, wait_until="load")
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            seen = page.evaluate(OUT_OF_REACH)
            if screen == screen_of_axe:
                seen += serious_findings(page)
            wrong += [f"{screen} {way}: {what}" for what in seen]
    assert len(found) > 3 and not wrong, "\n".join(wrong)


def is_new(screen: str, path: str, looks: set[str]) -> bool:
    """Whether the page is made of something that no test of this run, in whichever worker, has looked at under its
    address name. From now on it counts as looked at."""
    folder = Path(os.environ["CWR_HOME"], "looked_at")
    folder.mkdir(exist_ok=True)
    name, _keys = kind_of(path)
    new = 0
    for look in looks:
        file = folder / hashlib.sha256(f"{screen} {name} {look}".encode()).hexdigest()
        try:
            file.touch(exist_ok=False)  # two workers at once: one of them
            new += 1
        except FileExistsError:
            pass
    return new > 0
