"""The ledger sheet as CSV opens in Excel with readable Chinese."""

import csv
import io

import pytest
from django.utils import timezone

from orgs.audit.models import Audit
from orgs.stale_figures.services import mark_figures_stale
from reports.rollup.services import roll_up
from tests.builders import a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    village = a_village()
    an_approved_file(village)
    return village


def test_a_double_click_shows_chinese_and_the_numbers_of_the_page(client, village):  # D08
    roll_up(village.county_id, f"{timezone.localdate():%Y-%m}")
    sign_in(client, a_post(village.county))
    answer = client.get(f"/figures/{village.county.uid}/table.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["单位", "在册合计"]
    assert Audit.objects.get(action="export").unit == village.county
    assert rows[1][:2] == [village.township.path_label, "1"] and rows[-1][:2] == ["合计", "1"]


def test_a_month_not_counted_is_no_table_of_zeros(client, village):
    sign_in(client, a_post(village.county))
    page = client.get(f"/figures/{village.county.uid}/table.csv", follow=True)
    assert "还没有统计" in page.text


def test_another_county_is_not_found(client, village):
    sign_in(client, a_post(village.county))
    assert client.get(f"/figures/{a_village().county.uid}/table.csv").status_code == 404


def test_figures_that_are_counted_anew_say_so_wherever_they_go_out(client, village):
    month = f"{timezone.localdate():%Y-%m}"
    roll_up(village.county_id, month)
    county, city = a_post(village.county), a_post(village.city)

    def told(post) -> bool:
        sign_in(client, post)
        rows = client.get("/api/v1/figures/").json()["results"]
        return rows[0]["recounting"]

    sign_in(client, county)
    address = f"/figures/{village.county.uid}/table.csv"
    assert "正在重新统计" not in client.get(address).content.decode() and not told(county) and not told(city)
    mark_figures_stale(village.county_id)
    sign_in(client, county)
    assert "正在重新统计" in client.get(address).content.decode() and told(county) and told(city)
