"""The visit form with a network: few taps where nothing changed, two steps where nobody was met, small and large."""

import datetime
import sys
import uuid

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from tests.browser.acts import answer_care, axe_finds_nothing_serious, choose, enter, every_step_fits, onward
from tests.browser.hand import Hand
from tests.builders import a_visit, an_approved_file
from visits.visit.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DAY = datetime.timedelta(days=1)
TAPS = 8
SECONDS = 20  # what TAPS of a slow hand take, and some looking: Hand counts, it doesn't time


def a_child(director, name="张子涵", **given):
    on = timezone.localdate() - 36 * DAY
    return an_approved_file(director.unit, by=director, name=name, on=on, **given)


def visited_before(child, director, **given):
    day = timezone.localdate() - 33 * DAY
    return a_visit(child, by=director, visited_on=day, late_reason="补录", **given)


def at_the_form(page, director, child):
    enter(page, director, f"/children/{child.pk}/visit/")
    return page


def sent(page):
    page.click(".step-last-only.btn-primary")
    page.wait_for_url(lambda url: url.endswith("/today/"))


def test_when_nothing_changed_it_takes_eight_taps(director, open_page):
    child = a_child(director)
    visited_before(child, director, living="fair", mood="ordinary")
    page = open_page("phone")
    enter(page, director)
    hand = Hand(page)
    hand.tap(".child-do .btn-primary")
    page.locator(".step-next:visible").wait_for()
    hand.onward()
    hand.tap("[data-step-key=care]:visible")
    hand.onward()
    assert not page.locator("[name=hazard]:checked").count(), "safety is looked at anew"
    hand.answer("hazard", "no")
    hand.onward()
    hand.tap(".step-last-only.btn-primary")
    page.wait_for_url(lambda url: url.endswith("/today/"))
    sys.stdout.write(f"\nroutine visit: {hand.taps} taps, {hand.seconds:.0f} s by the keystroke model\n")
    assert hand.taps <= TAPS and hand.seconds <= SECONDS
    visit = Visit.objects.exclude(late_reason="补录").get()
    assert (visit.living, visit.mood, visit.hazards) == ("fair", "ordinary", [])


def test_as_last_time_is_offered_where_there_was_one_and_never_for_safety(director, open_page):
    page = at_the_form(open_page("phone"), director, a_child(director))
    assert not page.locator("[data-same]:visible").count()
    other = a_child(director, "李明轩")
    visited_before(other, director, met="李桂英", met_relation="奶奶")
    page.goto(f"/children/{other.pk}/visit/")
    page.click("[data-step-key=who]:visible")
    assert page.input_value("[name=met]") == "李桂英"
    onward(page)
    assert page.locator("[data-step-key=care]:visible").count()
    answer_care(page)
    onward(page)
    assert not page.locator("[data-same]:visible").count()


def test_where_nobody_was_met_it_has_two_steps_and_sends_nothing_else(director, open_page):
    child = a_child(director)
    page = at_the_form(open_page("phone"), director, child)
    page.fill("[name=met]", "邻居")
    onward(page)
    choose(page, "care", "poor")
    page.click(".step-prev")
    choose(page, "outcome", "away")
    assert "共 2 步" in page.inner_text("[data-step-at]")
    onward(page)
    assert not page.locator("[name=care]:visible, [name=hazard]:visible, [name=needs]:visible").count()
    assert page.locator("label.answer:has([name=next_step]):visible").count() == 3
    axe_finds_nothing_serious(page)
    page.click(".step-last-only.btn-primary")
    page.get_by_text("没有见到孩子，请选择下一步怎么办").first.wait_for()
    page.fill("[name=whereabouts]", "跟母亲去上海，月底回来")
    choose(page, "next_step", "come_again")
    page.fill("[name=next_on]", f"{timezone.localdate() + 5 * DAY:%Y-%m-%d}")
    sent(page)
    assert "再访" in page.inner_text("main")
    visit = Visit.objects.get()
    assert (visit.outcome, visit.next_step, visit.care, visit.met) == ("away", "come_again", "", "邻居")


