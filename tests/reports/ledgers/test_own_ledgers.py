"""A county chooses the columns of a ledger of its own: versions, who may, what is refused, where it is offered."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from reports.indicators.templates import MOST_COLUMNS, TEMPLATES
from reports.ledgers.models import OwnTemplate
from reports.ledgers.services import end_template, save_template, templates_at
from tests.builders import a_county, a_post, a_submission, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
COLUMNS = ["visits_overdue", "registered", "unmet"]


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def officer(village):
    return a_post(village.county)


def choose(post, title="走访月度台账", columns=COLUMNS, **given):
    return save_template(by=post, title=title, columns=columns, **given)


@pytest.mark.both
def test_a_change_is_the_next_version_with_a_hash_of_its_own_and_the_earlier_one_stays(village, officer):
    first = choose(officer)
    second = choose(officer, columns=["registered"], series=first.series, seen_version=1)
    assert (second.series, second.version) == (first.series, 2) and second.template.hash != first.template.hash
    assert OwnTemplate.objects.get(version=1).columns == COLUMNS
    for unit in (village, village.township, village.county):
        assert templates_at(unit)[second.key].columns == ("registered",)
    assert templates_at(a_county()).keys() == TEMPLATES.keys()
    assert choose(officer, columns=["registered"], series=first.series, seen_version=2) == second  # nothing changed
    with pytest.raises(Stale):
        choose(officer, series=first.series, seen_version=1)
    ended = end_template(first.series, by=officer, seen_version=2)
    assert ended.ended and templates_at(village).keys() == TEMPLATES.keys()
    with pytest.raises(Refused, match="已经停用"):
        choose(officer, series=first.series, seen_version=3)
    acts = list(Audit.objects.filter(action__endswith="_ledger_template").values_list("action", flat=True))
    assert acts.count("save_ledger_template") == 2 and acts.count("end_ledger_template") == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        OwnTemplate.objects.update(title="改写")


@pytest.mark.parametrize("tier", ["township", "village"])
def test_below_the_county_nobody_chooses(village, tier):
    with pytest.raises(PermissionDenied):
        choose(a_post(getattr(village, tier)))


def test_another_countys_ledger_is_not_there(client, officer):
    own = choose(officer)
    stranger = a_post(a_county())
    with pytest.raises(PermissionDenied):
        choose(stranger, series=own.series, seen_version=1)
    sign_in(client, stranger)
    assert client.get(f"/ledgers/{own.series}/").status_code == 404
    assert client.post(f"/ledgers/{own.series}/end/", {"version": 1}).status_code == 404
    assert client.post(f"/api/v1/ledger-templates/{own.series}/end/", {"version": 1}).status_code == 404
    assert own.title not in client.get("/ledgers/").text


@pytest.mark.parametrize(
    "given, field, words",
    [
        ({"title": "  "}, "title", "请填写表名"),
        ({"title": "长" * 41}, "title", "最多 40 字"),
        ({"title": "农村留守儿童 信息汇总表"}, "title", "是固定表样的表名"),
        ({"title": "（儿童福利统计表）"}, "title", "是固定表样的表名"),
        ({"columns": []}, "columns", "至少选一栏"),
        ({"columns": ["registered", "nothing"]}, "columns", "没有“nothing”"),
        ({"columns": ["registered", "registered"]}, "columns", "只能选一次"),
        ({"columns": [f"x{n}" for n in range(3)]}, "columns", "没有“x0”"),
    ],
)
def test_what_can_not_be_is_explained_at_its_field(officer, given, field, words):
    with pytest.raises(ValidationError) as refused:
        choose(officer, **given)
    assert words in refused.value.message_dict[field][0]
    assert not OwnTemplate.objects.exists()


def test_the_page_takes_numbers_and_the_sheets_offer_the_ledger(client, village, officer):
    sign_in(client, officer)
    order = {"order-visits_overdue": "1", "order-registered": "5", "order-unmet": "9"}
    assert client.post("/ledgers/new/", {"title": "走访月度台账", "version": 0} | order).status_code == 302
    own = OwnTemplate.objects.get()
    assert own.columns == COLUMNS and "走访月度台账" in client.get("/ledgers/").text
    shown = client.get(f"/ledgers/{own.series}/")
    assert 'value="走访月度台账"' in shown.text and own.template.hash[:8] in shown.text
    bad = client.post(f"/ledgers/{own.series}/", {"title": "", "version": 1, "order-registered": "0"})
    assert bad.status_code == 422
    none = client.post(f"/ledgers/{own.series}/", {"title": "空", "version": 1})
    assert none.status_code == 422 and "请至少选一栏" in none.text
    twice = client.post(
        f"/ledgers/{own.series}/", {"title": "两个 3", "version": 1, "order-registered": "3", "order-unmet": "3"}
    )
    assert twice.status_code == 422 and "序号 3 已给了“在册合计”" in twice.text
    an_approved_file(village)
    month = client.get(f"/ledger/{a_submission(village.county).pk}/", {"sheet": own.key})
    assert month.context["template"].columns == tuple(COLUMNS) and "走访月度台账" in month.text
    assert client.post(f"/ledgers/{own.series}/end/", {"version": 1}).status_code == 302
    client.get("/ledgers/")  # which says so
    assert "走访月度台账" not in client.get("/ledgers/").text


def test_over_the_api(client, officer):
    sign_in(client, officer)
    address, as_json = "/api/v1/ledger-templates/", {"content_type": "application/json"}
    made = client.post(address, {"title": "走访", "columns": COLUMNS}, **as_json)
    assert made.status_code == 201 and made.json()["columns"] == COLUMNS
    series = made.json()["key"].removeprefix("own-")
    changed = client.post(
        f"{address}{series}/revise/", {"title": "走访", "columns": ["registered"], "version": 1}, **as_json
    )
    assert (changed.json()["version"], changed.json()["columns"]) == (2, ["registered"])
    stale = client.post(f"{address}{series}/end/", {"version": 1}, **as_json)
    assert stale.status_code == 409
    keys = [each["key"] for each in client.get(address).json()]
    assert keys == [*TEMPLATES, made.json()["key"]]
    refused = client.post(address, {"title": "走访", "columns": ["nothing"]}, **as_json)
    assert refused.status_code in (400, 422) and "没有“nothing”" in refused.text
    too_many = client.post(address, {"title": "多", "columns": ["registered"] * (MOST_COLUMNS + 1)}, **as_json)
    assert too_many.status_code == 400
    assert client.post(f"{address}{series}/end/", {"version": 2}, **as_json).status_code == 200
