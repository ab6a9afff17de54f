"""How many left-behind children were not visited this month, and who: two clicks for the county and for the city."""

import datetime
import re

import pytest
from django.utils import timezone

from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.builders import a_post, a_village, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize("tier, device", [("county", "desktop"), ("city", "desktop"), ("county", "phone")])
def test_two_clicks_to_who_was_not_visited(open_page, tier, device):
    village = a_village()
    officer, director = a_post(village.county), a_post(village)
    for person, phone in ((officer.person, "0371-5550 0002"), (director.person, "0371-5550 1177")):
        person.phone = phone
        person.save()
    file = an_approved_file(village, name="孟子轩", on=timezone.localdate() - datetime.timedelta(days=200), by=director)
    page = open_page(device)
    enter(page, a_post(getattr(village, tier)), f"/figures/{village.county.uid}/")
    page.locator(".page-head").get_by_role("link", name="交叉查数").click()
    page.wait_for_url(re.compile("/cross/"))
    page.locator("tbody tr", has_text="留守儿童").get_by_role("link", name=re.compile("未走访 1")).click()
    page.wait_for_url(re.compile("cells="))
    people = page.locator("#chosen")
    people.wait_for()
    said = people.inner_text()
    assert "留守儿童 · 未走访 1 人" in re.sub(r"\s+", " ", said) and "逾期" in said
    call = people.locator("a[href^='tel:']")
    if tier == "city":
        assert "孟**" in said and "孟子轩" not in said and call.inner_text() == "0371-5550 0002"
        assert not people.locator(f"a[href*='{file.pk}']").count()
    else:
        assert "孟子轩" in said and call.inner_text() == "0371-5550 1177"
    axe_finds_nothing_serious(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.getElementById('chosen').getBoundingClientRect().top < window.innerHeight / 2")
