"""Figures are asked for at a desk and answered on a phone: what exists is never typed."""

import pytest

from reports.requests.models import DataAnswer, DataRequest
from tests.browser.acts import STICKS_OUT, axe_finds_nothing_serious, enter
from tests.reports.requests.world import an_asking_county

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_missing_goes_down_and_comes_back_into_one_sheet(open_page):
    place = an_asking_county()
    desk = open_page("desktop")
    enter(desk, place.officer, "/requests/new/")
    desk.fill("[name=title]", "防溺水排查")
    desk.fill("[name=purpose]", "暑期安全")
    desk.select_option("[name=period]", index=1)
    desk.select_option("[name=level]", "4")
    axe_finds_nothing_serious(desk)
    desk.get_by_role("button", name="下一步：选栏目").click()
    desk.fill("#request-q", "zaice")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="选 在册合计").click()
    desk.get_by_text("系统里有，直接取数").wait_for()
    desk.fill("[name=name]", "会游泳的")
    desk.fill("[name=meaning]", "月末能独立游二十五米的")
    desk.fill("[name=measure]", "人")
    axe_finds_nothing_serious(desk)
    desk.get_by_role("button", name="加上这一栏").click()
    desk.get_by_role("link", name="下一步：看已有的").click()
    axe_finds_nothing_serious(desk)
    desk.get_by_role("button", name="发下去填").click()
    desk.get_by_text("已答 0 / 4").wait_for()

    phone = open_page("phone")
    enter(phone, place.directors[0], "/today/")
    phone.get_by_role("link", name="填报").first.click()
    phone.get_by_label("会游泳的（人）").fill("3")
    axe_finds_nothing_serious(phone)
    assert phone.evaluate(STICKS_OUT) == [0]
    phone.get_by_role("button", name="送给").click()
    phone.get_by_text("已送到").wait_for()
    assert list(DataAnswer.objects.get(unit=place.villages[0]).values.values()) == [3]

    desk.reload()
    desk.get_by_text("已答 1 / 4").wait_for()
    axe_finds_nothing_serious(desk)
    desk.get_by_role("button", name="收结").click()
    desk.get_by_text("已收结，答数不再变").wait_for()
    assert DataRequest.objects.get().state == "closed"
