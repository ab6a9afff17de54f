"""The administrator's pages: an order is filled in, previewed, confirmed as it was previewed; the API that tells."""

import datetime
import uuid

import pytest
from django.utils import timezone

from orgs.reorganisation.models import Reorganisation
from orgs.reorganisation.rules import Part
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from reports.periods.models import PeriodState
from reports.rollup.periods import Period
from reports.submissions.models import Submission
from reports.submissions.opening import open_period
from tests.builders import a_post, a_village, an_approved_file, fresh, sign_in
from tests.orgs.reorganisation.world import heir, let_children_follow, ordered

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def admin(village):
    return a_post(village.city, "city_admin")


def test_an_order_is_previewed_and_confirmed_as_it_was_previewed(client, village, admin, django_assert_max_num_queries):
    other, today = a_village(village.township), timezone.localdate()
    a_post(village), an_approved_file(village)
    sign_in(client, admin)
    assert f"/units/{village.uid}/change/" in client.get(f"/units/{village.uid}/").text
    where = f"/units/{village.uid}/change/?kind=merge"
    assert other.name in client.get(where).text
    said = {"into": str(other.uid), "effective_on": today.isoformat(), "document": "", "posts_follow": "on"}
    said["pk"] = str(uuid.uuid4())
    refused = client.post(where, said)
    assert refused.status_code == 422 and "请填写批文文号" in refused.text
    said["document"] = "荥政〔2026〕5号"
    with django_assert_max_num_queries(40):
        page = client.post(where, said)
    assert page.status_code == 200 and "将会这样办理" in page.text and not Reorganisation.objects.exists()
    counts = {str(label): number for label, number in page.context["preview"].counts}
    assert counts["在册儿童"] == 1 and counts["在任的岗位"] >= 1
    said["previewed"] = page.context["form"].fingerprint
    changed = client.post(where, said | {"document": "另一个文号"})
    assert "将会这样办理" in changed.text and not Reorganisation.objects.exists(), "it is another order now"
    done = client.post(where, said, follow=True)
    assert "机构调整已生效" in done.text and heir(village) == other
    client.post(where, said)
    order = Reorganisation.objects.get()
    let_children_follow()
    assert "1 / 1" in client.get(f"/units/changes/{order.pk}/").text
    assert ChildFile.objects.get().village == other
    listed = client.get("/units/changes/").text
    assert "荥政〔2026〕5号" in listed and "并入" in listed
    old = client.get(f"/units/{village.uid}/").text
    assert "已停用" in old and "接续" in old and f"/units/{village.uid}/change/" not in old
    assert client.get(where, follow=True).redirect_chain
    director = fresh(order.successions.get().successor.appointments.current().first())
    sign_in(client, director)
    assert client.get(f"/units/changes/{order.pk}/").status_code == 200, "whom it concerns reads it"
    sign_in(client, a_post(a_village()))
    assert client.get(f"/units/changes/{order.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["rename", "move", "merge", "split", "open", "close"])
def test_every_kind_has_its_form_and_takes_nonsense_for_what_it_is(client, village, admin, kind):
    unit = village.township if kind == "open" else village
    sign_in(client, admin)
    where = f"/units/{unit.uid}/change/?kind={kind}"
    assert client.get(where).status_code == 200
    nonsense = {"parent": "x", "into": "../..", "others": ["y"], "name": "\0", "names": "甲\n" * 50, "code": "٣",
                "effective_on": "2026-02-31", "document": "x" * 99, "pk": "z", "previewed": "1"}  # fmt: skip
    assert client.post(where, nonsense).status_code == 422
    assert client.post(where, {}).status_code == 422
    assert not Reorganisation.objects.exists()


def test_an_order_to_come_is_called_off_with_a_reason(client, village, admin):
    order = ordered("rename", Part(village, name="新名"), on=timezone.localdate() + 9 * DAY, by=admin)
    sign_in(client, admin)
    where = f"/units/changes/{order.pk}/"
    assert "待生效" in client.get(where).text
    assert client.post(f"{where}cancel/", {"reason": ""}).status_code == 422
    assert "已取消" in client.post(f"{where}cancel/", {"reason": "批文撤回"}, follow=True).text
    assert client.post(f"{where}cancel/", {"reason": "再来"}).status_code == 409


def test_the_page_of_a_renamed_unit_says_what_it_was_called(client, village, admin):
    old = village.name
    ordered("rename", Part(village, name="新高村"), on=timezone.localdate(), by=admin)
    sign_in(client, admin)
    page = client.get(f"/units/{village.uid}/")
    assert page.status_code == 200 and f"以前叫“{old}”" in page.text


def test_the_api_tells_orders_and_who_took_over(client, village, admin):
    other = a_village(village.township)
    order = ordered("merge", Part(village, target=other), on=timezone.localdate(), by=admin)
    sign_in(client, a_post(village.county))
    (row,) = client.get("/api/v1/unit-changes/").json()["results"]
    assert (row["id"], row["kind"], row["result"]) == (str(order.pk), "merge", "applied")
    assert row["successions"] == [
        {"predecessor": str(village.uid), "successor": str(other.uid), "on": timezone.localdate().isoformat()}
    ]
    assert client.get(f"/api/v1/units/{village.uid}/").json()["succeeded_by"] == [str(other.uid)]
    assert str(village.uid) not in str(client.get("/api/v1/units/").json()["results"])
    sign_in(client, a_post(a_village()))
    assert client.get("/api/v1/unit-changes/").json()["results"] == []


def test_a_day_that_was_reported_is_refused_and_the_period_named(client, village, admin):
    an_approved_file(village, on=timezone.localdate() - 90 * DAY)
    last = Period.of(Period.of().back(1))
    period = open_period(village.city, last.key)
    sign_in(client, admin)
    said = {"name": "新名", "document": "x", "effective_on": last.last.isoformat()}
    where = f"/units/{village.uid}/change/?kind=rename"
    refused = client.post(where, said)
    assert refused.status_code == 422 and last.label in refused.text and "生效日期最早是" in refused.text
    period.state = PeriodState.LOCKED
    period.save()
    assert client.post(where, said).status_code == 422
    assert client.post(where, said | {"effective_on": Period.of().first.isoformat()}).status_code == 200


def test_of_a_month_that_runs_the_units_of_today_are_expected(village, admin):
    an_approved_file(village, on=timezone.localdate() - 90 * DAY)
    other = a_village(village.township)
    period = open_period(village.city, Period.of().key)
    ordered("split", Part(village, name="东村"), Part(village, name="西村"), on=Period.of().first, by=admin)
    expected = set(Submission.objects.filter(period=period, unit__level=4).values_list("unit", flat=True))
    parts = set(OrgUnit.objects.filter(name__in=("东村", "西村")).values_list("pk", flat=True))
    assert expected == {village.pk, other.pk} | parts, "the old one too: its child is not placed yet"


def test_the_api_tells_an_order_to_come(client, village, admin):
    order = ordered("rename", Part(village, name="新名"), on=timezone.localdate() + 9 * DAY, by=admin)
    sign_in(client, a_post(village.township))
    row = client.get(f"/api/v1/unit-changes/{order.pk}/").json()
    assert (row["kind"], row["result"], row["successions"]) == ("rename", "", [])
    assert client.get("/api/v1/unit-changes/nonsense/").status_code == 404
    assert [each["id"] for each in client.get("/api/v1/unit-changes/?kind=rename").json()["results"]] == [row["id"]]
    assert client.get("/api/v1/unit-changes/?kind=merge").json()["results"] == []
