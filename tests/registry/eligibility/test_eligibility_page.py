"""条件核对 at somebody's door: facts typed on a phone, the answer read, nothing stored."""

import pytest

from registry.child.models import ChildFile
from tests.browser.acts import axe_finds_nothing_serious, choose, enter
from tests.builders import a_post, a_village, sign_in

pytestmark = pytest.mark.django_db
FAMILY = {
    "birth_date": "2017-03-15", "registration": "rural", "father_state": "dead", "mother_state": "alive",
    "mother_situation": "imprisoned", "mother_since": "2025-01-10", "mother_until": "2028-01-09", "mother_away": "no",
}  # fmt: skip


@pytest.fixture
def ask(client):
    sign_in(client, a_post(a_village()))
    return lambda given: client.post("/eligibility/", given)


def test_a_director_reads_what_a_family_comes_to(client, ask):
    assert "条件核对" in client.get("/eligibility/").text
    page = ask(FAMILY)
    assert page.status_code == 200
    assert 'data-verdict="de_facto:meets"' in page.text and 'data-verdict="orphan:no"' in page.text
    assert "母亲服刑在押，期限满 6 个月（民发〔2019〕62号第一条）" in page.text
    assert "/children/new/" in page.text and not ChildFile.objects.exists()


def test_what_is_still_missing_is_named(ask):
    page = ask(FAMILY | {"mother_until": "", "mother_since": ""})
    assert 'data-verdict="de_facto:unknown"' in page.text
    assert "还差什么才能判断" in page.text and "母亲服刑在押：情形从何时开始" in page.text


def test_what_a_card_no_longer_shows_does_not_count(ask):
    """Without its scripts a browser sends the fields of a situation that was not chosen."""
    page = ask(FAMILY | {"mother_situation": "none"})
    assert 'data-verdict="de_facto:no"' in page.text


def test_in_english_the_reasons_are_in_english(client, ask):
    client.cookies["django_language"] = "en"
    assert ask(FAMILY).status_code == 200


@pytest.mark.parametrize(
    ("given", "message"),
    [({"birth_date": "2090-01-01"}, "日期在今天之后"), ({"birth_date": "昨天"}, "不是日期"),
     ({"father_state": "ghost"}, "ghost"), ({"mother_until": "2020-01-01"}, "早于开始的日期"), ({"age": "99"}, "25"),
     ({"mother_away": "yes", "mother_away_since": "2090-01-01"}, "日期在今天之后")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(ask, given, message):
    page = ask(FAMILY | given)
    assert page.status_code == 422 and message in page.text and "data-verdict" not in page.text


def test_who_sees_no_child_has_no_such_page(client):
    sign_in(client, a_post(a_village().city, "auditor"))
    assert client.get("/eligibility/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_at_the_door_a_phone_shows_only_the_questions_that_matter(phone):
    village = a_village()
    enter(phone, a_post(village))
    phone.goto("/eligibility/")
    assert not phone.locator("[name=mother_situation]").is_visible()
    phone.fill("[name=birth_date]", "2017-03-15")
    choose(phone, "father_state", "dead")
    choose(phone, "mother_state", "alive")
    phone.select_option("[name=mother_situation]", "imprisoned")
    assert not phone.locator("[name=mother_grade]").is_visible()
    phone.fill("[name=mother_since]", "2020-01-10")
    phone.click("main form button.btn-primary")
    phone.wait_for_selector('[data-verdict="de_facto:meets"]')
    assert phone.locator("main .card").first.get_attribute("data-verdict") == "de_facto:meets"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    axe_finds_nothing_serious(phone)
