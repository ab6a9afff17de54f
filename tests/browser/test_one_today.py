"""What a director opens first is the same with and without a network, and nothing there ends on the browser's error
page."""

import datetime

import pytest
from django.utils import timezone

from registry.child.workflow import FILE
from tests.browser.acts import answer_care, choose, onward
from tests.browser.phone import a_child
from tests.builders import (
    a_post,
    a_round,
    a_stay,
    a_submitted_file,
    a_village,
    a_visit,
    an_approved_file,
    an_extra_visit,
)
from visits.alerts.models import Alert
from visits.visit.models import Visit

FILL = """(values) => Object.entries(values).forEach(([name, value]) => {
  const fields = Array.from(document.querySelectorAll(`#visit [name=${name}]`));
  fields.forEach((field) => {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})"""
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DAY = datetime.timedelta(days=1)
GROUPS = """() => {
  const groups = [], text = (node) => node.textContent.replace(/\\s+/g, " ").trim();
  const whole = document.querySelector("main");
  whole.querySelectorAll("h2, article.child").forEach((node) => {
    if (!node.closest("[data-screen]") || node.closest("[data-screen]:not([hidden])")) {
      if (node.tagName === "H2") groups.push([text(node), []]);
      else groups[groups.length - 1][1].push([
        text(node.querySelector(".child-name")), text(node.querySelector(".chip")),
        (text(node).match(/上次 \\d+月\\d+日|还没有走访过/) || [""])[0]
      ]);
    }
  });
  return groups.filter(([_heading, names]) => names.length || _heading.includes("每人一次"));
}"""


def a_full_village(director):
    """One of each: late, late and asked for, asked for, due this week, in a round alone, with time, staying here; found
    and sent to the station, and sent back from there."""
    here, today, clerk = director.unit, timezone.localdate(), a_post(director.unit.township)
    for name, days in (("张子涵", 40), ("赵梦琪", 45), ("李明轩", 2), ("郑宇航", 25), ("吴俊杰", 3)):
        child = an_approved_file(here, name=name, on=today - days * DAY, by=director)
        if name in ("赵梦琪", "李明轩"):
            an_extra_visit(child, by=clerk, reason="奶奶住院")
        if name == "张子涵":
            a_visit(child, by=director, visited_on=today - 35 * DAY, late_reason="没有信号")
        if name == "吴俊杰":
            a_visit(child, by=director, visited_on=today - DAY)
    a_stay(an_approved_file(a_village(here.township), name="韩子墨", on=today - 40 * DAY), here, address="五组3号")
    a_round(here.county, name="暑期走访")
    a_visit(a_submitted_file(here, by=director, name="田家豪"), by=director)
    back = a_submitted_file(here, by=director, name="孙一诺")
    FILE.apply("return", back, by=clerk, seen_version=back.version, reason="缺户口本")


def test_the_day_is_the_same_with_and_without_a_network(director, phone, front):
    a_full_village(director)
    phone.set_up(director)
    without = phone.page.evaluate(GROUPS)
    phone.page.goto("/today/")
    with_network = phone.page.evaluate(GROUPS)
    assert without == with_network
    assert len(without) >= 4 and sum(len(names) for _heading, names in without) == 8


def test_without_a_network_every_page_opens_the_day_and_says_why(director, phone, front):
    a_child(director)
    phone.set_up(director)
    phone.page.goto("/today/")  # from here on the worker stands between the pages and the network
    phone.page.goto("/today/")
    front.stop()
    for address in ("/today/", "/", "/children/"):
        phone.page.goto(address)
        phone.shows("张子涵")
        phone.shows("刚才的页面打不开")
    front.start()
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.page.locator("main :text('刚才的页面打不开')").wait_for(state="detached")
    phone.page.goto("/children/")
    assert "/children/" in phone.page.url


