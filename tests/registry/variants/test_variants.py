"""What a county or the city says differently from the national rules: written down with its document, ended, kept."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from orgs.audit.models import Audit
from registry.variants.models import RuleVariant
from registry.variants.services import add_variant, end_variant
from tests.builders import a_county, a_post, a_variant, a_village, sign_in

pytestmark = pytest.mark.django_db
D = datetime.date
GIVEN = {
    "document": "郑民〔2026〕9号",
    "category": "left_behind",
    "min_months": "3",
    "rural_only": "",
    "since": "2026-03-01",
}


@pytest.fixture
def county():
    return a_county()


@pytest.fixture
def officer(county):
    return a_post(county)


def added(by, **given):
    given = {
        "category": "left_behind",
        "parameters": {"min_months": 3},
        "since": D(2026, 3, 1),
        "document": "试行",
    } | given
    return add_variant(by=by, **given)


def test_a_county_writes_its_own_reading_down_and_reads_it_among_the_rules(client, county, officer):
    sign_in(client, officer)
    page = client.post("/eligibility/rules/new/", GIVEN, follow=True)
    variant = RuleVariant.objects.get()
    assert (variant.unit, variant.parameters) == (county, {"min_months": 3})
    assert "郑民〔2026〕9号" in page.text and "要满几个月：3" in page.text
    assert Audit.objects.filter(action="add_variant").exists()


def test_everybody_who_checks_reads_the_rules_but_only_county_and_city_write(client):
    village = a_village()
    a_variant(village.county)
    sign_in(client, a_post(village))
    page = client.get("/eligibility/rules/")
    assert "粤〔2021〕1号" in page.text and "增加本地规定" not in page.text
    assert client.get("/eligibility/rules/new/").status_code == 403
    for post in (a_post(village.township), a_post(village)):
        with pytest.raises(PermissionDenied):
            added(post)
    assert added(a_post(village.city)).unit == village.city


def test_another_countys_reading_can_be_neither_seen_nor_ended(client, officer):
    other = a_variant(a_county())
    sign_in(client, officer)
    assert "粤〔2021〕1号" not in client.get("/eligibility/rules/").text
    assert client.get(f"/eligibility/rules/{other.pk}/end/").status_code == 404
    with pytest.raises(PermissionDenied):
        end_variant(other, by=officer, until=D(2027, 1, 1))


def test_who_may_manage_rules_at_a_county_ends_none_that_the_county_wrote(officer, county):
    """The city ends its own; what a county says is ended by the county, although the permission reaches further."""
    variant, city = added(officer), a_post(county.city)
    assert city.may("manage_variants", county) and city.unit_id != variant.unit_id
    with pytest.raises(PermissionDenied):
        end_variant(variant, by=city, until=D(2027, 1, 1))
    assert RuleVariant.objects.get().until is None


@pytest.mark.both
def test_one_unit_says_one_thing_about_a_parameter_at_a_time(officer):
    first = added(officer)
    with pytest.raises(ValidationError, match="试行") as refused:
        added(officer, since=D(2026, 9, 1), document="正式")
    assert "since" in refused.value.message_dict and RuleVariant.objects.count() == 1
    end_variant(first, by=officer, until=D(2026, 9, 1))
    added(officer, since=D(2026, 9, 1), document="正式")
    added(officer, parameters={"rural_only": True}, document="户口")


def test_what_was_ended_stays_to_explain_old_verdicts(client, officer):
    variant, today = added(officer), timezone.localdate()
    sign_in(client, officer)
    page = client.post(f"/eligibility/rules/{variant.pk}/end/", {"until": today.isoformat()}, follow=True)
    assert "已停止" in page.text and f"/rules/{variant.pk}/end/" not in page.text
    with pytest.raises(Refused):
        end_variant(variant, by=officer, until=today)
    assert RuleVariant.objects.get().until == today


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"min_months": "0"}, "1"), ({"min_months": "半年"}, "整数"), ({"since": "前天"}, "不是日期"),
        ({"document": ""}, "必填"), ({"category": "elf"}, "elf"), ({"until": "2026-02-01"}, "晚于施行日期"),
        ({"min_months": ""}, "请至少写一个参数"), ({"category": "migrant", "central_districts": "4101"}, "6 位数字"),
        ({"document": "甲" * 121}, "120"), ({"category": "orphan"}, "请至少写一个参数"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_kept(client, officer, given, message):
    sign_in(client, officer)
    page = client.post("/eligibility/rules/new/", GIVEN | given)
    assert page.status_code == 422 and message in page.text and not RuleVariant.objects.exists()


def test_codes_of_districts_are_taken_with_any_sign_between_them(client, officer):
    sign_in(client, officer)
    given = {"category": "migrant", "min_months": "", "central_districts": "410102、４１０１０３, 410104"}
    client.post("/eligibility/rules/new/", GIVEN | given)
    assert RuleVariant.objects.get().parameters == {"central_districts": ["410102", "410103", "410104"]}


def test_an_end_without_a_day_or_before_its_beginning_is_told(client, officer):
    variant = added(officer)
    sign_in(client, officer)
    for until, message in (("", "从哪天起停止"), ("2026-03-01", "晚于施行日期")):
        page = client.post(f"/eligibility/rules/{variant.pk}/end/", {"until": until})
        assert page.status_code == 422 and message in page.text


def test_what_a_colleague_ended_meanwhile_can_not_be_ended_again(client, officer):
    variant, today = added(officer), timezone.localdate()
    where = f"/eligibility/rules/{variant.pk}/end/"
    end_variant(variant, by=officer, until=today)
    page = sign_in(client, officer).post(where, {"until": "2026-12-24"})
    assert page.status_code == 409 and "已经停止施行" in page.text and "2026-12-24" in page.text
    assert "停止施行</button>" not in page.text
    assert client.get(where).status_code == 302
