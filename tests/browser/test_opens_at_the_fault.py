"""What a director's form need not ask, what it asks at the step, and where it opens when a file came back."""

import pytest

from childwelfare.workflow.transitions import seen_version
from registry.child.workflow import FILE
from tests.browser.acts import choose, enter, onward
from tests.builders import a_post, a_submitted_file, a_village, an_id_number

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_true_id_number_leaves_nothing_to_ask_that_it_tells(open_page):
    page = open_page("phone")
    enter(page, a_post(a_village()), "/children/new/")
    choose(page, "categories", "left_behind")
    onward(page)
    told = [page.locator(f"[name={name}]").first for name in ("birth_date", "sex", "no_id_reason")]
    fields = [page.locator(".field", has=one) for one in told]
    assert all(field.first.is_visible() for field in fields)
    page.fill("[name=id_number]", an_id_number())
    page.locator("[name=id_number]").blur()
    page.locator(".marks").wait_for()
    assert not any(field.first.is_visible() for field in fields)
    page.fill("[name=id_number]", "")
    page.locator("[name=id_number]").blur()
    page.locator(".marks").wait_for(state="detached")
    assert all(field.first.is_visible() for field in fields)


def test_of_a_number_on_file_nothing_is_asked_that_it_tells_until_it_is_erased(open_page):
    village = a_village()
    director = a_post(village)
    file = a_submitted_file(village, by=director, id_number=an_id_number())
    FILE.apply("recall", file, by=director, seen_version=seen_version(str(file.version)))
    page = open_page("desktop")
    enter(page, director, f"/children/{file.pk}/edit/")
    told = [
        page.locator(".field", has=page.locator(f"[name={name}]")) for name in ("birth_date", "sex", "no_id_reason")
    ]
    page.locator("[name=name]").wait_for()
    assert not any(field.first.is_visible() for field in told)
    page.locator("label", has=page.locator("[name=erase_id_number]")).first.click()
    assert all(field.first.is_visible() for field in told)


@pytest.mark.parametrize(
    ("reason", "step"),
    [
        ("请补充照看人电话", "guardian"),
        ("请核对就学情况", "life"),
        ("请写明实际照看人", "guardian"),
        ("请写明照看人是谁", "guardian"),
    ],
)
def test_a_returned_file_opens_at_the_step_of_which_the_reason_speaks(open_page, reason, step):
    village = a_village()
    director, clerk = a_post(village), a_post(village.township)
    file = a_submitted_file(village, by=director)
    FILE.apply("return", file, by=clerk, seen_version=seen_version(str(file.version)), reason=reason)
    page = open_page("phone")
    enter(page, director, f"/children/{file.pk}/edit/")
    page.locator(".step-now").wait_for()
    assert page.locator(".step-now").get_attribute("id") == f"step-{step}"


def complaints(page) -> list[str]:
    return [text.strip() for text in page.locator(".field-error:visible").all_inner_texts()]


def test_a_step_says_at_the_field_what_is_missing_and_lets_nobody_pass(open_page):
    page = open_page("phone")
    enter(page, a_post(a_village()), "/children/new/")
    assert page.locator(".step-now fieldset:has([name=categories]) .req").is_visible()
    onward(page)
    assert complaints(page) == ["请至少选择一个儿童类别。"]
    choose(page, "categories", "left_behind")
    assert not complaints(page)
    onward(page)
    onward(page)
    assert page.locator("[name=name]").is_visible(), "it is still the step about who the child is"
    assert "请填写身份证号；确实没有的，请选择原因。" in complaints(page) and len(complaints(page)) == 4
    page.fill("[name=name]", "刘雨欣")
    page.select_option("[name=no_id_reason]", index=1)
    assert complaints(page) == ["请填写出生日期。", "请选择性别。"], "no number is asked of whom there is a reason"
