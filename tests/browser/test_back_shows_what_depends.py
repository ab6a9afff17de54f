"""Going back to a form: the browser puts the answers in again, and what depends on them is there with them."""

import pytest

from tests.browser.acts import answer_care, choose, enter, onward
from tests.browser.phone import a_child

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def phone(open_page, director):
    """Signed in, without a draft to go by: it was sent and dropped, or the browser keeps nothing."""
    page = open_page("phone")
    page.expected.append("ERR_FAILED")
    page.add_init_script("localStorage.clear()")
    page.route("**/drafts/**", lambda route: route.abort("failed"))
    enter(page, director)
    return page


def test_the_time_of_the_call_is_asked_again_after_going_back(director, phone):
    a_child(director)
    page = phone
    page.goto("/alerts/new/")
    choose(page, "call", "made")
    page.fill("[name=called_at]", "2026-01-02T08:30")
    page.goto("/children/")
    page.go_back()
    assert page.is_checked("[name=call][value=made]"), "the browser put the answer in again"
    field = page.locator("[name=called_at]")
    assert field.is_visible() and field.is_enabled()


def test_the_kinds_of_a_hazard_are_asked_again_after_going_back(director, phone):
    child, page = a_child(director), phone
    page.goto(f"/children/{child.pk}/visit/")
    onward(page)
    answer_care(page)
    onward(page)
    choose(page, "hazard", "yes")
    page.goto("/children/")
    page.go_back()
    assert page.is_checked("[name=hazard][value=yes]")
    assert page.locator("[name=hazards]").first.is_enabled()
