"""A need followed through four tiers by four roles: a director finds it, station and county pass it up, the city
hands it down with advice, the county settles it, the director reads what came of it."""

import datetime
import re

import pytest
from django.utils import timezone

from registry.needs.models import Need
from tests.browser.acts import enter
from tests.builders import a_post, a_village, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DETAIL = re.compile("/needs/[0-9a-f-]{36}/$")


def move(page, action: str, **typed):
    """One of the moves of the page, unfolded, filled in and sent."""
    form = page.locator(f"form[action$='/{action}/']")
    if not form.locator("button").first.is_visible():
        page.locator("details", has=form).locator("summary").click()
    for name, value in typed.items():
        field = form.locator(f"[name={name}]")
        if field.first.evaluate("field => field.type") == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        elif field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button").last.click()
    page.locator("[role=status], .messages").first.wait_for()


def test_a_need_goes_through_four_tiers_and_back(open_page):
    file = an_approved_file(a_village(), name="欧阳小满")
    director, clerk, county, city = (
        a_post(unit) for unit in (file.village, file.township, file.county, file.city)
    )  # fmt: skip
    page = open_page("phone")
    enter(page, director, f"/children/{file.pk}/needs/new/")
    page.select_option("[name=kind]", "mind.mood")
    page.fill("[name=words]", "父母离婚后不愿说话，夜里睡不好")
    page.select_option("[name=source]", "guardian")
    page.click(".foot .btn-primary")
    page.wait_for_url(DETAIL)
    where = re.search("/needs/.*", page.url).group()
    move(page, "pass_up", reason="陪孩子谈过一次，村里没有懂心理的")
    for post, reason in ((clerk, "乡里没有心理服务"), (county, "县医院没有儿童门诊")):
        page = open_page("desktop")
        enter(page, post, where)
        move(page, "pass_up", reason=reason)
    page = open_page("desktop")
    enter(page, city, where)
    assert page.locator("h1 ~ span", has_text="欧***").count() == 1
    assert page.locator("text=欧阳小满").count() == 0
    due_on = (timezone.localdate() + datetime.timedelta(days=9)).isoformat()
    move(page, "pass_down", unit=str(file.county_id), due_on=due_on, reason="市八院每月派人到县里，请约最近一次")
    page = open_page("desktop")
    enter(page, county, where)
    assert page.locator(".hands li").count() == 5
    move(page, "settle", outcome="partly", words="做了四次辅导，睡得好了，还不太说话", satisfaction="satisfied")
    page = open_page("phone")
    enter(page, director, where)
    assert page.locator("text=做了四次辅导").count() >= 1
    need = Need.objects.get()
    assert (need.state, need.outcome, need.holder_id) == ("settled", "partly", file.county_id)
