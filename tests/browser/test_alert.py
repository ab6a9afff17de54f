"""A director reports danger on her phone; the station signs and acts, the county closes: in real browsers."""

import re

import pytest

from tests.browser.acts import axe_finds_nothing_serious, choose, enter
from tests.builders import a_post, a_village, an_approved_file
from visits.alerts.models import Alert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def act(page, kind, text):
    choose(page, "kind", kind)
    page.fill("#id_step_text", text)
    page.click("button:has-text('记录')")
    page.get_by_text("已记录").wait_for()


def test_from_danger_to_the_ground_of_the_law(open_page):
    village = a_village()
    posts = {unit.level: a_post(unit) for unit in (village, village.township, village.county)}
    file = an_approved_file(village, by=posts[4], clerk=posts[3], name="张子涵")

    director = open_page("phone")
    enter(director, posts[4], f"/children/{file.pk}/")
    director.click("a[href*='/alerts/new/']:visible")
    director.wait_for_url(re.compile("/alerts/new/"))
    assert director.locator('a[href="tel:110"]').bounding_box()["y"] < 300
    axe_finds_nothing_serious(director)
    director.click("label.situation:has-text('多处受伤')")
    choose(director, "call", "busy")
    director.click(".foot .btn-danger")
    director.wait_for_url(re.compile(r"/alerts/[0-9a-f-]{36}/$"))
    alert = Alert.objects.get()
    assert alert.child == file and alert.number in director.inner_text("main")
    assert director.evaluate("document.documentElement.scrollWidth") == 390
    axe_finds_nothing_serious(director)

    clerk = open_page("desktop")
    enter(clerk, posts[3])
    clerk.click(".waits-urgent a")  # the first line of her workbench
    clerk.click("button:has-text('签收')")
    clerk.get_by_text("已签收").wait_for()
    assert clerk.locator(".urgent").count() == 0
    act(clerk, "seen", "与民警到场，孩子暂住祖母家")
    choose(clerk, "kind", "handed_over")
    clerk.select_option("#id_step_organ", "police")
    act(clerk, "handed_over", "移交派出所")
    act(clerk, "answered", "已答复")
    axe_finds_nothing_serious(clerk)

    county = open_page("desktop")
    enter(county, posts[2], f"/alerts/{alert.pk}/")
    county.click("summary:has-text('办结')")
    assert not county.locator("[name=grounds]").first.is_visible()
    choose(county, "outcome", "temporary")
    choose(county, "grounds", "t6")
    choose(county, "placement", "relatives")
    county.fill("#id_close_text", "父亲殴打属实，委托祖母抚养")
    axe_finds_nothing_serious(county)
    county.click("form[action$='/close/'] button")
    county.get_by_text("已办结").first.wait_for()
    alert.refresh_from_db()
    assert (alert.state, alert.grounds) == ("closed", ["t6"])

    auditor = open_page("desktop")
    enter(auditor, a_post(village.city, "auditor"), "/audit/")
    assert auditor.locator("td.text-break a").count(), "links within texts"
    axe_finds_nothing_serious(auditor)


def test_the_report_fits_320_pixels(open_page):
    page = open_page("phone", viewport={"width": 320, "height": 640})
    enter(page, a_post(a_village()), "/alerts/new/")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.click(".foot .btn-danger")
    page.get_by_text("请至少选一项").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_typing_a_name_never_chooses_the_child_in_danger(open_page):
    """Neither the first that fits a letter, nor the one chosen before when nothing fits."""
    director = a_post(a_village())
    for name in ("王一鸣", "王子涵"):
        an_approved_file(director.unit, by=director, name=name)
    page = open_page("phone")
    enter(page, director, "/alerts/new/")
    seek = page.locator(".pick-box:has([name=child])").get_by_role("searchbox")
    child, shown = page.locator("[name=child]"), page.locator("[name=child] option:checked")
    seek.fill("王")
    assert child.input_value() == "" and shown.inner_text() == "找到 2 个，请选一个"
    seek.fill("wzh")
    assert child.input_value() == ""
    seek.press("Enter")
    assert child.input_value() and "王子涵" in shown.inner_text()
    seek.fill("李小明")
    assert child.input_value() == "" and shown.inner_text() == "没有找到"
    seek.fill("")
    assert "王子涵" in shown.inner_text(), "emptied, it gives back what was chosen"