def test_two_sisters_at_one_door(director, open_page):
    first, second = a_child(director), a_child(director, "张子睿", birth_date=datetime.date(2018, 5, 1))
    ChildFile.objects.update(family_uid=uuid.uuid4())
    visited_before(second, director)
    page = at_the_form(open_page("phone"), director, first)
    choose(page, "together", str(second.pk))
    choose(page, f"{second.pk}-outcome", "seen")
    onward(page)
    for name in ("carer", "care", "living", "attendance", "health", "mood"):
        page.locator(f'label.answer:has(input[name="{name}"])').first.click()
    for name, value in (("attendance", "in_school"), ("health", "good"), ("mood", "low")):
        choose(page, f"{second.pk}-{name}", value)
    axe_finds_nothing_serious(page)
    onward(page)
    choose(page, "hazard", "no")
    onward(page)
    sent(page)
    assert "张子涵、张子睿的走访已送到工作站" in page.inner_text("main")
    made = Visit.objects.exclude(family=None)
    assert {visit.child.name: visit.mood for visit in made} == {"张子涵": "cheerful", "张子睿": "low"}


def test_what_changed_is_corrected_at_the_door(director, open_page):
    page = at_the_form(open_page("phone"), director, a_child(director, address="三组12号"))
    onward(page)
    for name in ("carer", "care", "living", "attendance", "health", "mood"):
        page.locator(f'label.answer:has(input[name="{name}"])').first.click()
    onward(page)
    choose(page, "hazard", "no")
    assert not page.locator("[name=changes-address]:visible").count()
    choose(page, "noticed", "yes")
    assert page.input_value("[name=changes-address]") == "三组12号"
    axe_finds_nothing_serious(page)
    page.fill("[name=changes-address]", "五组3号")
    onward(page)
    sent(page)
    field = Visit.objects.get().noticed.get().fields.get()
    assert (field.name, field.base, field.value) == ("address", "三组12号", "五组3号")


SEEN_AND_WELL = {
    "carer": "same", "care": "good", "living": "good", "attendance": "in_school", "health": "good", "mood": "cheerful",
}  # fmt: skip


def to_the_end(page):
    onward(page)
    for name, value in SEEN_AND_WELL.items():
        choose(page, name, value)
    onward(page)
    choose(page, "hazard", "no")
    onward(page)


@pytest.mark.parametrize(("metres", "said"), [(35, "误差约 35 米。"), (1200, "误差约 1200 米，太大了")])
def test_the_place_is_taken_down_by_a_tap(director, open_page, metres, said):
    here = {"latitude": 34.78123456, "longitude": 113.39, "accuracy": metres}
    page = open_page("phone", geolocation=here, permissions=["geolocation"])
    at_the_form(page, director, a_child(director))
    to_the_end(page)
    assert page.input_value("[name=latitude]") == "", "nothing is taken without a tap"
    page.click("[data-do=place]")
    page.get_by_text(said).wait_for()
    sent(page)
    visit = Visit.objects.get()
    assert (str(visit.latitude), str(visit.longitude), visit.accuracy_m) == ("34.78123", "113.39000", metres)


def test_the_place_can_be_taken_away_again_or_refused(director, open_page):
    here = {"latitude": 34.78, "longitude": 113.39, "accuracy": 20}
    page = open_page("phone", geolocation=here, permissions=["geolocation"])
    at_the_form(page, director, a_child(director))
    to_the_end(page)
    page.click("[data-do=place]")
    page.get_by_text("误差约 20 米").wait_for()
    page.click("[data-do=no-place]")
    page.get_by_text("位置已去掉").wait_for()
    page.context.clear_permissions()
    page.click("[data-do=place]")
    page.get_by_text("没有允许使用位置").wait_for()
    sent(page)
    assert Visit.objects.get().latitude is None


@pytest.mark.parametrize("text", ["100%", "200%"])
def test_at_320_px_nothing_sticks_out(director, open_page, text):
    first, second = a_child(director), a_child(director, "张子睿", birth_date=datetime.date(2018, 5, 1))
    ChildFile.objects.update(family_uid=uuid.uuid4())
    visited_before(first, director, met="李桂英", met_relation="奶奶")
    page = open_page("phone", viewport={"width": 320, "height": 640})
    at_the_form(page, director, first)
    page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
    choose(page, "together", str(second.pk))
    choose(page, f"{second.pk}-outcome", "refused")
    every_step_fits(page, "wrong_address")