def test_a_visit_that_can_not_be_sent_goes_on_in_the_app_and_arrives(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto("/today/")
    page.goto(f"/children/{child.pk}/visit/")
    page.check("[name=method][value=school]")
    onward(page)
    answer_care(page)
    onward(page)
    choose(page, "hazard", "no")
    onward(page)
    page.fill("[name=needs]", "冬天的被子")
    front.stop()
    page.click(".step-last-only.btn-primary")
    page.locator("#visit [name=method]").first.wait_for(state="attached")
    page.locator(".toast:has-text('带到了这里')").wait_for()
    assert "/offline/" in page.url and page.is_checked("[name=method][value=school]")
    for _step in range(3):
        onward(page)
    assert page.input_value("[name=needs]") == "冬天的被子"
    phone.save()
    phone.shows("已存本机")
    front.start()
    phone.send()
    phone.shows("已送达（回执")
    visit = Visit.objects.get()
    assert (visit.child, visit.needs, visit.method) == (child, "冬天的被子", "school")
    page.goto(f"/children/{child.pk}/visit/")
    page.locator("#visit").wait_for()
    assert not page.is_checked("[name=method][value=school]"), "what arrived is no draft of the page any more"


def send_as_it_is(page, form: str):
    """As if all that is needed had been answered."""
    page.evaluate(
        """(form) => {
          document.querySelectorAll("[data-needed]").forEach((box) => box.removeAttribute("data-needed"));
          document.querySelector(form).requestSubmit();
        }""",
        form,
    )


def test_what_was_begun_in_the_app_is_not_written_over_by_a_page(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    phone.fill_in("张子涵")
    page.fill("[name=needs]", "手机上写的")
    page.goto("/offline/#outbox")
    page.goto("/today/")
    page.goto(f"/children/{child.pk}/visit/")
    page.locator("[name=needs]").evaluate("(field) => { field.value = '网页上写的'; }")
    front.stop()
    send_as_it_is(page, "#visit")
    page.locator(".toast:has-text('这里已有一份没写完的')").wait_for()
    assert page.input_value("[name=needs]") == "手机上写的"


def test_a_visit_that_went_on_in_the_app_and_came_back_on_the_page_is_one_visit(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto(f"/children/{child.pk}/visit/")
    page.wait_for_function("() => document.querySelector('#visit').cwrDraft")
    page.evaluate(FILL, {"outcome": "not_found", "not_found_reason": "refused", "family_change": "爸爸回来了"})
    key = page.input_value("#visit [name=pk]")
    page.get_by_text("已存在本机").first.wait_for(state="attached")
    other = phone.context.new_page()
    other.goto(f"/children/{child.pk}/visit/")
    other.locator("text=没写完的内容已带回").wait_for()
    assert other.input_value("#visit [name=pk]") == key, "the same visit, from wherever it is sent"


def test_a_report_of_danger_that_can_not_be_sent_goes_on_in_the_app(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto("/today/")
    page.goto(f"/alerts/new/?child={child.pk}")
    page.locator("label.situation").first.click()
    choose(page, "call", "no_signal")
    front.stop()
    page.click("button.btn-danger:visible")
    page.locator(".toast:has-text('带到了这里')").wait_for()
    page.click("[data-foot=alert] .btn-danger")
    page.locator("[data-item]:has-text('紧急报告 张子涵')").wait_for()
    front.start()
    phone.send()
    phone.shows("已送达（回执")
    assert Alert.objects.get().child == child


def test_a_registration_that_can_not_be_sent_stays_on_its_page(director, phone, front):
    phone.set_up(director)
    page = phone.page
    page.goto("/today/")
    page.goto("/children/new/")
    page.locator("form[data-draft] [name=name]").first.evaluate("(field) => { field.value = '王小雨'; }")
    front.stop()
    send_as_it_is(page, "form[data-draft]")
    page.locator(".toast:has-text('没有送出去')").wait_for()
    assert page.input_value("[name=name]") == "王小雨" and "/children/new/" in page.url
