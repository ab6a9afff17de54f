"""A wrong number is told before one goes on: at the next step, at sending, at saving without a network."""

import pytest

from tests.browser.acts import answer_care, choose, enter, onward
from tests.browser.phone import a_child
from tests.browser.test_visit_form import at_the_form
from visits.visit.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PHONE = "changes-guardian_phone"
IN_SIGHT = """(name) => {
  const box = document.querySelector(`[name="${name}"]`).getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight;
}"""


def waits_at(page, name: str, words: str):
    """The caret stands in the field, which is in sight, with ``words`` beside it."""
    page.wait_for_function("name => document.activeElement.name === name", arg=name)
    page.locator(f".field-bad:has([name='{name}']) :text('{words}'):visible").first.wait_for()
    page.wait_for_function(IN_SIGHT, arg=name)


def write(page, name: str, text: str):
    """Key by key, and the field is not left: pressing the button leaves it."""
    page.locator(f"[name='{name}']").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def at_the_changes(page):
    """The step of the visit form that asks what changed at home, answered with: something did."""
    choose(page, "outcome", "seen")
    onward(page)
    answer_care(page)
    onward(page)
    choose(page, "hazard", "no")
    choose(page, "noticed", "yes")
    page.locator(f"[name='{PHONE}']:visible").wait_for()


def test_an_id_number_with_a_digit_too_few_holds_the_next_step(director, open_page):
    page = open_page("phone")
    enter(page, director, "/children/new/")
    choose(page, "categories", "left_behind")
    onward(page)
    page.fill("[name=name]", "刘雨欣")
    page.fill("[name=address]", "三组")
    page.fill("[name=birth_date]", "2016-03-01")
    choose(page, "sex", "female")
    at = page.inner_text("[data-step-at]")
    write(page, "id_number", "41018120160301123")
    onward(page)
    waits_at(page, "id_number", "少 1 位")
    assert page.inner_text("[data-step-at]") == at
    write(page, "id_number", " ")
    page.select_option("[name=no_id_reason]", index=1)
    onward(page)
    page.wait_for_function("at => document.querySelector('[data-step-at]').innerText !== at", arg=at)


def test_a_phone_too_short_holds_the_next_step_of_a_visit_until_it_is_mended(director, open_page):
    page = at_the_form(open_page("phone"), director, a_child(director))
    at_the_changes(page)
    at = page.inner_text("[data-step-at]")
    write(page, PHONE, "139")
    onward(page)
    waits_at(page, PHONE, "少 8 位")
    assert page.inner_text("[data-step-at]") == at
    write(page, PHONE, "13900001234")
    onward(page)
    page.wait_for_function("at => document.querySelector('[data-step-at]').innerText !== at", arg=at)


def test_on_one_long_page_sending_stops_at_it(director, open_page):
    page = at_the_form(open_page("desktop"), director, a_child(director))
    choose(page, "outcome", "seen")
    answer_care(page)
    choose(page, "hazard", "no")
    choose(page, "noticed", "yes")
    write(page, PHONE, "139")
    page.click(".step-last-only.btn-primary")
    waits_at(page, PHONE, "少 8 位")
    assert not Visit.objects.exists() and "/visit/" in page.url


def test_what_is_hidden_again_holds_nothing(director, open_page):
    page = at_the_form(open_page("phone"), director, a_child(director))
    at_the_changes(page)
    at = page.inner_text("[data-step-at]")
    write(page, PHONE, "139")
    onward(page)
    waits_at(page, PHONE, "少 8 位")
    choose(page, "noticed", "no")
    assert not page.locator(f"[name='{PHONE}']").is_visible()
    onward(page)
    page.wait_for_function("at => document.querySelector('[data-step-at]').innerText !== at", arg=at)


def test_what_was_thrown_away_holds_nothing(director, open_page):
    page = at_the_form(open_page("phone"), director, a_child(director))
    at_the_changes(page)
    write(page, PHONE, "139")
    choose(page, "noticed", "yes")  # leaves the field
    page.locator(":text('少 8 位'):visible").first.wait_for()
    page.evaluate("document.getElementById('visit').reset()")
    assert page.evaluate(
        "import(document.querySelector('script[src*=\"js/fields\"]').src).then((fields) => "
        "fields.firstProblemField(document.getElementById('visit')) === undefined)"
    )


def fill_in_with_phone(phone, number: str):
    phone.page.locator("article.child a.btn-primary").click()
    at_the_changes(phone.page)
    write(phone.page, PHONE, number)


def test_without_a_network_it_is_not_saved_either(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    fill_in_with_phone(phone, "139")
    phone.page.evaluate("document.getElementById('visit').requestSubmit()")
    waits_at(phone.page, PHONE, "少 8 位")
    assert phone.page.evaluate("offline.store.outbox().then((rows) => rows.length)") == 0
    write(phone.page, PHONE, "13900001234")
    onward(phone.page)
    phone.save()
    phone.page.locator("[data-item]").first.wait_for()


def test_a_wrong_number_that_the_file_has_already_holds_nobody(director, phone, front):
    guardian = a_child(director).guardians.get()
    guardian.phone = "139"
    guardian.save()
    phone.set_up(director)
    front.stop()
    phone.page.locator("article.child a.btn-primary").click()
    at_the_changes(phone.page)
    assert phone.page.input_value(f"[name='{PHONE}']") == "139"
    onward(phone.page)
    phone.save()
    phone.page.locator("[data-item]").first.wait_for()


def test_the_outbox_names_the_field_that_was_refused_and_opens_its_step(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    fill_in_with_phone(phone, "139")
    phone.page.evaluate(f"document.querySelector(\"[name='{PHONE}']\").dataset.held = '139'")  # as an app did before
    onward(phone.page)
    phone.save()
    phone.shows("已存本机")
    front.start()
    phone.send()
    phone.shows("没有收下，请修改")
    told = phone.page.inner_text("[data-item] [data-slot=errors]")
    assert told.startswith("照看人") and "少 8 位" in told
    phone.page.click("[data-item] [data-slot=edit]")
    phone.page.locator(f"[name='{PHONE}']:visible").wait_for()
    onward(phone.page)
    waits_at(phone.page, PHONE, "少 8 位")
