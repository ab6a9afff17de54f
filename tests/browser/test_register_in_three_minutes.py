"""The proof of the form: a left-behind child is on file before a director's tea is cold."""

import re

import pytest

from registry.child.models import ChildFile
from tests.browser.acts import axe_finds_nothing_serious, enter
from tests.browser.hand import Hand
from tests.builders import a_city, a_post, a_unit, an_id_number

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def director():
    township = a_unit(a_unit(a_city(), name="荥阳市"), name="高村乡")
    return a_post(a_unit(township, name="刘沟村委会", code="410182201227"))


def a_left_behind_child(hand: Hand):
    """All that the station asks for, and what the rule reads: who is away and where, and who looks after the child."""
    hand.answer("categories", "left_behind")
    hand.onward()
    hand.write("name", "刘雨欣")
    hand.write("id_number", an_id_number())
    hand.write("address", "三组")
    axe_finds_nothing_serious(hand.page)
    hand.onward()
    hand.pick("guardian_relation", "paternal_grandmother")
    hand.write("guardian_name", "刘桂芳")
    hand.write("guardian_phone", "13800001234")
    hand.answer("guardianship", "fair")
    hand.onward()
    for parent, name in (("father", "刘建国"), ("mother", "王丽")):
        hand.write(f"{parent}_name", name)
        hand.pick(f"{parent}_away", "true")
        hand.write(f"{parent}_away_at", "浙江杭州")
    axe_finds_nothing_serious(hand.page)
    hand.onward()
    hand.pick("schooling", "primary")
    hand.write("school", "高村小学")
    axe_finds_nothing_serious(hand.page)
    hand.tap("button[name=submit]")


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_director_registers_a_left_behind_child_in_three_minutes(director, open_page, screen):
    page = open_page(screen)
    enter(page, director)
    hand = Hand(page)
    hand.tap('a[href="/children/new/"]:visible')
    a_left_behind_child(hand)
    page.wait_for_url(re.compile(r"/children/[0-9a-f-]{36}/$"))
    file = ChildFile.objects.get()
    assert (file.name, file.state, file.category_codes) == ("刘雨欣", "submitted", "left_behind")
    away = {one.relation: (one.away, one.away_at) for one in file.family.all()}
    assert away == {"father": (True, "浙江杭州"), "mother": (True, "浙江杭州")}
    assert hand.seconds <= 180, f"{hand.seconds:.0f} s of looking, tapping and typing"


def test_a_long_list_is_searched_by_pinyin_letters(director, open_page):
    page = open_page("phone")
    enter(page, director, "/children/new/")
    hand = Hand(page)
    hand.answer("categories", "left_behind")
    hand.onward()
    seek = page.locator(".pick-box:has([name=nation])").get_by_role("searchbox")
    names = page.evaluate("[...document.querySelector('[name=nation]').labels].map((label) => label.id)")
    assert seek.get_attribute("aria-labelledby").split()[0] == names[0], "a filter of the one question"
    nation = page.locator("[name=nation]")
    shown = page.locator("[name=nation] option").all_inner_texts
    first = nation.input_value()
    half_a_word = "field.dispatchEvent(new InputEvent('input', { isComposing: true }))"
    seek.evaluate("(field) => { field.value = 'zz'; " + half_a_word + "; }")
    assert nation.input_value() == first, "half a word of an input method chooses nothing"
    seek.fill("zz")
    assert shown() == ["找到 2 个，请选一个（已选：汉族）", "藏族", "壮族"] and nation.input_value() == first
    seek.fill("huizu")
    assert nation.input_value() == first, "typing chooses nothing"
    seek.fill("没有这个")
    assert shown()[0] == "没有找到（已选：汉族）" and nation.input_value() == first
    assert len(shown()) > 50, "what fits nothing hides nothing"
    seek.press("Escape")
    assert nation.input_value() == first and seek.input_value() == ""
    seek.fill("zz")
    seek.press("Enter")
    assert nation.input_value() == first, "of two Enter takes none"
    seek.fill("huizu")
    seek.press("Enter")
    seek.fill("")
    assert nation.input_value() == "03", "what was taken is meant"
    seek.fill("zz")
    seek.fill("")
    assert nation.input_value() == "03", "emptied, it gives back what was chosen"
    seek.fill("zz")
    nation.press("ArrowDown")
    assert nation.input_value() == "04", "chosen by hand"
