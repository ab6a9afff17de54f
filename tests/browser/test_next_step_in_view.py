"""What is to be done next with a record is in view when its page opens, on a phone and on a desk."""

import pytest

from registry.transfers.services import ask_transfer
from tests.browser.acts import enter
from tests.builders import a_change, a_post, a_township, a_village, a_visit, an_alert, an_approved_file
from visits.visit.services.log import recall_visit
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SCREENS = [("phone", 844 - 65), ("desktop", 768)]  # below it a phone has its navigation


def in_view(control, height: int):
    control.wait_for()
    for _try in range(30):
        box = control.bounding_box()
        if box["y"] >= 0 and box["y"] + box["height"] <= height:
            return
        control.page.wait_for_timeout(100)  # a link within the page scrolls there
    raise AssertionError(f"at {box['y']:.0f} of {height}")


@pytest.mark.parametrize("screen, height", SCREENS)
def test_the_way_on_with_a_visit_is_in_view(director, clerk, open_page, screen, height):
    visit = a_visit(an_approved_file(director.unit, by=director), by=director)
    page, desk = open_page(screen), open_page(screen)
    enter(page, director)
    enter(desk, clerk)
    address = f"/visits/{visit.pk}/"
    page.goto(address)
    in_view(page.get_by_role("button", name="撤回修改"), height)
    desk.goto(address)
    in_view(desk.get_by_role("link", name="去审核"), height)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="照看人电话没写")
    page.goto(address)
    in_view(page.get_by_role("link", name="修改后重报"), height)


@pytest.mark.parametrize("screen, height", SCREENS)
def test_the_way_back_of_a_change_is_in_view(director, open_page, screen, height):
    change = a_change(
        an_approved_file(director.unit, by=director), by=director, address="七组", phone="13800001111", risk="high"
    )
    page = open_page(screen)
    enter(page, director, f"/changes/{change.pk}/")
    in_view(page.get_by_role("button", name="撤回"), height)


@pytest.mark.parametrize("screen, height", SCREENS)
def test_signing_a_report_then_what_was_done_about_it_are_in_view(director, clerk, open_page, screen, height):
    child = an_approved_file(director.unit, by=director)
    alert = an_alert(director.unit, file=child, by=director)
    page = open_page(screen)
    enter(page, clerk, f"/alerts/{alert.pk}/")
    in_view(page.get_by_role("button", name="签收"), height)
    page.get_by_role("button", name="签收").click()
    if screen == "phone":
        way = page.get_by_role("link", name="记录处置")
        in_view(way, height)
        way.click()
    in_view(page.locator("#record-step summary"), height)


@pytest.mark.parametrize("screen, height", SCREENS)
def test_taking_in_a_child_is_in_view(director, clerk, open_page, screen, height):
    there = a_post(a_village(a_township(director.unit.county)).township)
    file = an_approved_file(director.unit, by=director)
    target = a_village(there.unit)
    transfer = ask_transfer(file, by=clerk, target=target, reason="搬到外婆家", seen_version=file.version)
    page = open_page(screen)
    enter(page, there, f"/transfers/{transfer.pk}/")
    in_view(page.get_by_role("button", name="接收"), height)


def test_a_desk_on_which_nothing_waits_has_room_around_its_words(clerk, open_page):
    for screen in ("desktop", "phone"):
        page = open_page(screen)
        enter(page, clerk, "/review/")
        box, main = page.locator(".empty").bounding_box(), page.locator(".main").bounding_box()
        assert box["x"] - main["x"] >= 12 and box["y"] - main["y"] >= 10, screen


def test_a_decision_on_what_was_just_taken_back_is_refused_on_a_card_with_room_around_it(director, clerk, open_page):
    visit = a_visit(an_approved_file(director.unit, by=director), by=director)
    for screen in ("desktop", "phone"):
        page = open_page(screen)
        enter(page, clerk, f"/review/visit/{visit.pk}/")
        recall_visit(visit, by=director, seen_version=visit.version)
        page.locator("#decide .btn-primary").click()
        card = page.locator("[role=alert].card")
        card.wait_for()
        main = page.locator(".main").bounding_box()
        box = card.bounding_box()
        assert box["x"] - main["x"] >= 12 and box["y"] - main["y"] >= 10, screen
        visit.state = "returned"
        VISIT.apply("resubmit", visit, by=director, seen_version=visit.version)
