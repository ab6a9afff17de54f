"""An assessment and a need without a network: written in the valley, delivered on the way home, seen by the station."""

import datetime
import os

import pytest
from django.utils import timezone

from registry.assessments.models import Assessment
from registry.assessments.services.dues import fill_dues
from registry.assessments.workflow import ASSESSMENT
from registry.needs.models import Need
from tests.browser.acts import axe_finds_nothing_serious, choose, onward
from tests.browser.phone import a_child
from tests.builders import a_post, a_small_instrument, an_assessment, sign_in
from visits.alerts.models import Alert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DAY = datetime.timedelta(days=1)
PICTURES = os.environ.get("CWR_PICTURES", "")  # a folder: what the screens look like is kept there


def picture(page, name: str):
    """For somebody to look at, where a folder is named."""
    if not PICTURES:
        return
    own = page.viewport_size
    for width, height in ((390, 844), (360, 640), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png")
    page.set_viewport_size(own)


@pytest.fixture
def child(director):
    child = a_child(director)
    a_small_instrument(child.city)
    before = an_assessment(child, by=director, assessed_on=timezone.localdate() - 40 * DAY)
    ASSESSMENT.apply("confirm", before, by=a_post(child.township), seen_version=before.version)
    fill_dues()
    return child


def begin(phone, what: str):
    """``what``: assess or need, from the child's card of the day."""
    phone.page.goto("/offline/#today")
    phone.unfold()
    phone.page.locator("article.child", has_text="张子涵").locator(f"[data-slot={what}]").click()
    phone.page.locator(f"#{what}:visible").wait_for()


def tick(page, name: str, value: str):
    page.locator(f'.answer-card:has(input[name="{name}"][value="{value}"])').click()


def answer(page, name: str, value: str):
    tick(page, name, value)
    onward(page)


def test_an_assessment_and_a_need_in_the_valley_reach_the_station(director, child, phone, front, client):
    phone.set_up(director)
    page = phone.page
    front.stop()
    picture(page, "today")
    begin(phone, "assess")
    axe_finds_nothing_serious(page)
    picture(page, "screen")
    answer(page, "screen_harm", "no")
    answer(page, "screen_alone", "no")
    assert not page.locator("[name=answer_duty]:checked").count(), "last time's answer is named, never filled in"
    assert "上次" in page.locator(".answer-card:has([name=answer_duty][value=good])").first.inner_text()
    tick(page, "answer_duty", "weak")
    picture(page, "worse")
    page.click(".step-next:visible")
    page.locator("text=比上次差，请写一句为什么。").first.wait_for()
    page.fill("[name=why_duty]", "入秋后祖母腿疼，作业没人管")
    onward(page)
    answer(page, "answer_contact", "rare")
    answer(page, "answer_conflict", "no")
    answer(page, "answer_hazards", "none_of_these")
    answer(page, "answer_mood", "unknown")
    page.locator("[data-slot=result]:visible").wait_for()
    axe_finds_nothing_serious(page)
    picture(page, "result")
    assert "总分 20" in page.inner_text("[data-slot=result]") and "较高风险" in page.inner_text("[data-slot=result]")
    page.fill("[name=child_view]", "想让妈妈多打电话")
    page.click("[data-foot=assess] .step-last-only")
    phone.shows("已存本机")
    begin(phone, "need")
    picture(page, "need")
    page.select_option("[name=kind]", "education.study")
    page.fill("[name=words]", "功课没人管，想有人辅导")
    choose(page, "urgency", "soon")
    page.select_option("[name=source]", "child")
    axe_finds_nothing_serious(page)
    page.click("[data-foot=need] .btn-primary")
    page.locator("[data-item]:has-text('记需求 张子涵')").wait_for()
    picture(page, "outbox")
    assert Assessment.objects.count() == 1 and not Need.objects.exists(), "nothing has reached the server"
    front.start()
    phone.send()
    page.locator("[data-item]:has-text('评估 张子涵'):has-text('已送达（回执')").wait_for()
    page.locator("[data-item]:has-text('记需求 张子涵'):has-text('已送达（回执')").wait_for()
    made, need = Assessment.objects.get(state="submitted"), Need.objects.get()
    assert (made.score, made.level, made.child_view) == (20, "raised", "想让妈妈多打电话")
    assert made.reasons_given == {"duty": "入秋后祖母腿疼，作业没人管"}
    sign_in(client, a_post(child.township))
    assert "张子涵" in client.get("/assessments/?tab=waiting").text
    assert client.get(f"/needs/{need.pk}/").status_code == 200


def test_a_yes_of_the_screen_leads_to_the_report_and_opens_one(director, child, phone, front):
    phone.set_up(director)
    page = phone.page
    front.stop()
    begin(phone, "assess")
    tick(page, "screen_harm", "yes")
    page.locator("a[href='tel:110']:visible").first.wait_for()
    picture(page, "danger")
    page.click("text=存下评估，接着紧急报告")
    page.locator("#alert:visible").wait_for()
    page.wait_for_function("() => document.querySelector('#alert [name=child]').value")
    assert page.input_value("#alert [name=child]") == str(child.pk)
    assert page.is_checked("#alert [name=situations][value=unnatural_harm]")
    picture(page, "alert")
    choose(page, "call", "no_signal")
    page.click("[data-foot=alert] .btn-danger")
    page.locator("[data-item]:has-text('紧急报告 张子涵')").wait_for()
    front.start()
    phone.send()
    page.locator("[data-item]:has-text('评估 张子涵'):has-text('已送达（回执')").wait_for()
    alert = Alert.objects.get()
    assert alert.call == "no_signal" and Assessment.objects.exclude(urgent="").get().urgent_report == alert.pk


def test_what_was_begun_comes_back_with_its_answers(director, child, phone, front):
    phone.set_up(director)
    page = phone.page
    front.stop()
    begin(phone, "assess")
    answer(page, "screen_harm", "no")
    answer(page, "screen_alone", "unknown")
    tick(page, "answer_duty", "none")
    page.locator(".foot:visible :text('已存本机')").first.wait_for()
    page.goto("/offline/#outbox")
    page.locator("[data-item], article:has-text('评估 张子涵')").first.wait_for()
    picture(page, "draft")
    begin(phone, "assess")
    assert page.is_checked("[name=screen_alone][value=unknown]") and page.is_checked("[name=answer_duty][value=none]")
