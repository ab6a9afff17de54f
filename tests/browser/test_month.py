"""A month's end in the browser: the director on her phone, the station, then the county in three clicks."""

import pytest

from reports.submissions.models import Submission
from tests.browser.acts import enter
from tests.builders import a_post, a_submission, a_village, an_approved_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JANUARY = "2026-01"


def test_a_month_from_the_village_to_the_city(open_page):
    village = a_village()
    director = a_post(village)
    an_approved_file(village, by=director)
    a_submission(village, JANUARY)

    phone = open_page("phone")
    enter(phone, director, "/today/")
    phone.get_by_role("link", name="核对上报").click()
    phone.get_by_role("button", name="本月完成").click()
    phone.get_by_text("已送到").wait_for()

    station = open_page("desktop")
    enter(station, a_post(village.township), "/ledger/")
    station.get_by_role("button", name="勾选的 1 个一起通过").click()
    station.get_by_text("已通过 1 个单位的上报").wait_for()
    station.get_by_role("button", name="本月完成").click()
    station.get_by_text("已送到").wait_for()

    county = open_page("desktop")
    enter(county, a_post(village.county), "/workbench/")
    county.goto("/ledger/")  # one: the menu
    county.get_by_role("button", name="勾选的 1 个一起通过").click()  # two
    county.get_by_text("已通过 1 个单位的上报").wait_for()
    county.get_by_role("button", name="本月完成").click()  # three
    county.get_by_text("已送到").wait_for()

    city = open_page("desktop")
    enter(city, a_post(village.city), "/ledger/")
    city.get_by_role("button", name="勾选的 1 个一起通过").click()
    city.get_by_text("合计（1 个）").wait_for()
    assert Submission.objects.get(unit=village.county, period__key=JANUARY).state == "approved"
